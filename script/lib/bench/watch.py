"""An event: when the frame arrives that brings it, and when the state is written."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final
from unittest.mock import patch

from aiohttp.client_proto import ResponseHandler

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback

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
