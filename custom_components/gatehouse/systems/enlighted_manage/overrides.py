"""What lights were told, until it ends: nobody but Gatehouse remembers it (gotchas 9 and 13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.util import dt as dt_util

from .const import GRACE, STATISTICS_INTERVAL


@dataclass(frozen=True, slots=True)
class Override:
    """A level in percent, a white in Kelvin, or both, and when they end."""

    level: int | None
    color: int | None
    since: datetime
    until: datetime

    def is_believed(self, captured: datetime | None, now: datetime) -> bool:
        """Tell whether the level counts for more than what was measured.

        A report is about five minutes, and nobody says whether its time is their beginning or
        their end: one that is five minutes younger than the command is surely about it.
        """
        if self.level is None or now >= self.since + GRACE:
            return False
        return captured is None or captured < self.since + STATISTICS_INTERVAL


class Overrides:
    """The overrides of fixtures."""

    def __init__(self) -> None:
        """Know of none."""
        self._of: dict[int, Override] = {}

    def get(self, fixture: int) -> Override | None:
        """Return what a fixture was told, while that lasts."""
        return self._of.get(fixture)

    def dim(self, levels: Mapping[int, int | None], minutes: int, now: datetime) -> None:
        """Note that fixtures were set to levels; a white that they were set to goes on.

        It ends with the level, whatever it was to last by itself (gotcha 10).
        """
        until = now + timedelta(minutes=minutes)
        for fixture, level in levels.items():
            before = self._of.get(fixture)
            color = before.color if before else None
            self._of[fixture] = Override(level, color, now, until)

    def tune(self, fixtures: Iterable[int], kelvin: int, minutes: int, now: datetime) -> None:
        """Note that fixtures were set to a white; the level ends when it was going to."""
        until = now + timedelta(minutes=minutes)
        for fixture in fixtures:
            before = self._of.get(fixture)
            if before is None or before.level is None:
                self._of[fixture] = Override(None, kelvin, now, until)
            else:
                self._of[fixture] = Override(before.level, kelvin, before.since, before.until)

    def release(self, fixtures: Iterable[int]) -> None:
        """Note that fixtures were given back to their profiles."""
        for fixture in fixtures:
            self._of.pop(fixture, None)

    def expire(self, now: datetime) -> set[int]:
        """Forget what has ended, and return whose it was."""
        ended = {fixture for fixture, each in self._of.items() if each.until <= now}
        self.release(ended)
        return ended

    @property
    def next_end(self) -> datetime | None:
        """When the next one ends."""
        return min((each.until for each in self._of.values()), default=None)

    def store(self) -> list[list[str | int | None]]:
        """Return them as JSON holds them."""
        return [
            [fixture, each.level, each.color, each.since.isoformat(), each.until.isoformat()]
            for fixture, each in self._of.items()
        ]

    def restore(self, stored: Iterable[list[str | int | None]]) -> None:
        """Take back what was stored: nothing is sent for it."""
        for fixture, level, color, since, until in stored:
            begin, end = (dt_util.parse_datetime(str(each)) for each in (since, until))
            if isinstance(fixture, int) and begin and end:
                self._of[fixture] = Override(_number(level), _number(color), begin, end)


def _number(value: str | int | None) -> int | None:
    return value if isinstance(value, int) else None
