"""When frames arrive, when states are written, and how late the event loop is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final
from unittest.mock import patch

from aiohttp.client_proto import ResponseHandler

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    StateMachine,
    callback,
)

#: Seconds without any event after which no further one is waited for.
_STALLED: Final = 8.0


class Writes:
    """Notes when the states that one of the two writes are there, in seconds."""

    def __init__(self, hass: HomeAssistant, is_one: Callable[[State], bool]) -> None:
        self.times: list[float] = []
        self._is_one = is_one
        self._stop = hass.bus.async_listen(EVENT_STATE_CHANGED, self._on_change)

    @callback
    def _on_change(self, event: Event[EventStateChangedData]) -> None:
        now = perf_counter()
        state = event.data["new_state"]
        if state is not None and self._is_one(state):
            self.times.append(now)

    async def wait(self, count: int) -> int:
        """Wait until there are so many, or until no more come; return how many are missing."""
        seen, seen_at = -1, perf_counter()
        while len(self.times) < count and perf_counter() < seen_at + _STALLED:
            if len(self.times) != seen:
                seen, seen_at = len(self.times), perf_counter()
            await asyncio.sleep(0.02)
        self._stop()
        return count - len(self.times)


@contextmanager
def arrivals(marker: bytes) -> Iterator[list[float]]:
    """Note when frames that hold a marker arrive in this process, in seconds."""
    times: list[float] = []
    receive = ResponseHandler.data_received

    def data_received(self: ResponseHandler, data: bytes) -> None:
        now = perf_counter()
        times.extend([now] * data.count(marker))
        receive(self, data)

    with patch.object(ResponseHandler, "data_received", data_received):
        yield times


@dataclass(slots=True)
class Stored:
    """How often entities wrote their states, and how often that changed anything."""

    writes: int = 0
    changes: int = 0


@contextmanager
def stored(hass: HomeAssistant) -> Iterator[Stored]:
    """Count the states that are written."""
    found = Stored()
    write = StateMachine.async_set_internal

    def async_set_internal(self: StateMachine, *args: Any, **kwargs: Any) -> None:
        found.writes += 1
        write(self, *args, **kwargs)

    @callback
    def on_change(_event: Event[EventStateChangedData]) -> None:
        found.changes += 1

    stop = hass.bus.async_listen(EVENT_STATE_CHANGED, on_change)
    with patch.object(StateMachine, "async_set_internal", async_set_internal):
        yield found
    stop()


@asynccontextmanager
async def lags(tick: float) -> AsyncIterator[list[float]]:
    """Note how late the event loop is, at every tick: one that it sleeps through counts as well."""
    found: list[float] = []

    async def note() -> None:
        due = perf_counter()
        while True:
            now = perf_counter()
            while due <= now:
                found.append(now - due)
                due += tick
            await asyncio.sleep(due - now)

    ticking = asyncio.create_task(note())
    try:
        yield found
    finally:
        ticking.cancel()
