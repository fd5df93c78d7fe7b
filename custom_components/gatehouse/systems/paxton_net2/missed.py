"""Events that were missed: read back, told once on Home Assistant's bus, never acted out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started

from ...missed import Memories, Memory, async_tell_missed
from .client import AccessEvent, ServerClock
from .devices import door_identifier
from .events import is_news
from .journal import GRACE, Journal

#: How many events are told before everybody else gets a turn: a day away is thousands.
_BATCH: Final = 500


class MissedEvents:
    """Keeps the journal and tells what it finds missing."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        clock: ServerClock,
        fields: Callable[[AccessEvent], Mapping[str, object]],
        stored: Memories | None,
    ) -> None:
        """Go on from what was remembered, or begin a journal."""
        self._hass = hass
        self._entry = entry
        self._clock = clock
        self._fields = fields
        self._journal = Journal(stored)
        self._memory = Memory(hass, entry, self._journal.store)
        #: None while no flush is due.
        self._cancel_flush: CALLBACK_TYPE | None = None

    @property
    def since(self) -> datetime | None:
        """From when to read back; None before the first read."""
        return self._journal.since

    @callback
    def hear(self, event: AccessEvent) -> bool:
        """Take in a live event; return whether it is news."""
        self._memory.save_soon()
        return self._journal.hear(event)

    @callback
    def read(self, events: Iterable[AccessEvent]) -> list[AccessEvent]:
        """Take in events read back; return those with a new id, oldest first."""
        if self._memory.is_closed:
            return []
        fresh = self._journal.read(events, self._hass.loop.time(), self._clock.now())
        if fresh:
            self._memory.save_soon()
        self._flush_later(GRACE)
        return fresh

    @callback
    def tell(self, event: AccessEvent) -> None:
        """Put a missed event on the bus."""
        async_tell_missed(
            self._hass,
            self._entry,
            None if event.door_id is None else door_identifier(event.door_id),
            event.kind,
            {"door_id": event.door_id, **self._fields(event)},
        )

    async def async_close(self) -> None:
        """Write down where the next journal goes on; a poll under way changes that no more."""
        if self._cancel_flush:
            self._cancel_flush()
        await self._memory.async_close()

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
                self.tell(event)
        self._memory.save_soon()
        self._flush_later(0 if len(events) == _BATCH else GRACE)
