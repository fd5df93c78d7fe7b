"""The world: a site, and everything that tests and the control plane can make happen in it."""

from collections.abc import Iterable

from simulators.kit.clock import Clock

from .access import ADMINISTRATOR, EMPLOYEE
from .build import OPEN_OFFICE, add_area, add_fixture, add_floor, build
from .devices import Devices
from .faults import EnlightedFaults
from .fixtures import Fixture
from .tree import Area

#: The users that there are to begin with: one who may everything, and one who may some.
FULL_USER = "integration"
LIMITED_USER = "limited"


class World(Devices):
    """Everything there is; the API reads it, tests and the control plane change it."""

    def __init__(
        self,
        clock: Clock,
        faults: EnlightedFaults,
        *,
        seed: int = 1,
        floors: int = 2,
        fixtures: int = 48,
        version: str = "4.5",
    ) -> None:
        super().__init__(clock, faults, seed=seed, version=version)
        build(self, floors, fixtures)
        self.gate.add(FULL_USER, ADMINISTRATOR)
        limited = self.gate.add(LIMITED_USER, EMPLOYEE)
        # All of the first floor, an area of the second, and nothing of the others.
        limited.floors.update(list(self.floors)[:1])
        for floor in list(self.floors.values())[1:2]:
            limited.areas.update(list(floor.areas)[:1])

    # People.

    def enter(self, area: int) -> None:
        """Let somebody come into an area, who moves until they leave."""
        self.areas[area].zone.enter("somebody", self.now())

    def leave(self, area: int) -> None:
        """Let them go; 90 s later the area is vacant."""
        self.areas[area].zone.leave("somebody", self.now())

    def enter_unassigned(self, floor: int) -> None:
        """Let somebody walk where a floor has no area."""
        self.floors[floor].zone.enter("somebody", self.now())

    def leave_unassigned(self, floor: int) -> None:
        """Let them go."""
        self.floors[floor].zone.leave("somebody", self.now())

    def sit_down(self, desk: int) -> None:
        """Let somebody sit down at a desk, by the id of its sensor."""
        sensor = self._desk(desk)
        sensor.seat.begin(self.now())
        sensor.zone.enter(f"desk {desk}", self.now())

    def stand_up(self, desk: int) -> None:
        """Let them get up and go."""
        sensor = self._desk(desk)
        sensor.seat.finish(self.now())
        sensor.zone.leave(f"desk {desk}", self.now())

    def set_profile(self, fixtures: list[int], profile: int) -> None:
        """Give fixtures another profile."""
        for fixture in fixtures:
            self.fixtures[fixture].profile = self.profiles[profile]

    # What breaks.

    def set_online(self, fixture: int, online: bool) -> None:
        """Let a sensor be reached or not; its light goes on by itself."""
        sensor = self.fixtures[fixture]
        if online:
            sensor.outages.finish(self.now())
            self._thaw([sensor])
        else:
            self.reports.freeze(sensor)
            sensor.outages.begin(self.now())

    def set_gateway(self, gateway: int, okay: bool) -> None:
        """Let a gateway be reached or not, and with it the sensors that it serves."""
        found = self.gateways[gateway]
        served = [each for each in self.fixtures.values() if each.gateway is found]
        if okay:
            found.outages.finish(self.now())
            self._thaw(served)
        else:
            for fixture in served:
                self.reports.freeze(fixture)
            found.outages.begin(self.now())

    def break_lamp(self, fixture: int) -> None:
        """Let a lamp draw no power though it is told to shine."""
        self.fixtures[fixture].broken_since = self.now()

    def mend_lamp(self, fixture: int) -> None:
        """Replace the lamp."""
        self.fixtures[fixture].broken_since = float("inf")

    def set_area_fault(self, area: int, fault: bool) -> None:
        """Let an area's occupancy be -1, or be told again."""
        self.areas[area].is_faulty = fault

    def set_licence(self, licensed: bool) -> None:
        """Give or take the licence for occupancy."""
        self.is_licensed = licensed

    # Users.

    def key_of(self, user: str) -> str:
        """Return the key of a user."""
        return self.gate.users[user].key

    def add_user(self, name: str, role: str, floors: list[int], areas: list[int]) -> str:
        """Add a user with full access to some floors and areas; return the key."""
        user = self.gate.add(name, role)
        user.floors.update(floors)
        user.areas.update(areas)
        return user.key

    def rotate_key(self, user: str) -> str:
        """Give a user a new key and return it; the old one is void at once."""
        return self.gate.rotate(user)

    def set_active(self, user: str, active: bool) -> None:
        """Let a user in or not."""
        self.gate.users[user].is_active = active

    # What is built and taken away.

    def add_floor(self, name: str = "") -> int:
        """Add an empty floor to the first building; return its id."""
        return add_floor(self, next(iter(self.buildings)), name).id

    def remove_floor(self, floor: int) -> None:
        """Remove a floor and all that is on it."""
        gone = self.floors.pop(floor)
        for fixture in list(gone.fixtures):
            self._forget(gone.fixtures[fixture])
        for area in gone.areas:
            del self.areas[area]
        for gateway in gone.gateways:
            del self.gateways[gateway]
        for group in self.switches.of_floor(floor):
            del self.switches.groups[group.id]
        for plugload in self.plugloads.of_floor(floor):
            del self.plugloads.all[plugload.id]
        self.reports.forget()

    def rename_floor(self, floor: int, name: str) -> None:
        """Give a floor another name."""
        self.floors[floor].name = name

    def add_area(self, floor: int, name: str, zoned: bool = True) -> int:
        """Add an area without fixtures; return its id."""
        return add_area(self, self.floors[floor], name, is_zoned=zoned).id

    def remove_area(self, area: int) -> None:
        """Remove an area; its fixtures stay where they are."""
        gone = self.areas.pop(area)
        floor = self.floors[gone.floor_id]
        del floor.areas[area]
        for fixture in gone.fixtures.values():
            fixture.area_id, fixture.zone = None, floor.zone
        for plugload in self.plugloads.of_area(area):
            plugload.area_id = None

    def rename_area(self, area: int, name: str) -> None:
        """Give an area another name."""
        self.areas[area].name = name

    def add_fixture(
        self, floor: int, area: int | None = None, kind: str = "Fixtured", tunable: bool = False
    ) -> int:
        """Add a fixture to a floor, or to an area of it; return its id."""
        place = self.areas[area] if area is not None else None
        profile = _profile_of(place)
        fixture = add_fixture(self, self.floors[floor], place, profile, kind=kind, tunable=tunable)
        fixture.since = fixture.refreshed = self.now()
        self.reports.forget()
        return fixture.id

    def remove_fixture(self, fixture: int) -> None:
        """Remove a fixture."""
        self._forget(self.fixtures[fixture])
        self.reports.forget()

    def _forget(self, fixture: Fixture) -> None:
        del self.fixtures[fixture.id]
        if floor := self.floors.get(fixture.floor_id):
            del floor.fixtures[fixture.id]
        if fixture.area_id is not None:
            del self.areas[fixture.area_id].fixtures[fixture.id]
        self.switches.forget(fixture.id)

    def _desk(self, desk: int) -> Fixture:
        fixture = self.fixtures[desk]
        if fixture.kind != "Desk":
            raise ValueError(f"{desk} is no desk")
        return fixture

    def _thaw(self, fixtures: Iterable[Fixture]) -> None:
        for fixture in fixtures:
            if fixture.is_online:
                fixture.frozen = None


def _profile_of(area: Area | None) -> int:
    """Return the profile of an area's other fixtures."""
    for fixture in area.fixtures.values() if area else ():
        return fixture.group_id
    return OPEN_OFFICE
