"""The statistics of a floor, read at about the price of parsing them.

A large site reports 18,000 sensors every five minutes, and most of them report what they did
before. What a row says is therefore compared as it came, and only what differs is read.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import compress, groupby
from operator import itemgetter, ne
from sys import intern
from typing import Final, NamedTuple

from .decode import Json, as_integer, as_number, fold
from .models import FloorReadings, Reading

_ID: Final = "id"
_CAPTURED: Final = "capturetime"
_HEARD: Final = "lastcommunicationtime"
#: What a row reports, each by its spellings.
_REPORTED: Final = (("power",), ("temperature",), ("lightlevel",), ("avgdimlevel", "dimlevel"))
_FIELDS: Final = ((_ID,), (_CAPTURED,), (_HEARD,), *_REPORTED)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

type Row = dict[str, Json]
type Clock = Callable[[Json], datetime | None]


class _Known(NamedTuple):
    """A sensor, and what it reported."""

    sensor: int
    reading: Reading


class ReadingsReader:
    """Reads the rows of one floor, and knows what they said the last time."""

    def __init__(self) -> None:
        """Know nothing yet."""
        #: What each row says, as it came and as it was read, by its id as that came.
        self._reported: dict[Json, tuple[Json, ...]] = {}
        self._known: dict[Json, _Known] = {}

    def read(self, rows: Sequence[Row], clock: Clock) -> FloorReadings:
        """Return the latest reading of each sensor; one that is as before is the same object.

        Args:
            rows: In any order, some of each sensor. Those that cannot be read are left out.
            clock: Reads the manager's times.

        """
        try:
            return self._read_alike(rows, clock)
        except KeyError, TypeError:
            # Keys differ where nothing is written for what is unknown, or what matters is no text.
            return self._read_alike(list(_alike(rows)), clock)

    def _read_alike(self, rows: Sequence[Row], clock: Clock) -> FloorReadings:
        """Read rows with the same keys in each, which are all of them as a rule.

        Nothing here is done row by row that can be done with all of them at once.

        Raises:
            KeyError: They have not.
            TypeError: An id or a time is neither text nor a number.

        """
        if not rows:
            return FloorReadings({}, {}, {})
        names = {fold(key): key for key in reversed(rows[0])}
        number, captured = itemgetter(names[_ID]), itemgetter(names[_CAPTURED])
        heard = itemgetter(names[_HEARD]) if _HEARD in names else captured
        ends = list(map(captured, rows))
        moments = {text: clock(text) or _LONG_AGO for text in set(ends)}
        # One interval comes after the other as a rule.
        order = [moments[text] for text, _ in groupby(ends)]
        if order != sorted(order):
            rows = sorted(rows, key=lambda row: moments[captured(row)])
        # Of the rows of a sensor the last one counts.
        latest = dict(zip(map(number, rows), rows, strict=True))
        # What the first one has and another one lacks is missed when it is picked.
        is_full = all(any(each in names for each in spellings) for spellings in _FIELDS)
        if not is_full and any(row.keys() != rows[0].keys() for row in latest.values()):
            raise KeyError
        known = self._read(latest, _picker(names))
        sensors = [each.sensor for each in known]
        told = list(map(heard, latest.values()))
        times = {text: clock(text) for text in set(told)}
        about = list(map(moments.__getitem__, map(captured, latest.values())))
        seen = [times[text] or end for text, end in zip(told, about, strict=True)]
        return FloorReadings(
            dict(known),
            dict(zip(sensors, seen, strict=True)),
            dict(zip(sensors, about, strict=True)),
        )

    def _read(
        self, latest: dict[Json, Row], pick: Callable[[Row], tuple[Json, ...]]
    ) -> list[_Known]:
        """Read what differs from the last time; what has no id to be read is taken out."""
        reported = dict(zip(latest, map(pick, latest.values()), strict=True))
        before = map(self._reported.get, reported)
        for key in list(compress(reported, map(ne, reported.values(), before, strict=True))):
            sensor = as_integer(key)
            if sensor is None:
                del latest[key]
            else:
                # Kept once for all sensors: 18,000 times the same few texts are slow to compare.
                self._reported[key] = tuple(map(_kept, reported[key]))
                self._known[key] = _Known(sensor, _reading(reported[key]))
        for key in self._known.keys() - latest.keys():
            del self._known[key], self._reported[key]
        return list(map(self._known.__getitem__, latest))


def _kept(value: Json) -> Json:
    return intern(value) if isinstance(value, str) else value


def _alike(rows: Sequence[Row]) -> Iterator[Row]:
    """Return rows with the same keys in each; what they lack is None."""
    for row in rows:
        # A row that has a key twice means the one that comes first.
        found = {fold(key): row[key] for key in reversed(row)}
        plain = {key: value for key, value in found.items() if not isinstance(value, dict | list)}
        if plain.get(_ID) is None or plain.get(_CAPTURED) is None:
            continue
        alike: Row = {name: plain.get(name) for name in (_ID, _CAPTURED, _HEARD)}
        for names in _REPORTED:
            values = (plain[name] for name in names if name in plain)
            alike[names[0]] = next(values, None)
        yield alike


def _picker(names: dict[str, str]) -> Callable[[Row], tuple[Json, ...]]:
    """Return what takes from a row what it reports; what it lacks is None."""
    keys = [next((names[name] for name in names_ if name in names), None) for names_ in _REPORTED]
    if all(key is not None for key in keys):
        return itemgetter(*keys)
    return lambda row: tuple(None if key is None else row[key] for key in keys)


def _reading(reported: tuple[Json, ...]) -> Reading:
    power, temperature, lux, level = map(as_number, reported)
    return Reading(
        power=power,
        temperature=celsius(temperature),
        lux=lux,
        level=None if level is None or level < 0 else min(round(level), 100),
    )


def celsius(fahrenheit: float | None) -> float | None:
    """Return a temperature in degrees Celsius; the manager counts in Fahrenheit (4.8)."""
    return None if fahrenheit is None else round((fahrenheit - 32) / 1.8, 1)
