"""The devices of a building: what hangs below what, what comes and goes, and new names."""

from collections.abc import AsyncGenerator

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er

from custom_components.gatehouse import async_remove_config_entry_device
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from .site import SITE, Site

GATEWAY = "enlighted_manage-gateway-00:b3:d6:0c:72:3a"


def identifier(kind: str, number: int) -> str:
    return f"{SITE}-{kind}-{number}"


def device(site: Site, kind: str, number: int) -> dr.DeviceEntry:
    """Return a device that is there."""
    found = site.device_of(identifier(kind, number))
    assert found, f"no {kind} {number}"
    return found


def hub(site: Site) -> dr.DeviceEntry:
    """Return the manager's device."""
    found = site.device_of(site.entry.entry_id)
    assert found
    return found


def left_of(site: Site, *owners: str) -> list[str]:
    """Return what there still is of parts: devices, entities and states."""
    registry = er.async_get(site.hass)
    entries = er.async_entries_for_config_entry(registry, site.entry.entry_id)
    ids = [each.unique_id for each in entries]
    return [
        *(owner for owner in owners if site.device_of(owner)),
        *(each for each in ids if each.rpartition("-")[0] in owners),
    ]


# The tree


@pytest.mark.parametrize(
    ("kind", "number", "via", "name", "model", "room"),
    [
        ("floor", 1, None, "First Floor", "Floor", None),
        ("area", 9, ("floor", 1), "Open Office", "Area", "First Floor Open Office"),
        ("area", 13, ("floor", 2), "Open Office", "Area", "Second Floor Open Office"),
        ("fixture", 361, ("area", 9), "Sensor000169", "Fixture", "First Floor Open Office"),
        ("fixture", 380, ("floor", 1), "Sensor00017c", "Emergency fixture", "First Floor"),
        ("fixture", 382, ("area", 9), "Sensor00017e", "Sensor", "First Floor Open Office"),
        ("fixture", 383, ("area", 9), "Sensor00017f", "Desk sensor", "First Floor Open Office"),
    ],
)
async def test_devices_hang_below_what_they_are_in(  # noqa: PLR0917  # a device, and what it is
    hass: HomeAssistant,
    site: Site,
    kind: str,
    number: int,
    via: tuple[str, int] | None,
    name: str,
    model: str,
    room: str | None,
) -> None:
    found = device(site, kind, number)
    above = device(site, *via) if via else hub(site)
    assert found.via_device_id == above.id
    assert (found.name, found.model, found.manufacturer) == (name, model, "Enlighted")
    area = ar.async_get(hass).async_get_area(found.area_id) if found.area_id else None
    assert (area.name if area else None) == room


async def test_the_manager_is_above_all(site: Site) -> None:
    manager = hub(site)
    assert (manager.name, manager.manufacturer, manager.model) == (
        "Manager",
        "Enlighted",
        "Enlighted Manage",
    )
    assert manager.configuration_url == site.manager.url
    gateway = site.device_of(GATEWAY)
    assert gateway
    assert gateway.via_device_id == device(site, "floor", 1).id
    assert (gateway.name, gateway.model) == ("GW0c723a", "Gateway")


async def test_groups_and_receptacles_are_devices(site: Site) -> None:
    world, floor = site.manager.world, device(site, "floor", 1)
    for group in world.switches.of_floor(1):
        found = device(site, "group", group.id)
        assert (found.name, found.model, found.via_device_id) == (
            group.name,
            "Switch group",
            floor.id,
        )
    for plug in world.plugloads.of_floor(1):
        found = device(site, "plugload", plug.id)
        above = floor if plug.area_id is None else device(site, "area", plug.area_id)
        assert (found.name, found.via_device_id) == (plug.name, above.id)
        assert found.model == "Plug load controller"


class TestOneFloor:
    """A building of one floor."""

    @pytest.fixture
    async def manager(self, socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
        """Run a manager of one floor."""
        async with EnlightedSimulator(floors=1, fixtures=20) as running:
            yield running

    async def test_its_kitchen_is_the_kitchen(self, hass: HomeAssistant, site: Site) -> None:
        kitchen = device(site, "area", 12)
        assert kitchen.area_id
        area = ar.async_get(hass).async_get_area(kitchen.area_id)
        assert area
        assert area.name == "Kitchen"


# What comes and goes


async def test_an_area_that_is_gone_leaves_its_sensors(site: Site) -> None:
    site.manager.world.remove_area(11)
    await site.read(Tier.STRUCTURE)
    assert left_of(site, identifier("area", 11), identifier("areaplugs", 11)) == []
    [fixture, *_] = [
        each.id for each in site.manager.world.fixtures_of_floor(1) if each.area_id is None
    ]
    found = device(site, "fixture", fixture)
    assert found.via_device_id == device(site, "floor", 1).id
    assert site.state("sensor", "power", "fixture", fixture).state != "unavailable"


async def test_a_fixture_that_is_gone_leaves(site: Site) -> None:
    owners = [f"{SITE}-{kind}-361" for kind in ("fixture", "motion", "profile")]
    assert left_of(site, *owners)
    site.manager.world.remove_fixture(361)
    await site.read(Tier.STRUCTURE)
    assert left_of(site, *owners) == []
    assert device(site, "area", 9)
    # The others are told on.
    await site.read(Tier.STATISTICS, Tier.OCCUPANCY)
    assert site.state("sensor", "power", "fixture", 362).state != "unavailable"


async def test_a_desk_that_is_gone_leaves(site: Site) -> None:
    site.manager.world.remove_fixture(383)
    await site.read(Tier.STRUCTURE)
    assert left_of(site, f"{SITE}-desk-383", f"{SITE}-fixture-383") == []


async def test_a_receptacle_that_is_gone_leaves(site: Site) -> None:
    [plug, *_] = site.manager.world.plugloads.of_floor(1)
    owners = [f"{SITE}-{kind}-{plug.id}" for kind in ("plugload", "plugdetails")]
    assert len(left_of(site, *owners)) > 3
    site.manager.world.remove_plugload(plug.id)
    # They are looked at more often than all the rest.
    await site.read(Tier.DEVICES)
    assert left_of(site, *owners) == []


async def test_a_group_that_is_gone_leaves_with_its_scenes(site: Site) -> None:
    [group, *_] = site.manager.world.switches.of_floor(1)
    owners = [identifier("group", group.id)]
    owners += [identifier("scene", scene.id) for scene in group.scenes]
    assert len(left_of(site, *owners)) > len(group.scenes)
    site.manager.world.remove_switch_group(group.id)
    await site.read(Tier.STRUCTURE)
    assert left_of(site, *owners) == []
    # The lights that it was for stay.
    await site.read(Tier.STATISTICS)
    assert site.state("light", "light", "area", 9).state != "unavailable"


async def test_a_scene_that_is_gone_leaves_its_group(site: Site) -> None:
    [group, *_] = site.manager.world.switches.of_floor(1)
    scene, *others = [each.id for each in group.scenes]
    site.manager.world.remove_scene(scene)
    # Scenes are behind the list of groups, and looked at once a day, or when somebody asks.
    site.coordinator.jobs.read_whole()
    await site.read(Tier.STRUCTURE)
    assert left_of(site, identifier("scene", scene)) == []
    assert device(site, "group", group.id)
    assert all(site.has("scene", "scene", "scene", each) for each in others)


async def test_a_scene_that_went_while_home_assistant_was_off_leaves(
    hass: HomeAssistant, site: Site
) -> None:
    [group, *_] = site.manager.world.switches.of_floor(1)
    scene = group.scenes[0].id
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    site.manager.world.remove_scene(scene)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.settled()
    assert left_of(site, identifier("scene", scene)) == []


async def test_a_floor_that_is_gone_leaves_with_all_that_was_on_it(site: Site) -> None:
    world = site.manager.world
    things = [identifier("area", each) for each in world.floors[2].areas]
    things += [identifier("fixture", each) for each in world.floors[2].fixtures]
    world.remove_floor(2)
    await site.coordinator.async_refresh()
    await site.hass.async_block_till_done()
    assert left_of(site, identifier("floor", 2), *things) == []
    assert device(site, "floor", 1)
    assert site.state("sensor", "power", "floor", 1).state != "unavailable"
    await site.read(*Tier)
    assert list(site.coordinator.watches) == [1]


async def test_what_is_new_comes_by_itself(site: Site) -> None:
    world, loaded = site.manager.world, site.coordinator
    area = world.add_area(1, "Atrium")
    fixture = world.add_fixture(1, area)
    plug = world.add_plugload(1, area)
    group = world.add_switch_group(1, "Atrium / South", [fixture])
    await site.read(Tier.STRUCTURE)
    site.manager.clock.advance(900)
    await site.read(Tier.OCCUPANCY, Tier.STATISTICS, Tier.ENERGY)
    assert device(site, "area", area).via_device_id == device(site, "floor", 1).id
    assert device(site, "fixture", fixture).via_device_id == device(site, "area", area).id
    assert device(site, "plugload", plug).via_device_id == device(site, "area", area).id
    assert site.state("binary_sensor", "occupancy", "area", area).state == "off"
    assert site.state("sensor", "power", "fixture", fixture).state not in {"unknown", "unavailable"}
    assert site.has("light", "light", "area", area)
    assert site.has("light", "light", "group", group)
    assert site.state("switch", "outlet", "plugload", plug).state in {"on", "off"}
    scenes = world.switches.groups[group].scenes
    assert all(site.has("scene", "scene", "scene", each.id) for each in scenes)
    assert site.coordinator is loaded


async def test_a_new_floor_comes_by_itself(site: Site) -> None:
    world, loaded = site.manager.world, site.coordinator
    floor = world.add_floor()
    area = world.add_area(floor, "Attic")
    world.add_fixture(floor, area)
    site.manager.clock.advance(900)
    await site.coordinator.async_refresh()
    await site.settled()
    assert device(site, "floor", floor).name == "Third Floor"
    assert device(site, "area", area).via_device_id == device(site, "floor", floor).id
    assert site.state("light", "light", "area", area).state in {"on", "off"}
    assert site.coordinator is loaded


async def test_a_fixture_that_moves_to_another_area_hangs_below_that(site: Site) -> None:
    world = site.manager.world
    before = device(site, "fixture", 361)
    fixture = world.fixtures[361]
    del world.areas[9].fixtures[361]
    world.areas[10].fixtures[361] = fixture
    fixture.area_id, fixture.zone = 10, world.areas[10].zone
    site.coordinator.jobs.read_whole()
    await site.read(Tier.STRUCTURE)
    after = device(site, "fixture", 361)
    assert after.id == before.id
    assert after.via_device_id == device(site, "area", 10).id


# Names


async def test_new_names_are_taken_over(site: Site) -> None:
    world = site.manager.world
    [group, *_] = world.switches.of_floor(1)
    [plug, *_] = world.plugloads.of_floor(1)
    world.rename_area(9, "Studio")
    world.fixtures[361].name = "By the window"
    world.rename_switch_group(group.id, "Studio")
    world.rename_plugload(plug.id, "Printer")
    entity_id = site.entity_id("light", "light", "area", 9)
    await site.read(Tier.STRUCTURE)
    await site.read(Tier.DEVICES)
    assert device(site, "area", 9).name == "Studio"
    assert device(site, "fixture", 361).name == "By the window"
    assert device(site, "group", group.id).name == "Studio"
    assert device(site, "plugload", plug.id).name == "Printer"
    # Entities stay what they are.
    assert site.entity_id("light", "light", "area", 9) == entity_id
    assert "unavailable" not in site.state("light", "light", "area", 9).state


async def test_a_floors_new_name_is_taken_over(hass: HomeAssistant, site: Site) -> None:
    before = device(site, "floor", 1)
    site.manager.world.rename_floor(1, "Ground Floor")
    await site.coordinator.async_refresh()
    await site.read(Tier.STRUCTURE)
    after = device(site, "floor", 1)
    assert (after.id, after.name) == (before.id, "Ground Floor")
    assert site.state("sensor", "power", "floor", 1).state != "unavailable"


async def test_a_scenes_new_name_is_taken_over(site: Site) -> None:
    [group, *_] = site.manager.world.switches.of_floor(1)
    scene = group.scenes[0].id
    before = site.state("scene", "scene", "scene", scene).name
    site.manager.world.rename_scene(scene, "Cinema")
    site.coordinator.jobs.read_whole()
    await site.read(Tier.STRUCTURE)
    after = site.state("scene", "scene", "scene", scene).name
    assert "Cinema" not in before
    assert after.endswith("Cinema")


async def test_a_name_of_the_users_own_stays(hass: HomeAssistant, site: Site) -> None:
    area = device(site, "area", 9)
    dr.async_get(hass).async_update_device(area.id, name_by_user="Mine")
    site.manager.world.rename_area(9, "Studio")
    await site.read(Tier.STRUCTURE)
    found = device(site, "area", 9)
    assert (found.name_by_user, found.name) == ("Mine", "Studio")


# By hand


async def test_a_device_can_be_deleted_once_it_is_gone(hass: HomeAssistant, site: Site) -> None:
    async def can_go(found: dr.DeviceEntry) -> bool:
        return await async_remove_config_entry_device(hass, site.entry, found)

    area, fixture = device(site, "area", 9), device(site, "fixture", 361)
    gateway = site.device_of(GATEWAY)
    assert gateway
    assert [await can_go(each) for each in (hub(site), area, fixture, gateway)] == [False] * 4
    stray = dr.async_get(hass).async_get_or_create(
        config_entry_id=site.entry.entry_id, identifiers={("gatehouse", identifier("area", 99))}
    )
    assert await can_go(stray)
    # Nobody knows what there is while nobody asks.
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    assert not await can_go(stray)


async def test_a_device_that_was_deleted_by_hand_comes_back_while_it_is_there(
    hass: HomeAssistant, site: Site
) -> None:
    dr.async_get(hass).async_remove_device(device(site, "area", 9).id)
    await hass.async_block_till_done()
    assert site.device_of(identifier("area", 9)) is None
    await site.read(Tier.OCCUPANCY, Tier.STATISTICS)
    await hass.config_entries.async_reload(site.entry.entry_id)
    await site.settled()
    assert device(site, "area", 9).name == "Open Office"
    assert site.state("light", "light", "area", 9).state in {"on", "off"}


async def test_a_list_that_is_lost_for_a_while_costs_no_device(
    hass: HomeAssistant, site: Site
) -> None:
    """A manager that comes up tells of nothing before it tells of everything."""
    site.manager.faults.fail(404, times=100, path="/ems/api/org/")
    await site.coordinator.async_refresh()
    assert not site.coordinator.last_update_success
    site.manager.faults.failures.clear()
    # It may go down while somebody asks for what there is, too.
    paths = ("/area/", "/fixture/", "/switchgroups/", "/plugload/", "/gateways")
    for path in paths:
        site.manager.faults.fail(404, times=100, path=path)
    await site.read(Tier.STRUCTURE, Tier.DEVICES)
    [plug, *_] = site.manager.world.plugloads.of_floor(1)
    for kind, number in (("floor", 1), ("area", 9), ("fixture", 361), ("plugload", plug.id)):
        assert device(site, kind, number)
    assert site.device_of(GATEWAY)
    assert site.state("light", "light", "area", 9).state in {"on", "off"}
    site.manager.faults.failures.clear()
    await site.read(*Tier)
    assert site.state("light", "light", "area", 9).state in {"on", "off"}


async def test_an_empty_list_of_floors_costs_no_device(hass: HomeAssistant, site: Site) -> None:
    before = len(dr.async_entries_for_config_entry(dr.async_get(hass), site.entry.entry_id))
    site.manager.faults.fail(
        200, path="/floor/v1/list", body="null", content_type="application/json"
    )
    await site.coordinator.async_refresh()
    assert not site.coordinator.last_update_success
    await site.coordinator.async_refresh()
    assert site.coordinator.last_update_success
    after = len(dr.async_entries_for_config_entry(dr.async_get(hass), site.entry.entry_id))
    assert after == before
