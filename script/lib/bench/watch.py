"""Somebody is let in: when the frame arrives that says so, and when the state is written."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final
from unittest.mock import patch

from aiohttp.client_proto import ResponseHandler

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback

from .bare_client import ENTITY_ID

#: What Net2 calls somebody being let in with a card, in a frame and by Gatehouse.
_LET_IN_FRAME: Final = b'"eventType":20,"eventSubType":0,"tokenType":'
_LET_IN_CODE: Final = 20
_LET_IN_TYPE: Final = "access_granted"

#: Seconds without any event after which no further one is waited for.
_STALLED: Final = 8.0


def is_gatehouses(state: State) -> bool:
    """Tell whether Gatehouse wrote that somebody was let in."""
    return state.attributes.get("event_type") == _LET_IN_TYPE


def is_bare_clients(state: State) -> bool:
    """Tell whether the bare client did."""
    return state.entity_id == ENTITY_ID and state.attributes["eventType"] == _LET_IN_CODE


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
def arrivals() -> Iterator[list[float]]:
    """Note when frames that say so arrive in this process, in seconds."""
    times: list[float] = []
    receive = ResponseHandler.data_received

    def data_received(self: ResponseHandler, data: bytes) -> None:
        now = perf_counter()
        times.extend([now] * data.count(_LET_IN_FRAME))
        receive(self, data)

    with patch.object(ResponseHandler, "data_received", data_received):
        yield times
