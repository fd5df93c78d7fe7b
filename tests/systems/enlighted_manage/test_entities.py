"""What there is of each part, what it shows, and where that comes from."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.components.image.const import DATA_COMPONENT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator
from simulators.enlighted_manage.demand import Event

from ..watching import eventually
from .acting import (
    REPORTED,
    enabled,
    enabling,
    happened,
    later,
    level,
    light,
    refused,
    sent,
)
from .site import SITE, Site

FIXTURE = ("fixture", 361)
LOBBY = range(371, 376)
PLUG, INVERTED = 1301, "inverted_plugloads"
DRIVER = 380
#: A sensor that is heard again, or not, is noticed after the next report.
SILENT = 16 * 60


def asked(site: Site, part_of_path: str) -> int:
    """Return how often something was asked for."""
    return sum(part_of_path in each.path for each in site.manager.requests)


def number(site: Site, key: str, kind: str, number: int) -> float:
    return float(site.state("sensor", key, kind, number).state)


# Receptacles


def outlet(site: Site) -> str:
    return site.state("switch", "outlet", "plugload", PLUG).state


@pytest.mark.parametrize("is_inverted", [False, True])
async def test_an_outlet_shows_what_is_read_and_not_what_the_reply_says(
    site: Site, is_inverted: bool
) -> None:
    site.manager.faults.inverted_plugloads = is_inverted
    entity_id = site.entity_id("switch", "outlet", "plugload", PLUG)
    for action, state in (("turn_off", "off"), ("turn_on", "on")):
        await site.call("switch", action, entity_id=entity_id)
        await site.shows(state, "switch", "outlet", "plugload", PLUG)
        assert sent(site)[-1] == ("plugload", (PLUG,), {"on": state == "on"})
    assert len(sent(site)) == 2
    assert site.state("switch", "outlet", "plugload", 1302).state == "on"


async def test_an_outlet_that_does_not_follow_stays_as_it_is(site: Site) -> None:
    site.manager.world.set_plugload_active(PLUG, False)
    entity_id = site.entity_id("switch", "outlet", "plugload", PLUG)
    before = asked(site, "plugload/v1/location")
    await site.call("switch", "turn_off", entity_id=entity_id)
    await eventually(lambda: asked(site, "plugload/v1/location") > before, "the look")
    await site.hass.async_block_till_done()
    assert outlet(site) == "on"


async def test_an_outlet_that_is_switched_at_the_wall_is_noticed(site: Site) -> None:
    site.manager.world.set_plugload(PLUG, False)
    await site.read(Tier.DEVICES)
    assert outlet(site) == "off"


async def test_an_outlet_is_switched_once_though_the_answer_is_lost(site: Site) -> None:
    site.manager.faults.lose_answers(path="setPlugloadStatus")
    entity_id = site.entity_id("switch", "outlet", "plugload", PLUG)
    await refused(site.call("switch", "turn_off", entity_id=entity_id), "outcome_unknown")
    assert len(sent(site)) == 1


async def test_a_receptacle_that_cannot_be_reached(site: Site) -> None:
    state = site.state("binary_sensor", "active", "plugdetails", PLUG)
    assert (state.state, state.attributes["device_class"]) == ("on", "connectivity")
    site.manager.world.set_plugload_active(PLUG, False)
    await site.read(Tier.ENERGY)
    assert site.state("binary_sensor", "active", "plugdetails", PLUG).state == "off"


async def test_receptacles_come_and_go(site: Site) -> None:
    new = site.manager.world.add_plugload(1, 9)
    site.manager.world.remove_plugload(PLUG)
    await site.read(Tier.DEVICES)
    await site.shows("on", "switch", "outlet", "plugload", new)
    assert not site.has("switch", "outlet", "plugload", PLUG)
    assert site.device_of(f"{SITE}-plugload-{PLUG}") is None


# Gateways


@enabling("last_seen")
async def test_a_gateway_and_the_sensors_behind_it(hass: HomeAssistant, site: Site) -> None:
    # The MAC has a zero at its beginning that the manager drops.
    owner = "enlighted_manage-gateway-00:b3:d6:0c:72:3a"

    def state(platform: str, key: str) -> str:
        found = hass.states.get(site.entity_id_of(platform, f"{owner}-{key}") or "")
        assert found
        return found.state

    assert state("binary_sensor", "connected") == "on"
    assert (
        abs(datetime.fromisoformat(state("sensor", "last_seen")) - datetime.now(UTC)).seconds < 60
    )
    site.manager.world.set_gateway(2, False)
    await later(site, SILENT)
    assert state("binary_sensor", "connected") == "off"
    assert site.state("binary_sensor", "connected", *FIXTURE).state == "off"
    assert site.state("sensor", "stale_sensors", "floor", 1).state == "24"
    assert site.state("binary_sensor", "occupancy", "area", 9).state == "unknown"
    assert site.state("binary_sensor", "connected", "fixture", 385).state == "on"


# Sensors


async def test_sensors_measure_what_they_report(site: Site) -> None:
    await light(site, "turn_on", *FIXTURE, brightness=128)
    await later(site, REPORTED)
    report = site.manager.world.reports.last(site.manager.world.fixtures[361])
    celsius = round((report.temperature - 32) / 1.8, 1)
    assert report.power > 10
    assert number(site, "power", *FIXTURE) == pytest.approx(report.power, abs=0.01)
    assert number(site, "temperature", *FIXTURE) == celsius
    assert number(site, "illuminance", *FIXTURE) == report.lux
    unit = site.state("sensor", "temperature", *FIXTURE).attributes["unit_of_measurement"]
    assert unit == "°C"


async def test_areas_and_floors_sum_up_power_and_have_the_mean_of_the_rest(site: Site) -> None:
    world = site.manager.world
    await later(site, REPORTED)
    lobby = [world.reports.last(each) for each in world.fixtures_of_area(11)]
    floor = [world.reports.last(each) for each in world.fixtures_of_floor(1)]
    for reports, part in ((lobby, ("area", 11)), (floor, ("floor", 1))):
        power = sum(each.power for each in reports)
        fahrenheit = sum(each.temperature for each in reports) / len(reports)
        assert number(site, "power", *part) == pytest.approx(power, abs=0.1)
        assert number(site, "temperature", *part) == pytest.approx(
            (fahrenheit - 32) / 1.8, abs=0.06
        )
    lux = sum(each.lux for each in lobby) / len(lobby)
    assert number(site, "illuminance", "area", 11) == pytest.approx(lux, abs=0.51)


@enabling("last_seen", "level")
async def test_a_sensor_that_falls_silent_shows_nothing_that_is_old(site: Site) -> None:
    world = site.manager.world
    shown = ("power", "temperature", "illuminance", "level")
    assert site.state("binary_sensor", "connected", *FIXTURE).state == "on"
    seen = datetime.fromisoformat(site.state("sensor", "last_seen", *FIXTURE).state)
    world.set_online(361, False)
    # It was heard seven minutes ago at the most.
    await later(site, 6 * 60)
    assert site.state("binary_sensor", "connected", *FIXTURE).state == "on"
    assert "unknown" not in {site.state("sensor", key, *FIXTURE).state for key in shown}
    await later(site, 10 * 60)
    assert site.state("binary_sensor", "connected", *FIXTURE).state == "off"
    assert {site.state("sensor", key, *FIXTURE).state for key in shown} == {"unknown"}
    assert datetime.fromisoformat(site.state("sensor", "last_seen", *FIXTURE).state) == seen
    assert level(site, *FIXTURE) == ("unknown", None)
    assert level(site, "area", 9) == ("off", None)
    assert site.state("sensor", "stale_sensors", "area", 9).state == "1"
    assert site.state("sensor", "stale_sensors", "floor", 1).state == "1"
    world.set_online(361, True)
    await later(site, REPORTED)
    assert site.state("binary_sensor", "connected", *FIXTURE).state == "on"
    assert level(site, *FIXTURE) == ("off", None)
    assert site.state("sensor", "stale_sensors", "floor", 1).state == "0"
    assert happened(site) == [
        {"event_type": happening, "sensor_id": 361, "sensor": "Sensor000169"}
        for happening in ("device_lost", "device_returned")
    ]


@pytest.mark.parametrize("repeats", [True, False])
async def test_a_sensor_that_was_silent_before_is_no_news(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry, repeats: bool
) -> None:
    manager.faults.repeat_silent = repeats
    manager.world.set_online(361, False)
    manager.clock.advance(2 * SILENT)
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    connected = "off" if repeats else "unknown"
    assert site.state("binary_sensor", "connected", *FIXTURE).state == connected
    await later(site, SILENT)
    assert site.state("binary_sensor", "connected", *FIXTURE).state == "off"
    assert site.state("sensor", "stale_sensors", "floor", 1).state == "1"
    # Of one that was never heard of it takes a while to know.
    assert [each["event_type"] for each in happened(site)] == ([] if repeats else ["device_lost"])


async def test_a_sensor_that_is_new_is_not_lost(site: Site) -> None:
    new = site.manager.world.add_fixture(1, 9)
    await site.read(Tier.STRUCTURE)
    await site.read(Tier.STATISTICS)
    assert site.state("binary_sensor", "connected", "fixture", new).state == "unknown"
    assert level(site, "fixture", new) == ("unknown", None)
    await later(site, REPORTED)
    assert site.state("binary_sensor", "connected", "fixture", new).state == "on"
    assert level(site, "fixture", new) == ("off", None)
    assert happened(site) == []


@pytest.mark.parametrize("options", [{"lamp_faults": True}])
async def test_a_lamp_that_draws_nothing_twice_is_broken(site: Site) -> None:
    def broken(fixture: int) -> str:
        return site.state("binary_sensor", "lamp", "fixture", fixture).state

    world = site.manager.world
    assert {broken(each) for each in (361, *LOBBY)} == {"off"}
    world.break_lamp(371)
    # One that is off draws nothing either.
    world.break_lamp(361)
    await later(site, 420)
    assert broken(371) == "off"
    await later(site, 420)
    assert [broken(each) for each in (371, 372, 361)] == ["on", "off", "off"]
    world.mend_lamp(371)
    await later(site, 420)
    assert broken(371) == "off"


async def test_lamps_are_not_looked_at_unless_the_options_say_so(site: Site) -> None:
    assert not site.has("binary_sensor", "lamp", "fixture", 371)


async def test_levels_are_listed_where_the_statistics_lack_them(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry
) -> None:
    manager.faults.old_statistics = True
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    # Two pages of twenty for each floor.
    assert asked(site, "/dimlevel/") == 4
    assert [level(site, "fixture", each) for each in (361, 371)] == [("off", None), ("on", 51)]
    manager.world.wall_switch(1, 157)
    await later(site, REPORTED + 300)
    assert level(site, "area", 9) == ("on", 255)
    assert site.state("binary_sensor", "connected", *FIXTURE).state == "on"


async def test_levels_are_not_listed_where_the_statistics_have_them(site: Site) -> None:
    await later(site, REPORTED)
    assert asked(site, "/dimlevel/") == 0


@enabling("motion")
async def test_motion_is_the_share_of_the_last_five_minutes(site: Site) -> None:
    assert number(site, "motion", "motion", 361) == 0
    site.manager.world.enter(9)
    await later(site, REPORTED)
    report = site.manager.world.reports.last(site.manager.world.fixtures[361])
    share = report.motion.bit_count() / 60 * 100
    assert share > 50
    assert number(site, "motion", "motion", 361) == pytest.approx(share, abs=0.1)
    assert number(site, "motion", "motion", 371) == 0


async def test_what_nobody_looks_at_is_not_asked_for(site: Site) -> None:
    await later(site, REPORTED)
    for path in ("/sensor/stats/", "getFixtureApplicableProfiles", "emFixtureStatus"):
        assert asked(site, path) == 0, path


# Profiles


@enabling("profile")
async def test_a_profile_is_read_when_it_is_shown_and_after_it_was_chosen(site: Site) -> None:
    entity_id = site.entity_id("select", "profile", "profile", 361)
    await site.shows("Open Office Max 70", "select", "profile", "profile", 361)
    # One for each light, and none for sensors without one.
    await eventually(lambda: asked(site, "getFixtureApplicableProfiles") >= 42, "the profiles")
    options = site.state("select", "profile", "profile", 361).attributes["options"]
    assert options == ["Open Office Max 35", "Open Office Max 70"]
    chosen = {"entity_id": entity_id, "option": "Open Office Max 35"}
    await site.call("select", "select_option", **chosen)
    assert sent(site) == [("assignProfile", (361,), {"profile": 27})]
    assert site.state("select", "profile", "profile", 361).state == "Open Office Max 35"
    site.manager.faults.lose_answers(path="assignProfile")
    chosen["option"] = "Open Office Max 70"
    await refused(site.call("select", "select_option", **chosen), "outcome_unknown")
    assert len(sent(site)) == 2
    with pytest.raises(ServiceValidationError):
        await site.call("select", "select_option", entity_id=entity_id, option="Kitchen Max 90")


# Emergency lights


def driver(site: Site) -> list[str]:
    """Return what is shown of the emergency driver."""
    return [
        site.state("binary_sensor", "emergency_driver", "driver", DRIVER).state,
        site.state("sensor", "battery", "driver", DRIVER).state,
        site.state("sensor", "last_test", "driver", DRIVER).state,
    ]


async def press(site: Site, key: str) -> None:
    await site.call("button", "press", entity_id=site.entity_id("button", key, "driver", DRIVER))


@enabling("start_function_test", "start_duration_test", "stop_test")
async def test_an_emergency_driver_is_tested_and_read_by_hand(site: Site) -> None:
    assert driver(site) == ["unknown", "unknown", "unknown"]
    await press(site, "read_driver")
    assert driver(site) == ["off", "100.0", "unknown"]
    for key, mode in (("start_duration_test", 32), ("stop_test", 2), ("start_function_test", 16)):
        await press(site, key)
        assert sent(site)[-1] == ("emergencyMode", (DRIVER,), {"mode": mode})
    site.manager.world.fail_emergency(DRIVER, 4)
    ended = site.manager.clock.time() + 120
    await later(site, 150)
    assert driver(site)[0] == "off"
    await press(site, "read_driver")
    problem, battery, last_test = driver(site)
    assert (problem, battery) == ("on", "100.0")
    assert datetime.fromisoformat(last_test).timestamp() == pytest.approx(ended, abs=65)
    assert asked(site, "emFixtureStatus") == 2


@pytest.mark.parametrize(
    ("key", "status", "sentence"),
    [
        ("read_driver", 408, "sensor_silent"),
        ("start_function_test", 408, "sensor_silent"),
        ("read_driver", 500, "sensor_silent"),
        ("start_function_test", 500, "outcome_unknown"),
        ("read_driver", 404, "not_found"),
    ],
)
@enabling("start_function_test")
async def test_a_driver_that_does_not_answer(
    site: Site, key: str, status: int, sentence: str
) -> None:
    site.manager.faults.fail(status, path="/org/fixture/v1/380/em")
    await refused(press(site, key), sentence)
    assert sent(site) == []
    assert driver(site) == ["unknown", "unknown", "unknown"]


@enabling("emergency")
async def test_an_area_is_lit_up_for_an_emergency(site: Site) -> None:
    button = site.entity_id("button", "emergency", "area", 9)
    await site.call("button", "press", entity_id=button)
    assert sent(site) == [("areaEmergency", (9,), {"seconds": 3600.0})]
    assert level(site, "area", 9) == ("on", 255)


# The manager and its floors


@enabling("bacnet")
async def test_whether_the_bacnet_server_runs(site: Site) -> None:
    assert site.state("binary_sensor", "bacnet").state == "on"
    site.manager.faults.bacnet_down = True
    await site.read(Tier.MANAGER)
    assert site.state("binary_sensor", "bacnet").state == "off"


async def test_a_demand_response_that_goes_on(site: Site) -> None:
    def state() -> str:
        return site.state("binary_sensor", "demand_response").state

    now = site.manager.clock.time()
    assert state() == "off"
    site.manager.world.demand.schedule(Event("later", "LOW", now + 600, 600))
    await site.read(Tier.MANAGER)
    assert state() == "off"
    await later(site, 700, Tier.MANAGER)
    assert state() == "on"
    await later(site, 600, Tier.MANAGER)
    assert state() == "off"


async def test_what_the_user_may_not_see_of_the_manager_is_unknown(site: Site) -> None:
    site.manager.faults.fail(403, path="/org/dr/listdr")
    await site.read(Tier.MANAGER)
    assert site.state("binary_sensor", "demand_response").state == "unknown"
    assert site.state("binary_sensor", "connected").state == "on"


@enabling("floor_plan")
async def test_the_plan_of_a_floor_is_fetched_when_somebody_looks(
    hass: HomeAssistant, site: Site
) -> None:
    image = hass.data[DATA_COMPONENT].get_entity(site.entity_id("image", "floor_plan", "floor", 1))
    assert image
    assert asked(site, "/org/floor/1") == 0
    site.manager.faults.fail(500, path="/org/floor/1")
    assert await image.async_image() is None
    picture = await image.async_image()
    assert picture
    assert picture.startswith(b"\xff\xd8")
    assert await image.async_image() == picture
    assert asked(site, "/org/floor/1") == 2
    assert image.content_type == "image/jpeg"


# What there is


async def test_what_has_no_light_has_none_to_dim(site: Site) -> None:
    for fixture in (382, 383, 384):
        assert not site.has("light", "light", "fixture", fixture)
        assert not site.has("sensor", "power", "fixture", fixture)
        assert site.has("sensor", "temperature", "fixture", fixture)
    assert site.has("light", "light", "fixture", DRIVER)


USUAL: dict[str, dict[str, bool]] = {
    "manager": {
        "bacnet": False,
        "connected": True,
        "demand_response": True,
        "energy_lighting": True,
        "energy_plug_load": True,
        "override_minutes": True,
        "refresh": True,
    },
    "floor-1": {
        "activity": True,
        "areas_share": False,
        "desks_share": False,
        "energy_base": False,
        "energy_lighting": True,
        "energy_saved": True,
        "energy_saved_daylight": False,
        "energy_saved_manual": False,
        "energy_saved_occupancy": False,
        "energy_saved_tuning": False,
        "floor_plan": False,
        "illuminance": False,
        "occupied_areas": True,
        "occupied_desks": True,
        "power": True,
        "stale_sensors": True,
        "temperature": True,
        "unassigned_occupancy": False,
    },
    "area-9": {
        "control": True,
        "emergency": False,
        "energy_lighting": True,
        "illuminance": True,
        "light": True,
        "occupancy": True,
        "override_until": True,
        "power": True,
        "return_to_auto": True,
        "stale_sensors": True,
        "temperature": True,
    },
    "group-3": {
        "control": True,
        "light": True,
        "override_minutes": False,
        "override_until": True,
        "return_to_auto": True,
    },
    "scene-157": {"scene": True},
    "fixture-361": {
        "connected": True,
        "control": False,
        "illuminance": True,
        "last_seen": False,
        "level": False,
        "light": True,
        "power": True,
        "return_to_auto": False,
        "temperature": True,
    },
    "plugload-1301": {"outlet": True},
    "plugdetails-1301": {
        "active": True,
        "energy_managed": True,
        "energy_unmanaged": True,
        "voltage": False,
    },
    "areaplugs-9": {"energy_plug_load": True},
    "profile-361": {"profile": False},
    "motion-361": {"motion": False},
    "driver-380": {
        "battery": True,
        "emergency_driver": True,
        "last_test": True,
        "read_driver": True,
        "start_duration_test": False,
        "start_function_test": False,
        "stop_test": False,
    },
}
#: What is disabled where there are hundreds of its kind, beside what always is.
BIG: dict[str, set[str]] = {
    "area-9": {"illuminance", "override_until", "return_to_auto", "stale_sensors"},
    "group-3": {"override_until", "return_to_auto"},
    "fixture-361": {"light"},
    "plugdetails-1301": {"active", "energy_managed", "energy_unmanaged"},
    "areaplugs-9": {"energy_plug_load"},
}


async def test_which_entities_are_enabled_on_a_small_site(hass: HomeAssistant, site: Site) -> None:
    assert {owner: enabled(hass, owner) for owner in USUAL} == USUAL


class TestBigSite:
    """A site with so many fixtures and receptacles that theirs are disabled."""

    @pytest.fixture
    async def manager(self, socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
        """Run a manager of 300 fixtures and 40 receptacles."""
        async with EnlightedSimulator(floors=2, fixtures=300) as running:
            yield running
            assert running.world.mistakes == []

    async def test_which_entities_are_enabled(self, hass: HomeAssistant, site: Site) -> None:
        for owner in ("manager", "floor-1", "area-9", "group-3", "plugload-1301"):
            disabled = BIG.get(owner, set())
            usual = {key: is_on and key not in disabled for key, is_on in USUAL[owner].items()}
            assert enabled(hass, owner) == usual, owner
        for owner in ("plugdetails-1301", "areaplugs-9"):
            assert not any(enabled(hass, owner).values()), owner
        # Single sensors are counted by their areas.
        assert enabled(hass, "fixture-361") == {"light": False}
        assert enabled(hass, "profile-361") == enabled(hass, "motion-361") == {}

    async def test_few_requests_are_for_single_things(self, site: Site) -> None:
        assert asked(site, "/plugload/v1/details/") == asked(site, "getPlugloadEnergy") == 0


@pytest.mark.parametrize("options", [{"fixtures": "none"}])
async def test_single_fixtures_can_be_left_out(hass: HomeAssistant, site: Site) -> None:
    assert enabled(hass, "fixture-361") == {}
    assert enabled(hass, "desk-383") == {"occupancy": True}
    assert level(site, "area", 11) == ("on", 51)


@pytest.mark.parametrize("options", [{"fixtures": "lights"}])
async def test_single_fixtures_can_be_lights_and_nothing_more(
    hass: HomeAssistant, site: Site
) -> None:
    assert enabled(hass, "fixture-361") == {"light": True}
    assert enabled(hass, "fixture-382") == {}


async def test_every_entity_has_a_name_of_its_own(hass: HomeAssistant, site: Site) -> None:
    ids = [
        each.unique_id for each in er.async_get(hass).entities.values() if each.platform == DOMAIN
    ]
    assert len(ids) == len(set(ids)) > 400
