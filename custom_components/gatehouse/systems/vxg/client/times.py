"""Times on the wire: UTC that does not say so (section 7.1)."""

from datetime import UTC, datetime
from typing import Final

#: Beyond lie clocks that were never set, and dates that mean never: no reckoning leads there.
_YEARS: Final = range(1970, 9000)


def read_time(text: str | None) -> datetime | None:
    """Return a moment; None if the text is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except ValueError, OverflowError:
        return None
    return moment if moment.year in _YEARS else None


def write_time(moment: datetime) -> str:
    """Return a moment as the cloud wants it: in UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()
