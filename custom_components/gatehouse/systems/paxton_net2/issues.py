"""The repair issues: raised where the user can do something, cleared when it is done."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN
from .client import Net2CertificateError, Net2Error, Net2LicenceError, Net2MfaRequiredError
from .const import SKEW_LIMIT

CERTIFICATE: Final = "certificate_changed"
CLOCK: Final = "clock_skew"
LICENCE: Final = "licence_refused"
LOCKDOWN: Final = "lockdown_not_configured"
MFA: Final = "mfa_required"
ALL: Final = (CERTIFICATE, CLOCK, LICENCE, LOCKDOWN, MFA)

_ISSUES: Final[Mapping[type[Net2Error], str]] = {
    Net2CertificateError: CERTIFICATE,
    Net2LicenceError: LICENCE,
    Net2MfaRequiredError: MFA,
}


@callback
def async_raise_issue(
    hass: HomeAssistant, entry: ConfigEntry, key: str, **placeholders: str
) -> None:
    """Tell the user what to do about one entry."""
    fixable = key == CERTIFICATE
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{key}_{entry.entry_id}",
        data={"entry_id": entry.entry_id},
        is_fixable=fixable,
        severity=ir.IssueSeverity.WARNING if key in {CLOCK, LOCKDOWN} else ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders={"title": entry.title, **placeholders},
    )


@callback
def async_clear_issue(hass: HomeAssistant, entry: ConfigEntry, *keys: str) -> None:
    """Take back what was solved."""
    for key in keys:
        ir.async_delete_issue(hass, DOMAIN, f"{key}_{entry.entry_id}")


@callback
def async_note_error(hass: HomeAssistant, entry: ConfigEntry, error: Net2Error) -> None:
    """Raise the issue that an error calls for, if it calls for one."""
    if key := _ISSUES.get(type(error)):
        async_raise_issue(hass, entry, key)


@callback
def async_note_success(hass: HomeAssistant, entry: ConfigEntry, skew: timedelta | None) -> None:
    """Clear what a successful read proves solved, and look at the server's clock."""
    async_clear_issue(hass, entry, *_ISSUES.values())
    if skew is None:
        return
    if abs(skew) > SKEW_LIMIT:
        seconds = str(round(abs(skew).total_seconds()))
        async_raise_issue(hass, entry, CLOCK, seconds=seconds)
    elif abs(skew) < SKEW_LIMIT / 2:
        async_clear_issue(hass, entry, CLOCK)
