"""Fixtures, which are sensors: their level, what they see, and what they told last.

A sensor decides by itself (1.1). Nothing here has a timer: the level of every moment follows from
the profile, from people and from overrides, each with its beginning and its end.
"""

from dataclasses import dataclass, field
import math
from typing import Final, NamedTuple

from .gateways import Gateway
from .presence import MEMORY, VACANCY, Spans, Zone
from .usage import Lamp

#: Seconds between two reports of a sensor.
INTERVAL: Final = 300.0
_NO_LAMP: Final = Lamp(0.0, 0.0, 0.0, 0.0)
LIGHTS: Final = frozenset({"Fixtured", "Emergency"})
#: The classes of the API, and the kinds that each takes in (1.1).
CLASSES: Final = {
    "fixtured": LIGHTS,
    "emergency": frozenset({"Emergency"}),
    "fixtureless": frozenset({"Fixtureless", "Desk"}),
    "desk": frozenset({"Desk"}),
}


@dataclass(slots=True)
class Profile:
    """What a sensor does by itself; its id is the `groupId` of fixtures."""

    id: int
    name: str
    #: Profiles of a template can take each other's place.
    template: str
    #: Levels with and without people.
    occupied: int
    vacant: int
    #: The active motion window: seconds that the light stays after the last motion.
    window: float = 600.0
    #: Whether motion does not switch it on (6.15).
    is_manual_on: bool = False

    def level(self, zone: Zone, moment: float) -> int:
        """Return the level that this profile wants in a place."""
        if self.is_manual_on or not zone.presence.covers(moment, self.window):
            return self.vacant
        return self.occupied


@dataclass(slots=True)
class Override:
    """A level, or a color in kelvin, that was set for a time."""

    start: float
    until: float
    value: int

    @property
    def level(self) -> int:
        """The level, if it is one of levels."""
        return self.value


class Report(NamedTuple):
    """What a sensor tells of five minutes."""

    captured: float
    #: Mean watts, degrees Fahrenheit, lux, mean level in per cent (-1 without light).
    power: float
    temperature: int
    lux: int
    dim: int
    last_communication: float
    #: 60 bits, one for each five seconds; the newest is the lowest.
    motion: int


@dataclass(slots=True)
class Fixture:
    """A fixture."""

    id: int
    name: str
    #: The three bytes of its radio address.
    mac: tuple[int, int, int]
    kind: str
    x: int
    y: int
    floor_id: int
    zone: Zone
    profile: Profile
    gateway: Gateway
    #: Full power.
    watts: float
    #: Seconds after the five minutes until its report is there.
    jitter: float
    #: How much of the daylight reaches it (0 to 1).
    exposure: float = 0.0
    area_id: int | None = None
    tunable: bool = False
    model: str = "SU-5E-01"
    ble_mode: str = "SCAN"
    overrides: list[Override] = field(default_factory=list)
    colors: list[Override] = field(default_factory=list)
    outages: Spans = field(default_factory=Spans)
    #: Somebody at the desk, if it is a desk sensor.
    seat: Spans = field(default_factory=Spans)
    #: What was known last when it fell silent.
    frozen: Report | None = None
    #: When it was installed, if that was after the building was put up.
    since: float = -math.inf
    #: When it was asked to report at once.
    refreshed: float = 0.0
    #: Since when its lamp is broken.
    broken_since: float = math.inf

    @property
    def group_id(self) -> int:
        """The id of its profile."""
        return self.profile.id

    @property
    def short_mac(self) -> str:
        """Its radio address as the interface writes it: without zeros at the front of a byte."""
        return ":".join(f"{byte:x}" for byte in self.mac)

    @property
    def has_light(self) -> bool:
        """Whether it controls light."""
        return self.kind in LIGHTS

    @property
    def lamp(self) -> Lamp:
        """All that its use of energy depends on."""
        if not self.has_light:
            return _NO_LAMP
        occupied, vacant = self.profile.occupied / 100.0, self.profile.vacant / 100.0
        return Lamp(self.watts, occupied, vacant, self.exposure)

    @property
    def is_online(self) -> bool:
        """Whether the manager reaches it."""
        return not self.outages.is_open and self.gateway.is_okay

    @property
    def silent_since(self) -> float:
        """When it fell silent, if it is."""
        starts = [each.since for each in (self.outages, self.gateway.outages) if each.is_open]
        return min(starts, default=math.inf)

    def was_reached(self, moment: float) -> bool:
        """Return whether the manager reached it at a moment."""
        return not (self.outages.covers(moment) or self.gateway.outages.covers(moment))

    def override(self, now: float) -> Override | None:
        """Return the level that is set, if one is."""
        return _at(self.overrides, now)

    def color_override(self, now: float) -> Override | None:
        """Return the color that is set, if one is."""
        return _at(self.colors, now)

    def level(self, now: float) -> int:
        """Return the level of a moment of the last two hours: 0 to 100, or -1 without light."""
        if not self.has_light:
            return -1
        set_by_hand = _at(self.overrides, now)
        wanted = set_by_hand.level if set_by_hand else self.profile.level(self.zone, now)
        return lowered(self.zone, wanted, now)

    def power(self, now: float) -> float:
        """Return the watts of a moment."""
        return 0.0 if now >= self.broken_since else self.watts * max(0, self.level(now)) / 100.0

    def is_occupied(self, now: float) -> bool:
        """Return whether it calls its place occupied: until 90 s after the last motion."""
        spans = self.seat if self.kind == "Desk" else self.zone.presence
        return spans.covers(now, VACANCY)

    def set_level(self, level: int, now: float, seconds: float) -> None:
        """Set a level for a time. A color that is set ends with it (6.10)."""
        _replace(self.overrides, Override(now, now + seconds, level))
        if color := self.color_override(now):
            color.until = now + seconds

    def set_color(self, kelvin: int, now: float, seconds: float) -> None:
        """Set a color for a time, or for as long as the level that is set (6.10)."""
        dim = self.override(now)
        _replace(self.colors, Override(now, dim.until if dim else now + seconds, kelvin))

    def release(self, now: float) -> None:
        """Let the profile decide again."""
        for each in (*self.overrides, *self.colors):
            each.until = min(each.until, now)


def lowered(zone: Zone, level: int, moment: float) -> int:
    """Return what demand response leaves of a level."""
    if zone.demand.is_quiet():
        return level
    return round(level * (1.0 - zone.demand.reduction(zone.floor_id, moment)))


def _at(overrides: list[Override], moment: float) -> Override | None:
    for each in reversed(overrides):
        if each.start <= moment < each.until:
            return each
    return None


def _replace(overrides: list[Override], new: Override) -> None:
    for each in overrides:
        each.until = min(each.until, new.start)
    overrides[:] = [each for each in overrides if each.until > new.start - MEMORY]
    overrides.append(new)
