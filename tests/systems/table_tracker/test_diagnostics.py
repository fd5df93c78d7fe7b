"""What a bug report holds of a gateway, and what it must not."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.systems.table_tracker.diagnostics import health

from .site import Site


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the entry's options."""
    return {"tables": ["31 = Aunt Sally"]}


async def test_what_helps_is_told_and_what_is_secret_is_not(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    site: Site,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    assert await async_setup_component(hass, "diagnostics", {})
    site.gateway.move_to_table("5", "31")
    await site.shows("1", "sensor", "active_orders")
    dump: Any = await get_diagnostics_for_config_entry(hass, hass_client, site.entry)
    assert (dump["system"], dump["is_reachable"]) == ("table_tracker", True)
    assert dump["connection"]["requests"] > 5
    assert dump["gateway"]["settings"]["time_zone"] == "Europe/Vienna"
    assert dump["gateway"]["live_stream"] is True
    assert dump["options"] == {"tables": 1, "tracker_devices": True}
    [order] = dump["orders"]
    assert (order["table"], order["state"]) == ("31", "located")
    assert len(dump["repeaters"]) == 2
    assert dump["tables"] == ["31"]
    secrets = [site.entry.data["token"], "Aunt Sally", "127.0.0.1", "Cashier"]
    assert [secret for secret in secrets if secret in json.dumps(dump)] == []
    own = [each for each in caplog.records if each.name.startswith("custom_components")]
    assert [each for each in own if site.entry.data["token"] in each.getMessage()] == []


async def test_health_in_a_line(site: Site) -> None:
    site.gateway.start_tracker("5")
    await site.shows("1", "sensor", "active_orders")
    assert health(site.entry) == "1 orders, live"
    site.gateway.faults.fail(503, path="websocket", times=1000)
    site.gateway.cut_sockets()
    await site.lost()
    assert health(site.entry) == "1 orders, polling"
    await site.gateway.stop()
    await site.coordinator.async_refresh()
    assert health(site.entry) == "unreachable"
