"""Times on the wire: UTC that does not say so (section 7.1)."""

from datetime import UTC, datetime


def read_time(text: str | None) -> datetime | None:
    """Return a moment; None if the text is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def write_time(moment: datetime) -> str:
    """Return a moment as the cloud wants it: in UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()
