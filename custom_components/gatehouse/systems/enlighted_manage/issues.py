"""The repair issues of Enlighted Manage: raised where the user can do something."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.issue_registry import IssueSeverity

from ...issues import Issue, async_note_skew
from .client import EnlightedCertificateError
from .const import SKEW_LIMIT

CERTIFICATE: Final = Issue("certificate_changed", is_fixable=True)
CLOCK: Final = Issue("manager_clock", severity=IssueSeverity.WARNING)
LICENCE: Final = Issue("occupancy_licence", severity=IssueSeverity.WARNING)
REFUSED: Final = Issue("objects_refused", severity=IssueSeverity.WARNING)
ALL: Final = (CERTIFICATE, CLOCK, LICENCE, REFUSED)


@callback
def async_note_error(hass: HomeAssistant, entry: ConfigEntry, error: Exception) -> None:
    """Raise the issue that an error calls for, if it calls for one."""
    if isinstance(error, EnlightedCertificateError):
        CERTIFICATE.async_raise(hass, entry)


@callback
def async_note_success(hass: HomeAssistant, entry: ConfigEntry, skew: timedelta) -> None:
    """Clear what a successful read proves solved, and look at the clock."""
    CERTIFICATE.async_clear(hass, entry)
    async_note_skew(hass, entry, CLOCK, skew, SKEW_LIMIT)


@callback
def async_note_floors(
    hass: HomeAssistant, entry: ConfigEntry, issue: Issue, names: Iterable[str]
) -> None:
    """Tell which floors something is the matter with, or that it is so no more."""
    if floors := sorted(names):
        issue.async_raise(hass, entry, floors=", ".join(floors))
    else:
        issue.async_clear(hass, entry)
