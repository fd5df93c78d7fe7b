"""Where an account's events were left off, kept on the disk across restarts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ...missed import Memories, async_tell_missed
from .client import CameraEvent, EventFeed, Window
from .events import fields_of, sights_of


def store(feed: EventFeed) -> Memories:
    """Return what a feed has to remember, as JSON holds it; no name and no picture is kept."""
    return {
        str(camera or ""): {
            "floor": window.floor.isoformat(),
            "newest": window.newest.isoformat(),
            "seen": {
                number: [time.isoformat(), has_picture]
                for number, (time, has_picture) in window.seen.items()
            },
        }
        for camera, window in feed.windows.items()
    }


def restore(feed: EventFeed, memories: Memories | None) -> None:
    """Let a feed go on where the last one ended."""
    windows: dict[int | None, Window] = {}
    for camera, kept in (memories or {}).items():
        windows[int(camera) if camera else None] = Window(
            datetime.fromisoformat(kept["floor"]),
            datetime.fromisoformat(kept["newest"]),
            {
                number: (datetime.fromisoformat(time), has_picture)
                for number, (time, has_picture) in kept["seen"].items()
            },
        )
    feed.resume(windows)


@callback
def async_tell(
    hass: HomeAssistant,
    entry: ConfigEntry,
    events: Iterable[CameraEvent],
    identifiers: dict[int, str],
) -> None:
    """Tell of events that came too late to be acted upon."""
    for event in events:
        fields: dict[str, Any] = fields_of(event)
        for sight in sights_of(event):
            identifier = identifiers.get(event.camera_id)
            async_tell_missed(hass, entry, identifier, sight.value, fields)
