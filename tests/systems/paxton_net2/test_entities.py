"""Sensors and events: what each shows of the door, and when it does not know."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache_with_extra_data,
)
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.paxton_net2.client import EventKind
from simulators.paxton_net2 import Net2Simulator
from simulators.paxton_net2.world import World

from .site import Site, eventually


async def test_the_catalogue(hass: HomeAssistant, site: Site, snapshot: SnapshotAssertion) -> None:
    """Every entity of a door and of the server: id, names, class, category, on by default."""
    registry = er.async_get(hass)
    owners = {str(site.doors[0]): "<door>", site.entry.entry_id: "<server>"}
    catalogue = {}
    for entity in er.async_entries_for_config_entry(registry, site.entry.entry_id):
        system, owner, key = entity.unique_id.split("-")
        if owner not in owners:
            continue
        catalogue[f"{entity.domain} {owners[owner]} {key}"] = {
            "entity_id": entity.entity_id,
            "system": system,
            "name": entity.original_name,
            "device_class": entity.original_device_class,
            "category": entity.entity_category,
            "disabled_by": entity.disabled_by,
        }
    assert dict(sorted(catalogue.items())) == snapshot


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize(
    ("key", "happen", "before", "after"),
    [
        ("contact", lambda world, door: world.open_leaf(door), "off", "on"),
        ("alarm", lambda world, door: world.force(door), "off", "on"),
        ("alarm", lambda world, door: world.hold_too_long(door), "off", "on"),
        ("tamper", lambda world, door: world.set_tamper(door, ok=False), "off", "on"),
        ("power", lambda world, door: world.set_mains(door, ok=False), "off", "on"),
    ],
)
async def test_binary_sensors_follow_the_door(
    site: Site, key: str, happen: Callable[[World, int], object], before: str, after: str
) -> None:
    """Within the moment the stream needs, and at that door alone."""
    door, other = site.doors[0], site.doors[1]
    assert site.state("binary_sensor", key, door).state == before
    happen(site.simulator.world, door)
    await eventually(lambda: site.state("binary_sensor", key, door).state == after, key)
    assert site.state("binary_sensor", key, other).state == before


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_what_the_server_leaves_out_is_unknown(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """A door without a contact, and doors without any status."""
    simulator.faults.missing_contact = True
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    door = site.doors[0]
    assert site.state("binary_sensor", "contact", door).state == STATE_UNKNOWN
    assert site.state("binary_sensor", "tamper", door).state == "off"
    simulator.faults.missing_status = True
    await site.coordinator.async_refresh()
    assert site.state("lock", "lock", door).state == STATE_UNKNOWN
    assert site.state("binary_sensor", "tamper", door).state == STATE_UNKNOWN


_WHAT_FIRES: list[tuple[str, Callable[[World, int], object], dict[str, Any]]] = [
    (
        "access_granted",
        lambda world, door: world.swipe(door, 8, "out"),
        {"user_id": 8, "user_name": "Ada Example", "direction": "out", "credential": "token"},
    ),
    (
        "access_granted",
        lambda world, door: world.enter_pin(door, 8),
        {"user_id": 8, "credential": "pin"},
    ),
    ("access_denied", lambda world, door: world.swipe_unknown(door), {"credential": "token"}),
    (
        "access_denied",
        lambda world, door: world.enter_pin(door, 8, ok=False),
        {"credential": "pin"},
    ),
    ("door_opened", lambda world, door: world.open_leaf(door), {"code": 46}),
    ("door_closed", lambda world, door: world.close_leaf(door), {"code": 47}),
    ("door_forced", lambda world, door: world.force(door), {"code": 92}),
    ("door_held_open", lambda world, door: world.hold_too_long(door), {"code": 93}),
    ("tamper", lambda world, door: world.set_tamper(door, ok=False), {"code": 90}),
    ("duress", lambda world, door: world.duress(door, 8), {"user_id": 8}),
    ("keypad_hacker", lambda world, door: world.keypad_hacker(door), {"code": 96}),
    ("fire_alarm", lambda world, door: world.emit(85, door), {"code": 85}),
    ("mains_failed", lambda world, door: world.set_mains(door, ok=False), {"code": 91}),
    ("lockdown", lambda world, door: world.emit(120, door), {"code": 120}),
    ("lockdown_reset", lambda world, door: world.emit(121, door), {"code": 121}),
    ("other", lambda world, door: world.emit(65, door, sub_code=3), {"code": 65, "sub_code": 3}),
]


@pytest.mark.parametrize(("event_type", "happen", "attributes"), _WHAT_FIRES)
async def test_the_event_entity_fires(
    site: Site,
    event_type: str,
    happen: Callable[[World, int], object],
    attributes: dict[str, Any],
) -> None:
    """With who, how and where to; never with a card number, never with an id it has not."""
    door = site.doors[0]
    happen(site.simulator.world, door)
    await eventually(lambda: site.fired, "the event")
    state = site.fired[0]
    assert state.entity_id == site.entity_id("event", "activity", door)
    assert state.attributes["event_type"] == event_type
    assert attributes.items() <= state.attributes.items()
    time = dt_util.parse_datetime(state.attributes["event_time"], raise_on_error=True)
    assert abs(dt_util.utcnow() - time) < timedelta(minutes=1)
    assert "event_id" not in state.attributes
    assert str(site.simulator.world.users[8].card_number) not in str(state.attributes)


@pytest.mark.parametrize("code", [722, 723, 500, 501])
async def test_system_events_fire_where_they_come_live(site: Site, code: int) -> None:
    """Most servers keep them from the stream; some may not."""
    site.simulator.faults.system_events_live = True
    site.simulator.world.emit(code, site.doors[0])
    await eventually(lambda: site.fired, "the event")
    assert site.fired[0].attributes["code"] == code


async def test_every_kind_has_a_type(site: Site) -> None:
    """The design's list, the doorbell apart."""
    types = site.state("event", "activity", site.doors[0]).attributes["event_types"]
    assert set(types) == set(EventKind) - {EventKind.DOORBELL}


async def test_the_doorbell_rings(site: Site) -> None:
    """At its own entity, and at no other."""
    door = site.doors[0]
    site.simulator.world.press_bell(door)
    await eventually(lambda: site.fired, "the bell")
    assert [state.entity_id for state in site.fired] == [site.entity_id("event", "doorbell", door)]
    assert site.fired[0].attributes["event_type"] == "ring"
    assert site.fired[0].attributes["device_class"] == "doorbell"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_the_last_visitors(site: Site) -> None:
    """Who, when, and when somebody was turned away."""
    door = site.doors[0]
    site.simulator.world.swipe(door, 8)
    site.simulator.world.swipe_unknown(door)
    await eventually(
        lambda: site.state("sensor", "last_denied", door).state != STATE_UNKNOWN, "the denial"
    )
    assert site.state("sensor", "last_user", door).state == "Ada Example"
    for key in ("last_access", "last_denied"):
        time = dt_util.parse_datetime(site.state("sensor", key, door).state, raise_on_error=True)
        assert abs(dt_util.utcnow() - time) < timedelta(minutes=1)
    assert site.state("lock", "lock", door).attributes["changed_by"] == "Ada Example"


async def test_the_past_fills_the_sensors_and_fires_nothing(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """What the server remembers at the start."""
    door = next(iter(simulator.world.doors))
    simulator.world.emit(20, door, 9, seconds_ago=7200)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    user = simulator.world.users[9]
    assert site.state("sensor", "last_user", door).state == f"{user.first_name} {user.last_name}"
    assert site.state("event", "activity", door).state == STATE_UNKNOWN
    assert (site.fired, site.missed) == ([], [])


async def test_the_last_visitor_survives_a_restart(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """Where the server's memory does not reach that far, ours does."""
    time = dt_util.utcnow() - timedelta(days=30)
    mock_restore_cache_with_extra_data(
        hass,
        [
            (
                State("sensor.main_entrance_last_user", "Grace Example"),
                {"native_value": "Grace Example", "native_unit_of_measurement": None},
            ),
            (
                State("sensor.main_entrance_last_access", time.isoformat()),
                {
                    "native_value": {
                        "__type": "<class 'datetime.datetime'>",
                        "isoformat": time.isoformat(),
                    },
                    "native_unit_of_measurement": None,
                },
            ),
        ],
    )
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    door = site.doors[0]
    assert site.state("sensor", "last_user", door).state == "Grace Example"
    assert site.state("sensor", "last_access", door).state == time.isoformat(timespec="seconds")
    site.simulator.world.swipe(door, 8)
    await eventually(
        lambda: site.state("sensor", "last_user", door).state == "Ada Example", "the next visitor"
    )


@pytest.mark.parametrize("options", [{"hide_names": True}])
async def test_names_can_be_left_out(site: Site) -> None:
    """Nowhere: states, attributes, the bus."""
    door = site.doors[0]
    site.simulator.world.swipe(door, 8)
    site.simulator.world.emit(20, door, 9, seconds_ago=3600)
    await eventually(lambda: site.fired and site.missed, "both events")
    assert not site.has("sensor", "last_user", door)
    told = [*site.hass.states.async_all(), *site.fired, *(event.data for event in site.missed)]
    for user in site.simulator.world.users.values():
        assert user.last_name not in str(told) or user.last_name == "Assistant"
    assert site.fired[0].attributes["user_id"] == 8


async def test_the_roll_call(site: Site) -> None:
    """Who is missing, live."""
    missing = int(site.state("sensor", "roll_call_missing").state)
    assert missing > 0
    roll_call = site.coordinator.data.roll_call
    assert roll_call is not None
    people = await site.coordinator.client.get_roll_call_items(roll_call.report_id)
    site.simulator.world.mark_safe(roll_call.report_id, people[0].user_id)
    await eventually(
        lambda: site.state("sensor", "roll_call_missing").state == str(missing - 1), "the update"
    )
    assert site.state("sensor", "roll_call_safe").state == "1"


async def test_a_lite_site_has_no_roll_call(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """What the product lacks is not there at all."""
    simulator.faults.lite = True
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    assert not site.has("sensor", "roll_call_missing")
    assert site.state("lock", "lock", site.doors[0]).state == "locked"


async def test_a_controller_that_comes_back_is_there_at_its_first_sign(site: Site) -> None:
    """Before any poll tells: a push proves it."""
    door = site.doors[0]
    site.simulator.world.take_offline(door)
    await site.coordinator.async_refresh()
    assert site.state("event", "activity", door).state == STATE_UNAVAILABLE
    site.simulator.world.bring_online(door)
    site.simulator.world.open_leaf(door)
    await eventually(
        lambda: site.state("binary_sensor", "contact", door).state == "on", "the first sign"
    )


async def test_a_grant_without_a_person_is_nobodys(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """The restored visitor does not stand beside a newer time."""
    mock_restore_cache_with_extra_data(
        hass,
        [
            (
                State("sensor.main_entrance_last_user", "Grace Example"),
                {"native_value": "Grace Example", "native_unit_of_measurement": None},
            )
        ],
    )
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    door = site.doors[0]
    site.simulator.world.emit(27, door)
    await eventually(
        lambda: site.state("sensor", "last_access", door).state != STATE_UNKNOWN, "the grant"
    )
    assert site.state("sensor", "last_user", door).state == STATE_UNKNOWN


@pytest.mark.parametrize("options", [{"hide_names": True}])
async def test_a_restored_event_leaves_out_the_name_too(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """It was fired before the option was set."""
    time = dt_util.utcnow().isoformat(timespec="milliseconds")
    stored = {
        "last_event_type": "access_granted",
        "last_event_attributes": {"user_id": 8, "user_name": "Ada Example"},
    }
    mock_restore_cache_with_extra_data(
        hass, [(State("event.main_entrance_activity", time), stored)]
    )
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    state = site.state("event", "activity", site.doors[0])
    assert state.attributes["user_id"] == 8
    assert "user_name" not in state.attributes
