"""Events that were missed: read back, told once on Home Assistant's bus, never acted out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, storage
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ...const import DOMAIN, EVENT_MISSED
from .client import AccessEvent, ServerClock
from .const import SYSTEM_ID
from .devices import door_identifier
from .events import event_fields, is_news
from .journal import GRACE, Journal
from .people import People

#: How many events are told before everybody else gets a turn: a day away is thousands.
_BATCH: Final = 500
#: Seconds between a change and its place on the disk; a storm is written once.
_SAVE_DELAY: Final = 5


def _store(hass: HomeAssistant, entry: ConfigEntry) -> storage.Store[dict[str, Any]]:
    """Return the file in which an entry's journal survives restarts."""
    return storage.Store(hass, 1, f"{DOMAIN}.{entry.entry_id}", private=True)


async def async_load_journal(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any] | None:
    """Return what was stored of an entry's journal."""
    return await _store(hass, entry).async_load()


async def async_remove_journal(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete an entry's journal."""
    await _store(hass, entry).async_remove()


class MissedEvents:
    """Keeps the journal and tells what it finds missing."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        clock: ServerClock,
        people: People,
        stored: Mapping[str, Any] | None,
    ) -> None:
        """Go on from what `async_load_journal` returned, or begin a journal."""
        self._hass = hass
        self._entry = entry
        self._clock = clock
        self._people = people
        self._store = _store(hass, entry)
        self._journal = Journal(stored)
        self._is_closed = False
        self._is_save_due = False
        #: None while no flush is due.
        self._cancel_flush: CALLBACK_TYPE | None = None

    @property
    def since(self) -> datetime | None:
        """From when to read back; None before the first read."""
        return self._journal.since

    @callback
    def hear(self, event: AccessEvent) -> bool:
        """Take in a live event; return whether it is news."""
        self._save_soon()
        return self._journal.hear(event)

    @callback
    def read(self, events: Iterable[AccessEvent]) -> list[AccessEvent]:
        """Take in events read back; return those with a new id, oldest first."""
        if self._is_closed:
            return []
        fresh = self._journal.read(events, self._hass.loop.time(), self._clock.now())
        if fresh:
            self._save_soon()
        self._flush_later(GRACE)
        return fresh

    @callback
    def tell(self, event: AccessEvent) -> None:
        """Put a missed event on the bus, once those who want to hear it are there."""

        @callback
        def fire(_hass: HomeAssistant) -> None:
            self._fire(event)

        async_at_started(self._hass, fire)

    @callback
    def _fire(self, event: AccessEvent) -> None:
        identifier = (DOMAIN, door_identifier(event.door_id)) if event.door_id else None
        device = identifier and dr.async_get(self._hass).async_get_device_by_identifier(
            identifier, self._entry.entry_id
        )
        self._hass.bus.async_fire(
            EVENT_MISSED,
            {
                "system": SYSTEM_ID,
                "entry_id": self._entry.entry_id,
                "device_id": device.id if device else None,
                "door_id": event.door_id,
                "event_type": event.kind,
                **event_fields(event, self._people.name_of(event)),
                "missed_at": dt_util.utcnow().isoformat(),
            },
        )

    async def async_close(self) -> None:
        """Write down where the next journal goes on; a poll under way changes that no more."""
        self._is_closed = True
        if self._cancel_flush:
            self._cancel_flush()
        await self._store.async_save(self._journal.store())

    @callback
    def _flush_later(self, seconds: float) -> None:
        if self._cancel_flush is None and self._journal.is_waiting:
            self._cancel_flush = async_call_later(self._hass, seconds, self._wait_for_listeners)

    @callback
    def _wait_for_listeners(self, _now: datetime) -> None:
        if self._hass.state is CoreState.running:
            self._flush(self._hass)
        else:
            self._cancel_flush = async_at_started(self._hass, self._flush)

    @callback
    def _flush(self, _hass: HomeAssistant) -> None:
        self._cancel_flush = None
        events = self._journal.missed(self._hass.loop.time(), _BATCH)
        for event in events:
            if is_news(event):
                self._fire(event)
        self._save_soon()
        self._flush_later(0 if len(events) == _BATCH else GRACE)

    @callback
    def _save_soon(self) -> None:
        if not (self._is_save_due or self._is_closed):
            self._is_save_due = True
            self._store.async_delay_save(self._to_store, _SAVE_DELAY)

    def _to_store(self) -> dict[str, Any]:
        self._is_save_due = False
        return self._journal.store()
