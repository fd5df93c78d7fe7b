"""A manager: a real server on loopback, and the entry that stands for it."""

from collections.abc import AsyncGenerator, Generator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity

from custom_components.gatehouse.const import DOMAIN
from simulators.enlighted_manage import EnlightedSimulator

from .site import SITE, Site, data_of


@pytest.fixture
async def manager(socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
    """Run a manager with two floors, at which nobody walks by himself."""
    async with EnlightedSimulator(floors=2, fixtures=48) as running:
        yield running
        # What a manager lets pass and nobody should do, whatever the test is about.
        assert running.world.mistakes == []


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the entry's options; tests override this."""
    return {}


@pytest.fixture
def enabled(request: pytest.FixtureRequest) -> Generator[None]:
    """Enable also those entities that have one of these keys."""
    default = Entity.entity_registry_enabled_default.__get__

    def is_enabled(entity: Entity) -> bool:
        return entity.entity_description.key in request.param or default(entity)

    with patch.object(Entity, "entity_registry_enabled_default", property(is_enabled)):
        yield


@pytest.fixture
def entry(
    hass: HomeAssistant, manager: EnlightedSimulator, options: dict[str, Any]
) -> MockConfigEntry:
    """Return an entry for the manager."""
    entry = MockConfigEntry(
        domain=DOMAIN, title="Manager", unique_id=SITE, data=data_of(manager), options=options
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def site(hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry) -> Site:
    """Set the entry up and wait until every floor was read."""
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    return site
