"""Energy: windows are counted once, none is lost while nobody looked, and areas add up."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import EnergyWindow
from custom_components.gatehouse.systems.enlighted_manage.meters import Meters
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from .site import Site

#: A minute after a window of energy can be read (section 4.7).
MOMENT = datetime(2026, 6, 3, 17, 6, tzinfo=UTC)
BEGIN = datetime(2026, 6, 3, 17, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _at_a_moment(manager: EnlightedSimulator) -> None:
    """Let the manager's clock be at a moment that tests can reckon with."""
    manager.clock.set(MOMENT)


def energy(site: Site, kind: str, number: int = 0, key: str = "energy_lighting") -> float:
    """Return what a meter shows, in Wh."""
    return float(site.state("sensor", key, kind, number).state) * 1000


async def later(site: Site, time: timedelta) -> None:
    """Let time pass at the manager's, and have its energy read."""
    site.manager.clock.advance(time.total_seconds())
    # The first answer tells that its clock has moved on.
    await site.coordinator.client.get_floors()
    await site.read(Tier.ENERGY)
    await site.read(Tier.MANAGER)


async def windows(site: Site, floor: int, time: timedelta) -> tuple[EnergyWindow, ...]:
    """Return what the manager tells of the time since the beginning."""
    return await site.coordinator.client.get_floor_windows(floor, BEGIN, BEGIN + time)


async def test_meters_begin_with_nothing(site: Site) -> None:
    """A total that begins with something has no beginning for the Energy dashboard."""
    assert energy(site, "floor", 1) == 0
    assert energy(site, "manager") == 0


async def test_a_window_is_counted_once(site: Site) -> None:
    """Gotcha 19: windows are no counters."""
    await later(site, QUARTER)
    [window] = await windows(site, 1, QUARTER)
    assert energy(site, "floor", 1) == pytest.approx(window.energy)
    assert energy(site, "floor", 1, "energy_saved") == pytest.approx(window.saved)

    await later(site, timedelta(seconds=30))

    assert energy(site, "floor", 1) == pytest.approx(window.energy)


@pytest.mark.parametrize("gap", [timedelta(hours=1), timedelta(hours=3), timedelta(days=2)])
async def test_windows_that_nobody_asked_for_in_time_are_counted(
    site: Site, gap: timedelta
) -> None:
    await later(site, gap)
    told = {floor: await windows(site, floor, gap) for floor in (1, 2)}
    assert len(told[1]) == gap / QUARTER
    for floor, found in told.items():
        assert energy(site, "floor", floor) == pytest.approx(sum(each.energy for each in found))
    whole = sum(each.energy for found in told.values() for each in found)
    # The manager tells its last window by itself; rounding is all that differs.
    assert energy(site, "manager") == pytest.approx(whole, rel=0.01)


async def test_meters_go_on_after_a_restart(site: Site) -> None:
    await later(site, QUARTER)
    await site.hass.config_entries.async_unload(site.entry.entry_id)
    site.manager.clock.advance(7200)
    await site.hass.config_entries.async_setup(site.entry.entry_id)
    await site.settled()

    found = await windows(site, 1, QUARTER + timedelta(hours=2))
    assert energy(site, "floor", 1) == pytest.approx(sum(each.energy for each in found))


async def test_areas_add_up_to_what_their_fixtures_took(site: Site) -> None:
    await later(site, QUARTER)
    fixtures = await site.coordinator.client.get_fixture_energy(1, BEGIN)
    watch = site.coordinator.watches[1]
    for area in (9, 10, 11, 12):
        told = sum(fixtures.get(each, 0.0) for each in watch.plan.members[area])
        assert told > 0
        assert energy(site, "area", area) == pytest.approx(told)


async def test_receptacles_are_asked_while_they_are_shown(site: Site) -> None:
    plug_load = next(iter(site.coordinator.watches[1].plug_loads))
    before = energy(site, "plugdetails", plug_load, "energy_managed")
    await later(site, QUARTER)
    told = await site.coordinator.client.get_plug_load_energy(plug_load)
    assert told.managed
    assert energy(site, "plugdetails", plug_load, "energy_managed") == pytest.approx(
        before + told.managed
    )


async def test_a_floor_that_fails_catches_up(site: Site) -> None:
    site.manager.faults.failing_floors.append(1)
    await later(site, timedelta(hours=1))
    assert site.state("sensor", "energy_lighting", "floor", 2).state != "0.0"
    site.manager.faults.failing_floors.clear()
    await later(site, QUARTER)
    found = await windows(site, 1, timedelta(hours=1) + QUARTER)
    assert site.coordinator.meters.total("floor-1-lighting") == pytest.approx(
        sum(each.energy for each in found)
    )


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_floor_that_does_not_tell_leaves_the_building_its_meter(
    site: Site, status: int
) -> None:
    site.manager.faults.fail(status, path="EnergyStats/15min/floor/1/", times=1000)
    site.manager.faults.fail(status, path="EnergyStatsOfFloor/15min/floor/1/", times=1000)
    await later(site, QUARTER)
    told = await site.coordinator.client.get_energy()
    assert told.lighting
    assert energy(site, "manager") == pytest.approx(told.lighting)
    assert energy(site, "floor", 1) == 0
    assert energy(site, "floor", 2) > 0


async def test_sensors_are_shown_where_nobody_tells_how_bright_lights_are(
    site: Site, manager: EnlightedSimulator
) -> None:
    """Appendix C 8: statistics may lack the levels, and a role may not see the other list."""
    before = site.state("sensor", "power", "area", 9).state
    manager.faults.old_statistics = True
    manager.faults.fail(403, path="dimlevel", times=1000)
    manager.world.enter(9)
    manager.clock.advance(900)
    await site.coordinator.client.get_floors()
    await site.read(Tier.STATISTICS)
    assert site.state("sensor", "power", "area", 9).state != before


def test_a_meter_counts_what_comes_after_its_beginning() -> None:
    meters, end = Meters(), BEGIN + QUARTER
    assert meters.total("x") is None
    assert meters.count("x", BEGIN, end, 5.0)
    assert meters.total("x") == 0
    assert not meters.count("x", BEGIN, end, 5.0)
    assert not meters.count("x", end, end + QUARTER, None)
    assert meters.count("x", end, end + QUARTER, 5.0)
    assert (meters.total("x"), meters.until("x")) == (5.0, end + QUARTER)


def test_meters_are_kept_as_json_holds_them() -> None:
    meters, other = Meters(), Meters()
    meters.count("x", BEGIN - QUARTER, BEGIN, 1.0)
    meters.count("x", BEGIN, BEGIN + QUARTER, 1.25)
    other.restore(meters.store())
    assert other.store() == meters.store() == {"x": [1.25, "2026-06-03T17:15:00+00:00"]}
