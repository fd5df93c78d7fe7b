"""What a Net2 server tells, parsed once and frozen.

Card numbers, PINs and tokens are not part of any model: they stay within this client. A
card number survives only inside `AccessEvent.key`, as a keyed digest.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .event_codes import Credential, EventKind


@dataclass(frozen=True, slots=True)
class Door:
    """A door; its id is the controller's serial number (section 1.5)."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class DoorStatus:
    """The six booleans of section 4.2, in words; None where the server leaves one out."""

    relay_open: bool | None = None
    contact_closed: bool | None = None
    alarm: bool | None = None
    tamper_ok: bool | None = None
    power_ok: bool | None = None
    intruder_armed: bool | None = None


class Direction(StrEnum):
    """Which of a door's two readers; in the device's name as `(In)` or `(Out)`."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """One event, from the live stream (no `id`) or read back by REST.

    `time` is aware, in UTC. `key` is equal for the two copies of one event (section 7.5):
    time to the second, code, user, door and a keyed digest of the card number.
    """

    time: datetime
    code: int
    sub_code: int
    kind: EventKind
    door_id: int | None
    key: str
    user_id: int | None = None
    user_name: str | None = field(default=None, repr=False)
    credential: Credential | None = None
    direction: Direction | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class DoorReport:
    """A door as `/doors/status` tells of it; status is None where the server leaves it out."""

    door: Door
    status: DoorStatus | None


@dataclass(frozen=True, slots=True)
class DoorStatusUpdate:
    """A door's status, pushed."""

    door_id: int
    status: DoorStatus


@dataclass(frozen=True, slots=True)
class DoorLockUpdate:
    """A door's lock, pushed (`doorEvents`): the relay alone."""

    door_id: int
    locked: bool


@dataclass(frozen=True, slots=True)
class RollCallUpdate:
    """Somebody was marked safe, or unsafe again, in a roll call."""

    report_id: int
    user_id: int | None


@dataclass(frozen=True, slots=True)
class StreamConnected:
    """The live stream is up and every subscription was answered or timed out.

    `failed_doors` are those the server refused to subscribe.
    """

    failed_doors: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class StreamDisconnected:
    """The live stream is down; `reason` names the error's class, never its content."""

    reason: str


type StreamMessage = (
    AccessEvent
    | DoorStatusUpdate
    | DoorLockUpdate
    | RollCallUpdate
    | StreamConnected
    | StreamDisconnected
)


@dataclass(frozen=True, slots=True)
class NamedItem:
    """An access level, area, department, time zone, door group or roll call report."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class UserToken:
    """A card or fob of a user; its number is not kept. Id 0 is valid."""

    id: int
    type: str
    is_lost: bool


@dataclass(frozen=True, slots=True)
class User:
    """A person known to Net2. The PIN that the server sends along is dropped at once."""

    id: int
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    activates: datetime | None = None
    expires: datetime | None = None

    @property
    def name(self) -> str:
        """First and last name, as a person would say it."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to create; `expires` and `pin` make a visitor of them."""

    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    access_levels: tuple[int, ...] = ()
    department_id: int | None = None
    activates: datetime | None = None
    expires: datetime | None = None
    pin: str | None = field(default=None, repr=False)
    card_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RollCallItem:
    """A person in a roll call report."""

    user_id: int
    name: str = field(repr=False)
    safe: bool = False
    location: str | None = None


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What the server says of itself; None where this version does not tell."""

    version: str | None = None
    product: str | None = None


class Relay(StrEnum):
    """A door controller's relays."""

    ONE = "Relay1"
    TWO = "Relay2"
