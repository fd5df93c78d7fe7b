"""The actions of Table Tracker: who may, what is sent, and what comes back."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.table_tracker.actions import ACTIONS

from .site import Site

#: A valid call of each; tracker 5 is at table 8.
VALID: dict[str, dict[str, Any]] = {
    "start_order": {"order": "7"},
    "locate_order": {"order": "5", "table": "9"},
    "page_order": {"order": "5"},
    "cancel_page": {"order": "5"},
    "clear_order": {"order": "5"},
    "clear_all_orders": {"confirm": True},
    "get_active_orders": {},
    "get_order_history": {},
    "get_statistics": {},
    "scan_repeaters": {},
    "begin_repeater_pairing": {},
    "end_repeater_pairing": {},
    "list_tokens": {},
}
ADMIN = {action.name for action in ACTIONS if action.is_admin}
SILENT = {action.name for action in ACTIONS if action.response.value == "none"}


async def act(
    site: Site, name: str, data: dict[str, Any] | None = None, user: MockUser | None = None
) -> Any:
    """Call an action and return its answer."""
    return await site.hass.services.async_call(
        DOMAIN,
        name,
        VALID[name] if data is None else data,
        blocking=True,
        context=Context(user_id=user.id) if user else None,
        return_response=name not in SILENT,
    )


@pytest.fixture(autouse=True)
async def guest(site: Site) -> str:
    """Let a guest sit at table 8."""
    uuid = site.gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    return uuid


def sent(site: Site) -> list[tuple[str, dict[str, Any]]]:
    """Return what the gateway was asked to change."""
    return [(each.name, dict(each.arguments)) for each in site.gateway.commands]


def test_every_action_is_tested() -> None:
    assert {action.name for action in ACTIONS} == VALID.keys()


@pytest.mark.parametrize("name", VALID)
async def test_who_may(
    site: Site, hass_read_only_user: MockUser, hass_admin_user: MockUser, name: str
) -> None:
    await act(site, name, user=hass_admin_user)
    before = len(site.gateway.requests)
    if name in ADMIN:
        with pytest.raises(Unauthorized):
            await act(site, name, user=hass_read_only_user)
        assert len(site.gateway.requests) == before
    elif name != "clear_order":
        await act(site, name, user=hass_read_only_user)


async def test_an_order_is_started_and_located(site: Site) -> None:
    answer = await act(site, "start_order", {"order": "7", "order_type": "to_go"})
    assert (answer["order"]["order"], answer["order"]["state"]) == ("7", "started")
    assert (answer["order"]["order_type"], answer["order"]["table"]) == ("to_go", None)
    await site.shows("started", "sensor", "activity", "tracker-7")
    answer = await act(site, "locate_order", {"order": "7", "table": "3"})
    assert (answer["order"]["state"], answer["order"]["table"]) == ("located", "3")
    answer = await act(site, "start_order", {"order": "8", "table": "4"})
    assert answer["order"]["state"] == "located"
    again = await act(site, "start_order", {"order": "8", "table": "4"})
    assert again == {"order": None}
    assert sent(site) == [
        ("start_order", {"name": "7", "orderType": "TO_GO"}),
        ("start_order", {"name": "7", "orderType": "TO_GO", "locationName": "3"}),
        ("start_order", {"name": "8", "orderType": "ON_PREMISE", "locationName": "4"}),
        ("start_order", {"name": "8", "orderType": "ON_PREMISE", "locationName": "4"}),
    ]


async def test_an_order_is_named_by_its_number_or_its_id(site: Site, guest: str) -> None:
    await act(site, "page_order", {"order": "5", "continuous": False})
    await act(site, "cancel_page", {"order": guest})
    await act(site, "clear_order", {"order": "5"})
    assert sent(site) == [
        ("page_order", {"id": guest, "tracking": False}),
        ("cancel_page", {"id": guest}),
        ("clear_order", {"id": guest}),
    ]


async def test_of_two_orders_with_a_number_the_newest_is_meant(site: Site) -> None:
    world = site.gateway.world
    newest = world.create("5", "ON_PREMISE").uuid
    await site.shows("2", "sensor", "active_orders")
    assert newest in site.coordinator.book.orders
    await act(site, "page_order", {"order": "5"})
    [(_, arguments)] = sent(site)
    orders = site.coordinator.book.orders
    assert arguments["id"] == max(orders, key=lambda uuid: orders[uuid].started_at)


@pytest.mark.parametrize("name", ["locate_order", "page_order", "cancel_page", "clear_order"])
async def test_an_order_that_is_not_there_is_not_asked_for(site: Site, name: str) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act(site, name, {**VALID[name], "order": "77"})
    assert refused.value.translation_key == "order_not_found"
    assert sent(site) == []


async def test_clearing_all_has_to_be_confirmed(site: Site) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act(site, "clear_all_orders", {"confirm": False})
    assert refused.value.translation_key == "not_confirmed_all"
    assert sent(site) == []
    await act(site, "clear_all_orders")
    await site.shows("0", "sensor", "active_orders")


async def test_what_is_active_and_what_was(site: Site, guest: str) -> None:
    [order] = (await act(site, "get_active_orders"))["orders"]
    assert (order["uuid"], order["table"], order["paged"]) == (guest, "8", False)
    gateway = site.gateway
    gateway.clear("5")
    gateway.move_to_table("6", "9")
    gateway.clear("6")
    history = (await act(site, "get_order_history"))["orders"]
    assert {each["order"] for each in history} == {"5", "6"}
    assert all(each["cleared_at"] for each in history)
    filters = {
        "start": "2020-01-01 00:00:00",
        "end": "2100-01-01 00:00:00",
        "order_type": "on_premise",
        "table": "9",
        "limit": 1,
    }
    [only] = (await act(site, "get_order_history", filters))["orders"]
    assert only["order"] == "6"
    statistics = await act(site, "get_statistics", {"target_time": 60})
    assert (statistics["orders_today"], statistics["target_seconds"]) == (2, 60)


async def test_repeaters_and_tokens(site: Site) -> None:
    address = site.gateway.add_repeater("Bar")
    found = (await act(site, "scan_repeaters"))["repeaters"]
    assert address in {each["address"] for each in found}
    await site.shows("on", "binary_sensor", "connected", address)
    await act(site, "begin_repeater_pairing", {"seconds": 90})
    assert site.state("switch", "repeater_pairing").state == "on"
    await act(site, "end_repeater_pairing")
    assert site.state("switch", "repeater_pairing").state == "off"
    assert sent(site) == [("begin_pairing", {"timeout": 90}), ("end_pairing", {})]
    [token] = (await act(site, "list_tokens"))["tokens"]
    assert token["name"] == "homeassistant"
    assert site.entry.data["token"] not in str(token)


@pytest.mark.parametrize("name", VALID)
async def test_a_gateway_that_is_away_is_told(site: Site, name: str) -> None:
    await site.gateway.stop()
    with pytest.raises(HomeAssistantError) as failed:
        await act(site, name)
    assert failed.value.translation_key == "cannot_connect"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("start_order", {"order": "seven"}),
        ("start_order", {"order": "7", "table": "bar"}),
        ("start_order", {"order": "7", "order_type": "flying"}),
        ("begin_repeater_pairing", {"seconds": 255}),
        ("get_order_history", {"limit": 0}),
        ("get_statistics", {"target_time": 0}),
        ("clear_all_orders", {}),
    ],
)
async def test_what_makes_no_sense_is_not_sent(site: Site, name: str, data: dict[str, Any]) -> None:
    before = len(site.gateway.requests)
    with pytest.raises(Exception, match=r"."):
        await act(site, name, data)
    assert len(site.gateway.requests) == before


async def test_a_site_of_another_system_is_refused(hass: HomeAssistant, site: Site) -> None:
    with pytest.raises(ServiceValidationError):
        await act(site, "get_statistics", {"config_entry_id": "none such"})
    answer = await act(site, "get_statistics", {"config_entry_id": site.entry.entry_id})
    assert answer["orders_today"] == 0
