"""JSON as this API reads and writes it: any case in, camelCase (or PascalCase) out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo

import orjson

type Json = Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None


class BadRequestError(Exception):
    """The request cannot be understood; the text goes into the answer's `message`."""


class Body:
    """A request's JSON object or form, read by keys in any case (section 2.8)."""

    def __init__(self, values: Mapping[str, Json]) -> None:
        self._given = values
        self._values = {key.lower(): value for key, value in values.items()}

    @classmethod
    def parse(cls, data: bytes) -> Body:
        """Read a JSON object; an empty body is an empty object."""
        return cls(_object(load(data)) if data.strip() else {})

    def __contains__(self, key: str) -> bool:
        """Tell whether the request says anything of `key`."""
        return key.lower() in self._values

    def value(self, key: str) -> Json:
        """Return what stands at `key`, or None."""
        return self._values.get(key.lower())

    def text(self, key: str, default: str = "") -> str:
        """Return a text; numbers are taken as their digits."""
        value = self.value(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadRequestError(f"{key} is not a text")
        return str(value)

    def integer(self, key: str, default: int | None = None) -> int:
        """Return a whole number, which may come as text."""
        value = self.value(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadRequestError(f"{key} is required")
        try:
            return int(value)
        except ValueError:
            raise BadRequestError(f"{key} is not a number") from None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a truth value."""
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise BadRequestError(f"{key} is not a boolean")
        return value

    def camel_case(self) -> dict[str, Json]:
        """Return the values with every key's first letter in lower case."""
        return {key[:1].lower() + key[1:]: value for key, value in self._given.items()}

    def part(self, key: str) -> Body | None:
        """Return the object at `key`, or None."""
        value = self.value(key)
        return None if value is None else Body(_object(value))

    def parts(self, key: str) -> list[Body]:
        """Return the objects in the list at `key`."""
        return [Body(_object(each)) for each in self._list(key)]

    def integers(self, key: str) -> list[int]:
        """Return the numbers in the list at `key`."""
        return [each for each in self._list(key) if isinstance(each, int)]

    def _list(self, key: str) -> Sequence[Json]:
        value = self.value(key)
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise BadRequestError(f"{key} is not a list")
        return value


def load(data: bytes) -> Json:
    """Read JSON."""
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise BadRequestError("not JSON") from None
    return value


def dump(value: Json) -> bytes:
    """Write JSON."""
    return orjson.dumps(value)


def changed(
    value: Json,
    *,
    pair: Callable[[str, Json], tuple[str, Json]] | None = None,
    leaf: Callable[[Json], Json] | None = None,
    more: Mapping[str, Json] | None = None,
) -> Json:
    """Return a value with every pair, every leaf, or every object (by `more`) changed."""
    if isinstance(value, Mapping):
        pairs = (
            (key, changed(each, pair=pair, leaf=leaf, more=more)) for key, each in value.items()
        )
        return {**dict(pair(*each) if pair else each for each in pairs), **(more or {})}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [changed(each, pair=pair, leaf=leaf, more=more) for each in value]
    return leaf(value) if leaf else value


def local(time: datetime, zone: tzinfo) -> str:
    """Write a time as REST does: local, with milliseconds and offset (section 7.6)."""
    return time.astimezone(zone).isoformat(timespec="milliseconds")


def naive(time: datetime, zone: tzinfo) -> str:
    """Write a time as the live stream does: local, to the second, with no offset."""
    return time.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def read_time(text: str, zone: tzinfo) -> datetime:
    """Read a time; one without an offset is the server's local time."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequestError("not a date and time") from None
    return time if time.tzinfo else time.replace(tzinfo=zone)


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise BadRequestError("not a JSON object")
    return value
