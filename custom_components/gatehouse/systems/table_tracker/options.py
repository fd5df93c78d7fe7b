"""The entry's options, read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

CONF_TABLES: Final = "tables"
CONF_TRACKER_DEVICES: Final = "tracker_devices"

#: A range this long is a slip of the finger.
_LONGEST_RANGE: Final = 500


@dataclass(frozen=True, slots=True)
class TableTrackerOptions:
    """Every preference of an entry; `tables` are those to have before a guest sits down."""

    tables: Mapping[str, str | None]
    tracker_devices: bool

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Self:
        """Read what the options flow stored."""
        return cls(
            tables=read_tables(options.get(CONF_TABLES, ())),
            tracker_devices=options.get(CONF_TRACKER_DEVICES, True),
        )


def read_tables(lines: Iterable[str]) -> dict[str, str | None]:
    """Read tables as people write them: `8`, `1-20`, or `31 = Terrace`.

    Returns:
        The name of each table by its number; None for one without a name.

    Raises:
        ValueError: A line is none of these.
    """
    tables: dict[str, str | None] = {}
    for line in lines:
        numbers, equals, name = (piece.strip() for piece in line.partition("="))
        first, dash, last = (piece.strip() for piece in numbers.partition("-"))
        if equals and not dash:
            tables[_number(numbers)] = name or None
        elif equals:
            raise ValueError("a range has no name")
        else:
            start, end = int(_number(first)), int(_number(last if dash else first))
            if not start <= end < start + _LONGEST_RANGE:
                raise ValueError("no range of tables")
            for number in range(start, end + 1):
                tables.setdefault(str(number))
    return tables


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("tables have numbers")
    return text
