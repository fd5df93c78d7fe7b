"""The control plane: what it shows, what it sets, and what it refuses."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulators.kit.control import ControlPlane
from simulators.paxton_net2 import Net2Simulator


@pytest.fixture
async def simulator() -> AsyncIterator[Net2Simulator]:
    async with Net2Simulator() as simulator:
        yield simulator


@pytest.fixture
async def control(simulator: Net2Simulator) -> AsyncIterator[aiohttp.ClientSession]:
    plane = ControlPlane(simulator)
    await plane.start()
    async with aiohttp.ClientSession(base_url=plane.url) as session:
        yield session
    await plane.stop()


async def post(control: aiohttp.ClientSession, verb: str, body: object = None) -> tuple[int, dict]:
    async with control.post(f"/_sim/{verb}", json=body) as answer:
        return answer.status, await answer.json(content_type=None)


async def look(control: aiohttp.ClientSession, what: str):
    async with control.get(f"/_sim/{what}") as answer:
        return await answer.json()


async def test_it_shows_the_state(simulator: Net2Simulator, control: aiohttp.ClientSession) -> None:
    simulator.world.force(next(iter(simulator.world.doors)))

    state = await look(control, "state")

    assert [door["alarm"] for door in state["doors"]] == [True, False, False, False]
    assert state["events"] == 1
    assert {"id": 8, "name": "Ada Example"} in state["users"]


async def test_every_verb_of_the_world_can_be_called(
    simulator: Net2Simulator, control: aiohttp.ClientSession
) -> None:
    door_id = next(iter(simulator.world.doors))

    assert await post(control, "swipe", {"door_id": door_id, "user_id": 9}) == (
        200,
        {"result": True},
    )
    assert (await post(control, "set_tamper", {"door_id": door_id, "ok": False}))[0] == 200
    assert (await post(control, "emit", {"code": 77}))[1]["result"]["code"] == 77
    status, added = await post(control, "add_door", {"name": "Roof", "kind": "toggle"})
    assert (status, added["result"] in simulator.world.doors) == (200, True)
    assert (await post(control, "storm", {"count": 5})) == (200, {"result": None})
    assert len(simulator.world.events) == 9


async def test_it_lists_requests_and_commands(
    simulator: Net2Simulator, control: aiohttp.ClientSession
) -> None:
    async with aiohttp.ClientSession(base_url=simulator.url) as session:
        await session.get("/api/v1/doors", ssl=False)

    assert await look(control, "requests") == [{"method": "GET", "path": "/api/v1/doors"}]
    assert await look(control, "commands") == []


async def test_it_sets_faults_and_turns_the_clock(
    simulator: Net2Simulator, control: aiohttp.ClientSession
) -> None:
    before = simulator.clock.time()

    assert await post(control, "faults", {"silent": True, "delay": 1}) == (200, {})
    assert await post(control, "fail", {"status": 503, "times": 2, "path": "/doors"}) == (
        200,
        {"result": None},
    )
    assert await post(control, "clock", {"advance": 600}) == (200, {})
    assert simulator.clock.time() - before >= 600
    assert await post(control, "clock", {"set": "2030-01-01T00:00:00+00:00"}) == (200, {})

    assert (simulator.faults.silent, simulator.faults.delay) == (True, 1.0)
    assert simulator.faults.failures[0].status == 503
    assert simulator.clock.now().year == 2030


async def test_a_restart_is_waited_for(
    simulator: Net2Simulator, control: aiohttp.ClientSession
) -> None:
    port = simulator.port

    assert await post(control, "restart") == (200, {"result": None})

    assert simulator.port == port


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("faults", {"unknown": True}),
        ("faults", {"silent": 1}),
        ("clock", {"advance": "later"}),
        ("swipe", {"door_id": 5}),
        ("swipe", {"door": 5}),
        ("swipe", [5]),
        ("set_zone", {"name": "Mars/Olympus"}),
    ],
)
async def test_what_makes_no_sense_is_refused(
    control: aiohttp.ClientSession, verb: str, body: object
) -> None:
    status, answer = await post(control, verb, body)

    assert status == 400
    assert answer["error"]


async def test_what_is_no_verb_is_not_found(control: aiohttp.ClientSession) -> None:
    async with control.post("/_sim/explode") as answer:
        assert answer.status == 404
