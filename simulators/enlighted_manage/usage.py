"""What lights use in a quarter of an hour, and what kept them from using more (4.7).

Nothing is stored: the past is a function of the fixture, the floor and the time of day. Amounts
are counted in hundredths of a watt-hour, so that fixtures add up to their floor to the last digit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
import itertools
import math
from typing import Final, NamedTuple
import zlib

#: Seconds of a window, and for how long after its end it is not told yet.
WINDOW: Final = 900
SETTLING: Final = 300
#: People on a working day by the hour: from here on the share rises or falls to the next one.
_WORKDAY: Final = (
    (0.0, 0.04),
    (6.0, 0.05),
    (9.0, 0.85),
    (12.0, 0.8),
    (12.75, 0.55),
    (14.0, 0.85),
    (17.0, 0.7),
    (19.5, 0.08),
    (24.0, 0.04),
)
_SATURDAY: Final = 5


class Lamp(NamedTuple):
    """All of a fixture that its use depends on. Fixtures of a floor are of few sorts."""

    watts: float
    #: Levels (0 to 1) with and without people.
    occupied: float
    vacant: float
    #: How much of the daylight reaches it (0 to 1).
    exposure: float


class Shares(NamedTuple):
    """How a window was on a floor: how much of it people were there, and how bright it was."""

    occupied: float
    daylight: float


class Manual(NamedTuple):
    """That for a share of a window somebody had set a level (0 to 1)."""

    share: float
    level: float


@dataclass(frozen=True, slots=True)
class Use:
    """The use of one or many fixtures in a window. What was saved adds up to the base."""

    base: int = 0
    occupancy: int = 0
    ambient: int = 0
    tuneup: int = 0
    manual: int = 0

    @property
    def saved(self) -> int:
        """What would have been used besides, had all been at full power."""
        return self.occupancy + self.ambient + self.tuneup + self.manual

    @property
    def energy(self) -> int:
        """What was used."""
        return self.base - self.saved


def total(uses: Iterable[tuple[Use, int]]) -> Use:
    """Return what many fixtures used together, of each kind so many."""
    base = occupancy = ambient = tuneup = manual = 0
    for each, count in uses:
        base += each.base * count
        occupancy += each.occupancy * count
        ambient += each.ambient * count
        tuneup += each.tuneup * count
        manual += each.manual * count
    return Use(base, occupancy, ambient, tuneup, manual)


def use(lamp: Lamp, shares: Shares, manual: Iterable[Manual] = (), reduction: float = 0.0) -> Use:
    """Return what a fixture used in a window.

    `reduction` is the share that a demand-response event took off; the interface knows no
    saving for that, so that it counts as set by hand.
    """
    base = round(lamp.watts * 25)
    by_hand = 0.0
    rest = 1.0
    for portion in manual:
        rest -= portion.share
        by_hand += base * portion.share * (1.0 - portion.level)
    rest = max(0.0, rest)
    automatic = base * rest
    tuneup = _floor(automatic * (1.0 - lamp.occupied))
    occupancy = _floor(automatic * (1.0 - shares.occupied) * max(0.0, lamp.occupied - lamp.vacant))
    daylight = shares.daylight * lamp.exposure
    ambient = _floor(automatic * shares.occupied * lamp.occupied * daylight)
    if reduction:
        by_hand += max(0.0, automatic - tuneup - occupancy - ambient) * reduction
    return Use(base, occupancy, ambient, tuneup, _floor(by_hand))


def shares_at(seed: int, floor: int, local: datetime) -> Shares:
    """Return how the window that starts at this local time was on a floor."""
    hour = local.hour + local.minute / 60
    place = f"{seed} {floor} {local:%Y%m%d}"
    clouds = 0.4 + 0.6 * chance(place)
    daylight = 0.6 * clouds * max(0.0, math.sin(math.pi * (hour - 6.0) / 13.0))
    if local.weekday() >= _SATURDAY:
        occupied = 0.03
    else:
        occupied = _between(hour) * (0.85 + 0.15 * chance(f"{place} {hour}"))
    return Shares(occupied, daylight)


def chance(text: str) -> float:
    """Return a number from 0 to 1 that is always the same for the same text."""
    return (zlib.crc32(text.encode()) & 0xFFFF) / 0xFFFF


def last_end(now: float) -> int:
    """Return the end of the newest window that is told: `floor15(now - 5 min)`."""
    return int((now - SETTLING) // WINDOW) * WINDOW


def windows(first: float, last: float, now: float) -> Iterator[int]:
    """Yield the starts of the windows that begin in a range and are told already."""
    start = math.ceil(first / WINDOW) * WINDOW
    while start < last and start + WINDOW <= last_end(now):
        yield start
        start += WINDOW


def hundredths(amount: int) -> str:
    """Write an amount as Java writes a double."""
    return str(amount / 100)


def fixed(amount: int) -> str:
    """Write an amount with two digits."""
    return f"{amount // 100}.{amount % 100:02d}"


def _floor(amount: float) -> int:
    """Round down, so that what is left is never negative, but not for an error of a float."""
    return int(amount + 1e-6)


def _between(hour: float) -> float:
    for (begin, low), (end, high) in itertools.pairwise(_WORKDAY):
        if begin <= hour < end:
            return low + (high - low) * (hour - begin) / (end - begin)
    return _WORKDAY[-1][1]
