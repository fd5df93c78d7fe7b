"""Paxton Net2, by its Local Web API."""

from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from ...missed import async_load_memory, async_remove_memory
from ...system import System
from . import binary_sensor, button, event, lock, sensor, switch
from .actions import register_actions
from .const import SYSTEM_ID
from .coordinator import Net2ConfigEntry, Net2Coordinator
from .devices import async_add_server, door_identifier
from .diagnostics import diagnostics, health
from .flow import Net2Form, create_client
from .issues import ALL
from .options_flow import Net2OptionsFlow


async def _async_setup(hass: HomeAssistant, entry: Net2ConfigEntry) -> None:
    client = create_client(hass, entry.data)
    coordinator = Net2Coordinator(hass, entry, client, await async_load_memory(hass, entry))
    entry.async_on_unload(coordinator.missed.async_close)
    await coordinator.async_config_entry_first_refresh()
    async_add_server(hass, entry, client.settings, coordinator.data.server.info)
    entry.runtime_data = coordinator


async def _async_start(_hass: HomeAssistant, entry: Net2ConfigEntry) -> None:
    await entry.runtime_data.async_start()


async def _async_stop(_hass: HomeAssistant, entry: Net2ConfigEntry) -> None:
    await entry.runtime_data.async_stop()


async def _async_remove(hass: HomeAssistant, entry: Net2ConfigEntry) -> None:
    for issue in ALL:
        issue.async_clear(hass, entry)
    await async_remove_memory(hass, entry)


def _has_part(entry: Net2ConfigEntry, part: str) -> bool:
    doors = entry.runtime_data.data.doors
    return part == entry.entry_id or part in {door_identifier(state.door.id) for state in doors}


SYSTEM: Final = System(
    id=SYSTEM_ID,
    platforms={
        Platform.BINARY_SENSOR: binary_sensor.async_setup_entry,
        Platform.BUTTON: button.async_setup_entry,
        Platform.EVENT: event.async_setup_entry,
        Platform.LOCK: lock.async_setup_entry,
        Platform.SENSOR: sensor.async_setup_entry,
        Platform.SWITCH: switch.async_setup_entry,
    },
    form=Net2Form(),
    options_flow=Net2OptionsFlow,
    async_setup=_async_setup,
    async_start=_async_start,
    async_stop=_async_stop,
    async_remove=_async_remove,
    register_actions=register_actions,
    diagnostics=diagnostics,
    health=health,
    has_part=_has_part,
)
