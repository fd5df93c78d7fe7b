"""The energy of a building's lights in windows that are over, with what was set by hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .demand import Demand
from .fixtures import Fixture
from .usage import WINDOW, Lamp, Manual, Shares, Use, shares_at, total, use

#: How far back it is remembered what was set by hand: as far as can be asked for, and a day.
_MEMORY: Final = 46 * 86400.0


@dataclass(slots=True)
class Spell:
    """A time for which somebody had set a level (0 to 100)."""

    start: float
    until: float
    level: int


class Energy:
    """Tells the use of fixtures; the past is a function, and what was set by hand is added."""

    def __init__(self, seed: int, local: Callable[[float], datetime], demand: Demand) -> None:
        self._seed = seed
        self._local = local
        self._demand = demand
        self._spells: dict[int, list[Spell]] = {}

    def override(self, fixture: int, level: int, start: float, until: float) -> None:
        """Note that a level is set; an earlier one ends with it."""
        self.release(fixture, start)
        recent = [each for each in self._spells[fixture] if each.until > start - _MEMORY]
        self._spells[fixture] = [*recent, Spell(start, until, level)]

    def release(self, fixture: int, moment: float) -> None:
        """Note that a fixture follows its profile again."""
        spells = self._spells.setdefault(fixture, [])
        if spells and spells[-1].until > moment:
            spells[-1].until = moment

    def each(self, floor: int, fixtures: Iterable[Fixture], start: float) -> dict[int, Use]:
        """Return the use of each of some fixtures of a floor in a window."""
        shares, reduction = self._conditions(floor, start)
        alike: dict[Lamp, Use] = {}
        found: dict[int, Use] = {}
        for fixture in fixtures:
            lamp = fixture.lamp
            if manual := self._manual(fixture, start):
                found[fixture.id] = use(lamp, shares, manual, reduction)
                continue
            known = alike.get(lamp)
            if known is None:
                known = alike[lamp] = use(lamp, shares, (), reduction)
            found[fixture.id] = known
        return found

    def together(
        self, floor: int, fixtures: Iterable[Fixture], starts: Sequence[float]
    ) -> list[Use]:
        """Return what some fixtures of a floor used together, for each window.

        Those that are alike are reckoned once, so that a day of a large floor is quick.
        """
        if not starts:
            return []
        touched: list[tuple[Fixture, Lamp]] = []
        sorts: Counter[Lamp] = Counter()
        for fixture in fixtures:
            if self._is_touched(fixture, starts[0], starts[-1] + WINDOW):
                touched.append((fixture, fixture.lamp))
            else:
                sorts[fixture.lamp] += 1
        return [self._sum(floor, sorts, touched, start) for start in starts]

    def _sum(
        self,
        floor: int,
        sorts: Mapping[Lamp, int],
        touched: Iterable[tuple[Fixture, Lamp]],
        start: float,
    ) -> Use:
        shares, reduction = self._conditions(floor, start)
        # What was set by hand was mostly set for many at once.
        by_hand = Counter((lamp, tuple(self._manual(each, start))) for each, lamp in touched)
        return total(
            [
                *((use(lamp, shares, (), reduction), count) for lamp, count in sorts.items()),
                *(
                    (use(lamp, shares, manual, reduction), count)
                    for (lamp, manual), count in by_hand.items()
                ),
            ]
        )

    def _conditions(self, floor: int, start: float) -> tuple[Shares, float]:
        shares = shares_at(self._seed, floor, self._local(start))
        if self._demand.is_quiet():
            return shares, 0.0
        return shares, self._demand.reduction_over(floor, start, start + WINDOW)

    def _is_touched(self, fixture: Fixture, start: float, end: float) -> bool:
        if fixture.broken_since < end:
            return True
        spells = self._spells.get(fixture.id, ())
        return any(each.start < end and each.until > start for each in spells)

    def _manual(self, fixture: Fixture, start: float) -> list[Manual]:
        """Return what was set by hand in a window. A broken lamp counts as switched off."""
        end = min(start + WINDOW, max(start, fixture.broken_since))
        portions = [
            Manual(overlap / WINDOW, each.level / 100)
            for each in self._spells.get(fixture.id, ())
            if (overlap := min(each.until, end) - max(each.start, start)) > 0
        ]
        if end < start + WINDOW:
            portions.append(Manual((start + WINDOW - end) / WINDOW, 0.0))
        return portions
