"""The statistics of a floor, read at about the price of parsing them.

A large site reports 18,000 sensors every five minutes, and most of them report what they did
before. What a row says is therefore compared as it came, and only what differs is read.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final, NamedTuple

from .decode import Json, as_integer, as_number, fold
from .models import FloorReadings, Reading

_ID: Final = "id"
_CAPTURED: Final = "capturetime"
_HEARD: Final = "lastcommunicationtime"
#: What a row reports, each by its spellings.
_REPORTED: Final = (("power",), ("temperature",), ("lightlevel",), ("avgdimlevel", "dimlevel"))
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

type Row = dict[str, Json]
type Clock = Callable[[Json], datetime | None]


class _Known(NamedTuple):
    """What a sensor reported, as it came and as it was read."""

    reported: tuple[Json, ...]
    sensor: int
    reading: Reading


class ReadingsReader:
    """Reads the rows of one floor, and knows what they said the last time."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[Json, _Known] = {}

    def read(self, rows: Sequence[Row], clock: Clock) -> FloorReadings:
        """Return the latest reading of each sensor; one that is as before is the same object.

        Args:
            rows: In any order, some of each sensor. Those that cannot be read are left out.
            clock: Reads the manager's times.

        """
        try:
            if all(row.keys() == rows[0].keys() for row in rows):
                return self._read_alike(rows, clock)
        except KeyError, TypeError:
            # A key that matters is not there, or what it has is no text.
            pass
        # Keys differ where nothing is written for what is unknown.
        return self._read_alike(list(_alike(rows)), clock)

    def _read_alike(self, rows: Sequence[Row], clock: Clock) -> FloorReadings:
        """Read rows with the same keys in each, which are all of them as a rule."""
        if not rows:
            return FloorReadings({}, {}, {})
        names = {fold(key): key for key in reversed(rows[0])}
        number, captured = names[_ID], names[_CAPTURED]
        heard = names.get(_HEARD, captured)
        moments = {text: clock(text) or _LONG_AGO for text in {row[captured] for row in rows}}
        order = [moments[row[captured]] for row in rows]
        if order != sorted(order):
            rows = sorted(rows, key=lambda row: moments[row[captured]])
        # Of the rows of a sensor the last one counts.
        latest = {row[number]: row for row in rows}
        self._known = self._read(latest, _picker(names))
        sensors = [(each.sensor, latest[key]) for key, each in self._known.items()]
        times = {text: clock(text) for text in {row[heard] for row in latest.values()}}
        return FloorReadings(
            {each.sensor: each.reading for each in self._known.values()},
            {sensor: times[row[heard]] or moments[row[captured]] for sensor, row in sensors},
            {sensor: moments[row[captured]] for sensor, row in sensors},
        )

    def _read(
        self, latest: dict[Json, Row], pick: Callable[[Row], tuple[Json, ...]]
    ) -> dict[Json, _Known]:
        before, known = self._known, {}
        for key, row in latest.items():
            reported, old = pick(row), before.get(key)
            if old is not None and old[0] == reported:
                known[key] = old
            elif (sensor := as_integer(key)) is not None:
                known[key] = _Known(reported, sensor, _reading(reported))
        return known


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
