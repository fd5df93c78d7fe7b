"""Puts up a building: floors, areas, sensors, gateways, switch groups, plug loads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .fixtures import Fixture, Profile
from .gateways import Gateway
from .presence import Zone
from .site import Site
from .tree import Area, Building, Campus, Floor

_ORDINALS: Final = (
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
)
_FIRST_AREA: Final = 9
_FIRST_GATEWAY: Final = 2
_FIRST_FIXTURE: Final = 361
_LARGE: Final = 100
_PER_GATEWAY: Final = 200
#: What each fixture takes in width and height of a floor plan.
_SPACING: Final = 120
_COLUMNS: Final = 25

OPEN_OFFICE: Final = 28
MEETING: Final = 29
MANUAL_ON: Final = 30
CORRIDOR: Final = 31
PANTRY: Final = 32


def profiles() -> dict[int, Profile]:
    """Return the profiles that a manager comes with."""
    made = (
        Profile(27, "Open Office Max 35", "Open Office", 35, 0, 900.0),
        Profile(OPEN_OFFICE, "Open Office Max 70", "Open Office", 70, 0, 900.0),
        Profile(MEETING, "Meeting Room Max 80", "Meeting Room", 80, 0, 600.0),
        Profile(
            MANUAL_ON, "Meeting Room Manual On", "Meeting Room", 80, 0, 600.0, is_manual_on=True
        ),
        Profile(CORRIDOR, "Corridor Max 60", "Corridor", 60, 20, 300.0),
        Profile(PANTRY, "Kitchen Max 90", "Kitchen", 90, 0, 300.0),
    )
    return {profile.id: profile for profile in made}


@dataclass(frozen=True, slots=True)
class _Room:
    """What an area is furnished with."""

    name: str
    profile: int
    is_zoned: bool = True
    is_tunable: bool = False


_ROOMS: Final = (
    _Room("Open Office", OPEN_OFFICE),
    _Room("Meeting Room", MEETING, is_tunable=True),
    _Room("Lobby", CORRIDOR),
    _Room("Kitchen", PANTRY, is_zoned=False),
    _Room("Meeting Room 2", MEETING, is_tunable=True),
    _Room("Corridor", CORRIDOR),
    _Room("Open Office West", OPEN_OFFICE),
    _Room("Training Room", MANUAL_ON),
    _Room("Print Room", PANTRY),
    _Room("Quiet Room", OPEN_OFFICE),
)
_FEW: Final = 4


def build(site: Site, floors: int, fixtures: int) -> None:
    """Put up one building, with so many fixtures on all floors together."""
    site.profiles.update(profiles())
    site.campuses[2] = Campus(2, "Monroe")
    site.buildings[4] = Building(4, "Main", 2)
    for index in range(floors):
        count = fixtures // floors + (index < fixtures % floors)
        has_desks = fixtures // floors < _LARGE or index % 4 == 0
        _furnish(site, add_floor(site, 4), count, desks=2 if has_desks else 0)


def add_floor(site: Site, building: int, name: str = "") -> Floor:
    """Add a floor, with a gateway and nothing else."""
    number = max(site.floors, default=0) + 1
    if not name:
        ordinal = f"{_ORDINALS[number - 1]} Floor" if number <= len(_ORDINALS) else ""
        name = ordinal or f"Floor {number}"
    floor = Floor(number, name, building, Zone(number, site.demand))
    floor.plan = f"main{number}.jpg" if number % 2 else floor.plan
    floor.description = "Sales" if number == 1 else ""
    site.floors[number] = floor
    add_gateway(site, floor)
    return floor


def add_gateway(site: Site, floor: Floor) -> Gateway:
    """Add a gateway to a floor."""
    number = max(site.gateways, default=_FIRST_GATEWAY - 1) + 1
    tail = (0xC7000 + number * 0x11D) & 0xFFFFFF
    mac = (0x00, 0xB3, 0xD6, tail >> 16, tail >> 8 & 0xFF, tail & 0xFF)
    address = f"192.168.{32 + number // 200}.{10 + number % 200}"
    name = f"GW{tail:06x}"
    x, y = 3285, 3848 - 10 * len(floor.gateways)
    gateway = Gateway(number, name, floor.id, mac, address, x, y)
    site.gateways[number] = floor.gateways[number] = gateway
    return gateway


def add_area(site: Site, floor: Floor, name: str, *, is_zoned: bool = True) -> Area:
    """Add an area without fixtures to a floor."""
    number = max(site.areas, default=_FIRST_AREA - 1) + 1
    area = Area(number, name, floor.id, Zone(floor.id, site.demand), is_zoned=is_zoned)
    site.areas[number] = floor.areas[number] = area
    return area


def add_fixture(
    site: Site,
    floor: Floor,
    area: Area | None,
    profile: int = OPEN_OFFICE,
    *,
    kind: str = "Fixtured",
    tunable: bool = False,
) -> Fixture:
    """Add a fixture to a floor, or to an area of it."""
    # Ids are given once and in order: the newest is the highest.
    number = next(reversed(site.fixtures), _FIRST_FIXTURE - 1) + 1
    index = len(floor.fixtures)
    # The first byte is below 16 and the second often 0, so that dropped zeros show (6.7).
    mac = (number >> 16, number >> 8 & 0xFF, number & 0xFF)
    fixture = Fixture(
        id=number,
        name=f"Sensor{number:06x}",
        mac=mac,
        kind=kind,
        x=_SPACING * (index % _COLUMNS),
        y=_SPACING * (index // _COLUMNS) - 20,
        floor_id=floor.id,
        zone=area.zone if area else floor.zone,
        profile=site.profiles[profile],
        gateway=list(floor.gateways.values())[index // _PER_GATEWAY % len(floor.gateways)],
        watts=(32.0, 40.0, 54.0, 69.0)[number % 4],
        jitter=5.0 + number * 37 % 110,
        exposure=(1.0, 0.6, 0.3, 0.1)[index // _COLUMNS % 4],
        area_id=area.id if area else None,
        tunable=tunable,
        model="SU-5E-01" if tunable or kind == "Desk" or number % 2 else "SU-4E-01",
    )
    site.fixtures[number] = floor.fixtures[number] = fixture
    if area:
        area.fixtures[number] = fixture
    return fixture


def _furnish(site: Site, floor: Floor, fixtures: int, *, desks: int) -> None:
    is_large = fixtures > _LARGE
    rooms = _ROOMS if is_large else _ROOMS[:_FEW]
    areas = [add_area(site, floor, room.name, is_zoned=room.is_zoned) for room in rooms]
    for _ in range((fixtures - 1) // _PER_GATEWAY):
        add_gateway(site, floor)
    lights = max(0, fixtures - 1 - desks)
    loose = min(lights, max(2, lights // 20))
    for index in range(lights - loose):
        place = index * len(rooms) // (lights - loose)
        room = rooms[place]
        add_fixture(site, floor, areas[place], room.profile, tunable=room.is_tunable)
    for index in range(loose):
        kind = "Emergency" if index == 0 else "Fixtured"
        add_fixture(site, floor, None, CORRIDOR, kind=kind)
    for kind in ("Fixtureless", *("Desk",) * desks)[: fixtures - lights]:
        add_fixture(site, floor, areas[0], kind=kind)
    _wire_up(site, floor, areas, is_large=is_large)


def _wire_up(site: Site, floor: Floor, areas: Sequence[Area], *, is_large: bool) -> None:
    """Add plug loads and switch groups."""
    for index in range(20 if is_large else 3):
        # Every third one is in no area.
        area = None if index % 3 == 2 else areas[index % len(areas)].id
        site.plugloads.add(floor.id, area, 185, x=_SPACING * index, y=-38)
    tunable = [each.id for each in floor.fixtures.values() if each.tunable]
    lights = [each for each in floor.fixtures.values() if each.has_light]
    # A name with blanks, and one with a slash: both have to be encoded in paths (3.0).
    groups = [("Open Office", areas[:1]), ("Meeting Room / AV", areas[1:2])]
    if is_large:
        groups += [(area.name, [area]) for area in areas[2:]]
        groups += [("Whole Floor", areas), ("East / West", areas[::2])]
    for name, members in groups:
        places = {area.id for area in members}
        fixtures = [each.id for each in lights if each.area_id in places]
        loads = [each.id for each in site.plugloads.of_floor(floor.id) if each.area_id in places]
        site.switches.add(floor.id, name, fixtures, loads, tunable=tunable)
