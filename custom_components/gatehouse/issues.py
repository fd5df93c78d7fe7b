"""Repair issues: what a user can do something about, raised once and cleared when solved."""

from dataclasses import dataclass
from datetime import timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN


@dataclass(frozen=True, slots=True)
class Issue:
    """A kind of issue; an entry has at most one of it."""

    key: str
    is_fixable: bool = False
    severity: ir.IssueSeverity = ir.IssueSeverity.ERROR

    @callback
    def async_raise(self, hass: HomeAssistant, entry: ConfigEntry, **placeholders: str) -> None:
        """Tell the user what to do about an entry."""
        ir.async_create_issue(
            hass,
            DOMAIN,
            f"{self.key}_{entry.entry_id}",
            data={"entry_id": entry.entry_id},
            is_fixable=self.is_fixable,
            severity=self.severity,
            translation_key=self.key,
            translation_placeholders={"title": entry.title, **placeholders},
        )

    @callback
    def async_clear(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Take it back: it was solved."""
        ir.async_delete_issue(hass, DOMAIN, f"{self.key}_{entry.entry_id}")


@callback
def async_note_skew(
    hass: HomeAssistant, entry: ConfigEntry, issue: Issue, skew: timedelta | None, limit: timedelta
) -> None:
    """Raise an issue about a clock that is further off than `limit`, or clear it.

    It is cleared below half of that alone, so that a clock at the limit does not flicker.
    """
    if skew is None:
        return
    if abs(skew) > limit:
        issue.async_raise(hass, entry, seconds=str(round(abs(skew).total_seconds())))
    elif abs(skew) < limit / 2:
        issue.async_clear(hass, entry)
