"""Diagnostics of an entry, without secrets and without names."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import CONF_SYSTEM
from .coordinator import GatehouseConfigEntry
from .systems import system_of


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: GatehouseConfigEntry
) -> Mapping[str, object]:
    """Return an entry's dump; a system has something to say once it is loaded."""
    dump: dict[str, object] = {"system": entry.data[CONF_SYSTEM], "state": entry.state.value}
    if entry.state is ConfigEntryState.LOADED:
        coordinator = entry.runtime_data
        error = coordinator.last_exception
        dump["is_reachable"] = coordinator.last_update_success
        # Home Assistant's error says that it failed, its cause says why.
        dump["last_error"] = type(error.__cause__ or error).__name__ if error else None
        dump |= system_of(entry).diagnostics(entry)
    return dump
