"""A live stream is kept up: tried again ever more rarely, and given up where only a person helps."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
import logging
from typing import Any, override

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockEntityPlatform

from homeassistant.components.event import EventEntityDescription
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.util import dt as dt_util

from custom_components.gatehouse import live
from custom_components.gatehouse.entity import Shows
from custom_components.gatehouse.errors import Errors
from custom_components.gatehouse.live import LiveCoordinator, LiveEvent, _back_off

from .systems.watching import eventually

WITH, WITHOUT = timedelta(minutes=2), timedelta(seconds=20)


class LostError(Exception):
    """A link that was lost."""

    retry_after: float | None = None


class RefusedError(LostError):
    """A sign-in that was refused."""


@dataclass(frozen=True)
class Nothing:
    """A snapshot without parts."""

    parts: Mapping[str, int]


class Line(LiveCoordinator[Nothing]):
    """A stream that a test opens and cuts."""

    errors = Errors(
        base=LostError,
        keys={LostError: "cannot_connect", RefusedError: "invalid_auth"},
        sign_in=(RefusedError,),
        needs_person=(RefusedError,),
    )

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        """Wait to be told how each connection ends."""
        super().__init__(
            hass, entry, logging.getLogger(__name__), with_stream=WITH, without_stream=WITHOUT
        )
        self.data = Nothing({})
        self.ends: asyncio.Queue[Exception] = asyncio.Queue()
        self.poll_error: Exception | None = None
        self.connections = 0
        self.shown: list[bool] = []

    @override
    async def _async_read(self) -> Nothing:
        if self.poll_error:
            raise self.poll_error
        return Nothing({})

    @override
    async def _async_follow(self) -> None:
        self.connections += 1
        self._note_connected()
        error = await self.ends.get()
        self._note_disconnected("cut")
        raise error

    @callback
    @override
    def async_add_hub(self) -> None:
        raise AssertionError("nobody sets this up")

    @override
    def has_part(self, identifier: str) -> bool:
        return identifier in self.data.parts

    @callback
    @override
    def _show_link(self) -> None:
        self.shown.append(self.is_live)


@pytest.fixture
async def line(hass: HomeAssistant) -> AsyncIterator[Line]:
    """A stream that is up."""
    entry = MockConfigEntry(title="Line")
    entry.add_to_hass(hass)
    line = Line(hass, entry)
    await line.async_start()
    await eventually(lambda: line.is_live)
    yield line
    await line.async_stop()


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Count the failures before each try, and wait for nothing."""
    counts: list[float] = []

    def note(failures: int) -> float:
        counts.append(failures)
        return 0.0

    monkeypatch.setattr(live, "_back_off", note)
    return counts


@pytest.mark.parametrize(
    ("failures", "least", "most"),
    [(0, 1, 2), (1, 1, 2), (2, 2, 4), (3, 4, 8), (5, 16, 32), (6, 30, 60), (10_000, 30, 60)],
)
def test_the_way_back_is_tried_ever_more_rarely(failures: int, least: float, most: float) -> None:
    delays = [_back_off(failures) for _ in range(200)]
    assert least <= min(delays) < max(delays) <= most


async def test_after_a_long_good_connection_the_way_back_is_short_again(
    line: Line, delays: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for connection in (2, 3):
        line.ends.put_nowait(LostError())
        await eventually(lambda connection=connection: line.connections == connection)
    monkeypatch.setattr(live, "_GOOD_LIFE", 0.0)
    line.ends.put_nowait(LostError())
    await eventually(lambda: line.connections == 4)
    assert delays == [1, 2, 0]


async def test_a_server_that_names_a_time_is_left_alone_so_long(
    line: Line, delays: list[float]
) -> None:
    error = LostError()
    error.retry_after = 0.3
    before = line.hass.loop.time()
    line.ends.put_nowait(error)
    await eventually(lambda: line.connections == 2)
    assert line.hass.loop.time() - before >= 0.3


async def test_polls_are_rare_beside_the_stream_and_frequent_without(
    line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert line.update_interval == WITH
    monkeypatch.setattr(live, "_back_off", lambda failures: 0.3)
    line.ends.put_nowait(LostError())
    await eventually(lambda: not line.is_live)
    assert line.update_interval == WITHOUT
    await eventually(lambda: line.is_live)
    assert line.update_interval == WITH
    assert line.shown == [True, False, True]
    told = [record.getMessage() for record in caplog.records if record.name == __name__]
    assert [text for text in told if "is down" in text or "is back" in text] == [
        "The live stream of Line is down (cut); polling until it is back",
        "The live stream of Line is back",
    ]


async def test_a_refused_sign_in_ends_the_stream_once_a_poll_is_refused_too(line: Line) -> None:
    line.poll_error = RefusedError()
    line.ends.put_nowait(RefusedError())
    await asyncio.wait_for(line._listening, 5)  # no other sign of its end
    assert line.connections == 1


async def test_a_refused_sign_in_that_a_poll_does_not_meet_is_tried_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_LONGEST_DELAY", 0.01)
    line.ends.put_nowait(RefusedError())
    await eventually(lambda: line.connections == 2)


# Events


@dataclass(frozen=True, kw_only=True)
class BellDescription(EventEntityDescription, Shows[None]):
    """A bell that rings."""


class Bell(LiveEvent[Line]):
    """Fires whatever it hears."""

    _attr_unique_id = "bell"

    @callback
    @override
    def _on_event(self, *event: Any) -> None:
        event_type, count = event
        self.fire(event_type, {"count": count})


@pytest.fixture
async def bell(hass: HomeAssistant, line: Line) -> Bell:
    """A bell on the line."""
    line.async_publish(Nothing({"bell": 1}))
    description = BellDescription(
        key="bell", name="Bell", event_types=["rung", "rung_twice"], value=lambda _state: None
    )
    bell = Bell(line, "bell", description)
    await MockEntityPlatform(hass, domain="event").async_add_entities([bell])
    return bell


@pytest.fixture
def rings(hass: HomeAssistant, bell: Bell) -> list[State]:
    """Keep the states of the bell from now on."""
    states: list[State] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        assert state
        states.append(state)

    hass.bus.async_listen("state_changed", note)
    return states


async def test_events_of_one_moment_come_a_millisecond_apart(
    line: Line, bell: Bell, rings: list[State]
) -> None:
    for count in range(20):
        line._fire("bell", "rung", count)
    # The first is not kept waiting.
    assert [state.attributes["count"] for state in rings] == [0]
    assert line.waiting_events == 19
    await eventually(lambda: len(rings) == 20)
    assert line.waiting_events == 0
    assert [state.attributes["count"] for state in rings] == list(range(20))
    times = [dt_util.parse_datetime(state.state, raise_on_error=True) for state in rings]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= timedelta(milliseconds=1)


async def test_an_event_after_a_pause_is_not_kept_waiting(
    line: Line, bell: Bell, rings: list[State]
) -> None:
    for count in range(3):
        line._fire("bell", "rung", count)
        assert len(rings) == count + 1
        await asyncio.sleep(0.005)
    assert line.waiting_events == 0


async def test_events_keep_their_order_whatever_their_type(
    line: Line, bell: Bell, rings: list[State]
) -> None:
    told = [("rung", 1), ("rung_twice", 2), ("rung", 3)]
    for event in told:
        line._fire("bell", *event)
    await eventually(lambda: len(rings) == 3)
    found = [(each.attributes["event_type"], each.attributes["count"]) for each in rings]
    assert found == told


async def test_those_who_wait_are_told_before_the_line_is_left(
    line: Line, bell: Bell, rings: list[State]
) -> None:
    for count in range(10):
        line._fire("bell", "rung", count)
    await line.async_stop()
    assert len(rings) == 10


async def test_an_event_that_was_unavailable_fires_all_the_same(
    line: Line, bell: Bell, rings: list[State]
) -> None:
    line.poll_error = LostError()
    line.is_live = False
    await line.async_refresh()
    assert [state.state for state in rings] == ["unavailable"]
    # The stream is back; the next poll is still to come.
    line.is_live = True
    line._fire("bell", "rung", 1)
    assert [state.state for state in rings[1:2]] == ["unknown"]
    assert rings[2].attributes["count"] == 1


async def test_a_bell_that_was_removed_hears_nothing(
    line: Line, bell: Bell, rings: list[State]
) -> None:
    await bell.async_remove()
    rings.clear()
    line._fire("bell", "rung", 1)
    line._fire("another", "rung", 1)
    assert (rings, line.waiting_events) == ([], 0)
