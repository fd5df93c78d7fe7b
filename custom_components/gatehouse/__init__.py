"""Gatehouse: the doors, cameras, lights and tables of a building in Home Assistant."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .actions import async_register
from .const import DOMAIN
from .coordinator import GatehouseConfigEntry
from .media import MediaView
from .missed import async_remove_memory
from .systems import SYSTEMS, system_of

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions and the media view: they exist while a server is away."""
    for system in SYSTEMS.values():
        async_register(hass, system.actions)
    shelves = {system.id: system.media for system in SYSTEMS.values() if system.media}
    hass.http.register_view(MediaView(shelves))
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GatehouseConfigEntry) -> bool:
    """Connect one site and add what it has; it listens once there is somebody to hear it."""
    system = system_of(entry)
    coordinator = await system.async_create(hass, entry)
    entry.async_on_unload(coordinator.async_close)
    await coordinator.async_config_entry_first_refresh()
    coordinator.async_add_hub()
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, system.platforms)
    await coordinator.async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GatehouseConfigEntry) -> bool:
    """Take one site out again."""
    await entry.runtime_data.async_stop()
    return await hass.config_entries.async_unload_platforms(entry, system_of(entry).platforms)


async def async_remove_entry(hass: HomeAssistant, entry: GatehouseConfigEntry) -> None:
    """Leave nothing behind of an entry that the user deletes."""
    system = system_of(entry)
    for issue in system.issues:
        issue.async_clear(hass, entry)
    await async_remove_memory(hass, entry)
    await system.form.async_take_leave(hass, entry.data)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: GatehouseConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let the user delete a device by hand once the vendor no longer has it."""
    if entry.state is not ConfigEntryState.LOADED:
        # Nobody knows now what the vendor has.
        return False
    parts = {identifier for domain, identifier in device.identifiers if domain == DOMAIN}
    return entry.entry_id not in parts and not any(map(entry.runtime_data.has_part, parts))
