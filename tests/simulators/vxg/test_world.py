"""What a test or the control plane can make happen, and what it sees of it."""

import inspect

import aiohttp
import pytest

from simulators.kit.control import ControlPlane
from simulators.vxg import VxgSimulator

from .support import CAMERA, Api


@pytest.fixture
async def control(cloud: VxgSimulator):
    plane = ControlPlane(cloud)
    await plane.start()
    async with aiohttp.ClientSession(base_url=plane.url) as session:
        yield session
    await plane.stop()


async def post(control: aiohttp.ClientSession, verb: str, **body: object) -> tuple[int, dict]:
    async with control.post(f"/_sim/{verb}", json=body) as answer:
        return answer.status, await answer.json(content_type=None)


async def look(control: aiohttp.ClientSession, what: str):
    async with control.get(f"/_sim/{what}") as answer:
        return await answer.json()


async def test_it_shows_the_state_requests_and_commands(
    api: Api, cloud: VxgSimulator, control: aiohttp.ClientSession
) -> None:
    await api.ask("PUT", f"/api/v2/cameras/{CAMERA}/", {"name": "New"})
    state = await look(control, "state")
    assert state["cameras"][0]["name"] == "New"
    assert state["events"] == len(cloud.world.storage.events)
    (request,) = await look(control, "requests")
    assert (request["method"], request["kind"]) == ("PUT", "LKey")
    (command,) = await look(control, "commands")
    assert command == {"name": "change_camera", "camera": CAMERA, "body": {"name": "New"}}


async def test_things_happen_by_name(
    api: Api, cloud: VxgSimulator, control: aiohttp.ClientSession
) -> None:
    assert await post(control, "set_status", camera=CAMERA, status="offline") == (
        200,
        {"result": None},
    )
    assert (await api.get(f"/api/v2/cameras/{CAMERA}/")).fields["status"] == "offline"
    status, answer = await post(control, "happen", camera=CAMERA, name="intrusion", ago=5)
    assert status == 200
    assert cloud.world.storage.events[answer["result"]].name == "intrusion"
    before = len(cloud.world.storage.events)
    await post(control, "storm", count=100)
    assert len(cloud.world.storage.events) == before + 100
    await post(control, "rename_camera", camera=CAMERA, name="Door")
    assert cloud.world.cameras[CAMERA].name == "Door"
    status, answer = await post(control, "add_gateway")
    assert status == 200
    assert cloud.world.cameras[answer["result"]].is_gateway


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("set_status", {"camera": 9, "status": "offline"}),
        ("set_status", {"status": "offline"}),
        ("set_field", {"camera": CAMERA, "name": "nonsense", "value": 1}),
        ("forget_event", {"event": 9}),
        ("faults", {"nonsense": 1}),
        ("faults", {"old_server": "yes"}),
    ],
)
async def test_what_cannot_happen_is_refused(
    control: aiohttp.ClientSession, verb: str, body: dict[str, object]
) -> None:
    assert (await post(control, verb, **body))[0] == 400


async def test_faults_and_clock_are_set_by_name(
    api: Api, cloud: VxgSimulator, control: aiohttp.ClientSession
) -> None:
    assert (await post(control, "faults", warm_up=0, old_server=True))[0] == 200
    assert cloud.faults.warm_up == 0.0
    assert (await api.get("/api/v5/channels/")).status == 404
    before = cloud.world.now()
    await post(control, "clock", advance=3600)
    assert 3600 <= cloud.world.now() - before < 3610


def test_every_verb_is_described(cloud: VxgSimulator) -> None:
    verbs = cloud.verbs()
    assert {"happen", "storm", "set_status", "fail", "cut_streams", "end_share"} <= verbs.keys()
    for name, verb in verbs.items():
        assert inspect.getdoc(verb), name


async def test_cameras_see_something_by_themselves(cloud: VxgSimulator) -> None:
    before = len(cloud.world.storage.events)
    cloud.keep_busy(10)
    cloud.clock.advance(300)
    assert 15 < len(cloud.world.storage.events) - before < 65
    for camera in cloud.world.cameras:
        cloud.world.set_status(camera, "offline")
    before = len(cloud.world.storage.events)
    cloud.clock.advance(300)
    assert len(cloud.world.storage.events) == before


async def test_it_comes_back_with_the_same_ports_keys_and_cameras(api: Api) -> None:
    cloud = api.cloud
    before = cloud.details()
    await cloud.stop()
    with pytest.raises(aiohttp.ClientError):
        await api.get("/api/v2/cameras/")
    await cloud.start()
    assert cloud.details() == before
    assert len((await api.get("/api/v2/cameras/")).objects) == 4


async def test_two_seeds_are_two_clouds() -> None:
    async with VxgSimulator(seed=1) as one, VxgSimulator(seed=2) as other:
        assert one.world.licence_key() != other.world.licence_key()
        assert list(one.world.cameras) == list(other.world.cameras)
        created = [each.world.cameras[CAMERA].created for each in (one, other)]
        assert created[0] != created[1]
    async with VxgSimulator(seed=1) as again:
        assert again.world.licence_key() == one.world.licence_key()
