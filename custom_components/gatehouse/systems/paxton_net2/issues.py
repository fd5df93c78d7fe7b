"""The repair issues of Net2: raised where the user can do something, cleared when it is done."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.issue_registry import IssueSeverity

from ...issues import Issue, async_note_skew
from .client import Net2CertificateError, Net2LicenceError, Net2MfaRequiredError
from .const import SKEW_LIMIT

CERTIFICATE: Final = Issue("certificate_changed", is_fixable=True)
CLOCK: Final = Issue("clock_skew", severity=IssueSeverity.WARNING)
LICENCE: Final = Issue("licence_refused")
LOCKDOWN: Final = Issue("lockdown_not_configured", severity=IssueSeverity.WARNING)
MFA: Final = Issue("mfa_required")
ALL: Final = (CERTIFICATE, CLOCK, LICENCE, LOCKDOWN, MFA)

_ISSUES: Final[Mapping[type[Exception], Issue]] = {
    Net2CertificateError: CERTIFICATE,
    Net2LicenceError: LICENCE,
    Net2MfaRequiredError: MFA,
}


@callback
def async_note_error(hass: HomeAssistant, entry: ConfigEntry, error: Exception) -> None:
    """Raise the issue that an error calls for, if it calls for one."""
    if issue := _ISSUES.get(type(error)):
        issue.async_raise(hass, entry)


@callback
def async_note_success(hass: HomeAssistant, entry: ConfigEntry, skew: timedelta | None) -> None:
    """Clear what a successful read proves solved, and look at the server's clock."""
    for issue in _ISSUES.values():
        issue.async_clear(hass, entry)
    async_note_skew(hass, entry, CLOCK, skew, SKEW_LIMIT)
