"""Readers for what a gateway sends: types as they come, unknown keys left alone.

A v1 heritage: numbers may be text, and truth may be "Yes" (section 7.9).
"""

from collections.abc import Callable, Iterator
import contextlib
from datetime import datetime
import math
import re
from typing import Final

import orjson

from .clock import GatewayClock
from .errors import TableTrackerResponseError
from .models import (
    GatewayInfo,
    GatewaySettings,
    OrderSummary,
    OrderType,
    Repeater,
    Statistics,
    TokenInfo,
    Tracker,
)

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None
type JsonObject = dict[str, Json]

_WORDS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_STATUSES: Final = {"ACTIVE": True, "INACTIVE": False}
_INT64: Final = 2**63
_ORDER_TYPES: Final = {
    "ON_PREMISE": OrderType.ON_PREMISE,
    "ON_PREMISES": OrderType.ON_PREMISE,
    "TO_GO": OrderType.TO_GO,
}

#: What `/gateway` may call its own things (section 4.11), without case and punctuation.
_SERIAL: Final = frozenset({"serial", "serialnumber", "serialno"})
_MAC: Final = frozenset({"mac", "macaddress", "macaddr", "ethernetmac", "hwaddress"})
_VERSION: Final = frozenset({"version", "firmware", "firmwareversion", "softwareversion"})
_MODEL: Final = frozenset({"model", "modelname", "devicemodel", "product"})


def load(body: bytes | str) -> JsonObject | None:
    """Parse a JSON object; None if it is none."""
    try:
        value: Json = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def as_object(value: Json) -> JsonObject:
    """Return a JSON object, an empty one if it is none."""
    return value if isinstance(value, dict) else {}


def as_text(value: Json) -> str | None:
    """Return a JSON scalar as non-empty text, None if it is none."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def as_number(value: Json) -> float | None:
    """Return a JSON value as a finite number, None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def as_integer(value: Json) -> int | None:
    """Return a JSON value as a whole number of 64 bits, None if it is none."""
    number = value if type(value) is int else None  # a bool is an int to isinstance
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            number = int(value)
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    return number if number is not None and -_INT64 <= number < _INT64 else None


def as_boolean(value: Json) -> bool:
    """Return a truth value, also one written as a word; what is none is false."""
    return value if isinstance(value, bool) else _WORDS.get(str(value).lower(), False)


def as_order_type(value: Json) -> OrderType:
    """Return an order's type; a new one is taken for the one of nearest sense."""
    text = (as_text(value) or "").upper()
    if known := _ORDER_TYPES.get(text):
        return known
    return OrderType.TO_GO if "GO" in text else OrderType.ON_PREMISE


def listed(answer: JsonObject, *names: str) -> list[Json]:
    """Return the list that an answer holds; its `count` is not trusted (section 7.13).

    Raises:
        TableTrackerResponseError: If it holds none.

    """
    for name in names:
        if isinstance(value := answer.get(name), list):
            return value
    raise TableTrackerResponseError("The answer lacks the list that was asked for")


def rows[T](items: list[Json], read: Callable[[JsonObject], T | None]) -> tuple[T, ...]:
    """Return the readable rows of a list; the others are left out."""
    objects = (item for item in items if isinstance(item, dict))
    return tuple(row for item in objects if (row := read(item)) is not None)


def _first(fields: JsonObject, *names: str) -> Json:
    """Return the first value that is not null."""
    return next((value for name in names if (value := fields.get(name)) is not None), None)


def _time(clock: GatewayClock, value: Json) -> datetime | None:
    return clock.read(value) if isinstance(value, str) else None


def read_summary(row: JsonObject, clock: GatewayClock) -> OrderSummary | None:
    """Read an order of the history (section 4.4), of the gateway's or of the cloud's shape."""
    uuid, number = as_text(row.get("uuid")), as_text(row.get("name"))
    if uuid is None or number is None:
        return None
    return OrderSummary(
        uuid=uuid,
        number=number,
        order_type=as_order_type(row.get("orderType")),
        table=as_text(row.get("locationName")),
        started_at=_time(clock, row.get("orderStarted")),
        located_at=_time(clock, row.get("orderLocated")),
        cleared_at=_time(clock, row.get("orderCleared")),
        paged_at=_time(clock, row.get("orderPaged")),
        cleared_reason=as_text(row.get("orderClearedReason")),
    )


def read_statistics(answer: JsonObject) -> Statistics:
    """Read the statistics (section 4.5), which v1 did not wrap."""
    fields = as_object(answer.get("statistics")) or answer
    return Statistics(
        orders_today=as_integer(fields.get("ordersToday")),
        average_seconds=as_number(fields.get("averageSeconds")),
        target_seconds=as_number(fields.get("targetTime")),
        percent_within_target=as_number(fields.get("percentGoal")),
    )


def read_settings(fields: JsonObject) -> GatewaySettings:
    """Read the settings (section 4.6)."""
    return GatewaySettings(
        target_seconds=as_integer(fields.get("targetTimeDefault")),
        time_zone=as_text(fields.get("timezone")),
        zigbee_preset=as_text(fields.get("zigbeePreset")),
    )


def read_gateway(answer: JsonObject) -> GatewayInfo:
    """Read whatever the gateway says of itself, however it is nested and spelled."""
    found: dict[str, str] = {}
    for name, value in _scalars(answer):
        found.setdefault(re.sub(r"[\W_]", "", name).lower(), value)

    def named(names: frozenset[str]) -> str | None:
        return next((value for name, value in found.items() if name in names), None)

    return GatewayInfo(named(_SERIAL), named(_MAC), named(_VERSION), named(_MODEL))


def _scalars(answer: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield every scalar by its name, the outer ones first."""
    level: list[Json] = [answer]
    while level:
        deeper: list[Json] = []
        for item in level:
            for name, value in item.items() if isinstance(item, dict) else ():
                if (text := as_text(value)) is not None:
                    yield name, text
                elif isinstance(value, dict):
                    deeper.append(value)
                elif isinstance(value, list):
                    deeper += value
        level = deeper


def read_repeater(row: JsonObject, clock: GatewayClock) -> Repeater | None:
    """Read a repeater (section 4.7)."""
    if (address := as_text(row.get("extendedAddress"))) is None:
        return None
    return Repeater(
        address=address,
        label=as_text(row.get("label")),
        active=_is_active(row),
        model=as_text(row.get("deviceModel")),
        firmware=as_text(row.get("firmwareVersion")),
        hardware=as_text(row.get("hardwareVersion")),
        remaining_children=as_integer(row.get("remainingChildren")),
        last_seen=_time(clock, row.get("lastSeen")),
    )


def read_tracker(row: JsonObject, clock: GatewayClock) -> Tracker | None:
    """Read a tracker, whose fields are not documented (section 4.11)."""
    if (number := as_text(_first(row, "name", "number", "trackerNumber"))) is None:
        return None
    return Tracker(
        number=number,
        active=_is_active(row),
        firmware=as_text(row.get("firmwareVersion")),
        battery=as_integer(_first(row, "battery", "batteryLevel")),
        last_seen=_time(clock, row.get("lastSeen")),
    )


def _is_active(row: JsonObject) -> bool | None:
    return _STATUSES.get((as_text(row.get("status")) or "").upper())


def read_token(fields: JsonObject, clock: GatewayClock) -> TokenInfo:
    """Read a token's description (section 4.1), and drop the address of who uses it."""
    return TokenInfo(
        name=as_text(fields.get("name")),
        created=_time(clock, fields.get("creation_date")),
        last_used=_time(clock, fields.get("last_used")),
    )
