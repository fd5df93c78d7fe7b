"""A Net2 site: a real server on loopback, and the entry that stands for it."""

from collections.abc import AsyncGenerator, Generator
from typing import Any
from unittest.mock import PropertyMock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant

from custom_components.gatehouse.const import DOMAIN
from simulators.paxton_net2 import Net2Simulator

from .site import Site


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncGenerator[Net2Simulator]:
    """Run a server with four doors: two readers, one reader, a gate, a wireless lock."""
    async with Net2Simulator(doors=4) as running:
        yield running


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the entry's options; tests override this."""
    return {}


@pytest.fixture
def entry(
    hass: HomeAssistant, simulator: Net2Simulator, options: dict[str, Any]
) -> MockConfigEntry:
    """Return an entry for the server, with its certificate pinned."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Office",
        unique_id=f"paxton_net2-{min(simulator.world.doors)}",
        data={
            "system": "paxton_net2",
            "host": "127.0.0.1",
            "port": simulator.port,
            "use_https": True,
            "username": simulator.username,
            "password": simulator.password,
            "client_id": simulator.client_id,
            "fingerprint": simulator.fingerprint,
        },
        options=options,
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def site(hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry) -> Site:
    """Set the entry up and wait until it listens."""
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    return site


@pytest.fixture
def entity_registry_enabled_by_default() -> Generator[None]:
    """Have the entities too that are off by default."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        PropertyMock(return_value=True),
    ):
        yield
