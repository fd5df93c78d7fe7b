"""Diagnostics of an entry, without secrets and without names."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import CONF_SYSTEM
from .systems import system_of


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ConfigEntry
) -> Mapping[str, object]:
    """Return an entry's dump; a system has something to say once it is loaded."""
    dump: dict[str, object] = {"system": entry.data[CONF_SYSTEM], "state": entry.state.value}
    if entry.state is ConfigEntryState.LOADED:
        dump |= system_of(entry).diagnostics(hass, entry)
    return dump
