"""The repair issues of VXG: raised where the user can do something."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.issue_registry import IssueSeverity

from ...issues import Issue, async_note_skew
from .client import Camera, CameraStatus, VxgCertificateError
from .const import SKEW_LIMIT
from .snapshot import PlanState

CERTIFICATE: Final = Issue("certificate_changed", is_fixable=True)
CLOCK: Final = Issue("cloud_clock", severity=IssueSeverity.WARNING)
LOGIN: Final = Issue("camera_login_refused")
PLAN: Final = Issue("plan_expired", severity=IssueSeverity.WARNING)
ALL: Final = (CERTIFICATE, CLOCK, LOGIN, PLAN)


@callback
def async_note_error(hass: HomeAssistant, entry: ConfigEntry, error: Exception) -> None:
    """Raise the issue that an error calls for, if it calls for one."""
    if isinstance(error, VxgCertificateError):
        CERTIFICATE.async_raise(hass, entry)


@callback
def async_note_success(
    hass: HomeAssistant, entry: ConfigEntry, cameras: Iterable[Camera], skew: timedelta
) -> None:
    """Clear what a successful read proves solved; look at the clock and at the cameras."""
    CERTIFICATE.async_clear(hass, entry)
    async_note_skew(hass, entry, CLOCK, skew, SKEW_LIMIT)
    refused = [each.name for each in cameras if each.status is CameraStatus.UNAUTHORIZED]
    _note(hass, entry, LOGIN, refused)


@callback
def async_note_plans(
    hass: HomeAssistant, entry: ConfigEntry, plans: Sequence[PlanState], now: datetime
) -> None:
    """Tell of plans that have ended, or that keep nothing: the cloud is silent then (7.12).

    While none has been read, after a start, what was told before stays.
    """
    if not plans:
        return
    ended = [
        each.camera.name
        for each in plans
        if (each.value.expire is not None and each.value.expire <= now)
        or each.value.records_max_age == 0
    ]
    _note(hass, entry, PLAN, ended)


@callback
def _note(hass: HomeAssistant, entry: ConfigEntry, issue: Issue, names: list[str]) -> None:
    if names:
        issue.async_raise(hass, entry, cameras=", ".join(sorted(names)))
    else:
        issue.async_clear(hass, entry)
