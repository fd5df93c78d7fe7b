"""A gateway: a real server on loopback, and the entry that stands for it."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.table_tracker import linking
from simulators.table_tracker import TableTrackerSimulator

from .linking import INTERVAL
from .site import GATEWAY_ID, Site


@pytest.fixture
async def gateway(socket_enabled: None) -> AsyncGenerator[TableTrackerSimulator]:
    """Run a gateway with two repeaters, a dozen trackers and no guests."""
    async with TableTrackerSimulator(repeaters=2, trackers=12) as running:
        yield running


@pytest.fixture
async def another(socket_enabled: None) -> AsyncGenerator[TableTrackerSimulator]:
    """Run another gateway, which has nothing in common with the first."""
    async with TableTrackerSimulator(seed=2, repeaters=0) as running:
        running.faults.gateway_has_ids = False
        yield running


@pytest.fixture
def quick_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for the button more often than every two seconds."""
    monkeypatch.setattr(linking, "_INTERVAL", INTERVAL)


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the entry's options; tests override this."""
    return {}


@pytest.fixture
def entry(
    hass: HomeAssistant, gateway: TableTrackerSimulator, options: dict[str, Any]
) -> MockConfigEntry:
    """Return an entry for the gateway, which has given it a token."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Restaurant",
        unique_id=GATEWAY_ID,
        data={
            "system": "table_tracker",
            "host": gateway.host,
            "port": gateway.port,
            "token": gateway.issue_token("homeassistant"),
        },
        options=options,
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def site(hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry) -> Site:
    """Set the entry up and wait until it listens."""
    site = Site(hass, entry, gateway=gateway)
    await site.set_up()
    return site
