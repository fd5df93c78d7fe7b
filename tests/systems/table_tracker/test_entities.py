"""The entities of a gateway: what they show over an order's life, and what they send."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.gatehouse import live
from custom_components.gatehouse.systems.table_tracker import (
    coordinator as coordinator_module,
    switch,
)
from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .site import Site

UNAVAILABLE = "unavailable"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect, and believe a list, after tenths of a second instead of seconds."""
    monkeypatch.setattr(live, "_back_off", lambda _failures: 0.2)
    monkeypatch.setattr(coordinator_module, "_GRACE", 0.1)


async def test_what_there_is(hass: HomeAssistant, site: Site, snapshot: SnapshotAssertion) -> None:
    site.gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    registry = er.async_get(hass)
    rows = {
        each.entity_id: " ".join(
            str(fact)
            for fact in (
                each.unique_id.replace(site.entry.entry_id, "ENTRY"),
                each.original_device_class,
                each.unit_of_measurement,
                each.entity_category,
                "off" if each.disabled_by else "on",
            )
            if fact
        )
        for each in er.async_entries_for_config_entry(registry, site.entry.entry_id)
        if "-tracker-" not in each.unique_id or "-tracker-5-" in each.unique_id
    }
    assert dict(sorted(rows.items())) == snapshot


async def test_what_an_order_shows_over_its_life(site: Site) -> None:
    gateway = site.gateway

    def sums(*keys: str) -> list[str]:
        return [site.state("sensor", f"{key}_orders").state for key in keys]

    gateway.start_tracker("5", "TO_GO")
    await site.shows("started", "sensor", "activity", "tracker-5")
    assert sums("active", "started", "located", "to_go", "paged") == ["1", "1", "0", "1", "0"]
    assert site.state("sensor", "longest_waiting_order").state == "5"
    assert site.state("sensor", "longest_wait").state == "0"
    gateway.move_to_table("5", "8")
    await site.shows("8", "sensor", "table", "tracker-5")
    assert site.state("sensor", "order", "table-8").state == "5"
    assert site.state("binary_sensor", "occupancy", "table-8").state == "on"
    gateway.switch_type("5", "ON_PREMISE")
    gateway.page("5")
    await site.shows("paged", "sensor", "activity", "tracker-5")
    assert sums("active", "started", "located", "to_go", "paged") == ["1", "0", "1", "0", "1"]
    gateway.clear("5")
    await site.shows("idle", "sensor", "activity", "tracker-5")
    assert site.state("sensor", "table", "tracker-5").state == "unknown"
    assert site.state("sensor", "order", "table-8").state == "unknown"
    assert site.state("sensor", "wait", "table-8").state == "unknown"
    assert sums("active", "started", "located", "to_go", "paged") == ["0"] * 5
    assert site.state("sensor", "longest_wait").state == "unknown"


async def test_the_events_of_a_table_are_its_own(site: Site) -> None:
    gateway = site.gateway
    for table in ("8", "9"):
        gateway.move_to_table(table, table)
        await site.shows("on", "binary_sensor", "occupancy", f"table-{table}")
    gateway.clear("9")
    await site.shows("off", "binary_sensor", "occupancy", "table-9")
    gateway.move_to_table("8", "9")
    await site.shows("on", "binary_sensor", "occupancy", "table-9")
    for table in ("8", "9"):
        attributes = site.state("event", "order", f"table-{table}").attributes
        assert attributes["event_type"] == "order_moved"
        assert (attributes["from_table"], attributes["table"]) == ("8", "9")
        assert (attributes["order"], attributes["source"]) == ("8", "push")


async def test_the_gateway_and_its_day(hass: HomeAssistant, site: Site) -> None:
    gateway = site.gateway
    assert site.state("sensor", "orders_today").state == "0"
    assert site.state("sensor", "average_time").state == "unknown"
    assert site.state("sensor", "within_target").state == "unknown"
    gateway.move_to_table("1", "8")
    gateway.clock.advance(120)
    gateway.clear("1")
    site.coordinator.reader.expect_changes()
    await site.coordinator.async_refresh()
    assert site.state("sensor", "orders_today").state == "1"
    assert float(site.state("sensor", "average_time").state) == pytest.approx(2, abs=0.1)
    assert float(site.state("sensor", "within_target").state) == 100
    assert site.state("sensor", "cloud").state == "Not configured"
    assert site.state("number", "target_time").state == "300"
    assert site.state("text", "time_zone").state == "Europe/Vienna"
    assert site.state("binary_sensor", "overdue").state == "off"


async def test_the_day_is_read_again_when_an_order_ended(
    hass: HomeAssistant, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator_module, "_STATISTICS_DELAY", 0.1)
    for number in ("1", "2", "3"):
        site.gateway.move_to_table(number, number)
    await site.shows("3", "sensor", "active_orders")
    before = len(site.gateway.requests)
    for number in ("1", "2", "3"):
        site.gateway.clear(number)
    await site.shows("3", "sensor", "orders_today")
    asked = [each.path for each in site.gateway.requests[before:]]
    assert asked == ["/api/v2/statistics"]


# Waiting


async def _sit(site: Site, seconds: float) -> None:
    """Set the site up with a guest at table 8 who has been there for so long."""
    site.gateway.move_to_table("5", "8")
    site.gateway.clock.advance(seconds)
    await site.set_up()


async def test_a_wait_grows_at_its_second_without_a_request(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    site = Site(hass, entry, gateway=gateway)
    await _sit(site, 57)
    assert site.state("sensor", "wait", "table-8").state == "0"
    requests, writes = len(gateway.requests), []

    @callback
    def note(event: Event[Any]) -> None:
        writes.append(event.data["entity_id"])

    hass.bus.async_listen("state_changed", note)
    started = site.coordinator.data.orders[0].started_at
    await site.shows("1", "sensor", "wait", "table-8")
    assert 0 <= (dt_util.utcnow() - started).total_seconds() - 60 < 1
    parts = {"table-8": "wait", "tracker-5": "wait", "": "longest_wait"}
    expected = {site.entity_id("sensor", key, part) for part, key in parts.items()}
    await eventually(lambda: len(writes) == len(expected))
    await asyncio.sleep(0.3)
    assert (len(writes), set(writes)) == (len(expected), expected)
    assert len(gateway.requests) == requests


async def test_an_order_is_overdue_at_its_second(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    site = Site(hass, entry, gateway=gateway)
    await _sit(site, 297)
    assert site.state("binary_sensor", "overdue", "table-8").state == "off"
    assert site.order_events == []
    started = site.coordinator.data.orders[0].started_at
    await site.shows("on", "binary_sensor", "overdue", "table-8")
    assert 0 <= (dt_util.utcnow() - started).total_seconds() - 300 < 1
    assert site.state("binary_sensor", "overdue").state == "on"
    assert site.state("sensor", "overdue_orders").state == "1"
    attributes = site.state("event", "order", "table-8").attributes
    assert (attributes["event_type"], attributes["wait"]) == ("order_overdue", 300)
    await site.coordinator.async_refresh()
    assert site.order_events in ([], ["order_overdue"])
    assert site.missed == []


async def test_an_order_that_was_overdue_before_is_no_news(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    site = Site(hass, entry, gateway=gateway)
    await _sit(site, 400)
    assert site.state("binary_sensor", "overdue", "table-8").state == "on"
    await asyncio.sleep(0.2)
    assert site.fired == site.missed == []


@pytest.mark.parametrize("target", [200, 300])
async def test_an_order_that_became_overdue_unheard_is_told_as_missed(
    hass: HomeAssistant, site: Site, target: int
) -> None:
    gateway = site.gateway
    gateway.world.target = target
    site.coordinator.reader.expect_changes("settings")
    await site.coordinator.async_refresh()
    gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    coordinator = site.coordinator
    await hass.config_entries.async_unload(site.entry.entry_id)
    [order] = coordinator.book.orders.values()
    coordinator.book.orders[order.uuid] = replace(
        order, started_at=order.started_at - timedelta(seconds=400)
    )
    await coordinator.async_close()
    fired = list(site.fired)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    assert site.missed_events == ["order_overdue"]
    assert site.fired == fired


async def test_another_target_makes_nobody_late_aloud(site: Site) -> None:
    gateway = site.gateway
    gateway.move_to_table("5", "8")
    gateway.clock.advance(0)
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    site.coordinator.book.orders.update(
        {
            uuid: replace(order, started_at=order.started_at - timedelta(minutes=4))
            for uuid, order in site.coordinator.book.orders.items()
        }
    )
    await site.call(
        "number", "set_value", entity_id=site.entity_id("number", "target_time"), value=60
    )
    assert site.state("binary_sensor", "overdue", "table-8").state == "on"
    assert "order_overdue" not in site.order_events
    assert site.missed == []
    await site.call(
        "number", "set_value", entity_id=site.entity_id("number", "target_time"), value=600
    )
    assert site.state("binary_sensor", "overdue", "table-8").state == "off"


# Commands


def _sent(gateway: TableTrackerSimulator) -> list[tuple[str, dict[str, Any]]]:
    return [(each.name, dict(each.arguments)) for each in gateway.commands]


@pytest.mark.parametrize("part", ["table-8", "tracker-5"])
async def test_buttons_are_there_for_an_order(site: Site, part: str) -> None:
    gateway = site.gateway
    uuid = gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    assert site.state("button", "cancel_page", part).state == UNAVAILABLE
    await site.call("button", "press", entity_id=site.entity_id("button", "page", part))
    await site.shows("paged", "sensor", "activity", "tracker-5")
    await site.call("button", "press", entity_id=site.entity_id("button", "cancel_page", part))
    await site.shows("located", "sensor", "activity", "tracker-5")
    await site.call("button", "press", entity_id=site.entity_id("button", "clear", part))
    await site.shows("off", "binary_sensor", "occupancy", "table-8")
    assert _sent(gateway) == [
        ("page_order", {"id": uuid, "tracking": True}),
        ("cancel_page", {"id": uuid}),
        ("clear_order", {"id": uuid}),
    ]
    assert site.state("button", "page", part).state == UNAVAILABLE
    assert site.state("button", "clear", part).state == UNAVAILABLE


async def test_a_button_of_a_table_is_for_all_who_sit_there(site: Site) -> None:
    gateway = site.gateway
    for number in ("1", "2"):
        gateway.move_to_table(number, "8")
    gateway.move_to_table("3", "9")
    await site.shows("3", "sensor", "active_orders")
    await site.call("button", "press", entity_id=site.entity_id("button", "clear", "table-8"))
    await site.shows("1", "sensor", "active_orders")


async def test_clearing_all_is_off_until_somebody_wants_it(hass: HomeAssistant, site: Site) -> None:
    entity_id = site.entity_id("button", "clear_all")
    registry = er.async_get(hass)
    entry = registry.async_get(entity_id)
    assert entry
    assert entry.disabled_by
    registry.async_update_entity(entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(site.entry.entry_id)
    await site.connected()
    for number in ("1", "2"):
        site.gateway.start_tracker(number)
    await site.shows("2", "sensor", "active_orders")
    await site.call("button", "press", entity_id=entity_id)
    await site.shows("0", "sensor", "active_orders")


async def test_settings_are_set_at_the_gateway(site: Site) -> None:
    gateway = site.gateway
    target, zone = site.entity_id("number", "target_time"), site.entity_id("text", "time_zone")
    await site.call("number", "set_value", entity_id=target, value=420)
    assert site.state("number", "target_time").state == "420"
    await site.call("text", "set_value", entity_id=zone, value=" America/New_York ")
    assert site.state("text", "time_zone").state == "America/New_York"
    assert _sent(gateway) == [
        ("change_settings", {"targetTimeDefault": 420}),
        ("change_settings", {"timezone": "America/New_York"}),
    ]
    with pytest.raises(HomeAssistantError) as refused:
        await site.call("text", "set_value", entity_id=zone, value="Middle/Earth")
    assert refused.value.translation_key == "invalid_setting"
    assert site.state("text", "time_zone").state == "America/New_York"


async def test_pairing_ends_by_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch, "_PAIRING_TIME", 1)
    gateway, entity_id = site.gateway, site.entity_id("switch", "repeater_pairing")
    await site.call("switch", "turn_on", entity_id=entity_id)
    assert site.state("switch", "repeater_pairing").state == "on"
    address = gateway.add_repeater("Bar")
    await site.shows("on", "binary_sensor", "connected", address)
    assert site.state("switch", "repeater_pairing").state == "off"
    await site.call("switch", "turn_on", entity_id=entity_id)
    await site.call("switch", "turn_off", entity_id=entity_id)
    assert site.state("switch", "repeater_pairing").state == "off"
    names = [name for name, _ in _sent(gateway)]
    assert names == ["begin_pairing", "begin_pairing", "end_pairing"]


async def _items(site: Site) -> Any:
    entity_id = site.entity_id("todo", "orders")
    answer: Any = await site.hass.services.async_call(
        "todo", "get_items", {"entity_id": entity_id}, blocking=True, return_response=True
    )
    return answer[entity_id]["items"]


async def test_orders_are_a_list_to_work_off(site: Site) -> None:
    gateway = site.gateway
    assert await _items(site) == []
    uuid = gateway.move_to_table("5", "8")
    gateway.start_tracker("6", "TO_GO")
    await site.shows("2", "todo", "orders")
    items = await _items(site)
    assert [each["summary"] for each in items] == ["Order 5, Table 8", "Order 6, to go"]
    assert items[0]["due"]
    entity_id = site.entity_id("todo", "orders")
    with pytest.raises(ServiceValidationError):
        await site.call("todo", "update_item", entity_id=entity_id, item=uuid, rename="Mine")
    assert gateway.commands == []
    await site.call("todo", "update_item", entity_id=entity_id, item=uuid, status="completed")
    await site.shows("1", "todo", "orders")
    assert _sent(gateway) == [("clear_order", {"id": uuid})]


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda faults: setattr(faults, "cannot_page", True), "paging_unavailable"),
        (lambda faults: faults.fail(404, path="page"), "not_supported"),
        (lambda faults: faults.lose_answers(path="page"), "outcome_unknown"),
        (lambda faults: faults.fail(500, path="page"), "outcome_unknown"),
    ],
)
async def test_a_command_that_fails_is_told_and_not_sent_again(
    site: Site, spoil: Callable[[Any], None], key: str
) -> None:
    gateway = site.gateway
    gateway.faults.page_path = "page"
    gateway.start_tracker("5")
    await site.shows("started", "sensor", "activity", "tracker-5")
    spoil(gateway.faults)
    before = len(gateway.requests)
    with pytest.raises(HomeAssistantError) as failed:
        await site.call("button", "press", entity_id=site.entity_id("button", "page", "tracker-5"))
    assert failed.value.translation_key == key
    paths = [each.path for each in gateway.requests[before:] if each.path.endswith("/page")]
    assert len(paths) == 1


async def test_without_the_socket_a_command_is_followed_by_one_look(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    gateway.faults.fail(503, path="websocket", times=10_000)
    gateway.start_tracker("5")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    site = Site(hass, entry, gateway=gateway)
    before = len(gateway.requests)
    await site.call("button", "press", entity_id=site.entity_id("button", "clear", "tracker-5"))
    assert site.state("sensor", "activity", "tracker-5").state == "idle"
    asked = [each.path for each in gateway.requests[before:] if "websocket" not in each.path]
    assert asked[1:] in (["/api/v2/activeorders"], ["/api/v2/activeorders", "/api/v2/orders"])


async def test_an_order_without_a_tracker_cannot_be_paged(site: Site) -> None:
    await site.call("gatehouse", "start_order", order="99")
    await site.shows("started", "sensor", "activity", "tracker-99")
    with pytest.raises(HomeAssistantError) as refused:
        await site.call("button", "press", entity_id=site.entity_id("button", "page", "tracker-99"))
    assert refused.value.translation_key == "paging_impossible"


async def test_a_table_can_be_deleted_once_nobody_sits_there(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    coordinator = site.coordinator
    assert coordinator.has_part("table_tracker-test-table-8")
    gateway.clear("5")
    await eventually(lambda: not coordinator.has_part("table_tracker-test-table-8"))
    [first, *_] = gateway.world.repeaters
    assert coordinator.has_part(f"table_tracker-{first}")
