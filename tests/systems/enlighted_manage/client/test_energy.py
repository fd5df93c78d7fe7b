"""Energy: the last window, and the windows before it."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    HISTORY,
    EnergyWindow,
    EnlightedClient,
    EnlightedConnectionError,
    EnlightedForbiddenError,
    EnlightedResponseError,
    PlugLoadEnergy,
    WindowEnergy,
)
from simulators.enlighted_manage import EnlightedSimulator

from .support import LIGHT, NOON, OFFICE, PLUG_LOAD, WINDOW, Answer, StubManager, at, client_of

TEN = NOON.replace(minute=0)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DATED = Answer({"name": "x"}, headers={"Date": format_datetime(NOON, usegmt=True)})


def rows(start: datetime, count: int) -> list[dict[str, str]]:
    """Return windows as the guide writes them; each takes as many Wh as its place in the list."""
    return [
        {
            "id": "1",
            "name": "First Floor",
            "intervalStart": (start + index * WINDOW).isoformat(),
            "baseEnergy": "900.0",
            "energy": str(index),
        }
        for index in range(count)
    ]


def windows(found: tuple[EnergyWindow, ...]) -> list[datetime]:
    return [window.start for window in found]


def every(start: datetime, end: datetime) -> list[datetime]:
    return [start + index * WINDOW for index in range(int((end - start) / WINDOW))]


# The last window


async def test_energies_of_the_last_window(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotchas 19 and 20: what they are of is the window that ended at least 5 minutes ago."""
    await client.get_company()
    everything = await client.get_energy()
    assert manager.requests[-1].path == "/ems/api/org/em/v1/energy/"
    office = await client.get_area_energy(OFFICE)
    outlets = await client.get_plug_load_energy(PLUG_LOAD)
    assert everything.end == office.end == outlets.end == TEN
    start = (TEN - WINDOW).timestamp()
    used = manager.world.plugloads.energy(manager.world.plugloads.all[PLUG_LOAD], start)
    assert (outlets.managed, outlets.unmanaged) == (used[0] / 100, used[1] / 100)
    # It is the only receptacle of the office.
    assert office.plug_load == pytest.approx(sum(used) / 100)
    assert everything.lighting
    assert office.lighting
    floors = [await client.get_floor_windows(floor, TEN - WINDOW, TEN) for floor in (1, 2)]
    assert everything.lighting == pytest.approx(sum(each[0].energy for each in floors))
    fixtures = await client.get_fixture_energy(1, TEN - WINDOW)
    own = manager.world.areas[OFFICE].fixtures
    assert office.lighting == pytest.approx(sum(fixtures[number] for number in own), abs=0.1)


@pytest.mark.parametrize(
    ("body", "lighting", "plug_load"),
    [
        ({"energy-lighting": "5580.96", "energy-plugload": "380.63"}, 5580.96, 380.63),
        ({"energy lighting": 5580.96, "energy_plugload": 0}, 5580.96, 0.0),
        ({"energyLighting": "5580.96"}, 5580.96, None),
        ("<r><energy-lighting>1.5</energy-lighting><energy-plugload/></r>", 1.5, None),
    ],
)
async def test_spellings_of_energies(
    stub: StubManager,
    stub_client: EnlightedClient,
    body: object,
    lighting: float | None,
    plug_load: float | None,
) -> None:
    stub.otherwise = Answer(body)
    found = await stub_client.get_area_energy(9)
    assert found == WindowEnergy(found.end, lighting, plug_load)


async def test_one_page_writes_the_outlets_with_a_blank(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub.otherwise = Answer({"managed energy": "50.96", "unmanaged-energy": "5.4"})
    found = await stub_client.get_plug_load_energy(1)
    assert found == PlugLoadEnergy(found.end, 50.96, 5.4)


# The energy of each fixture (H1)


@pytest.mark.parametrize(
    "body",
    [
        {
            "sensorEnergyStatss": {
                "sensorEnergyStats": {
                    "intervalStart": "2024-02-12T10:00:00-08:00",
                    "sensor": [{"id": "28", "energy": "12.50"}, {"id": "29", "energy": "0"}],
                }
            }
        },
        {"sensorEnergyStats": [{"id": "28", "energy": 12.5}, {"id": 29, "energy": "0"}]},
        {
            "sensorEnergyStatss": {
                "sensorEnergyStats": [
                    {
                        "intervalStart": "2024-02-12T09:45:00-0800",
                        "sensor": {"id": 28, "energy": 7},
                    },
                    {
                        "intervalStart": "2024-02-12T10:00:00-0800",
                        "sensor": [{"id": 28, "energy": 12.5}, {"id": 29, "energy": 0}, {"id": 3}],
                    },
                    {
                        "intervalStart": "2024-02-12T10:15:00-0800",
                        "sensor": {"id": 28, "energy": 7},
                    },
                ]
            }
        },
        [{"id": "28", "energy": "12.5"}, {"id": "29", "energy": "0"}, {"id": "30"}, {"energy": 1}],
    ],
    ids=["guide", "page", "several windows", "bare"],
)
async def test_both_forms_of_the_energy_of_fixtures(
    stub: StubManager, stub_client: EnlightedClient, body: object
) -> None:
    """Appendix C 5."""
    stub.otherwise = Answer(body)
    assert await stub_client.get_fixture_energy(1, TEN) == {28: 12.5, 29: 0.0}
    path = "/org/sensor/v2/sensorEnergyStats/15min/floor/1/20240212100000/20240212101500"
    assert stub.routes == [f"GET {path}"]


@pytest.mark.parametrize("plain", [True, False])
async def test_fixtures_of_the_simulated_manager(
    client: EnlightedClient, manager: EnlightedSimulator, *, plain: bool
) -> None:
    manager.faults.plain_energy = plain
    found = await client.get_fixture_energy(1, TEN - WINDOW)
    assert len(found) == 24
    fixture = manager.world.fixtures[LIGHT]
    used = manager.world.energy.each(1, [fixture], (TEN - WINDOW).timestamp())[LIGHT]
    assert found[LIGHT] == used.energy / 100


# The windows of a floor (H2, H3)


async def test_a_window_and_what_it_saved(stub: StubManager, stub_client: EnlightedClient) -> None:
    """Section 4.7, with the spellings of other pages."""
    row = {"id": "1", "intervalStart": "2024-02-12T10:00:00-0800", "energy": "410.0"}
    full = {"baseEnergy": "900.0", "savedEnergy": "490.0", "occSavings": "300.0"}
    full |= {"ambientSavings": "110.0", "tuneupSavings": "80.0", "manualSavings": "0.5"}
    other: dict[str, float] = {
        "baseenergy": 900,
        "saveEnergy": 490,
        "occSaving": 300,
        "ambientSaving": 110,
    }
    other |= {"tuneupSaving": 80, "manualSaving": 0.5}
    expected = EnergyWindow(TEN, 410.0, 900.0, 490.0, 300.0, 110.0, 80.0, 0.5)
    stub.answers["GET /org/company"] = DATED
    for body in ({"floorEnergyStats": [row | full]}, {"facilityEnergyStats": row | other}):
        stub.otherwise = Answer(body)
        await stub_client.get_company()
        assert await stub_client.get_floor_windows(1, TEN, TEN + WINDOW) == (expected,)
    stub.otherwise = Answer([row, {"energy": "1"}, {"intervalStart": row["intervalStart"]}])
    await stub_client.get_company()
    assert await stub_client.get_floor_windows(1, TEN, TEN + WINDOW) == (
        EnergyWindow(TEN, 410.0, 410.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    )


async def test_an_hour_is_one_question(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    await client.get_company()
    found = await client.get_floor_windows(1, TEN - HOUR, TEN)
    assert windows(found) == every(TEN - HOUR, TEN)
    assert manager.requests[-1].path.endswith(
        "/facilityEnergyStats/15min/floor/1/20240212090000/20240212100000"
    )
    assert len(manager.requests) == 2
    for window in found:
        assert window.saved == pytest.approx(window.base - window.energy)


async def test_a_longer_time_is_a_question_for_each_day(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """H3: 96 windows are a page, and a page is a day."""
    await client.get_company()
    start = TEN - 2 * DAY - HOUR
    found = await client.get_floor_windows(1, start, TEN)
    assert windows(found) == every(start, TEN)
    asked = manager.requests[1:]
    assert [request.query for request in asked] == ["page=1", "page=2", "page=3"]
    assert {request.path.split("/")[6] for request in asked} == {"facilityEnergyStatsOfFloor"}


async def test_before_4_4_it_is_a_question_for_each_hour(session: aiohttp.ClientSession) -> None:
    """Gotcha 22: the shorter history tells the first hour of whatever it is asked for."""
    async with EnlightedSimulator(version="4.3") as manager:
        manager.clock.set(NOON)
        client = client_of(session, manager)
        await client.get_company()
        before = len(manager.requests)
        start = TEN - 5 * HOUR - WINDOW
        found = await client.get_floor_windows(1, start, TEN)
        assert windows(found) == every(start, TEN)
        assert len(manager.requests) == before + 1 + 6
        assert manager.world.mistakes == []


async def test_no_more_than_the_history_is_asked_for(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    await client.get_company()
    found = await client.get_floor_windows(1, TEN - 400 * DAY, TEN)
    assert windows(found) == every(TEN + WINDOW - HISTORY, TEN)
    assert len(manager.requests) == 46


@pytest.mark.parametrize("day", ["2024-11-04T18:08", "2024-03-11T17:08"])
async def test_days_of_23_and_25_hours(
    session: aiohttp.ClientSession, manager: EnlightedSimulator, day: str
) -> None:
    """Gotcha 20: every window of two days around the change of the clocks, once."""
    manager.clock.set(at(day))
    client = client_of(session, manager)
    await client.get_company()
    end = at(day).replace(minute=0)
    found = await client.get_floor_windows(1, end - 2 * DAY, end)
    assert windows(found) == every(end - 2 * DAY, end)


async def test_only_windows_that_are_whole_and_asked_for_come_back(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub.answers["GET /org/company"] = DATED
    stub.otherwise = Answer({"facilityEnergyStats": list(reversed(rows(TEN - HOUR, 8)))})
    for start, end, expected in (
        (TEN - HOUR, TEN, every(TEN - HOUR, TEN)),
        (TEN - 2 * WINDOW, TEN, every(TEN - 2 * WINDOW, TEN)),
        (TEN - HOUR, TEN - timedelta(minutes=1), every(TEN - HOUR, TEN - WINDOW)),
        (TEN - HOUR + timedelta(seconds=1), TEN, every(TEN - 3 * WINDOW, TEN)),
        (TEN, TEN, []),
        (TEN, TEN - HOUR, []),
    ):
        await stub_client.get_company()
        assert windows(await stub_client.get_floor_windows(1, start, end)) == expected


async def test_pages_that_repeat_each_other_tell_each_window_once(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub.answers["GET /org/company"] = DATED
    stub.otherwise = Answer({"facilityEnergyStats": rows(TEN - 2 * DAY, 96)})
    await stub_client.get_company()
    found = await stub_client.get_floor_windows(1, TEN - 2 * DAY, TEN)
    assert windows(found) == every(TEN - 2 * DAY, TEN - DAY)
    assert [window.energy for window in found] == list(range(96))
    assert len(stub.requests) == 3


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer("", 500), EnlightedConnectionError),
        (Answer("", 403), EnlightedForbiddenError),
        (Answer("{"), EnlightedResponseError),
    ],
)
async def test_a_history_that_fails_halfway_is_no_shorter_one(
    stub: StubManager, stub_client: EnlightedClient, answer: Answer, kind: type[Exception]
) -> None:
    now = stub_client.now()
    stub.otherwise = [Answer({"facilityEnergyStats": rows(now - 3 * DAY, 4)}), answer]
    with pytest.raises(kind):
        await stub_client.get_floor_windows(1, now - 3 * DAY, now)
    assert len(stub.requests) == 2
