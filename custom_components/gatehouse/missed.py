"""What was missed while a link was down: told once on Home Assistant's bus, never acted out."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, storage
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .const import CONF_SYSTEM, DOMAIN, EVENT_MISSED

#: Seconds between a change and its place on the disk; a storm is written once.
_SAVE_DELAY: Final = 5

type Memories = dict[str, Any]
"""What an entry remembers, as JSON holds it."""


@callback
def async_tell_missed(
    hass: HomeAssistant,
    entry: ConfigEntry,
    part: str | None,
    event_type: str,
    fields: Mapping[str, object],
) -> None:
    """Put a missed event on the bus, once those who want to hear it are there.

    Args:
        hass: Home Assistant.
        entry: Where it happened.
        part: The device identifier of the part it happened to, if there is one.
        event_type: The type that the part's event entity would have fired.
        fields: The attributes that it would have had, and more.
    """

    @callback
    def fire(_hass: HomeAssistant) -> None:
        device = part and dr.async_get(hass).async_get_device_by_identifier(
            (DOMAIN, part), entry.entry_id
        )
        hass.bus.async_fire(
            EVENT_MISSED,
            {
                "system": entry.data[CONF_SYSTEM],
                "entry_id": entry.entry_id,
                "device_id": device.id if device else None,
                "event_type": event_type,
                **fields,
                "missed_at": dt_util.utcnow().isoformat(),
            },
        )

    async_at_started(hass, fire)


def _store(hass: HomeAssistant, entry: ConfigEntry) -> storage.Store[Memories]:
    return storage.Store(hass, 1, f"{DOMAIN}.{entry.entry_id}", private=True)


async def async_load_memory(hass: HomeAssistant, entry: ConfigEntry) -> Memories | None:
    """Return what an entry remembered when it was last loaded."""
    return await _store(hass, entry).async_load()


async def async_remove_memory(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget what an entry remembered."""
    await _store(hass, entry).async_remove()


class Memory:
    """Keeps on disk what tells the missed from the known, across restarts."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, content: Callable[[], Memories]
    ) -> None:
        """Keep what `content` returns whenever it is time to write."""
        self._store = _store(hass, entry)
        self._content = content
        self._is_save_due = False
        self.is_closed = False

    @callback
    def save_soon(self) -> None:
        """Write down, in a moment, what has changed."""
        if not (self._is_save_due or self.is_closed):
            self._is_save_due = True
            self._store.async_delay_save(self._write, _SAVE_DELAY)

    async def async_close(self) -> None:
        """Write for the last time."""
        self.is_closed = True
        await self._store.async_save(self._content())

    def _write(self) -> Memories:
        self._is_save_due = False
        return self._content()
