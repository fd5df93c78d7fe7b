"""Who is where: what is known of it, what is not, and what is told as it happens."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from ..watching import eventually
from .acting import enabling, happened, later
from .site import Site

OFFICE, MEETING, LOBBY, KITCHEN = 9, 10, 11, 12
DESK, OTHER_DESK = 383, 384


def occupied(site: Site, kind: str, number: int) -> str:
    return site.state("binary_sensor", "occupancy", kind, number).state


def count(site: Site, key: str) -> str:
    return site.state("sensor", key, "floor", 1).state


async def look(site: Site, seconds: float = 0) -> None:
    """Let time go by, and read who is where."""
    await later(site, seconds, Tier.OCCUPANCY)


async def test_an_area_is_occupied_until_ninety_seconds_after_the_last_motion(site: Site) -> None:
    world = site.manager.world
    assert occupied(site, "area", OFFICE) == "off"
    world.enter(OFFICE)
    await look(site)
    assert [occupied(site, "area", each) for each in (OFFICE, MEETING)] == ["on", "off"]
    world.leave(OFFICE)
    await look(site, 60)
    assert occupied(site, "area", OFFICE) == "on"
    await look(site, 60)
    assert occupied(site, "area", OFFICE) == "off"


async def test_a_desk_is_its_own(site: Site) -> None:
    world = site.manager.world
    world.sit_down(DESK)
    await look(site)
    assert [occupied(site, "desk", each) for each in (DESK, OTHER_DESK)] == ["on", "off"]
    assert occupied(site, "area", OFFICE) == "on"
    world.stand_up(DESK)
    await look(site, 120)
    assert occupied(site, "desk", DESK) == "off"


@enabling("unassigned_occupancy")
async def test_what_is_in_no_area_is_the_floors(site: Site) -> None:
    def unassigned() -> str:
        return site.state("binary_sensor", "unassigned_occupancy", "floor", 1).state

    assert unassigned() == "off"
    site.manager.world.enter_unassigned(1)
    await look(site)
    assert unassigned() == "on"
    # It has no area, and so it is nobody's coming and going.
    assert happened(site) == []
    assert site.state("binary_sensor", "unassigned_occupancy", "floor", 2).state == "off"


@enabling("unassigned_occupancy")
@pytest.mark.parametrize("first", [False, True])
async def test_the_area_of_what_is_in_none_is_no_device(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry, first: bool
) -> None:
    manager.faults.unassigned_first = first
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    assert site.device_of("enlighted_manage-test-area-0") is None
    manager.world.enter_unassigned(1)
    await look(site)
    assert site.state("binary_sensor", "unassigned_occupancy", "floor", 1).state == "on"


async def test_a_fault_is_unknown_and_not_vacant(site: Site) -> None:
    world = site.manager.world
    world.enter(OFFICE)
    await look(site)
    world.set_area_fault(OFFICE, True)
    await look(site)
    assert occupied(site, "area", OFFICE) == "unknown"
    assert count(site, "occupied_areas") == "0"
    world.set_area_fault(OFFICE, False)
    await look(site)
    assert occupied(site, "area", OFFICE) == "on"
    # Nobody saw who came or went meanwhile.
    assert [each["event_type"] for each in happened(site)] == ["occupied"]


async def test_a_licence_that_lacks_makes_everything_unknown_and_is_told(
    hass: HomeAssistant, site: Site
) -> None:
    def issues() -> list[str]:
        return [key for domain, key in ir.async_get(hass).issues if domain == DOMAIN]

    world = site.manager.world
    world.enter(OFFICE)
    world.set_licence(False)
    await look(site)
    assert {occupied(site, "area", each) for each in (OFFICE, MEETING, LOBBY)} == {"unknown"}
    assert {occupied(site, "desk", each) for each in (DESK, OTHER_DESK)} == {"unknown"}
    assert (count(site, "occupied_areas"), count(site, "occupied_desks")) == ("unknown", "unknown")
    assert [key.startswith("occupancy_licence") for key in issues()] == [True]
    assert happened(site) == []
    world.set_licence(True)
    await look(site)
    assert occupied(site, "area", OFFICE) == "on"
    assert issues() == []


@pytest.mark.parametrize("state", ["-1", "-2", "-3", "2", "x", None])
async def test_what_is_no_state_is_unknown(site: Site, state: str | None) -> None:
    area = f'{{"id": "9", "name": "Open Office", "occupancyState": {f'"{state}"' if state else "null"}}}'
    site.manager.faults.fail(
        200, path="FloorAreas/1", body=f'{{"area": [{area}]}}', content_type="application/json"
    )
    await site.read(Tier.OCCUPANCY)
    assert occupied(site, "area", OFFICE) == "unknown"


async def test_an_area_that_is_not_told_of_is_unknown(site: Site) -> None:
    body = '{"area": [{"id": "10", "name": "Meeting Room", "occupancyState": "1"}]}'
    site.manager.faults.fail(200, path="FloorAreas/1", body=body, content_type="application/json")
    await site.read(Tier.OCCUPANCY)
    assert [occupied(site, "area", each) for each in (OFFICE, MEETING)] == ["unknown", "on"]


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_what_is_not_told_any_more_is_not_known(site: Site, status: int) -> None:
    site.manager.world.enter(OFFICE)
    site.manager.world.sit_down(DESK)
    await look(site)
    faults = site.manager.faults
    faults.fail(status, times=100, path="getDeskOccupancyState")
    await look(site)
    # The areas are told, whether desks are or not.
    assert occupied(site, "area", OFFICE) == "on"
    assert occupied(site, "desk", DESK) == "unknown"
    faults.fail(status, times=100, path="FloorAreas/1")
    await look(site)
    assert occupied(site, "area", OFFICE) == "unknown"
    faults.failures.clear()
    await look(site)
    assert (occupied(site, "area", OFFICE), occupied(site, "desk", DESK)) == ("on", "on")
    # It did not just come.
    assert [each["event_type"] for each in happened(site)] == ["occupied"]


async def test_an_area_without_zone_sensor_has_no_occupancy(site: Site) -> None:
    assert not site.has("binary_sensor", "occupancy", "area", KITCHEN)
    assert site.has("light", "light", "area", KITCHEN)


async def test_a_sensor_that_is_silent_leaves_its_area_unknown_after_a_while(site: Site) -> None:
    for fixture in site.manager.world.fixtures_of_area(MEETING):
        site.manager.world.set_online(fixture.id, False)
    await look(site, 600)
    assert occupied(site, "area", MEETING) == "off"
    await look(site, 600)
    assert occupied(site, "area", MEETING) == "unknown"


@pytest.mark.parametrize("spelling", ["of", "Of", "both"])
async def test_either_spelling_of_the_path_is_understood(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry, spelling: str
) -> None:
    manager.faults.occupancy_spelling = spelling
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    manager.world.enter(OFFICE)
    await look(site)
    assert occupied(site, "area", OFFICE) == "on"


@pytest.mark.parametrize("options", [{"occupancy": False}])
async def test_nobody_is_watched_where_the_options_say_so(site: Site) -> None:
    asked = [each.path for each in site.manager.requests if "ccupancy" in each.path]
    assert asked == []


# Counts


@enabling("areas_share", "desks_share")
async def test_floors_count_what_is_occupied(site: Site) -> None:
    keys = ("occupied_areas", "areas_share", "occupied_desks", "desks_share")
    assert [count(site, key) for key in keys] == ["0"] * 4
    world = site.manager.world
    world.enter(OFFICE)
    world.enter(LOBBY)
    world.sit_down(DESK)
    await look(site)
    # Of four areas and of two desks.
    assert [count(site, key) for key in keys] == ["2", "50", "1", "50"]


# Events


async def test_coming_and_going_are_events(site: Site) -> None:
    world = site.manager.world
    world.enter(OFFICE)
    await look(site)
    world.leave(OFFICE)
    await look(site, 120)
    await look(site, 120)
    await eventually(lambda: len(happened(site)) == 2, "two events")
    where: dict[str, Any] = {"area_id": OFFICE, "area": "Open Office"}
    assert happened(site) == [
        {"event_type": "occupied", **where},
        {"event_type": "vacant", **where},
    ]
    assert happened(site, 2) == []


async def test_several_at_once_are_all_told(site: Site) -> None:
    for area in (OFFICE, MEETING, LOBBY):
        site.manager.world.enter(area)
    await look(site)
    await eventually(lambda: len(happened(site)) == 3, "three events")
    assert [each["area_id"] for each in happened(site)] == [OFFICE, MEETING, LOBBY]


async def test_who_is_there_at_the_start_did_not_just_come(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry
) -> None:
    manager.world.enter(OFFICE)
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    assert occupied(site, "area", OFFICE) == "on"
    await look(site)
    assert happened(site) == []


async def test_who_came_during_a_restart_did_not_just_come(hass: HomeAssistant, site: Site) -> None:
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    site.manager.world.enter(OFFICE)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.settled()
    assert occupied(site, "area", OFFICE) == "on"
    assert happened(site) == []


async def test_who_came_during_an_outage_did_not_just_come(site: Site) -> None:
    await site.manager.stop()
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: occupied(site, "area", OFFICE) == "unavailable", "the loss")
    site.manager.world.enter(OFFICE)
    await site.manager.start()
    await eventually(lambda: occupied(site, "area", OFFICE) == "on", "the return")
    assert happened(site) == []
    site.manager.world.leave(OFFICE)
    await look(site, 120)
    await eventually(lambda: happened(site), "the event")
    assert [each["event_type"] for each in happened(site)] == ["vacant"]


async def test_who_came_while_one_floor_failed_did_not_just_come(site: Site) -> None:
    site.manager.faults.failing_floors = [1]
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: occupied(site, "area", OFFICE) == "unavailable", "the loss")
    site.manager.world.enter(OFFICE)
    site.manager.faults.failing_floors = []
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: occupied(site, "area", OFFICE) == "on", "the return")
    await look(site)
    assert happened(site) == []


async def test_an_area_that_is_new_tells_nothing_at_first(site: Site) -> None:
    area = site.manager.world.add_area(1, "Library")
    site.manager.world.enter(area)
    await site.read(Tier.STRUCTURE)
    await look(site)
    assert occupied(site, "area", area) == "on"
    assert happened(site) == []


async def test_a_look_without_change_writes_nothing(hass: HomeAssistant, site: Site) -> None:
    written: list[str] = []
    hass.bus.async_listen("state_changed", lambda event: written.append(event.data["entity_id"]))
    await site.read(Tier.OCCUPANCY, Tier.STATISTICS, Tier.DEVICES)
    await site.read(Tier.OCCUPANCY)
    assert written == []
