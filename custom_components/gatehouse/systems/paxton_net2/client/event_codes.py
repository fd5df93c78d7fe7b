"""Net2's event codes (section 6) and the kinds they fall into.

The server's `eventDescription` is in the server's language; only the number counts.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What an event means to somebody standing at the door."""

    ACCESS_GRANTED = "access_granted"
    ACCESS_DENIED = "access_denied"
    DOOR_OPENED = "door_opened"
    DOOR_CLOSED = "door_closed"
    DOOR_FORCED = "door_forced"
    DOOR_HELD_OPEN = "door_held_open"
    TAMPER = "tamper"
    DURESS = "duress"
    KEYPAD_HACKER = "keypad_hacker"
    FIRE_ALARM = "fire_alarm"
    MAINS_FAILED = "mains_failed"
    DOORBELL = "doorbell"
    LOCKDOWN = "lockdown"
    LOCKDOWN_RESET = "lockdown_reset"
    CONTROLLER_OFFLINE = "controller_offline"
    CONTROLLER_ONLINE = "controller_online"
    BATTERY_LOW = "battery_low"
    BATTERY_CRITICAL = "battery_critical"
    OTHER = "other"


class Credential(StrEnum):
    """What was shown to the reader; the live stream's `tokenType` (section 5.7)."""

    TOKEN = "token"
    PIN = "pin"
    VEHICLE = "vehicle"
    CODE = "code"


CREDENTIALS: Final = (Credential.TOKEN, Credential.PIN, Credential.VEHICLE, Credential.CODE)


_CODES_BY_KIND: Final[Mapping[EventKind, tuple[int, ...]]] = {
    EventKind.ACCESS_GRANTED: (15, 20, 21, 22, 26, 27, 30, 110),
    EventKind.ACCESS_DENIED: (16, 17, 23, 24, 25, 31, 87, 88, 111, 112, 114),
    EventKind.DOOR_OPENED: (28, 46, 48, 140, 144),
    EventKind.DOOR_CLOSED: (29, 47, 49),
    EventKind.DOOR_FORCED: (92,),
    EventKind.DOOR_HELD_OPEN: (93,),
    EventKind.TAMPER: (90, 94),
    EventKind.DURESS: (95,),
    EventKind.KEYPAD_HACKER: (96,),
    EventKind.FIRE_ALARM: (85, 86),
    EventKind.MAINS_FAILED: (91,),
    EventKind.DOORBELL: (52,),
    EventKind.LOCKDOWN: (120, 300, 590),
    EventKind.LOCKDOWN_RESET: (121, 301, 591),
    EventKind.CONTROLLER_OFFLINE: (500,),
    EventKind.CONTROLLER_ONLINE: (501,),
    EventKind.BATTERY_LOW: (722,),
    EventKind.BATTERY_CRITICAL: (723,),
}

_KINDS: Final[Mapping[int, EventKind]] = {
    code: kind for kind, codes in _CODES_BY_KIND.items() for code in codes
}

#: Codes whose credential the number alone tells; REST events carry no `tokenType`.
_CREDENTIAL_OF_CODE: Final[Mapping[int, Credential]] = {
    20: Credential.TOKEN,
    21: Credential.TOKEN,
    22: Credential.TOKEN,
    23: Credential.TOKEN,
    24: Credential.PIN,
    25: Credential.CODE,
    26: Credential.PIN,
    27: Credential.CODE,
    30: Credential.VEHICLE,
    31: Credential.VEHICLE,
    87: Credential.PIN,
    88: Credential.TOKEN,
}


def kind_of(code: int) -> EventKind:
    """Return the kind of an event code; codes without a kind of their own are `OTHER`."""
    return _KINDS.get(code, EventKind.OTHER)


def credential_of(code: int) -> Credential | None:
    """Return the credential that a code by itself tells of."""
    return _CREDENTIAL_OF_CODE.get(code)
