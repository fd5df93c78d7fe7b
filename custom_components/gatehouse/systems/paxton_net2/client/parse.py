"""Readers for what the server sends: keys in any case, types as they come (section 7.8)."""

from collections.abc import Callable, Iterator
import contextlib
import math
from typing import Final

import orjson

from .clock import ServerClock
from .errors import Net2ResponseError
from .models import (
    Door,
    DoorLockUpdate,
    DoorReport,
    DoorStatus,
    DoorStatusUpdate,
    NamedItem,
    RollCallItem,
    RollCallUpdate,
    User,
    UserToken,
)

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None
type JsonObject = dict[str, Json]

_TRUE: Final = frozenset({"true", "1", "yes"})
_FALSE: Final = frozenset({"false", "0", "no"})
_INT64: Final = 2**63


def load(body: bytes | str) -> Json:
    """Parse a JSON body.

    Raises:
        Net2ResponseError: If it is none.

    """
    try:
        value: Json = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Net2ResponseError("The answer is not JSON") from None
    return value


class Record:
    """A JSON object whose keys are found in any case and under any of several names.

    Names are given in lower case. A value of the wrong type counts as absent.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: JsonObject) -> None:
        """Take the fields of one object."""
        self._fields = {key.lower(): value for key, value in fields.items()}

    def value(self, *names: str) -> Json:
        """Return the first value that is not null."""
        for name in names:
            if (value := self._fields.get(name)) is not None:
                return value
        return None

    def integer(self, *names: str) -> int | None:
        """Return a whole number, also one written as text."""
        return as_integer(self.value(*names))

    def seconds(self, *names: str) -> float | None:
        """Return a positive, finite number, also one written as text."""
        value = self.value(*names)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            number = float(value)
        except ValueError, OverflowError:
            return None
        return number if 0 < number < math.inf else None

    def text(self, *names: str) -> str | None:
        """Return non-empty text; numbers are spelled out."""
        return as_text(self.value(*names))

    def boolean(self, *names: str) -> bool | None:
        """Return a truth value, also one written as a number or as text."""
        value = self.value(*names)
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word in _TRUE:
            return True
        return False if word in _FALSE else None

    def record(self, *names: str) -> Record | None:
        """Return a nested object."""
        value = self.value(*names)
        return Record(value) if isinstance(value, dict) else None


def as_integer(value: Json) -> int | None:
    """Return a JSON value as a whole number of 64 bits, None if it is none."""
    number = value if type(value) is int else None  # a bool is an int to isinstance
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            number = int(value)
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    return number if number is not None and -_INT64 <= number < _INT64 else None


def as_text(value: Json) -> str | None:
    """Return a JSON scalar as non-empty text, None if it is none."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def objects(value: Json) -> Iterator[Record]:
    """Yield every object in arbitrarily nested lists; anything else is left out."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield Record(item)
        elif isinstance(item, list):
            stack.extend(reversed(item))


def rows[T](
    value: Json, read: Callable[[Record], T | None], *, whole: bool = False
) -> tuple[T, ...]:
    """Return the readable rows of a list.

    Args:
        value: The answer.
        read: Reads one row; None means that it cannot be read.
        whole: Whether one unreadable row spoils the answer.

    Raises:
        Net2ResponseError: If it is no list, or spoilt.

    """
    if not isinstance(value, list):
        raise Net2ResponseError("The answer is not the list that was asked for")
    found = tuple(item for record in objects(value) if (item := read(record)) is not None)
    if whole and len(found) != len(value):
        raise Net2ResponseError("A part of the answer cannot be read")
    return found


def read_door(record: Record) -> Door | None:
    """Read a door (section 4.1)."""
    if (door_id := record.integer("id", "doorid")) is None:
        return None
    return Door(door_id, record.text("name") or str(door_id))


def read_door_report(record: Record) -> DoorReport | None:
    """Read a row of `/doors/status` (section 4.2)."""
    if (door := read_door(record)) is None:
        return None
    status = record.record("status")
    return DoorReport(door, None if status is None else _read_status(status))


def _read_status(record: Record) -> DoorStatus:
    return DoorStatus(
        relay_open=record.boolean("doorrelayopen"),
        contact_closed=record.boolean("doorcontactclosed"),
        alarm=record.boolean("alarmtripped"),
        tamper_ok=record.boolean("tampercontactclosed"),
        power_ok=record.boolean("psucontactclosed"),
        intruder_armed=record.boolean("intruderalarmarmed"),
    )


def read_status_update(record: Record) -> DoorStatusUpdate | None:
    """Read a message of the stream `doorStatusEvents`."""
    door_id = record.integer("deviceid", "doorid")
    status = record.record("status")
    if door_id is None or status is None:
        return None
    return DoorStatusUpdate(door_id, _read_status(status))


def read_lock_update(record: Record) -> DoorLockUpdate | None:
    """Read a message of the stream `doorEvents`."""
    door_id = record.integer("doorid", "deviceid")
    locked = record.boolean("locked")
    if door_id is None or locked is None:
        return None
    return DoorLockUpdate(door_id, locked)


def read_roll_call_update(record: Record) -> RollCallUpdate | None:
    """Read a message of the stream `rollCallEvents`; one of its two halves is filled."""
    if (report_id := record.integer("rollcallreportid")) is None:
        return None
    person = record.record("mustereventdata", "markedsaferecordeventdata")
    return RollCallUpdate(report_id, person.integer("userid") if person else None)


def read_named(record: Record) -> NamedItem | None:
    """Read anything that is an id and a name; areas call theirs `areaID`."""
    if (item_id := record.integer("id", "areaid")) is None:
        return None
    return NamedItem(item_id, record.text("name") or str(item_id))


def read_user(record: Record, clock: ServerClock) -> User | None:
    """Read a user (section 4.4) or an operator (section 4.6), and drop the PIN."""
    if (user_id := record.integer("id", "userid")) is None:
        return None
    return User(
        id=user_id,
        first_name=record.text("firstname") or "",
        last_name=record.text("lastname", "surname") or "",
        activates=clock.read(record.text("activatedate") or ""),
        expires=clock.read(record.text("expirydate") or ""),
    )


def read_token(record: Record) -> UserToken | None:
    """Read a user's token (section 4.5) without its number."""
    if (token_id := record.integer("id")) is None:
        return None
    return UserToken(
        token_id, record.text("tokentype") or "Unspecified", record.boolean("islost") or False
    )


def read_roll_call_item(record: Record) -> RollCallItem | None:
    """Read a person in a roll call (section 4.7); present or marked safe is safe."""
    if (user_id := record.integer("userid", "id")) is None:
        return None
    names = (record.text("firstname"), record.text("lastname", "surname"))
    return RollCallItem(
        user_id=user_id,
        name=" ".join(filter(None, names)) or record.text("name") or "",
        safe=record.value("musteredat", "markedsafeby") is not None,
        location=record.text("lastknownlocation"),
    )
