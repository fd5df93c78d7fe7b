"""One reading of JSON and XML: both become the same rows (section 3.0 and appendix C).

Jersey writes every scalar as text, a list of one as its only element, and nothing, or the
word null, for an empty one; newer methods write real arrays and numbers. The case of keys and
the blanks, hyphens and underscores in them differ between methods. Nothing of that gets past
this module.
"""

from collections.abc import Callable, Iterator
import math
from typing import Final
from xml.etree import ElementTree as ET

import orjson

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None

_INT64: Final = 2**63
_WORDS: Final = {"true": True, "1": True, "false": False, "0": False}
#: How far into an answer a web page says that it is one.
_BEGINNING: Final = 1024
_FOLDED: Final[dict[str, str]] = {}
#: Different spellings are few; whoever sends more of them than this is no manager.
_MOST_SPELLINGS: Final = 4096


class Unreadable(Exception):  # it never leaves the client
    """A body is neither JSON nor XML."""


def is_web_page(body: bytes) -> bool:
    """Tell whether a body is HTML, such as the login page that a redirect leads to."""
    start = body[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith(b"<") and b"<html" in start
    )


def decode(body: bytes) -> Json:
    """Return what a body holds; XML as its JSON would be, without the root.

    Raises:
        Unreadable: It is neither.

    """
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        return None
    if text.startswith(b"<"):
        return _decode_xml(text)
    try:
        value: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Unreadable from None
    return value


def _decode_xml(text: bytes) -> Json:
    # No method needs a document type, and entities are what makes XML dangerous. Whatever encoding
    # is declared, it is read as what it was looked through as.
    try:
        document = text.decode()
        # UTF-16 is recognised by its zero bytes, whatever else is said.
        if "<!" in document or "\0" in document:
            raise Unreadable
        return _of_element(ET.fromstring(document))
    except UnicodeDecodeError, ET.ParseError, RecursionError:
        raise Unreadable from None


def _of_element(element: ET.Element) -> Json:
    if not len(element):
        # Blanks alone are how an empty list looks when it is written prettily.
        return element.text if element.text and not element.text.isspace() else None
    found: dict[str, Json] = {}
    for child in element:
        value, name = _of_element(child), child.tag.rpartition("}")[2]
        if name not in found:
            found[name] = value
        elif isinstance(known := found[name], list):
            known.append(value)
        else:
            found[name] = [known, value]
    return found


def fold(key: str) -> str:
    """Return a key without what its spellings differ in (gotcha 5)."""
    folded = _FOLDED.get(key)
    if folded is None:
        folded = "".join(c for c in key.casefold() if c not in "-_ ")
        if len(_FOLDED) < _MOST_SPELLINGS:
            _FOLDED[key] = folded
    return folded


class Row:
    """One record of an answer, read by names that are written in small letters alone."""

    __slots__ = ("_fields",)

    def __init__(self, fields: dict[str, Json]) -> None:
        """Take a record as it came; the first of keys that are alike counts."""
        self._fields: dict[str, Json] = {}
        for key, value in fields.items():
            self._fields.setdefault(fold(key), value)

    def value(self, *names: str) -> Json:
        """Return the first of several names that is there, whatever it is."""
        for name in names:
            if (value := self._fields.get(name)) is not None:
                return value
        return None

    def text(self, *names: str) -> str | None:
        """Return non-empty text."""
        value = self.value(*names)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        return str(value).strip() or None

    def number(self, *names: str) -> float | None:
        """Return a finite number."""
        return as_number(self.value(*names))

    def integer(self, *names: str) -> int | None:
        """Return a whole number of 64 bits."""
        return as_integer(self.value(*names))

    def flag(self, *names: str) -> bool | None:
        """Return a truth value."""
        value = self.value(*names)
        if isinstance(value, bool):
            return value
        return _WORDS.get(str(value).strip().casefold())

    def rows(self, *names: str) -> list[Row]:
        """Return the records below a name, and below another one there."""
        try:
            return list(rows(self.value(*names), *names))
        except Unreadable:
            return []


def records(value: Json, *wrappers: str) -> list[dict[str, Json]]:
    """Return the records of an answer, below whichever of the `wrappers` there is.

    The names of many wrappers are not documented. What is wrapped twice (appendix C 3 and 5) is
    unwrapped twice; an answer without any wrapper is the list, or the record, itself.

    Raises:
        Unreadable: There is something else than records.

    """
    while isinstance(value, dict):
        names = {fold(key): key for key in value}
        wrapper = next((names[each] for each in wrappers if each in names), None)
        if wrapper is None:
            return [value] if value else []
        value = value[wrapper]
    if value is None or value == "":
        return []
    if isinstance(value, list):
        found = [item for item in value if isinstance(item, dict)]
        if found or not any(value):
            return found
    raise Unreadable


def rows(value: Json, *wrappers: str) -> Iterator[Row]:
    """Return the records of an answer, to be read by name."""
    return map(Row, records(value, *wrappers))


def read_all[T](found: Iterator[Row] | list[Row], read: Callable[[Row], T | None]) -> tuple[T, ...]:
    """Return what can be read of records; the others are left out."""
    return tuple(item for row in found if (item := read(row)) is not None)


def as_number(value: Json) -> float | None:
    """Return a finite number, which may be written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def as_integer(value: Json) -> int | None:
    """Return a whole number of 64 bits, which may be written as text or with a fraction of 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = int(value) if not isinstance(value, float) else round(value)
    except ValueError:
        fraction = as_number(value)
        if fraction is None or not fraction.is_integer():
            return None
        number = int(fraction)
    except OverflowError:
        return None
    return number if -_INT64 <= number < _INT64 else None
