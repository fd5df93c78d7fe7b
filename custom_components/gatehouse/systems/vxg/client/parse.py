"""Readers for what a cloud sends: types as they come, unknown keys left alone (section 7.16)."""

from collections.abc import Callable
import contextlib
import math
from typing import Final

import orjson

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None
type JsonObject = dict[str, Json]

_WORDS: Final = {"on": True, "true": True, "off": False, "false": False}
_INT64: Final = 2**63


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


def as_list(value: Json) -> list[Json]:
    """Return a JSON array, an empty one if it is none."""
    return value if isinstance(value, list) else []


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


def as_boolean(value: Json) -> bool | None:
    """Return a truth value, also one written as on and off; None if it is none."""
    if isinstance(value, bool):
        return value
    return _WORDS.get(value.lower()) if isinstance(value, str) else None


def texts(value: Json) -> tuple[str, ...]:
    """Return the scalars of an array as text."""
    return tuple(text for item in as_list(value) if (text := as_text(item)) is not None)


def rows[T](items: list[Json], read: Callable[[JsonObject], T | None]) -> tuple[T, ...]:
    """Return the readable rows of a list; the others are left out."""
    objects = (item for item in items if isinstance(item, dict))
    return tuple(row for item in objects if (row := read(item)) is not None)
