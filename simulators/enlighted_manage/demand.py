"""Demand response: events during which the lights take less (3.11)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

#: What each price takes off every level.
REDUCTIONS: Final[Mapping[str, float]] = {
    "LOW": 0.1,
    "MODERATE": 0.2,
    "HIGH": 0.3,
    "SPECIAL": 0.5,
}
#: How far back it is remembered what took place: as far as energy can be asked for, and a day.
_MEMORY: Final = 46 * 86400.0


@dataclass(slots=True)
class Event:
    """An event; without floors it is for all of them."""

    identifier: str
    price_level: str
    start: float
    #: Seconds.
    duration: float
    pricing: str = ""
    floors: frozenset[int] | None = None

    @property
    def end(self) -> float:
        """When it is over."""
        return self.start + self.duration

    @property
    def reduction(self) -> float:
        """What it takes off every level (0 to 1)."""
        return REDUCTIONS[self.price_level]

    def touches(self, floor: int) -> bool:
        """Return whether it is for a floor."""
        return self.floors is None or floor in self.floors


class Demand:
    """The events that were scheduled. Cancelling one that runs ends it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.events: dict[str, Event] = {}
        #: What took place, for the energy of past windows; cancelled events are cut short here.
        self._past: list[Event] = []

    def schedule(self, event: Event) -> bool:
        """Schedule an event; its identifier has to be new, and it may not be over already."""
        self._drop_old()
        if event.identifier in self.events or event.end <= self._now():
            return False
        self.events[event.identifier] = event
        return True

    def update(self, event: Event) -> bool:
        """Change an event that runs or is to come."""
        self._drop_old()
        if event.identifier not in self.events or event.end <= self._now():
            return False
        self._retire(self.events[event.identifier])
        self.events[event.identifier] = event
        return True

    def cancel(self, identifier: str) -> bool:
        """Cancel an event that runs or is to come."""
        self._drop_old()
        event = self.events.pop(identifier, None)
        if event is None:
            return False
        self._retire(event)
        return True

    def listed(self) -> list[Event]:
        """Return the events that run or are to come, the earliest first."""
        self._drop_old()
        return sorted(self.events.values(), key=lambda event: event.start)

    def is_quiet(self) -> bool:
        """Return whether there never was an event: the usual case, for which it is asked."""
        return not self.events and not self._past

    def reduction(self, floor: int, moment: float | None = None) -> float:
        """Return what is taken off the levels of a floor; the strongest event counts."""
        at = self._now() if moment is None else moment
        return max(
            (
                event.reduction
                for event in (*self._past, *self.events.values())
                if event.start <= at < event.end and event.touches(floor)
            ),
            default=0.0,
        )

    def reduction_over(self, floor: int, start: float, end: float) -> float:
        """Return the mean of what was taken off the levels of a floor in a window."""
        strongest = 0.0
        for event in (*self._past, *self.events.values()):
            overlap = min(end, event.end) - max(start, event.start)
            if overlap > 0 and event.touches(floor):
                strongest = max(strongest, event.reduction * overlap / (end - start))
        return strongest

    def _drop_old(self) -> None:
        now = self._now()
        for event in [each for each in self.events.values() if each.end <= now]:
            self._past.append(self.events.pop(event.identifier))
        self._past = [each for each in self._past if each.end > now - _MEMORY]

    def _retire(self, event: Event) -> None:
        """Remember of an event what of it took place."""
        now = self._now()
        if event.start < now:
            ran = min(event.duration, now - event.start)
            self._past.append(
                Event(event.identifier, event.price_level, event.start, ran, floors=event.floors)
            )


def read_start(text: str, zone: ZoneInfo) -> float | None:
    """Read a start: ISO 8601, local if it names no offset, or the digits that the prose claims."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=zone)
        except ValueError:
            return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def expand(spec: str, floors_of: Callable[[str, int], Iterable[int] | None]) -> frozenset[int]:
    """Return the floors of a list like `floor_1,building_2`.

    Raises:
        ValueError: A part of it is not of this form, or names nothing that there is.
    """
    found: set[int] = set()
    for part in spec.split(","):
        kind, _, number = part.strip().partition("_")
        floors = floors_of(kind.lower(), int(number)) if number.isdigit() else None
        if floors is None:
            raise ValueError(part)
        found.update(floors)
    return frozenset(found)
