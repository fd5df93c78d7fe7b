"""What there is on a site, and what can be done to its lights; reading and commands use it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
import random
from typing import Final
from zoneinfo import ZoneInfo

from simulators.kit.clock import Clock

from .access import Gate
from .dali import Dali
from .demand import Demand
from .energy import Energy
from .faults import EnlightedFaults
from .fixtures import Fixture, Profile
from .gateways import Gateway
from .plugloads import Plugloads
from .presence import VACANCY
from .reports import Reports
from .switches import Switches
from .tree import Area, Building, Campus, Company, Floor
from .wire import Json

#: The codes of an area's occupancy (3.5).
VACANT: Final = 0
OCCUPIED: Final = 1
FAULTY: Final = -1
UNLICENSED: Final = -2
UNKNOWN: Final = -3


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a client had the manager do."""

    name: str
    ids: tuple[int, ...]
    values: Mapping[str, Json]
    time: float


class Site:
    """A company's buildings and what is in them."""

    def __init__(self, clock: Clock, faults: EnlightedFaults, *, seed: int, version: str) -> None:
        self.clock = clock
        self.faults = faults
        self.seed = seed
        self.version = version
        self.random = random.Random(f"site {seed}")
        self.company = Company()
        self.zone = ZoneInfo(self.company.time_zone)
        self.campuses: dict[int, Campus] = {}
        self.buildings: dict[int, Building] = {}
        self.floors: dict[int, Floor] = {}
        self.areas: dict[int, Area] = {}
        self.fixtures: dict[int, Fixture] = {}
        self.gateways: dict[int, Gateway] = {}
        self.profiles: dict[int, Profile] = {}
        self.is_licensed = True
        self.switches = Switches()
        self.plugloads = Plugloads(self.now, seed)
        self.dali = Dali(self.now)
        self.demand = Demand(self.now)
        self.energy = Energy(seed, self.local, self.demand)
        self.reports = Reports(faults, seed, self.now, self.local)
        self.gate = Gate(faults, self.server_time, seed, version)
        self.commands: list[Command] = []
        #: What clients did that a manager lets pass and nobody should do.
        self.mistakes: list[str] = []

    @property
    def users(self) -> list[str]:
        """The names of the users."""
        return list(self.gate.users)

    # Time.

    def now(self) -> float:
        """Return the true time, in seconds since the epoch."""
        return self.clock.time()

    def server_time(self) -> float:
        """Return what the manager thinks the time is."""
        return self.now() + self.faults.clock_offset

    def local(self, moment: float) -> datetime:
        """Return a moment as the manager writes it: by its own clock, in its own zone."""
        return datetime.fromtimestamp(moment + self.faults.clock_offset, self.zone)

    def moment(self, local: datetime) -> float:
        """Return the moment that the manager writes like this."""
        return local.replace(tzinfo=self.zone).timestamp() - self.faults.clock_offset

    def is_before(self, *version: int) -> bool:
        """Return whether the manager is older than a version."""
        return tuple(int(part) for part in self.version.split(".")) < version

    # What there is.

    def fixtures_of_floor(self, floor: int) -> list[Fixture]:
        """Return the fixtures of a floor."""
        return list(self.floors[floor].fixtures.values())

    def fixtures_of_area(self, area: int) -> list[Fixture]:
        """Return the fixtures of an area."""
        return list(self.areas[area].fixtures.values())

    def occupancy(self, area: Area) -> int:
        """Return the code of an area's occupancy (3.5)."""
        if not self.is_licensed:
            return UNLICENSED
        if area.is_faulty or not (area.is_zoned or self.faults.unzoned_report):
            return FAULTY
        moment = self.now()
        if area.fixtures and not any(each.is_online for each in area.fixtures.values()):
            # The area keeps its last state, until the manager gives up on it (4.5).
            moment = max(each.silent_since for each in area.fixtures.values())
            if self.now() - moment > self.faults.area_patience:
                return FAULTY
        return int(area.zone.presence.covers(moment - self.faults.motion_delay, VACANCY))

    def unassigned_occupancy(self, floor: Floor) -> int:
        """Return the code of the pseudo-area: the sensors of a floor that are in no area."""
        if not self.is_licensed:
            return UNLICENSED
        moment = self.now() - self.faults.motion_delay
        sensors = (each for each in floor.fixtures.values() if each.area_id is None)
        return int(any(each.is_online and each.is_occupied(moment) for each in sensors))

    # What lights can be told.

    def override(self, fixtures: Iterable[int], level: int, seconds: float) -> None:
        """Set the level of fixtures for a time; what is not there is passed over (6.12)."""
        now = self.now()
        for fixture in self._listening(fixtures):
            fixture.set_level(level, now, seconds)
            self.energy.override(fixture.id, level, now, now + seconds)

    def tint(self, fixtures: Iterable[int], kelvin: int, seconds: float) -> None:
        """Set the color of fixtures for a time; those that cannot be tuned pass it over."""
        for fixture in self._listening(fixtures):
            if fixture.tunable:
                fixture.set_color(kelvin, self.now(), seconds)

    def release(self, fixtures: Iterable[int]) -> None:
        """Let profiles decide again."""
        for fixture in self._listening(fixtures):
            fixture.release(self.now())
            self.energy.release(fixture.id, self.now())

    def refresh(self, fixtures: Iterable[int]) -> None:
        """Let sensors report at once."""
        for number in fixtures:
            fixture = self.fixtures.get(number)
            if fixture and fixture.is_online:
                fixture.refreshed = self.now()

    def note_mistake(self, text: str) -> None:
        """Note a mistake of a client, once."""
        if text not in self.mistakes:
            self.mistakes.append(text)

    def _listening(self, fixtures: Iterable[int]) -> Iterator[Fixture]:
        """Yield the lights that hear a command: a driver in a test does not (3.12)."""
        for number in fixtures:
            fixture = self.fixtures.get(number)
            if fixture is None or not fixture.has_light or not fixture.is_online:
                continue
            if not self.dali.is_testing(number):
                yield fixture
