"""LRS Table Tracker, by its gateway's local API."""

from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from ...missed import async_load_memory, async_remove_memory
from ...system import System
from . import binary_sensor, button, event, number, sensor, switch, text, todo
from .actions import register_actions
from .const import SYSTEM_ID
from .coordinator import TableTrackerConfigEntry, TableTrackerCoordinator
from .devices import async_add_gateway, part_identifier
from .diagnostics import diagnostics, health
from .flow import TableTrackerForm, async_remove_token, create_client
from .issues import ALL
from .linking import LinkSteps
from .options_flow import TableTrackerOptionsFlow
from .snapshot import Kind, Numbered

__all__ = ["SYSTEM", "LinkSteps"]


async def _async_setup(hass: HomeAssistant, entry: TableTrackerConfigEntry) -> None:
    client = create_client(hass, entry.data)
    memories = await async_load_memory(hass, entry)
    coordinator = TableTrackerCoordinator(hass, entry, client, memories)
    entry.async_on_unload(coordinator.async_close)
    await coordinator.async_config_entry_first_refresh()
    async_add_gateway(hass, entry, coordinator.data.gateway.info)
    entry.runtime_data = coordinator


async def _async_start(_hass: HomeAssistant, entry: TableTrackerConfigEntry) -> None:
    await entry.runtime_data.async_start()


async def _async_stop(_hass: HomeAssistant, entry: TableTrackerConfigEntry) -> None:
    await entry.runtime_data.async_stop()


async def _async_remove(hass: HomeAssistant, entry: TableTrackerConfigEntry) -> None:
    for issue in ALL:
        issue.async_clear(hass, entry)
    await async_remove_memory(hass, entry)
    await async_remove_token(hass, entry.data)


def _has_part(entry: TableTrackerConfigEntry, part: str) -> bool:
    """Tell whether a device is of use; the gateway has no list of tables or trackers.

    Without an order, and for tables without being named in the options, nothing speaks for them.
    """
    coordinator = entry.runtime_data
    used = {
        *(Numbered(Kind.TABLE, number) for number in coordinator.options.tables),
        *coordinator.data.in_use,
    }
    return part == entry.entry_id or part in {part_identifier(entry, each) for each in used}


SYSTEM: Final = System(
    id=SYSTEM_ID,
    platforms={
        Platform.BINARY_SENSOR: binary_sensor.async_setup_entry,
        Platform.BUTTON: button.async_setup_entry,
        Platform.EVENT: event.async_setup_entry,
        Platform.NUMBER: number.async_setup_entry,
        Platform.SENSOR: sensor.async_setup_entry,
        Platform.SWITCH: switch.async_setup_entry,
        Platform.TEXT: text.async_setup_entry,
        Platform.TODO: todo.async_setup_entry,
    },
    form=TableTrackerForm(),
    options_flow=TableTrackerOptionsFlow,
    async_setup=_async_setup,
    async_start=_async_start,
    async_stop=_async_stop,
    async_remove=_async_remove,
    register_actions=register_actions,
    diagnostics=diagnostics,
    health=health,
    has_part=_has_part,
)
