"""Everything known of a manager at one moment, floor by floor.

A site has tens of thousands of parts. A floor's are replaced together, and those of all the
others stay the same objects, so that a change costs what a floor costs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self, override

from .client import (
    Area,
    EmergencyStatus,
    Fixture,
    FixtureProfiles,
    Floor,
    Gateway,
    Motion,
    Occupancy,
    PlugLoad,
    PlugLoadDetails,
    Reading,
    Scene,
    SwitchGroup,
)


class Kind(StrEnum):
    """What a part is about."""

    MANAGER = "manager"
    FLOOR = "floor"
    AREA = "area"
    FIXTURE = "fixture"
    GROUP = "group"
    SCENE = "scene"
    PLUG_LOAD = "plugload"
    DESK = "desk"
    GATEWAY = "gateway"
    # What takes a request of its own, and is read while an entity shows it.
    PROFILE = "profile"
    MOTION = "motion"
    DRIVER = "driver"
    AREA_PLUGS = "areaplugs"
    PLUG_DETAILS = "plugdetails"


class Part(NamedTuple):
    """What entities listen to. A tuple, because it is a key in every look at a part."""

    kind: Kind
    id: int = 0
    floor: int = 0


MANAGER = Part(Kind.MANAGER)


@dataclass(frozen=True, slots=True)
class LightState:
    """How bright some lights are, by what they reported or were just told."""

    #: Percent of those that are on; 0 where none is, None where nobody knows.
    level: int | None = None
    #: When the last of them goes back to its profile; None where all are automatic, or where a
    #: wall switch did something, of which nobody tells.
    until: datetime | None = None
    #: Kelvin, as they were last told.
    color: int | None = None
    #: Whether their white can be tuned.
    is_tunable: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What some sensors measured together: the sum of power, the means of the rest."""

    power: float | None = None
    temperature: float | None = None
    lux: float | None = None


@dataclass(frozen=True, slots=True)
class FloorEnergy:
    """What a floor's lights took, and what of that was saved, in Wh since the beginning."""

    lighting: float | None = None
    base: float | None = None
    saved: float | None = None
    occupancy: float | None = None
    daylight: float | None = None
    tuning: float | None = None
    manual: float | None = None


@dataclass(frozen=True, slots=True)
class ManagerState:
    """The manager and the whole building."""

    is_live: bool = False
    floors: int = 0
    override_minutes: int = 60
    lighting: float | None = None
    plug_load: float | None = None
    is_bacnet_running: bool | None = None
    #: The identifier of the demand response that is going on; empty where none is, None where
    #: nobody tells.
    demand: str | None = None


@dataclass(frozen=True, slots=True)
class FloorState:
    """A floor."""

    floor: Floor
    measured: Measured = field(default_factory=Measured)
    #: Of what is in no area.
    unassigned: Occupancy | None = None
    areas: int = 0
    occupied_areas: int | None = None
    desks: int = 0
    occupied_desks: int | None = None
    sensors: int = 0
    stale_sensors: int | None = None
    energy: FloorEnergy = field(default_factory=FloorEnergy)
    #: Whether its gateways and sensors may be seen at all: a part of a floor may not (1.4).
    is_whole: bool = True
    #: Whether anybody asks who is there.
    has_occupancy: bool = True


@dataclass(frozen=True, slots=True)
class AreaState:
    """An area."""

    area: Area
    floor: Floor
    fixtures: tuple[int, ...] = ()
    light: LightState | None = None
    measured: Measured = field(default_factory=Measured)
    occupancy: Occupancy | None = None
    sensors: int = 0
    stale_sensors: int | None = None
    lighting: float | None = None
    has_plug_loads: bool = False
    #: Whether anybody asks who is there.
    has_occupancy: bool = True


@dataclass(frozen=True, slots=True)
class SensorState:
    """Something of a sensor, which is on a floor and may be in an area."""

    fixture: Fixture
    floor: Floor
    area: Area | None


@dataclass(frozen=True, slots=True)
class FixtureState(SensorState):
    """A sensor and its light."""

    reading: Reading | None = None
    light: LightState | None = None
    is_fresh: bool | None = None
    #: When it was heard of; told where single fixtures have all their entities.
    seen: datetime | None = None
    is_broken: bool | None = None
    #: Whether there are entities for what it measures, and one for a broken lamp.
    has_details: bool = False
    has_lamp_faults: bool = False


@dataclass(frozen=True, slots=True)
class GroupState:
    """A switch group."""

    group: SwitchGroup
    floor: Floor
    switch_id: int | None
    fixtures: tuple[int, ...] = ()
    light: LightState | None = None
    override_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class SceneState:
    """A scene of a switch group; it has no state (gotcha 14)."""

    scene: Scene
    group: SwitchGroup
    floor: Floor
    switch_id: int


@dataclass(frozen=True, slots=True)
class ReceptacleState:
    """Something of a receptacle, which is on a floor and may be in an area."""

    plug_load: PlugLoad
    floor: Floor
    area: Area | None


@dataclass(frozen=True, slots=True)
class PlugLoadState(ReceptacleState):
    """Whether it is on."""


@dataclass(frozen=True, slots=True)
class PlugDetailsState(ReceptacleState):
    """What a receptacle tells when it is asked by itself: whether it is there, what it took."""

    details: PlugLoadDetails | None = None
    managed: float | None = None
    unmanaged: float | None = None


@dataclass(frozen=True, slots=True)
class AreaPlugsState:
    """The receptacles of an area, together."""

    area: Area
    floor: Floor
    energy: float | None = None


@dataclass(frozen=True, slots=True)
class DeskState(SensorState):
    """A desk sensor."""

    occupancy: Occupancy | None = None


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A gateway."""

    gateway: Gateway
    floor: Floor


@dataclass(frozen=True, slots=True)
class ProfileState(SensorState):
    """The profile of a fixture."""

    profiles: FixtureProfiles | None = None


@dataclass(frozen=True, slots=True)
class MotionState(SensorState):
    """How much moved before a sensor."""

    motion: Motion | None = None


@dataclass(frozen=True, slots=True)
class DriverState(SensorState):
    """An emergency driver, as it was when somebody last asked it."""

    status: EmergencyStatus | None = None


type State = (
    ManagerState
    | FloorState
    | AreaState
    | FixtureState
    | GroupState
    | SceneState
    | PlugLoadState
    | PlugDetailsState
    | AreaPlugsState
    | DeskState
    | GatewayState
    | ProfileState
    | MotionState
    | DriverState
)
type FloorParts = Mapping[Part, State]


class Parts(Mapping[Part, State]):
    """The parts of the manager and of all its floors, as one mapping."""

    __slots__ = ("floors", "manager")

    def __init__(self, manager: ManagerState, floors: Mapping[int, FloorParts]) -> None:
        """Put together what each floor has."""
        self.manager = manager
        self.floors = floors

    @override
    def __getitem__(self, part: Part) -> State:
        """Return the state of a part."""
        if part.kind is Kind.MANAGER:
            return self.manager
        return self.floors[part.floor][part]

    @override
    def __iter__(self) -> Iterator[Part]:
        """Return the manager first, and what hangs below another part after it."""
        yield MANAGER
        for parts in self.floors.values():
            yield from parts

    @override
    def __len__(self) -> int:
        """Return how many there are."""
        return 1 + sum(map(len, self.floors.values()))


@dataclass(frozen=True, slots=True)
class EnlightedSnapshot:
    """The state of each part."""

    parts: Parts

    @property
    def manager(self) -> ManagerState:
        """The manager."""
        return self.parts.manager

    @property
    def floors(self) -> Mapping[int, FloorParts]:
        """The parts of each floor that was read."""
        return self.parts.floors

    def with_manager(self, manager: ManagerState) -> Self:
        """Return a snapshot with another state of the manager."""
        return type(self)(Parts(manager, self.parts.floors))

    def with_floor(self, floor: int, parts: FloorParts) -> Self:
        """Return a snapshot with other parts of a floor."""
        return type(self)(Parts(self.parts.manager, {**self.parts.floors, floor: parts}))

    def without_floors(self, floors: set[int]) -> Self:
        """Return a snapshot without some floors."""
        kept = {key: parts for key, parts in self.parts.floors.items() if key not in floors}
        return type(self)(Parts(self.parts.manager, kept))


EMPTY = EnlightedSnapshot(Parts(ManagerState(), {}))
