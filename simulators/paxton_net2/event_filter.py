"""The SQL-like `where` and `orderBy` of `GET /events` (section 3.4)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
import re
from typing import Final

from .events import Event
from .wire import BadRequestError, read_time

type Value = int | str | datetime | None
type Test = Callable[[Event], bool]

type Column = Callable[[Event, tzinfo], Value]

_COLUMNS: Final[Mapping[str, Column]] = {
    "id": lambda event, _: event.id,
    "eventid": lambda event, _: event.id,
    # The server keeps local times: in the hour that DST repeats, they are ambiguous.
    "eventtime": lambda event, zone: event.time.astimezone(zone).replace(tzinfo=None),
    "eventtype": lambda event, _: event.code,
    "eventsubtype": lambda event, _: event.sub_code,
    "address": lambda event, _: event.door_id,
    "userid": lambda event, _: event.user_id,
    "cardno": lambda event, _: event.card_number,
    "firstname": lambda event, _: event.first_name,
    "surname": lambda event, _: event.surname,
    "devicename": lambda event, _: event.device_name,
    "priority": lambda event, _: event.priority,
}

#: By how the left side compares: less, equal, greater.
_COMPARISONS: Final[Mapping[str, tuple[bool, bool, bool]]] = {
    "=": (False, True, False),
    "<>": (True, False, True),
    "!=": (True, False, True),
    "<": (True, False, False),
    "<=": (True, True, False),
    ">": (False, False, True),
    ">=": (False, True, True),
}

_WORD: Final = re.compile(
    r"\s*(?:(?P<text>N?'(?:[^']|'')*')|(?P<sign><=|>=|<>|!=|[<>=()])|(?P<word>[\w.+-]+))"
)


def compile_filter(where: str, zone: tzinfo) -> Test:
    """Return a test of events; times in quotes are the server's local time.

    Raises:
        BadRequestError: The filter cannot be understood.
    """
    return _Parser(where, zone).whole() if where.strip() else lambda _: True


def sort_events(events: Iterable[Event], order_by: str, zone: tzinfo) -> list[Event]:
    """Return the events in the order asked for, newest first by default."""
    name, _, direction = (order_by.strip() or "id DESC").partition(" ")
    column = _COLUMNS.get(name.lower())
    if column is None or direction.strip().upper() not in {"", "ASC", "DESC"}:
        raise BadRequestError("orderBy is not understood")
    descending = direction.strip().upper() == "DESC"
    # Nulls come first, as in SQL Server.
    return sorted(
        events,
        key=lambda event: (column(event, zone) is not None, column(event, zone)),
        reverse=descending,
    )


class _Parser:
    """Reads comparisons joined by AND and OR, with brackets."""

    def __init__(self, where: str, zone: tzinfo) -> None:
        self._words = _split(where)
        self._zone = zone

    def whole(self) -> Test:
        test = self._any()
        if self._words:
            raise BadRequestError(f"where is not understood at {self._words[0]!r}")
        return test

    def _any(self) -> Test:
        tests = [self._all()]
        while self._next_is("OR"):
            tests.append(self._all())
        return lambda event: any(test(event) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._next_is("AND"):
            tests.append(self._one())
        return lambda event: all(test(event) for test in tests)

    def _one(self) -> Test:
        if self._next_is("("):
            test = self._any()
            if not self._next_is(")"):
                raise BadRequestError("where lacks a bracket")
            return test
        name, sign = self._take().lower(), self._take()
        column, holds = _COLUMNS.get(name), _COMPARISONS.get(sign)
        if column is None or holds is None:
            raise BadRequestError("where is not understood")
        literal = self._literal(self._take())
        if name == "eventtime":
            time = read_time(str(literal), self._zone)
            literal = time.astimezone(self._zone).replace(tzinfo=None)

        def compares(event: Event) -> bool:
            order = _order(column(event, self._zone), literal)
            return order is not None and holds[order]

        return compares

    def _literal(self, word: str) -> Value:
        if word.startswith(("'", "N'")):
            return word.removeprefix("N")[1:-1].replace("''", "'")
        try:
            return int(word)
        except ValueError:
            raise BadRequestError(f"{word!r} is not a value") from None

    def _take(self) -> str:
        if not self._words:
            raise BadRequestError("where ends too early")
        return self._words.pop(0)

    def _next_is(self, word: str) -> bool:
        if self._words and self._words[0].upper() == word:
            self._words.pop(0)
            return True
        return False


def _order(left: Value, right: Value) -> int | None:
    """Return 0, 1 or 2 for less, equal, greater; None where SQL's null compares with nothing."""
    if isinstance(left, int) and isinstance(right, int):
        return _sign(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return _sign(left, right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _sign(left, right)
    return None


def _sign[T: (int, str, datetime)](left: T, right: T) -> int:
    return 1 + (left > right) - (left < right)


def _split(where: str) -> list[str]:
    words, position = [], 0
    while position < len(where.rstrip()):
        match = _WORD.match(where, position)
        if match is None:
            raise BadRequestError(f"where is not understood at {where[position:]!r}")
        words.append(match.group().strip())
        position = match.end()
    return words
