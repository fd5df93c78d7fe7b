"""How things are: occupancy, motion, dim levels, single sensors."""

from datetime import UTC, timedelta

import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    AreaOccupancy,
    EnlightedClient,
    EnlightedNotFoundError,
    EnlightedResponseError,
    Motion,
    Occupancy,
    Reading,
)
from simulators.enlighted_manage import EnlightedSimulator

from .support import DESK, FIXTURELESS, LIGHT, NOON, OFFICE, Answer, StubManager, at

LEVELS = "GET /org/sensor/dimlevel/list/floor/1"
SENSOR = "GET /org/sensor/v3/details/28"


def page(number: int, ids: range, **fields: object) -> Answer:
    """Return a page of dim levels, of a list that counts itself wrong as the vendor's does."""
    rows = [{"id": str(each), "dimlevel": str(each % 101)} for each in ids]
    return Answer({"page": str(number), "records": "115", "total": "5", "fixture": rows} | fields)


# Occupancy


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("1", Occupancy.OCCUPIED),
        ("0", Occupancy.VACANT),
        ("-1", Occupancy.FAULT),
        ("-2", Occupancy.UNLICENSED),
        ("-3", Occupancy.UNKNOWN),
        (1, Occupancy.OCCUPIED),
        (0, Occupancy.VACANT),
        ("7", Occupancy.UNKNOWN),
        ("", Occupancy.UNKNOWN),
        (None, Occupancy.UNKNOWN),
        (True, Occupancy.UNKNOWN),
        ([], Occupancy.UNKNOWN),
    ],
)
async def test_codes_of_occupancy(
    stub: StubManager, stub_client: EnlightedClient, code: object, state: Occupancy
) -> None:
    """Gotcha 17: only 0 is vacant."""
    stub.otherwise = Answer({"occupancyStatus": {"occupancyState": code}})
    assert await stub_client.get_area_occupancy(9) is state
    row = {"id": "9", "name": "x", "occupancyState": code}
    stub.otherwise = Answer({"area": [row, {"id": "0", "occupancyState": "1"}]})
    assert await stub_client.get_floor_occupancy(1) == (
        AreaOccupancy(9, state),
        AreaOccupancy(0, Occupancy.OCCUPIED),
    )
    stub.otherwise = Answer({"deskSensor": row})
    assert await stub_client.get_desk_occupancy(1) == (AreaOccupancy(9, state),)


@pytest.mark.parametrize("is_first", [True, False])
async def test_areas_of_a_floor(
    client: EnlightedClient, manager: EnlightedSimulator, *, is_first: bool
) -> None:
    """Gotchas 16 (area 0, first or last) and 18 (an area without zone sensor)."""
    manager.faults.unassigned_first = is_first
    manager.world.enter(OFFICE)
    manager.world.set_area_fault(11, fault=True)
    states = {each.id: each.occupancy for each in await client.get_floor_occupancy(1)}
    assert states == {
        9: Occupancy.OCCUPIED,
        10: Occupancy.VACANT,
        11: Occupancy.FAULT,
        12: Occupancy.FAULT,
        0: Occupancy.VACANT,
    }
    manager.world.enter_unassigned(1)
    manager.world.set_licence(licensed=False)
    states = {each.id: each.occupancy for each in await client.get_floor_occupancy(1)}
    assert set(states.values()) == {Occupancy.UNLICENSED}


async def test_an_area_without_zone_sensor_may_tell_its_state(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Appendix C 4."""
    manager.faults.unzoned_report = True
    manager.world.enter(12)
    assert AreaOccupancy(12, Occupancy.OCCUPIED) in await client.get_floor_occupancy(1)


async def test_the_spelling_that_works_is_remembered(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Appendix C 4: paths are case-sensitive."""
    manager.faults.occupancy_spelling = "Of"
    assert len(await client.get_floor_occupancy(1)) == 5
    assert len(await client.get_floor_occupancy(2)) == 5
    asked = [request.path.split("/")[-2] for request in manager.requests]
    assert [name[17:-10] for name in asked] == ["of", "Of", "Of"]
    manager.faults.occupancy_spelling = "of"
    assert len(await client.get_floor_occupancy(1)) == 5
    manager.faults.occupancy_spelling = "neither"
    with pytest.raises(EnlightedNotFoundError):
        await client.get_floor_occupancy(1)


async def test_an_area_that_is_unknown(client: EnlightedClient) -> None:
    assert await client.get_area_occupancy(999) is Occupancy.UNKNOWN


async def test_desks(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    manager.world.sit_down(DESK)
    assert await client.get_desk_occupancy(1) == (
        AreaOccupancy(DESK, Occupancy.OCCUPIED),
        AreaOccupancy(384, Occupancy.VACANT),
    )


# Motion


@pytest.mark.parametrize(
    ("bits", "percent"),
    [
        ("1152860189653680128", 61.7),
        (1152860189653680128, 61.7),
        (str(2**60 - 1), 100.0),
        ("0", 0.0),
        ("1", 1.7),
        (str(2**59), 1.7),
        (str(2**62 + 3), 3.3),
    ],
)
async def test_bits_of_motion(
    stub: StubManager, stub_client: EnlightedClient, bits: object, percent: float
) -> None:
    """Section 4.6: the vendor's example has 37 of 60; the four upper bits mean nothing."""
    row = {"id": "15", "power": "70.81", "occupancy": bits, "captureTime": "2024-02-12 10:05"}
    stub.otherwise = Answer({"sensor": [row]})
    assert await stub_client.get_motion(1) == {15: Motion(percent, at("2024-02-12T18:05"))}


async def test_the_newest_motion_of_a_sensor_counts(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    rows = [
        {"id": "15", "occupancy": occupancy, "captureTime": f"2024-02-12 10:{minute}"}
        for occupancy, minute in (("3", "05"), (str(2**60 - 1), "10"), ("0", "00"))
    ]
    odd = [{"id": "15", "occupancy": "0"}, {"occupancy": "1"}, {"id": "1", "occupancy": []}]
    stub.otherwise = Answer({"sensor": [*odd, *rows]})
    assert await stub_client.get_motion(1) == {15: Motion(100.0, at("2024-02-12T18:10"))}


async def test_motion_of_a_floor(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    await client.get_company()
    manager.world.enter(OFFICE)
    manager.clock.advance(600)
    await client.get_company()
    motion = await client.get_motion(1)
    assert len(motion) == 24
    assert motion[LIGHT].percent > 50
    assert motion[376].percent == 0
    assert "/org/sensor/stats/floor/1/" in manager.requests[-1].path
    manager.world.set_licence(licensed=False)
    assert {each.percent for each in (await client.get_motion(1)).values()} == {0.0}


# Dim levels


async def test_pages_are_read_to_the_end_though_the_manager_miscounts(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """Section 4.3: the vendor's 115 rows, 20 on a page, are "5 pages"."""
    pages = [page(n + 1, range(n * 20 + 1, min(n * 20 + 21, 116))) for n in range(6)]
    stub.answers[LEVELS] = pages
    assert await stub_client.get_dim_levels(1) == {number: number % 101 for number in range(1, 116)}
    assert [request.query for request in stub.requests] == [f"page={n}" for n in range(1, 7)]


@pytest.mark.parametrize("fields", [{"total": "2", "records": "40"}, {"total": 2, "records": None}])
async def test_no_page_is_asked_for_beyond_the_last(
    stub: StubManager, stub_client: EnlightedClient, fields: dict[str, object]
) -> None:
    stub.answers[LEVELS] = [page(1, range(1, 21), **fields), page(2, range(21, 41), **fields)]
    assert len(await stub_client.get_dim_levels(1)) == 40
    assert len(stub.requests) == 2


@pytest.mark.parametrize("total", ["99", "0", "", None, "x"])
async def test_pages_that_begin_anew_end(
    stub: StubManager, stub_client: EnlightedClient, total: object
) -> None:
    stub.answers[LEVELS] = [page(1, range(1, 21), total=total), page(2, range(1, 21), total=total)]
    assert len(await stub_client.get_dim_levels(1)) == 20
    assert len(stub.requests) == 2


async def test_pages_without_end_end(stub: StubManager, stub_client: EnlightedClient) -> None:
    stub.answers[LEVELS] = [
        page(n, range(n, n + 1), total="9999", records="9999") for n in range(1, 300)
    ]
    assert len(await stub_client.get_dim_levels(1)) == 200


async def test_what_has_no_light_has_no_level(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """Gotcha 23."""
    rows = [{"id": "1", "dimlevel": "-1"}, {"id": "2", "DimLevel": 0}, {"id": "3"}]
    stub.answers[LEVELS] = Answer({"total": "1", "fixture": rows})
    assert await stub_client.get_dim_levels(1) == {2: 0}


async def test_levels_of_a_large_floor(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    for _ in range(40):
        manager.world.add_fixture(1)
    levels = await client.get_dim_levels(1)
    assert len(levels) == 61
    assert FIXTURELESS not in levels
    assert len(manager.requests) == 4


async def test_a_floor_refused_halfway_is_no_shorter_list(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub.answers[LEVELS] = [page(1, range(1, 21)), Answer("", 404)]
    with pytest.raises(EnlightedNotFoundError):
        await stub_client.get_dim_levels(1)


# Single sensors, and BACnet


@pytest.mark.parametrize("wrapper", [list, lambda row: row])
async def test_a_sensor_by_itself(
    stub: StubManager, stub_client: EnlightedClient, wrapper: object
) -> None:
    """Gotcha 6: here the light level is the dim level; appendix C 9: a list of one, or not."""
    row = {"id": "28", "name": "Sensor00ce56", "power": "69.07", "temperature": "74"}
    row |= {"lightLevel": "50", "lastCommunicationTime": "2024-07-21 15:21"}
    stub.answers[SENSOR] = Answer({"sensor": [row] if wrapper is list else row})
    expected = Reading(power=69.07, temperature=23.3, lux=None, level=50)
    assert await stub_client.get_sensor(28) == (expected, at("2024-07-21T22:21"))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({"lightLevel": "-1"}, Reading()), ({"lightlevel": "130"}, Reading(level=100))],
)
async def test_a_sensor_that_tells_little(
    stub: StubManager, stub_client: EnlightedClient, fields: object, expected: Reading
) -> None:
    stub.answers[SENSOR] = Answer({"sensor": fields})
    assert await stub_client.get_sensor(28) == (expected, None)


async def test_the_time_without_a_zone_is_utc_until_the_zone_is_known(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub_client.time_zone = UTC
    stub.answers[SENSOR] = Answer({"sensor": {"lastCommunicationTime": "2024-07-21 15:21"}})
    assert (await stub_client.get_sensor(28))[1] == at("2024-07-21T15:21")


@pytest.mark.parametrize(("status", "runs"), [("0", True), (0, True), ("1", False), ("", False)])
async def test_bacnet(
    stub: StubManager, stub_client: EnlightedClient, status: object, *, runs: bool
) -> None:
    stub.otherwise = Answer({"status": status})
    assert await stub_client.is_bacnet_running() is runs
    stub.otherwise = Answer([])
    with pytest.raises(EnlightedResponseError):
        await stub_client.is_bacnet_running()


async def test_the_clock_of_the_client_is_the_managers(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    manager.faults.clock_offset = 3600.0
    await client.is_bacnet_running()
    assert timedelta() <= client.now() - NOON - timedelta(hours=1) < timedelta(minutes=1)
