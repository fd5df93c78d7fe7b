"""The building, its size, the people in it, and how it is started and looked at."""

import asyncio
from collections.abc import AsyncIterator
import json
import os
import signal
import sys
import time

import aiohttp
import pytest

from simulators.enlighted_manage import EnlightedSimulator
from simulators.kit.control import ControlPlane

from .support import DESK, LIGHT, OFFICE, Api, fixtures


@pytest.fixture
async def control(manager: EnlightedSimulator) -> AsyncIterator[str]:
    control = ControlPlane(manager)
    await control.start()
    yield control.url
    await control.stop()


def test_the_usual_building() -> None:
    world = EnlightedSimulator().world
    assert [floor.name for floor in world.floors.values()] == ["First Floor", "Second Floor"]
    assert len(world.fixtures) == 48
    for floor in world.floors.values():
        kinds = [each.kind for each in floor.fixtures.values()]
        assert kinds.count("Emergency") == kinds.count("Fixtureless") == 1
        assert kinds.count("Desk") == 2
        names = [area.name for area in floor.areas.values()]
        assert len(set(names)) == len(names) == 4
        assert len(floor.gateways) == 1
        assert [area.is_zoned for area in floor.areas.values()].count(False) == 1
        assert any(each.tunable for each in floor.fixtures.values())
        groups = world.switches.of_floor(floor.id)
        assert [len(group.scenes) for group in groups] == [4, 4]
        assert any("/" in group.name for group in groups)
        assert all(group.fixtures for group in groups)
        areas = [each.area_id for each in world.plugloads.of_floor(floor.id)]
        assert (len(areas), areas.count(None)) == (3, 1)


def test_a_large_building_is_quickly_there() -> None:
    start = time.process_time()
    world = EnlightedSimulator(floors=40, fixtures=18000).world
    assert time.process_time() - start < 2.0
    assert (len(world.fixtures), len(world.floors), len(world.areas)) == (18000, 40, 400)
    assert (len(world.switches.groups), len(world.plugloads.all)) == (480, 800)
    assert all(len(floor.gateways) == 3 for floor in world.floors.values())
    desks = [each.floor_id for each in world.fixtures.values() if each.kind == "Desk"]
    assert sorted(set(desks)) == list(range(1, 41, 4))
    addresses = {gateway.mac for gateway in world.gateways.values()}
    assert len(addresses) == len(world.gateways)
    assert len({each.mac for each in world.fixtures.values()}) == 18000


async def test_statistics_of_a_large_floor_are_quickly_there() -> None:
    async with (
        EnlightedSimulator(floors=40, fixtures=18000) as manager,
        aiohttp.ClientSession() as session,
    ):
        api = Api(manager, session)
        await api.get("/org/company")
        for number in range(5):
            manager.world.enter(list(manager.world.floors[1].areas)[number])
        times = []
        for floor in (1, 2, 3):
            start = time.process_time()
            rows = await api.rows(api.statistics(floor, 10), "sensor")
            times.append(time.process_time() - start)
            assert len(rows) >= 450
        # With the client's own work, and on a machine that does something else too.
        assert min(times) < 0.05


@pytest.mark.parametrize(("floors", "count"), [(1, 1), (1, 4), (3, 10), (2, 250)])
def test_any_size_will_do(floors: int, count: int) -> None:
    world = EnlightedSimulator(floors=floors, fixtures=count).world
    assert (len(world.floors), len(world.fixtures)) == (floors, count)


def test_the_same_seed_gives_the_same_keys() -> None:
    keys = [EnlightedSimulator(seed=seed).world.key_of("integration") for seed in (1, 1, 2)]
    assert keys[0] == keys[1] != keys[2]
    assert len(keys[0]) == 64


async def test_it_goes_on_while_it_does_not_serve(api: Api, manager: EnlightedSimulator) -> None:
    port = manager.port
    await api.ask("POST", "/org/fixture/v1/op/dim/abs/50?time=60", fixtures([LIGHT]))
    await manager.stop()
    manager.clock.advance(1800)
    await manager.start()
    assert manager.port == port
    assert manager.world.fixtures[LIGHT].level(manager.world.now()) == 50


async def test_people_come_and_go_by_themselves(manager: EnlightedSimulator) -> None:
    manager.keep_busy(5)
    seen = set()
    for _ in range(100):
        manager.clock.advance(60)
        areas = [area for floor in manager.state()["floors"] for area in floor["areas"]]
        seen.add(tuple(area["occupancy"] for area in areas))
    assert len(seen) > 10
    assert any(each.seat.items for each in manager.world.fixtures.values())
    assert any(floor.zone.presence.items for floor in manager.world.floors.values())
    presence = [area.zone.presence.items for area in manager.world.areas.values()]
    # What is long past is forgotten.
    assert max(map(len, presence)) < 500


async def test_the_control_plane_shows_and_does(manager: EnlightedSimulator, control: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def do(verb: str, **arguments: object) -> object:
            async with session.post(f"{control}/_sim/{verb}", json=arguments) as answer:
                assert answer.status == 200, await answer.text()
                return (await answer.json()).get("result")

        await do("enter", area=OFFICE)
        await do("sit_down", desk=DESK)
        await do("faults", ts_window=300, failing_floors=[2])
        await do("clock", advance=60)
        area = await do("add_area", floor=1, name="New")
        key = await do("add_user", name="x", role="Employee", floors=[1], areas=[])
        async with session.get(f"{control}/_sim/state") as answer:
            state = await answer.json()
    assert key == manager.world.key_of("x")
    assert manager.faults.failing_floors == [2]
    areas = {each["id"]: each["occupancy"] for each in state["floors"][0]["areas"]}
    assert areas[OFFICE] == 1
    assert area in areas
    assert {"id": LIGHT, "level": 70, "override_until": None}.items() <= (
        state["fixtures"][0].items()
    )
    assert set(state["plugloads"][0]) >= {"id", "on"}
    assert state["time"] == pytest.approx(manager.world.now(), abs=30)


async def test_a_large_state_shows_what_is_set_by_hand() -> None:
    manager = EnlightedSimulator(floors=4, fixtures=1000)
    assert manager.state()["fixtures"] == []
    manager.world.override([LIGHT], 50, 60.0)
    assert [each["id"] for each in manager.state()["fixtures"]] == [LIGHT]


async def test_it_can_be_started_by_hand() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulators.enlighted_manage",
        "--busy",
        "--version",
        "4.5",
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": "."},
    )
    assert process.stdout
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        assert ready["system"] == "enlighted_manage"
        assert ready["control_url"]
        pinned = aiohttp.Fingerprint(bytes.fromhex(ready["fingerprint"]))
        async with aiohttp.ClientSession() as session:
            for user, key, floors in (
                (ready["username"], ready["api_key"], ["1", "2"]),
                (ready["limited_username"], ready["limited_api_key"], ["1", "2"]),
            ):
                async with session.get(
                    f"{ready['url']}/ems/api/org/floor/v1/list",
                    ssl=pinned,
                    headers={
                        "UserId": user,
                        "Authorization": f"apikey {key}",
                        "Accept": "application/json",
                    },
                ) as answer:
                    found = await answer.json()
                    assert [each["id"] for each in found["floor"]] == floors
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
