"""The time of a simulated server: real by default, and tests can turn it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
import heapq
import itertools
import time


@dataclass(order=True, slots=True)
class Timer:
    """Something that is going to happen at `due`, in seconds since the epoch."""

    due: float
    order: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Keep it from happening."""
        self.cancelled = True


class Clock:
    """The machine's time, plus what it was turned by.

    Turning it runs every timer that falls due on the way, in order, each at its own time.
    """

    def __init__(self) -> None:
        self._turned = 0.0
        self._timers: list[Timer] = []
        self._order = itertools.count()
        self._wake: asyncio.TimerHandle | None = None

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._turned

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def call_later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Let `action` happen in so many seconds."""
        timer = Timer(self.time() + seconds, next(self._order), action)
        heapq.heappush(self._timers, timer)
        self._set_wake()
        return timer

    def advance(self, seconds: float) -> None:
        """Turn the clock forward."""
        target = self.time() + seconds
        while self._timers and self._timers[0].due <= target:
            timer = heapq.heappop(self._timers)
            self._turned += max(0.0, timer.due - self.time())
            if not timer.cancelled:
                timer.action()
        self._turned += max(0.0, target - self.time())
        self._set_wake()

    def set(self, moment: datetime) -> None:
        """Set the clock, as an administrator does: what was to happen in an hour still does."""
        step = moment.timestamp() - self.time()
        self._turned += step
        for timer in self._timers:
            timer.due += step

    def close(self) -> None:
        """Forget every timer."""
        self._timers.clear()
        self._set_wake()

    def _set_wake(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if self._timers:
            # Under a frozen `time.time` nothing falls due by itself: then do not spin.
            delay = max(self._timers[0].due - self.time(), 0.005)
            self._wake = asyncio.get_running_loop().call_later(delay, self.advance, 0.0)
