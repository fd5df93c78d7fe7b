"""Gatehouse: the doors, cameras, lights and tables of a building in Home Assistant."""

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .systems import SYSTEMS, system_of

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, so that they exist while a server is away."""
    for system in SYSTEMS.values():
        system.register_actions(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Connect one site and add what it has."""
    system = system_of(entry)
    await system.async_setup(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, system.platforms)
    await system.async_start(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Take one site out again."""
    system = system_of(entry)
    await system.async_stop(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, system.platforms)


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Leave nothing behind of an entry that the user deletes."""
    await system_of(entry).async_remove(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: ConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let the user delete a device by hand once the vendor no longer has it."""
    if entry.state is not ConfigEntryState.LOADED:
        # Nobody knows now what the vendor has.
        return False
    has_part = system_of(entry).has_part
    return not any(has_part(entry, part) for domain, part in device.identifiers if domain == DOMAIN)
