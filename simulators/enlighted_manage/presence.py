"""When something was the case: people in a place, silence of a radio."""

from dataclasses import dataclass, field
import math
from typing import Final

from .demand import Demand

#: Seconds after the last motion that a sensor calls a place occupied (4.5).
VACANCY: Final = 90.0
#: Seconds that the past is remembered: statistics reach back an hour, or a little more.
MEMORY: Final = 2 * 3600.0


@dataclass(slots=True)
class Spans:
    """Stretches of time, the oldest first; the last one may not have ended."""

    items: list[tuple[float, float]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether one goes on."""
        return bool(self.items) and self.items[-1][1] == math.inf

    @property
    def since(self) -> float:
        """When the last one began."""
        return self.items[-1][0] if self.items else -math.inf

    def begin(self, moment: float) -> None:
        """Let one begin, unless one goes on."""
        if not self.is_open:
            self.items = [each for each in self.items[:-1] if each[1] > moment - MEMORY] + (
                self.items[-1:]
            )
            self.items.append((moment, math.inf))

    def finish(self, moment: float) -> None:
        """Let the one that goes on end."""
        if self.is_open:
            self.items[-1] = (self.items[-1][0], moment)

    def covers(self, moment: float, tail: float = 0.0) -> bool:
        """Return whether a moment lies in one, or not longer than `tail` after it."""
        return any(start <= moment < end + tail for start, end in reversed(self.items))

    def last(self, moment: float) -> float | None:
        """Return the last moment, up to this one, that lies in one."""
        for start, end in reversed(self.items):
            if start <= moment:
                return min(end, moment)
        return None

    def changes(self, start: float, end: float, tail: float = 0.0) -> bool:
        """Return whether one begins, or one and its tail end, within this time."""
        return any(start < first <= end or start < last + tail <= end for first, last in self.items)


@dataclass(slots=True)
class Zone:
    """A place whose sensors see the same people: an area, or what of a floor is in none."""

    floor_id: int
    demand: Demand
    presence: Spans = field(default_factory=Spans)
    #: Who is in it, by what they were let in by.
    people: set[str] = field(default_factory=set)

    def enter(self, who: str, moment: float) -> None:
        """Let somebody come, who moves until they leave."""
        self.people.add(who)
        self.presence.begin(moment)

    def leave(self, who: str, moment: float) -> None:
        """Let somebody go."""
        self.people.discard(who)
        if not self.people:
            self.presence.finish(moment)
