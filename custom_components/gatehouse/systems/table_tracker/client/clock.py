"""The gateway's clock: how far it is from ours, and what its naive local times mean."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
import re
from typing import Final
from zoneinfo import ZoneInfo

#: `+02:00`, `-0500`, `UTC+2`.
_OFFSET: Final = re.compile(r"(?:UTC|GMT)? ?([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
#: A `Date` further off than this is not a clock, and would overflow sums of times.
_WIDEST_SKEW: Final = timedelta(days=36_500)
#: Less than this is no other zone, but the seconds that everything here is rounded to.
_ZONE_TOLERANCE: Final = timedelta(minutes=2)


class GatewayClock:
    """Translates between the gateway's naive local times and aware UTC (section 7.7)."""

    def __init__(self, zone: tzinfo) -> None:
        """Start from the zone that the gateway is thought to be in."""
        self.zone = zone
        self._skew: timedelta | None = None
        self._sample: tuple[str, datetime] | None = None

    @property
    def skew(self) -> timedelta | None:
        """Gateway time minus ours, to half a second; None before the first answer."""
        return self._skew

    @property
    def zone_error(self) -> timedelta | None:
        """How far the local times of the gateway are from its own UTC, beyond two minutes.

        None before an order could tell. Anything but zero means that the gateway's times are not
        in the zone that it is set to, or that is taken for its own.
        """
        if self._sample is None:
            return None
        text, true_time = self._sample
        # In the hour that comes twice, either reading is right.
        error = min((self._utc(text, fold) - true_time for fold in (0, 1)), key=abs)
        return error if abs(error) > _ZONE_TOLERANCE else timedelta()

    def observe_date(self, header: str | None) -> None:
        """Learn the skew from the `Date` of an answer that has just arrived."""
        try:
            date = parsedate_to_datetime(header or "")
        except ValueError:
            return
        # The header drops the fraction of the second: half a second on average.
        date = date.replace(tzinfo=date.tzinfo or UTC) + timedelta(milliseconds=500)
        if abs(skew := date - datetime.now(UTC)) < _WIDEST_SKEW:
            self._skew = skew

    def observe_age(self, text: str, since: datetime) -> None:
        """Learn what a time that the gateway wrote was by our own clock."""
        if self._skew is None or (reading := self.read(text)) is None:
            return
        true_time = since + self._skew
        if abs(reading - true_time) < _WIDEST_SKEW:
            self._sample = text, true_time

    def read(self, text: str) -> datetime | None:
        """Return a time that the gateway wrote, as aware UTC by its own clock; None if it is none.

        An offset is honoured. Without one it is in the gateway's zone, and the first of both
        times in the hour that comes twice.
        """
        try:
            return self._utc(text, 0)
        except ValueError, OverflowError:
            return None

    def read_ours(self, text: str) -> datetime | None:
        """Return a time that the gateway wrote, as aware UTC by our own clock."""
        try:
            return self._utc(text, 0) - (self._skew or timedelta())
        except ValueError, OverflowError:
            return None

    def to_wire(self, time: datetime) -> str:
        """Return an aware time as the gateway writes it: local, naive, to the second."""
        return time.astimezone(self.zone).replace(tzinfo=None).isoformat(timespec="seconds")

    def _utc(self, text: str, fold: int) -> datetime:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            time = time.replace(tzinfo=self.zone, fold=fold)
        return time.astimezone(UTC)


def find_zone(name: str) -> tzinfo | None:
    """Return the zone of an IANA name or a UTC offset, None if there is none; reads files."""
    if offset := _OFFSET.fullmatch(name):
        sign, hours, minutes = offset.groups(default="0")
        distance = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-distance if sign == "-" else distance) if distance.days == 0 else None
    try:
        return ZoneInfo(name)
    except KeyError, ValueError, OSError:
        return None
