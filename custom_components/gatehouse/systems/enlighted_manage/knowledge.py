"""What was read of one floor, and what is summed up of it.

Statistics of 18,000 sensors come every five minutes, and few of them say anything new: who takes
them over says which sensors they change something of.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from .client import (
    Area,
    AreaOccupancy,
    EmergencyStatus,
    Fixture,
    FixtureProfiles,
    Floor,
    FloorReadings,
    Gateway,
    Motion,
    Occupancy,
    PlugLoad,
    PlugLoadDetails,
    Reading,
)
from .const import BIG_SITE_FIXTURES, DARK, STALE
from .events import Event, occupancy_events
from .meters import Meters
from .options import EnlightedOptions, FixtureEntities
from .overrides import Overrides
from .snapshot import LightState, Measured
from .structure import FloorPlan, GroupPlan


@dataclass(frozen=True, slots=True)
class Site:
    """What all floors share."""

    options: EnlightedOptions
    overrides: Overrides
    meters: Meters
    #: How many floors there are.
    floors: Callable[[], int]
    #: How long a command to a switch group holds, where that differs.
    minutes: dict[int, int]
    #: The time by the manager's clock.
    now: Callable[[], datetime]


class FloorKnowledge:
    """Keeps what was read of a floor."""

    def __init__(self, plan: FloorPlan, site: Site) -> None:
        """Know what there is, and nothing yet of how it is."""
        self._site = site
        self._options = site.options
        self._meters = site.meters
        self.readings: dict[int, Reading] = {}
        self._seen: dict[int, datetime] = {}
        self._awaited: dict[int, datetime] = {}
        self._captured: dict[int, datetime] = {}
        self._levels: dict[int, int] = {}
        self._stale: frozenset[int] | None = None
        self._dark: dict[int, datetime] = {}
        self._occupancy: dict[int, Occupancy] = {}
        self._desks: dict[int, Occupancy] = {}
        self.gateways: tuple[Gateway, ...] = ()
        self.plug_loads: dict[int, PlugLoad] = {}
        self.plug_details: dict[int, PlugLoadDetails] = {}
        self.profiles: dict[int, FixtureProfiles] = {}
        self.motion: dict[int, Motion] = {}
        self.drivers: dict[int, EmergencyStatus] = {}
        self._measured = Measured()
        self.take_plan(plan)

    @property
    def floor(self) -> Floor:
        """The floor."""
        return self.plan.floor

    @property
    def has_fixture_entities(self) -> bool:
        """Whether single fixtures have all the entities that they can have."""
        choice = self._options.fixtures
        return choice is FixtureEntities.ALL or (
            choice is FixtureEntities.AUTO and not self.is_of_big_site
        )

    @property
    def is_of_big_site(self) -> bool:
        """Whether there are so many fixtures that their entities are better off disabled."""
        return len(self.plan.fixtures) * self._site.floors() > BIG_SITE_FIXTURES

    def take_plan(self, plan: FloorPlan) -> None:
        """Take over what there is."""
        self.plan = plan
        self._lights = {area: plan.lights(own) for area, own in plan.members.items()}
        self._group_lights = {
            each.group.id: plan.lights(each.fixtures) or each.fixtures for each in plan.groups
        }
        self._groups_of: dict[int, list[GroupPlan]] = {}
        for group in plan.groups:
            for fixture in group.fixtures:
                self._groups_of.setdefault(fixture, []).append(group)

    # What was read; each returns the sensors that it changes something of.

    def take_readings(self, found: FloorReadings, now: datetime) -> Set[int]:
        """Take over what sensors reported."""
        before = self.readings
        changed = {each for each, new in found.readings.items() if before.get(each) is not new}
        self.readings = {**before, **found.readings} if changed else before
        self._seen |= found.seen
        self._captured |= found.captured
        if self._options.lamp_faults:
            changed |= self._note_dark(found)
        limit = now - STALE
        known = self.plan.fixtures
        heard = {**self._awaited_since(now), **self._seen}
        stale = frozenset(each for each, seen in heard.items() if seen < limit and each in known)
        if self._stale is None:
            changed |= known.keys()
        else:
            changed |= stale ^ self._stale
        self._stale = stale
        if changed:
            self._measured = self._measure(known)
        return changed

    def _awaited_since(self, now: datetime) -> dict[int, datetime]:
        """Return since when each sensor that was never heard of is waited for.

        Of a floor that may be seen in part not every sensor is asked, and none is waited for.
        """
        silent = self.plan.fixtures.keys() - self._seen.keys() if self.plan.is_whole else ()
        self._awaited = {each: self._awaited.get(each, now) for each in silent}
        return self._awaited

    def take_levels(self, levels: dict[int, int]) -> Set[int]:
        """Take over how bright lights are, where the statistics do not tell."""
        changed = {each for each, level in levels.items() if self._levels.get(each) != level}
        self._levels |= levels
        return changed

    def take_occupancy(self, found: Iterable[AreaOccupancy]) -> Iterator[Event]:
        """Take over whether somebody is in the areas, and return what happened."""
        before = self._occupancy
        self._occupancy = {each.id: each.occupancy for each in found}
        return occupancy_events(self.plan, before, self._occupancy)

    def take_desks(self, found: Iterable[AreaOccupancy]) -> None:
        """Take over whether somebody is at the desks."""
        self._desks = {each.id: each.occupancy for each in found}

    def forget_before(self) -> None:
        """Take what is read next for how it is, and not for something that just happened."""
        self._occupancy = {}
        self._stale = None

    @property
    def stale(self) -> frozenset[int] | None:
        """The sensors that have not been heard of for long; None where nobody knows."""
        return self._stale

    @property
    def is_licensed(self) -> bool:
        """Whether the manager may tell who is where (section 1.5)."""
        return Occupancy.UNLICENSED not in self._occupancy.values()

    @property
    def has_levels(self) -> bool:
        """Whether the statistics tell how bright the lights are (appendix C 8)."""
        is_any_read = False
        for number, reading in self.readings.items():
            fixture = self.plan.fixtures.get(number)
            if fixture is not None and fixture.has_light:
                if reading.level is not None:
                    return True
                is_any_read = True
        return not is_any_read

    def _note_dark(self, found: FloorReadings) -> set[int]:
        """Note which lights are said to shine and draw nothing; twice is once too often (7.4)."""
        before = {each for each in self._dark if self._is_broken(each)}
        for fixture, reading in found.readings.items():
            if reading.level and reading.power is not None and reading.power < DARK:
                self._dark.setdefault(fixture, found.captured[fixture])
            else:
                self._dark.pop(fixture, None)
        return before ^ {each for each in self._dark if self._is_broken(each)}

    def _is_broken(self, fixture: int) -> bool | None:
        if not self._options.lamp_faults or fixture not in self.readings:
            return None
        first = self._dark.get(fixture)
        return first is not None and self._captured[fixture] > first

    def area_of(self, fixture: Fixture) -> Area | None:
        """Return the area that a sensor is in."""
        return self.plan.areas.get(self.plan.area_of.get(fixture.id, 0))

    def _is_fresh(self, fixture: int) -> bool | None:
        """Return whether a sensor is heard; None for one that may yet report for the first time."""
        if self._stale is None:
            return None
        if fixture in self._stale:
            return False
        return True if fixture in self._seen else None

    def _light(self, fixtures: Iterable[int]) -> LightState:
        """Return how some lights are together."""
        levels: list[int] = []
        ends: list[datetime] = []
        colors: set[int | None] = set()
        override_of, reported = self._site.overrides.get, self._reported
        for fixture in fixtures:
            override, level = override_of(fixture), reported(fixture)
            if override is None:
                colors.add(None)
            else:
                if override.is_believed(self._captured.get(fixture), self._site.now()):
                    level = override.level
                ends.append(override.until)
                colors.add(override.color)
            if level is not None:
                levels.append(level)
        lit = [level for level in levels if level]
        known = 0 if levels else None
        return LightState(
            # Something that shines a little is not off.
            level=max(1, round(fmean(lit))) if lit else known,
            until=max(ends, default=None),
            color=colors.pop() if len(colors) == 1 else None,
            is_tunable=self._options.tunable or not self.plan.tunable.isdisjoint(fixtures),
        )

    def _reported(self, fixture: int) -> int | None:
        if self._stale and fixture in self._stale:
            # What a silent one reported last tells nothing of now.
            return None
        reading = self.readings.get(fixture)
        if reading is None or reading.level is None:
            return self._levels.get(fixture)
        return reading.level

    def _measure(self, sensors: Iterable[int]) -> Measured:
        """Sum up what sensors measured; one that is away measures nothing."""
        stale = self._stale or ()
        found = [
            reading
            for each in sensors
            if (reading := self.readings.get(each)) is not None and each not in stale
        ]
        powers = [each.power for each in found if each.power is not None]
        warmth = [each.temperature for each in found if each.temperature is not None]
        light = [each.lux for each in found if each.lux is not None]
        return Measured(
            power=round(sum(powers), 1) if powers else None,
            temperature=round(fmean(warmth), 1) if warmth else None,
            lux=round(fmean(light)) if light else None,
        )
