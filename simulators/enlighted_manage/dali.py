"""Emergency drivers behind sensors (IEC 62386-202): their bytes, and tests that take their time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

#: Seconds that a test takes: a function test, and a duration test.
FUNCTION_SECONDS: Final = 120.0
DURATION_SECONDS: Final = 3600.0
#: Units of a duration result: two minutes each.
_UNIT: Final = 120.0
_FULL: Final = 254


class Mode(IntEnum):
    """The bits of the emergency mode that a driver is in, and that M1 asks for."""

    NORMAL = 2
    FUNCTION_TEST = 16
    DURATION_TEST = 32


#: Bits of the failure status.
BATTERY_DURATION: Final = 2
FUNCTION_FAILED: Final = 64
DURATION_FAILED: Final = 128
#: Bits of the emergency status.
_FUNCTION_VALID: Final = 2
_DURATION_VALID: Final = 4
_CHARGED: Final = 8


def _parameters() -> dict[str, int]:
    return {
        "emDimLevel": 254,
        "emMaxLevel": 254,
        "emMinLevel": 1,
        "testTimeout": 0,
        "prolongTime": 0,
        "ratedDuration": 30,
    }


@dataclass(slots=True)
class Driver:
    """One emergency driver. It has no timers: what a test has come to is found when asked."""

    mode: Mode = Mode.NORMAL
    failures: int = 0
    #: Bits that the next test of each kind is going to end with.
    flaws: int = 0
    started: float | None = None
    completed: float | None = None
    #: When the last test began that has ended.
    last_started: float | None = None
    valid: int = 0
    duration_result: int = 0
    parameters: dict[str, int] = field(default_factory=_parameters)
    is_slow: bool = False

    @property
    def seconds(self) -> float:
        """How long the test that runs is going to take."""
        return FUNCTION_SECONDS if self.mode is Mode.FUNCTION_TEST else DURATION_SECONDS

    def settle(self, now: float) -> None:
        """End a test whose time is over."""
        if self.started is not None and now >= self.started + self.seconds:
            self._end(self.started + self.seconds)

    def order(self, mode: Mode, now: float) -> None:
        """Start a test, or stop the one that runs; a test that was stopped has no result."""
        self.settle(now)
        self.mode = mode
        self.started = None if mode is Mode.NORMAL else now

    def battery(self, now: float) -> int:
        """Return the charge: a duration test empties the battery, which then charges again."""
        self.settle(now)
        if self.mode is Mode.DURATION_TEST and self.started is not None:
            return round(_FULL * (1.0 - 0.75 * (now - self.started) / DURATION_SECONDS))
        if self.completed is not None and self.valid & _DURATION_VALID:
            # A charge takes about a day.
            return min(_FULL, round(_FULL * (0.25 + 0.75 * (now - self.completed) / 86400.0)))
        return _FULL

    def status(self, now: float) -> int:
        """Return the byte of the emergency status."""
        return self.valid | (_CHARGED if self.battery(now) == _FULL else 0)

    def _end(self, moment: float) -> None:
        is_function = self.mode is Mode.FUNCTION_TEST
        self.valid |= _FUNCTION_VALID if is_function else _DURATION_VALID
        own = FUNCTION_FAILED if is_function else DURATION_FAILED
        self.failures = (self.failures & ~own) | self.flaws
        if self.flaws:
            self.failures |= own
        if not is_function:
            is_short = bool(self.flaws & BATTERY_DURATION)
            self.duration_result = round(DURATION_SECONDS / _UNIT / (3 if is_short else 1))
        self.last_started, self.completed = self.started, moment
        self.started, self.mode = None, Mode.NORMAL


class Dali:
    """The drivers of a building by the id of their fixture. They come into being when asked for."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._drivers: dict[int, Driver] = {}

    def driver(self, fixture: int) -> Driver:
        """Return the driver of an emergency fixture, as it is now."""
        driver = self._drivers.setdefault(fixture, Driver())
        driver.settle(self._now())
        return driver

    def is_testing(self, fixture: int) -> bool:
        """Return whether a fixture is in a test, when it takes no lighting commands."""
        return fixture in self._drivers and self.driver(fixture).mode is not Mode.NORMAL

    def fail(self, fixture: int, bits: int) -> None:
        """Let a driver have failures, now and after its next tests; 0 mends it."""
        if not 0 <= bits <= 255:
            raise ValueError(bits)
        driver = self.driver(fixture)
        driver.failures = driver.flaws = bits
