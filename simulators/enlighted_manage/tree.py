"""The facility tree: company, campus, building, floor, area (1.1)."""

from dataclasses import dataclass, field

from .fixtures import Fixture
from .gateways import Gateway
from .presence import Zone


@dataclass(slots=True)
class Company:
    """The company; its id is always 1."""

    id: int = 1
    name: str = "Acme"
    address: str = "1 Main St\r\nUSA"
    time_zone: str = "America/Los_Angeles"


@dataclass(slots=True)
class Campus:
    """A campus."""

    id: int
    name: str
    location: str = "CA"


@dataclass(slots=True)
class Building:
    """A building of a campus."""

    id: int
    name: str
    campus_id: int


@dataclass(slots=True)
class Area:
    """An area of a floor."""

    id: int
    name: str
    floor_id: int
    zone: Zone
    description: str = ""
    #: Whether its zone sensor is enabled: else no occupancy is told.
    is_zoned: bool = True
    is_faulty: bool = False
    fixtures: dict[int, Fixture] = field(default_factory=dict)


@dataclass(slots=True)
class Floor:
    """A floor of a building."""

    id: int
    name: str
    building_id: int
    #: What is in no area.
    zone: Zone
    description: str = ""
    plan: str = "default_floor_plan.gif"
    areas: dict[int, Area] = field(default_factory=dict)
    fixtures: dict[int, Fixture] = field(default_factory=dict)
    gateways: dict[int, Gateway] = field(default_factory=dict)
