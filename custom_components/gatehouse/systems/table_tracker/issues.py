"""The repair issues of Table Tracker: raised where the user can do something."""

from datetime import timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.issue_registry import IssueSeverity

from ...issues import Issue, async_note_skew
from .client import TableTrackerOutdatedError
from .const import SKEW_LIMIT

CLOCK: Final = Issue("gateway_clock", severity=IssueSeverity.WARNING)
OUTDATED: Final = Issue("gateway_outdated")
ALL: Final = (CLOCK, OUTDATED)


@callback
def async_note_error(hass: HomeAssistant, entry: ConfigEntry, error: Exception) -> None:
    """Raise the issue that an error calls for, if it calls for one."""
    if isinstance(error, TableTrackerOutdatedError):
        OUTDATED.async_raise(hass, entry)


@callback
def async_note_success(hass: HomeAssistant, entry: ConfigEntry, skew: timedelta | None) -> None:
    """Clear what a successful read proves solved, and look at the gateway's clock."""
    OUTDATED.async_clear(hass, entry)
    async_note_skew(hass, entry, CLOCK, skew, SKEW_LIMIT)
