"""The systems, in the order the menu shows them. Another system is another row."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import CONF_SYSTEM
from ..system import PlatformSetup, System
from . import enlighted_manage, paxton_net2, table_tracker, vxg

SYSTEMS: Final[Mapping[str, System]] = {
    system.id: system
    for system in (
        paxton_net2.SYSTEM,
        vxg.SYSTEM,
        enlighted_manage.SYSTEM,
        table_tracker.SYSTEM,
    )
}


class SystemSteps(enlighted_manage.FloorSteps, table_tracker.LinkSteps):
    """The steps of the config flow that only some systems have: a base for each such system."""


def system_of(entry: ConfigEntry) -> System:
    """Return the system that an entry belongs to."""
    return SYSTEMS[entry.data[CONF_SYSTEM]]


def platform_setup(platform: Platform) -> PlatformSetup:
    """Return a platform's `async_setup_entry`, which hands over to the entry's system."""

    async def async_setup_entry(
        hass: HomeAssistant,
        entry: ConfigEntry,
        async_add_entities: AddConfigEntryEntitiesCallback,
    ) -> None:
        await system_of(entry).platforms[platform](hass, entry, async_add_entities)

    return async_setup_entry
