"""A user who may see some of a building: the rest is nobody's mistake, and not to be seen."""

from collections.abc import AsyncGenerator
import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from .site import SITE, Site, data_of

#: What the limited user may see of the second floor: its first area, and what is in there.
PART, OTHER = 13, 14


@pytest.fixture
async def manager(socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
    """Run a manager with three floors, the last of which is none of the user's."""
    async with EnlightedSimulator(floors=3, fixtures=72) as running:
        yield running


@pytest.fixture
def entry(hass: HomeAssistant, manager: EnlightedSimulator) -> MockConfigEntry:
    """Return an entry of the limited user."""
    user = {"username": "limited", "api_key": manager.world.key_of("limited")}
    data = {**data_of(manager), **user}
    entry = MockConfigEntry(domain=DOMAIN, title="Manager", unique_id=SITE, data=data)
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
def fixtures(manager: EnlightedSimulator) -> list[int]:
    """Return the sensors of the area that may be seen."""
    return list(manager.world.areas[PART].fixtures)


async def test_only_what_is_the_users_is_there(
    site: Site, fixtures: list[int], manager: EnlightedSimulator
) -> None:
    assert list(site.coordinator.floors) == [1, 2]
    for area in (9, 10, 11, 12, PART):
        assert site.device_of(f"{SITE}-area-{area}")
    assert site.device_of(f"{SITE}-area-{OTHER}") is None
    seen = {each for floor in (1, 2) for each in site.coordinator.watches[floor].plan.fixtures}
    assert seen == {*manager.world.floors[1].fixtures, *fixtures}
    assert site.device_of("enlighted_manage-gateway-00:b3:d6:0c:72:3a")
    assert site.device_of("enlighted_manage-gateway-00:b3:d6:0c:73:57") is None


async def test_nothing_of_it_is_a_warning(
    site: Site, manager: EnlightedSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    manager.clock.advance(3600)
    await site.read(*Tier)
    own = [each for each in caplog.records if each.name.startswith("custom_components")]
    assert [each.getMessage() for each in own if each.levelno >= logging.WARNING] == []
    assert manager.world.mistakes == []
    assert site.coordinator.is_live
    assert [site.coordinator.is_reachable(floor) for floor in (1, 2)] == [True, True]


async def test_a_part_of_a_floor_is_read_area_by_area_and_sensor_by_sensor(
    site: Site, fixtures: list[int], manager: EnlightedSimulator
) -> None:
    seen = len(manager.requests)
    await site.read(Tier.OCCUPANCY, Tier.STATISTICS)
    paths = [each.path for each in manager.requests[seen:]]
    assert f"/ems/api/org/area/v1/occ/{PART}" in paths
    sensors = [path for path in paths if path.startswith("/ems/api/org/sensor/v3/details/")]
    assert {int(path.rpartition("/")[2]) for path in sensors} == set(fixtures)
    # What is refused anyway is not asked for again and again.
    assert [path for path in paths if "/stats/floor/2/" in path] == []
    assert [path for path in paths if path.endswith("/floor/2")] == []


async def test_a_part_of_a_floor_shows_what_its_sensors_tell(
    site: Site, manager: EnlightedSimulator
) -> None:
    manager.world.enter(PART)
    manager.clock.advance(900)
    await site.read(Tier.OCCUPANCY, Tier.STATISTICS)
    assert site.state("binary_sensor", "occupancy", "area", PART).state == "on"
    assert site.state("sensor", "occupied_areas", "floor", 2).state == "1"
    light = site.state("light", "light", "area", PART)
    assert (light.state, light.attributes["brightness"]) == ("on", round(0.7 * 255))
    assert float(site.state("sensor", "power", "area", PART).state) > 50
    # The floor is what of it can be seen.
    floor, area = (
        site.state("sensor", "power", kind, number).state
        for kind, number in (("floor", 2), ("area", PART))
    )
    assert floor == area


async def test_lights_of_a_part_of_a_floor_can_be_set(
    site: Site, fixtures: list[int], manager: EnlightedSimulator
) -> None:
    lit = [each for each in fixtures if manager.world.fixtures[each].has_light]
    light = site.entity_id("light", "light", "area", PART)
    await site.call("light", "turn_on", entity_id=light, brightness_pct=30)
    [command] = manager.commands
    assert set(lit) <= set(command.ids)
    levels = {each["id"]: each["level"] for each in manager.state()["fixtures"]}
    assert {levels[each] for each in lit} == {30}
    assert site.state("light", "light", "area", PART).attributes["brightness"] == round(0.3 * 255)


async def test_what_the_role_does_not_allow_is_told(
    hass: HomeAssistant, site: Site, manager: EnlightedSimulator
) -> None:
    registry = er.async_get(hass)
    button = site.entity_id("button", "emergency", "area", PART)
    registry.async_update_entity(button, disabled_by=None)
    await hass.config_entries.async_reload(site.entry.entry_id)
    await site.settled()
    with pytest.raises(HomeAssistantError) as caught:
        await site.call("button", "press", entity_id=button)
    assert caught.value.translation_key == "no_permission"
    assert manager.commands == []


async def test_what_is_given_to_a_user_later_comes_by_itself(
    site: Site, manager: EnlightedSimulator
) -> None:
    user = manager.world.gate.users["limited"]
    user.floors = {1, 2, 3}
    await site.coordinator.async_refresh()
    await site.read(Tier.STRUCTURE)
    await site.settled()
    assert site.device_of(f"{SITE}-floor-3")
    assert site.device_of(f"{SITE}-area-{OTHER}")
    assert site.device_of("enlighted_manage-gateway-00:b3:d6:0c:73:57")
    seen = len(manager.requests)
    await site.read(Tier.STATISTICS)
    paths = [each.path for each in manager.requests[seen:]]
    assert [path for path in paths if "/sensor/v3/details/" in path] == []


async def test_a_floor_that_is_taken_from_a_user_goes(
    site: Site, manager: EnlightedSimulator
) -> None:
    manager.world.gate.users["limited"].areas = set()
    await site.coordinator.async_refresh()
    await site.hass.async_block_till_done()
    assert site.device_of(f"{SITE}-floor-2") is None
    assert site.device_of(f"{SITE}-area-{PART}") is None
    assert site.device_of(f"{SITE}-area-9")


async def test_what_a_user_is_not_to_see_for_a_while_is_not_forgotten(
    hass: HomeAssistant, site: Site, manager: EnlightedSimulator
) -> None:
    """A right that somebody took by mistake costs no name and no automation."""
    user = manager.world.gate.users["limited"]
    before = site.device_of(f"{SITE}-area-9")
    user.floors, user.areas = set(), set()
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    user.floors = {1}
    await site.coordinator.async_refresh()
    after = site.device_of(f"{SITE}-area-9")
    assert before
    assert after
    assert after.id == before.id


async def test_what_is_renamed_or_gone_of_what_a_user_sees_is_so_here(
    site: Site, manager: EnlightedSimulator
) -> None:
    manager.world.rename_area(9, "Studio")
    manager.world.remove_fixture(361)
    manager.world.remove_area(11)
    await site.read(Tier.STRUCTURE)
    area = site.device_of(f"{SITE}-area-9")
    assert area
    assert area.name == "Studio"
    assert site.device_of(f"{SITE}-fixture-361") is None
    assert site.device_of(f"{SITE}-area-11") is None
    assert site.device_of(f"{SITE}-area-{PART}")
