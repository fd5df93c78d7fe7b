"""A gateway that reboots, moves, freezes or forgets, and guests who come meanwhile.

Nothing is told twice, nothing is told live that nobody heard, and nothing is lost.
"""

import asyncio
from collections import Counter
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse import live
from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.table_tracker import coordinator as coordinator_module
from custom_components.gatehouse.systems.table_tracker.const import POLL_WITH_STREAM
from custom_components.gatehouse.systems.table_tracker.events import Happening, OrderEvent
from custom_components.gatehouse.systems.table_tracker.reader import INTERVALS
from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .guests import NOON, order as guest
from .site import Site


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect, and believe a list, after tenths of a second instead of seconds."""
    monkeypatch.setattr(live, "_back_off", lambda _failures: 0.2)
    monkeypatch.setattr(coordinator_module, "_GRACE", 0.3)


async def test_a_meal_is_told_live_once(site: Site) -> None:
    gateway = site.gateway
    gateway.start_tracker("5")
    await eventually(lambda: len(site.order_events) == 2)
    gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    gateway.move_to_table("5", "9")
    gateway.page("5")
    gateway.cancel_page("5")
    gateway.switch_type("5", "TO_GO")
    gateway.clear("5")
    await eventually(lambda: "order_cleared" in site.order_events)
    await site.coordinator.async_refresh()
    assert site.order_events == [
        "order_created",
        "order_started",
        "order_located",
        "order_moved",
        "order_paged",
        "page_canceled",
        "order_type_changed",
        "order_cleared",
    ]
    assert site.missed == []
    assert site.state("sensor", "active_orders").state == "0"
    assert site.state("binary_sensor", "occupancy", "table-8").state == "off"


async def test_guests_who_sat_before_the_start_are_no_news(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    for number in range(1, 11):
        gateway.move_to_table(str(number), str(number))
    site = Site(hass, entry, gateway=gateway)
    await site.set_up()
    assert site.state("sensor", "active_orders").state == "10"
    assert site.fired == site.missed == []


async def test_what_happened_during_a_cut_is_told_once_and_never_fires(site: Site) -> None:
    gateway = site.gateway
    gateway.start_tracker("1")
    gateway.move_to_table("2", "7")
    await eventually(lambda: len(site.order_events) == 4)
    heard = list(site.order_events)
    await gateway.stop()
    await site.lost()
    gateway.move_to_table("1", "8")
    gateway.clear("2")
    gateway.start_tracker("3")
    gateway.move_to_table("4", "4")
    gateway.clear("4")
    await gateway.start()
    await site.connected()
    await eventually(lambda: "order_cleared" in site.missed_events)
    await site.coordinator.async_refresh()
    told = sorted((each.data["order"], each.data["event_type"]) for each in site.missed)
    assert told == [
        ("1", "order_located"),
        ("2", "order_cleared"),
        ("3", "order_created"),
        ("3", "order_started"),
        ("4", "order_cleared"),
        ("4", "order_created"),
        ("4", "order_located"),
    ]
    assert {each.data["source"] for each in site.missed} == {"resync"}
    assert {each.data["system"] for each in site.missed} == {"table_tracker"}
    assert site.order_events == heard


async def test_an_order_that_vanished_in_an_outage_is_a_resync(
    site: Site,
) -> None:
    gateway = site.gateway
    gateway.move_to_table("2", "7")
    await site.shows("on", "binary_sensor", "occupancy", "table-7")
    await gateway.reboot(lose_orders=True)
    await site.lost()
    await site.connected()
    await eventually(lambda: site.missed_events == ["order_cleared"])
    [event] = site.missed
    assert (event.data["source"], event.data["table"]) == ("resync", "7")
    device = site.device_of("table_tracker-test-table-7")
    assert device
    assert event.data["device_id"] == device.id
    await site.shows("off", "binary_sensor", "occupancy", "table-7")


async def test_a_reboot_begins_to_count_anew_and_nothing_is_told(site: Site) -> None:
    gateway = site.gateway
    gateway.move_to_table("2", "7")
    await site.shows("on", "binary_sensor", "occupancy", "table-7")
    await gateway.reboot()
    await site.lost()
    await site.connected()
    gateway.start_tracker("3")
    await eventually(lambda: site.order_events[-1] == "order_started")
    assert site.missed == []


async def test_home_assistant_restarts_while_guests_come_and_go(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    gateway.move_to_table("1", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    gateway.clear("1")
    gateway.move_to_table("2", "8")
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    await eventually(lambda: len(site.missed) == 3)
    assert sorted(site.missed_events) == ["order_cleared", "order_created", "order_located"]
    fired = list(site.fired)
    await site.coordinator.async_refresh()
    assert len(site.missed) == 3
    assert site.fired == fired
    assert site.state("binary_sensor", "occupancy", "table-8").state == "on"


async def test_a_whole_evening_is_told_once(hass: HomeAssistant, site: Site) -> None:
    gateway = site.gateway
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    for number in range(1, 251):
        gateway.move_to_table(str(number), "8")
        gateway.clear(str(number))
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    await eventually(lambda: len(site.missed) >= 750, "all of them")
    await site.coordinator.async_refresh()
    told = Counter(site.missed_events)
    assert told == {"order_created": 250, "order_located": 250, "order_cleared": 250}
    assert site.fired == []


async def test_a_lost_frame_is_found_out_and_told_as_missed(site: Site) -> None:
    gateway = site.gateway
    gateway.start_tracker("9")
    gateway.drop_events(1)
    gateway.start_tracker("1")
    gateway.start_tracker("2")
    await eventually(lambda: len(site.missed) == 2)
    assert site.missed_events == ["order_created", "order_started"]
    assert {each.data["order"] for each in site.missed} == {"1"}
    assert site.order_events == ["order_created", "order_started"] * 2


async def test_a_poll_that_is_faster_than_a_push_takes_no_event_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = site.gateway
    gateway.faults.delay_frames = 0.15
    gateway.start_tracker("1")
    await site.coordinator.async_refresh()
    await eventually(lambda: len(site.order_events) == 2)
    assert site.missed == []


@pytest.mark.parametrize("end", ["modified", "cleared"])
async def test_an_end_that_is_pushed_either_way_is_told_live(site: Site, end: str) -> None:
    gateway = site.gateway
    gateway.faults.end_of_order = end
    gateway.move_to_table("1", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    gateway.clear("1")
    await eventually(lambda: site.order_events[-1] == "order_cleared")
    assert site.missed == []


async def test_an_end_that_is_not_pushed_is_found_by_the_next_poll(site: Site) -> None:
    gateway = site.gateway
    gateway.faults.end_of_order = "silent"
    gateway.move_to_table("1", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    gateway.clear("1")
    await site.coordinator.async_refresh()
    await eventually(lambda: site.missed_events == ["order_cleared"])
    assert "order_cleared" not in site.order_events
    assert site.state("binary_sensor", "occupancy", "table-8").state == "off"


async def test_a_repeated_message_is_no_news(site: Site) -> None:
    gateway = site.gateway
    gateway.move_to_table("1", "8")
    await eventually(lambda: len(site.order_events) == 2)
    [order] = (await site.coordinator.client.get_active_orders(),)[0]
    frame = {
        "type": "ORDER_CREATED",
        "seq": 1000,
        "name": order.number,
        "uuid": order.uuid,
        "orderType": "ON_PREMISE",
        "locationName": "8",
        "state": "located",
        "paged": False,
        "elapsedTime": 0,
    }
    for kind in ("ORDER_CREATED", "ORDER_MODIFIED", "ORDER_UNHEARD_OF"):
        gateway.send_raw(json.dumps({**frame, "type": kind}))
    gateway.start_tracker("2")
    await eventually(lambda: len(site.order_events) == 4)
    assert site.order_events[2:] == ["order_created", "order_started"]
    assert site.missed == []


async def test_an_event_before_the_first_list_is_heard(hass: HomeAssistant, site: Site) -> None:
    gateway = site.gateway
    gateway.faults.event_before_list = True
    gateway.cut_sockets()
    await site.lost()
    await site.connected()
    assert site.coordinator.last_update_success
    assert len(site.order_events) + len(site.missed_events) == 2


async def test_a_half_open_socket_is_noticed(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    site = Site(hass, entry, gateway=gateway)
    await site.set_up()
    site.coordinator._stream._heartbeat = 0.3  # half a minute is long for a test
    gateway.cut_sockets()
    await site.lost()
    await site.connected()
    gateway.faults.frozen = True
    await site.lost()
    assert site.state("binary_sensor", "live_stream").state == "off"
    gateway.faults.frozen = False
    await site.connected()
    await eventually(lambda: site.coordinator.last_update_success)


async def test_without_the_gateway_nothing_is_shown_and_all_comes_back(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = site.gateway
    gateway.move_to_table("1", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    await gateway.stop()
    await site.shows("unavailable", "binary_sensor", "occupancy", "table-8")
    assert site.state("sensor", "active_orders").state == "unavailable"
    assert site.state("binary_sensor", "live_stream").state == "off"
    await site.coordinator.async_refresh()
    await gateway.start()
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    await site.connected()
    lines = [r for r in caplog.records if r.name.startswith("custom_components") and r.levelno > 20]
    assert len(lines) == 1


async def test_a_revoked_token_asks_for_the_button(hass: HomeAssistant, site: Site) -> None:
    site.gateway.revoke_token()
    await site.coordinator.async_refresh()
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert flow["step_id"] == "link_again"
    assert site.state("sensor", "active_orders").state == "unavailable"
    before = len(site.gateway.requests)
    await asyncio.sleep(0.5)
    paths = [each.path for each in site.gateway.requests[before:]]
    assert not [path for path in paths if "generate" in path]


async def test_a_refused_handshake_asks_for_the_button(hass: HomeAssistant, site: Site) -> None:
    gateway = site.gateway
    gateway.revoke_token()
    gateway.cut_sockets()
    await eventually(hass.config_entries.flow.async_progress, "the flow")
    assert site.missed == []


async def test_old_firmware_has_an_issue_until_it_is_updated(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    gateway.faults.only_v1 = True
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    issue_id = f"gateway_outdated_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    gateway.faults.only_v1 = False
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        ("unknown_endpoints", True),
        ("numbers_as_text", True),
        ("single_order_rc", 5),
        ("naive_history", True),
        ("gateway_has_ids", False),
        ("omit_elapsed", True),
        ("extra_keys", True),
        ("on_premises", True),
        ("refuse_handshake", "frame"),
    ],
)
async def test_firmware_that_differs_is_taken_as_it_is(
    hass: HomeAssistant,
    gateway: TableTrackerSimulator,
    entry: MockConfigEntry,
    fault: str,
    value: Any,
) -> None:
    gateway.faults.set(fault, value)
    site = Site(hass, entry, gateway=gateway)
    await site.set_up()
    gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    gateway.page("5")
    await site.shows("paged", "sensor", "activity", "tracker-5")
    gateway.clear("5")
    await site.shows("off", "binary_sensor", "occupancy", "table-8")
    await site.coordinator.async_refresh()
    assert site.order_events == ["order_created", "order_located", "order_paged", "order_cleared"]
    assert site.missed == []


async def test_a_web_page_instead_of_an_answer_is_an_outage(site: Site) -> None:
    site.gateway.faults.fail(500, path="activeorders", body="<html>Error</html>", times=1)
    await site.coordinator.async_refresh()
    assert not site.coordinator.last_update_success
    assert site.state("sensor", "active_orders").state == "unavailable"
    await site.coordinator.async_refresh()
    assert site.state("sensor", "active_orders").state == "0"


async def test_two_orders_at_one_table_and_a_number_that_comes_back(site: Site) -> None:
    gateway = site.gateway
    gateway.move_to_table("1", "8")
    gateway.move_to_table("2", "8")
    await site.shows("1, 2", "sensor", "order", "table-8")
    gateway.clear("1")
    await site.shows("2", "sensor", "order", "table-8")
    gateway.start_tracker("1")
    await site.shows("started", "sensor", "activity", "tracker-1")
    assert site.order_events.count("order_created") == 3


async def test_a_clock_that_is_an_hour_off_has_an_issue_and_waits_stay_right(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    gateway.skew(3600)
    gateway.start_tracker("1")
    await site.shows("started", "sensor", "activity", "tracker-1")
    assert site.state("sensor", "wait", "tracker-1").state == "0"
    await eventually(
        lambda: (
            ir.async_get(hass).async_get_issue(DOMAIN, f"gateway_clock_{site.entry.entry_id}")
            or site.hass.async_create_task(site.coordinator.async_refresh()) is None
        ),
        "the issue",
    )


async def test_a_storm_of_guests_loses_nobody(site: Site) -> None:
    gateway = site.gateway
    for number in range(1, 101):
        gateway.start_tracker(str(number))
        gateway.move_to_table(str(number), str(number))
    for number in range(1, 101):
        gateway.clear(str(number))
    await eventually(lambda: site.order_events.count("order_cleared") == 100)
    assert site.order_events.count("order_created") == 100
    assert site.order_events.count("order_located") == 100
    assert site.missed == []
    assert site.state("sensor", "active_orders").state == "0"


async def test_repeaters_come_and_go(site: Site) -> None:
    gateway = site.gateway
    address = gateway.add_repeater("Bar")
    site.coordinator.reader.expect_changes("repeaters")
    await site.coordinator.async_refresh()
    await site.shows("on", "binary_sensor", "connected", address.lower())
    gateway.set_repeater_status(address, "INACTIVE")
    site.coordinator.reader.expect_changes("repeaters")
    await site.coordinator.async_refresh()
    await site.shows("off", "binary_sensor", "connected", address.lower())
    gateway.remove_repeater(address)
    site.coordinator.reader.expect_changes("repeaters")
    await site.coordinator.async_refresh()
    await site.hass.async_block_till_done()
    assert site.device_of(f"table_tracker-{address.lower()}") is None


def test_quiet_costs_at_most_one_request_a_minute() -> None:
    intervals = [POLL_WITH_STREAM.total_seconds(), *INTERVALS.values()]
    assert 0.9 < sum(60 / each for each in intervals) <= 1


async def test_events_of_one_moment_are_told_apart(site: Site) -> None:
    site.gateway.move_to_table("5", "8")
    await eventually(lambda: len(site.order_events) == 2)
    created, located = site.fired[:2]
    # A trigger takes two equal states for one event.
    assert created.state < located.state


async def test_an_event_that_waits_for_its_moment_is_told_before_the_entity_leaves(
    hass: HomeAssistant, site: Site
) -> None:
    entity_id = site.entity_id("event", "order")
    heard: list[str] = []

    def note(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new and new.entity_id == entity_id and new.state != "unavailable":
            heard.append(new.attributes["event_type"])

    hass.bus.async_listen("state_changed", callback(note))
    order = guest("a", number="5")
    happenings = [Happening(each, order, NOON) for each in OrderEvent]
    for happening in happenings:
        site.coordinator._tell_live(happening)  # nine at once do not come by the wire
    # A slow machine may take more than a millisecond for one of them.
    assert 1 <= len(heard) < len(OrderEvent)
    await hass.config_entries.async_unload(site.entry.entry_id)
    assert heard == [each.value for each in OrderEvent]


async def test_a_slow_scan_keeps_nobody_waiting(hass: HomeAssistant, site: Site) -> None:
    site.gateway.faults.scan_seconds = 1
    scan = hass.async_create_task(site.call("gatehouse", "scan_repeaters"))
    await asyncio.sleep(0.1)
    site.gateway.start_tracker("5")
    await site.shows("started", "sensor", "activity", "tracker-5")
    await site.call("button", "press", entity_id=site.entity_id("button", "page", "tracker-5"))
    await site.shows("paged", "sensor", "activity", "tracker-5")
    assert not scan.done()
    await scan
