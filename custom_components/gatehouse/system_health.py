"""The system health page: how each site is doing."""

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import CONF_SYSTEM, DOMAIN
from .systems import SYSTEMS, system_of


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Offer the page its information."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, str]:
    """Return a line for each system that is set up."""
    lines: dict[str, list[str]] = {system: [] for system in SYSTEMS}
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        is_loaded = entry.state is ConfigEntryState.LOADED
        health = system_of(entry).health(entry) if is_loaded else entry.state.value
        lines[entry.data[CONF_SYSTEM]].append(health)
    return {system: "; ".join(healths) for system, healths in lines.items() if healths}
