"""What a manager has, as frozen records. Ids are small numbers, each of its own kind (gotcha 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, IntFlag, StrEnum


class SensorClass(StrEnum):
    """What a sensor does (section 1.1)."""

    FIXTURED = "Fixtured"
    EMERGENCY = "Emergency"
    FIXTURELESS = "Fixtureless"
    DESK = "Desk"


class Occupancy(IntEnum):
    """Whether somebody is there, or why that is not known (section 3.5)."""

    OCCUPIED = 1
    VACANT = 0
    FAULT = -1
    UNLICENSED = -2
    UNKNOWN = -3


@dataclass(frozen=True, slots=True)
class Company:
    """The company; `time_zone` is the name that the manager's times are in."""

    name: str
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor, which everything else is on."""

    id: int
    name: str
    building: str | None = None
    campus: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a floor; without a zone sensor nobody knows whether it is occupied."""

    id: int
    name: str
    has_zone_sensor: bool | None


@dataclass(frozen=True, slots=True)
class AreaOccupancy:
    """Whether somebody is in an area; area 0 stands for what is in no area (gotcha 16)."""

    id: int
    occupancy: Occupancy


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway; its `mac` is whole, with a zero before each single digit."""

    id: int
    name: str
    mac: str | None
    is_okay: bool | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Fixture:
    """A sensor and, but for two classes, the light it controls."""

    id: int
    name: str
    kind: SensorClass
    #: Three bytes, with a zero before each single digit: no MAC of the whole world.
    address: str | None
    #: The id of its profile.
    profile: int | None

    @property
    def has_light(self) -> bool:
        """Whether there is something to dim (gotcha 23)."""
        return self.kind in (SensorClass.FIXTURED, SensorClass.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sensor reported of its last five minutes."""

    #: Watts, on average.
    power: float | None = None
    #: Degrees Celsius, at the ceiling and inside of the luminaire.
    temperature: float | None = None
    #: About lux, at the lens.
    lux: float | None = None
    #: Percent, on average; None where there is no light.
    level: int | None = None


@dataclass(frozen=True, slots=True)
class FloorReadings:
    """The latest reading of each sensor of a floor, and when it was seen."""

    readings: Mapping[int, Reading]
    #: When each sensor was last heard of.
    seen: Mapping[int, datetime]
    #: The end of the interval that each reading is about, or its start: nobody says which.
    captured: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Motion:
    """How much of five minutes there was motion before a sensor (section 4.6)."""

    percent: float
    captured: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile that a fixture can have."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class FixtureProfiles:
    """The profile that a fixture has, and those that it could have."""

    current: Profile | None
    applicable: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class SwitchGroup:
    """A group of lights that a wall switch controls."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene of a switch. Which was applied last nobody knows."""

    id: int
    name: str
    order: int


@dataclass(frozen=True, slots=True)
class Switch:
    """The switch of a group: its id is another than the group's (appendix C 1)."""

    id: int
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, slots=True)
class SceneLevel:
    """How bright, and how white, a scene makes a fixture."""

    scene_id: int | None
    fixture_id: int
    level: int | None
    #: Kelvin; None where the fixture's white is not tunable.
    color: int | None


@dataclass(frozen=True, slots=True)
class PlugLoad:
    """A receptacle with an outlet that can be switched and one that cannot."""

    id: int
    name: str
    is_on: bool | None
    address: str | None


@dataclass(frozen=True, slots=True)
class PlugLoadDetails:
    """What is told of a receptacle when it is asked by itself."""

    is_active: bool | None
    voltage: float | None
    version: str | None


@dataclass(frozen=True, slots=True)
class WindowEnergy:
    """The energy of the last closed window in Wh: of lights, and of receptacles."""

    end: datetime
    lighting: float | None
    plug_load: float | None


@dataclass(frozen=True, slots=True)
class PlugLoadEnergy:
    """The energy of a receptacle's two outlets in the last closed window, in Wh."""

    end: datetime
    managed: float | None
    unmanaged: float | None


@dataclass(frozen=True, slots=True)
class EnergyWindow:
    """The energy of a floor's lights in one window, in Wh, and what of it was saved by what."""

    start: datetime
    energy: float
    base: float
    saved: float
    occupancy: float
    daylight: float
    tuning: float
    manual: float


class EmergencyMode(IntFlag):
    """What an emergency driver is doing (DALI part 202)."""

    REST = 1
    NORMAL = 2
    EMERGENCY = 4
    EXTENDED = 8
    FUNCTION_TEST = 16
    DURATION_TEST = 32


class EmergencyFailure(IntFlag):
    """What is wrong with an emergency driver (DALI part 202)."""

    CIRCUIT = 1
    BATTERY_DURATION = 2
    BATTERY = 4
    LAMP = 8
    FUNCTION_TEST_LATE = 16
    DURATION_TEST_LATE = 32
    FUNCTION_TEST_FAILED = 64
    DURATION_TEST_FAILED = 128


@dataclass(frozen=True, slots=True)
class EmergencyStatus:
    """The last test of an emergency driver, and how it is."""

    started: datetime | None
    completed: datetime | None
    failures: EmergencyFailure | None
    mode: EmergencyMode | None
    #: Percent; None where the driver does not know it.
    battery: float | None
    #: How long the lamp burnt from the battery.
    duration: timedelta | None


class PriceLevel(StrEnum):
    """How hard a demand response is (section 3.11)."""

    LOW = "LOW"
    MODERATE = "MODERATE"
    HIGH = "HIGH"
    SPECIAL = "SPECIAL"


@dataclass(frozen=True, slots=True)
class DemandResponse:
    """A demand-response event; prices are in whatever the manager counts in (gotcha 29)."""

    identifier: str
    level: PriceLevel | None
    start: datetime | None
    duration: timedelta | None
    price: float | None = None

    def is_active(self, now: datetime) -> bool:
        """Tell whether it is going on."""
        if self.start is None or self.duration is None:
            return False
        return self.start <= now < self.start + self.duration
