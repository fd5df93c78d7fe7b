"""The manager's own time, which it writes without a zone (section 3.0, gotchas 20 and 21)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
import re
from typing import Final

from .decode import Json

#: Energy comes in windows of a quarter of an hour.
WINDOW: Final = timedelta(minutes=15)
#: How long after its end a window is there (section 4.7).
_DELAY: Final = timedelta(minutes=5)
#: No span that a manager tells is longer.
_LONGEST: Final = timedelta(days=3650)
_OFFSET: Final = re.compile(r"([+-]\d{2})(\d{2})$")


def window_end(now: datetime) -> datetime:
    """Return the end of the last window that is closed, in UTC (section 4.7).

    Windows begin at full quarters of an hour, in every zone there is.
    """
    seconds = (now - _DELAY).timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds()
    return datetime.fromtimestamp(seconds, UTC)


def minutes_text(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as sensor statistics want it."""
    return f"{moment.astimezone(zone):%Y%m%d%H%M}"


def seconds_text(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as energy statistics want it."""
    return f"{moment.astimezone(zone):%Y%m%d%H%M%S}"


def read_moment(text: str | None, zone: tzinfo, near: datetime) -> datetime | None:
    """Return what a time means, in UTC; one that says no zone is the manager's own.

    Args:
        text: ISO 8601, with a blank or a T; an offset may lack its colon.
        zone: The manager's.
        near: Of the two moments that one time can be in autumn, the one nearer to this is meant.
    """
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(_OFFSET.sub(r"\1:\2", text.strip()))
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        both = [read.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    except ValueError, OverflowError:
        return None
    return min(both, key=lambda moment: abs(moment - near))


def read_span(count: float | None, unit: timedelta) -> timedelta | None:
    """Return so many times a unit of time, unless that is more than there can be of it."""
    if count is None or not 0 <= count * unit.total_seconds() <= _LONGEST.total_seconds():
        return None
    return count * unit


def moment_reader(zone: tzinfo, near: datetime) -> Callable[[Json], datetime | None]:
    """Return a reader of times that reads each text once: a floor's reports share a few."""
    known: dict[Json, datetime | None] = {}

    def read(value: Json) -> datetime | None:
        if value not in known:
            known[value] = read_moment(value if isinstance(value, str) else None, zone, near)
        return known[value]

    return read
