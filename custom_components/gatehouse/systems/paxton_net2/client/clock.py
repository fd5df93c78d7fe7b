"""The server's clock: how far it is from ours, and what its naive local times mean."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

#: The widest offsets that exist on earth are -12 and +14 hours.
_WIDEST_OFFSET: Final = timedelta(hours=14)
#: A Date header further off than this is not a clock, and would overflow `now()`.
_WIDEST_SKEW: Final = timedelta(days=36_500)
#: Offsets are multiples of this.
_OFFSET_STEP: Final = timedelta(minutes=15)
#: Further than any clock is put back at the end of summer time.
_LONGEST_FOLD: Final = timedelta(hours=2)


class ServerClock:
    """Translates between the server's local time and aware UTC (section 7.6).

    The live stream and the `where` filters speak naive local time. Its zone is assumed to be the
    one given, corrected by the offset that REST events carry.
    """

    def __init__(self, zone: tzinfo) -> None:
        """Start from the zone that the server is thought to be in."""
        self._zone = zone
        self._correction = timedelta()
        self._is_corrected = False
        self._corrected_at: datetime | None = None
        self._skew: timedelta | None = None

    @property
    def skew(self) -> timedelta | None:
        """Server time minus ours, to half a second; None before the first answer."""
        return self._skew

    def now(self) -> datetime:
        """Return the server's present time, aware, in UTC."""
        return datetime.now(UTC) + (self._skew or timedelta())

    def observe_date(self, header: str | None) -> None:
        """Learn the skew from the `Date` header of an answer that has just arrived."""
        try:
            date = parsedate_to_datetime(header or "")
        except ValueError:
            return
        # The header drops the fraction of the second: half a second on average.
        date = date.replace(tzinfo=date.tzinfo or UTC) + timedelta(milliseconds=500)
        if abs(skew := date - datetime.now(UTC)) < _WIDEST_SKEW:
            self._skew = skew

    def read(self, text: str, *, teaches_offset: bool = False) -> datetime | None:
        """Return a time that the server wrote as aware UTC; None if it is none.

        Args:
            text: ISO 8601, with an offset or naive.
            teaches_offset: Whether it is an event's, whose offset is the one of the server's zone.

        """
        try:
            time = datetime.fromisoformat(text)
            if time.tzinfo is None:
                if teaches_offset and not self._is_corrected:
                    self._assume_recent(time)
                return self.to_utc(time)
            utc = time.astimezone(UTC)
            # A literal Z says that the time was converted, not where the server stands.
            if teaches_offset and not text.endswith(("Z", "z")):
                self._observe_offset(utc, time.utcoffset() or timedelta())
        except ValueError, OverflowError:
            return None
        return utc

    def _observe_offset(self, time: datetime, offset: timedelta) -> None:
        """Correct the zone by the newest event's offset."""
        if abs(offset) > _WIDEST_OFFSET or (self._corrected_at and time < self._corrected_at):
            return
        self._is_corrected, self._corrected_at = True, time
        self._correction = offset - self._zone_offset(time)

    def _assume_recent(self, local: datetime) -> None:
        """Correct the zone so that a live event is of now, on a server without any older one."""
        now = self.now()
        offset = round((local.replace(tzinfo=UTC) - now) / _OFFSET_STEP) * _OFFSET_STEP
        if abs(offset) <= _WIDEST_OFFSET:
            self._is_corrected = True
            self._correction = offset - self._zone_offset(now)

    def to_utc(self, local: datetime) -> datetime:
        """Return a naive server-local time as aware UTC.

        In the hour that the end of summer time repeats, the reading nearest to now is meant.
        """
        wall = local - self._correction
        first, second = (
            wall.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
        if first == second:
            return first
        now = self.now()
        return min(first, second, key=lambda reading: abs(reading - now))

    def to_local(self, time: datetime) -> datetime:
        """Return an aware time as server-local, with the server's offset."""
        return time.astimezone(timezone(self._zone_offset(time) + self._correction))

    def filter_from(self, since: datetime) -> str:
        """Return the naive local bound that no event at or after `since` lies below.

        Just before clocks are put back, later events have earlier local times.
        """
        return _naive(self.to_local(since) - self._doubt(since, since + _LONGEST_FOLD))

    def filter_before(self, until: datetime) -> str:
        """Return the naive local bound that every event up to `until` lies below."""
        local = self.to_local(until) + timedelta(seconds=1)
        return _naive(local + self._doubt(until - _LONGEST_FOLD, until))

    def _doubt(self, start: datetime, end: datetime) -> timedelta:
        """Return by how much local times within a span may be out of order."""
        if self._corrected_at is None:
            # The zone is a guess: the server may stand anywhere.
            return 2 * _WIDEST_OFFSET
        return max(self._zone_offset(start) - self._zone_offset(end), timedelta())

    def _zone_offset(self, time: datetime) -> timedelta:
        return time.astimezone(self._zone).utcoffset() or timedelta()


def _naive(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat(timespec="seconds")
