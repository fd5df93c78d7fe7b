"""Which events were told, so that none is lost and none is told twice.

An event reaches us up to twice: live, without an id, and read back by REST, with one
(section 7.5). Live copies are told at once. A copy read back whose live twin never came is
told as missed, after a moment in which the twin may still arrive.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from .client import AccessEvent, EventKind

#: Seconds that a live copy may come after the one read back.
GRACE: Final = 5.0
#: How far each read reaches back behind the newest event known. Clocks of controllers differ,
#: so events do not arrive in the order of their times.
OVERLAP: Final = timedelta(minutes=5)
#: How long a told event is remembered, to recognise late duplicates of it.
_MEMORY: Final = timedelta(hours=1)
#: How long it may take until the copy with an id is read back; where the operator may not read
#: events, it never is.
_LONGEST_MEMORY: Final = timedelta(days=1)
#: Forgetting walks over all that is remembered, so it waits until there is this much.
_FORGET_ABOVE: Final = 5_000


@dataclass(slots=True)
class _Outage:
    """A controller that was away, and may upload what it stored until a while after `end`."""

    start: datetime
    end: datetime | None = None


def by_age(event: AccessEvent) -> tuple[datetime, int]:
    """Sort key for events read back, oldest first; an event's row may lack its id."""
    return event.time, event.id or 0


class Journal:
    """The one place that decides whether an event is news."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """Begin afresh, or where a stored journal ended."""
        stored = stored or {}
        #: The highest id ever read; ids only grow (section 4.3). None before the first read.
        self._last_id: int | None = stored.get("last_id")
        newest = stored.get("newest")
        self._newest = None if newest is None else _time(newest)
        #: When each event that was told happened, by its key.
        self._told = {key: _time(seconds) for key, seconds in stored.get("told", {}).items()}
        #: Those of them heard live whose copy with an id was not read back yet.
        self._unmatched = set(self._told)
        #: Events read back that were not heard live yet, by id, oldest first, with the moment
        #: to give up waiting for each.
        self._pending: dict[int | None, tuple[float, AccessEvent]] = {}
        #: Their ids by their keys; events that look alike have one key.
        self._pending_ids: defaultdict[str, list[int | None]] = defaultdict(list)
        #: When those happened that an earlier journal ended waiting for, by their ids.
        self._left_open = {
            int(event_id): _time(seconds) for event_id, seconds in stored.get("open", {}).items()
        }
        self._outages: dict[int, _Outage] = {}
        self._forget_above = _FORGET_ABOVE

    @property
    def since(self) -> datetime | None:
        """From when to read back; None before the first read, which is history and no news."""
        if self._newest is None:
            return None
        outages = (outage.start for outage in self._outages.values())
        return min([self._newest, *outages, *self._left_open.values()]) - OVERLAP

    def hear(self, event: AccessEvent) -> bool:
        """Take in a live event; return whether it is news."""
        if waiting := self._pending_ids.get(event.key):
            self._settle(event.key, waiting[0])
        elif event.key in self._told:
            return False
        else:
            self._unmatched.add(event.key)
        self._told[event.key] = event.time
        if len(self._told) > self._forget_above:
            self._forget()
        return True

    def read(
        self, events: Iterable[AccessEvent], now: float, server_now: datetime
    ) -> list[AccessEvent]:
        """Take in events read back; return those with a new id, oldest first.

        Which of them were missed comes from `missed`, once it is sure. `now` is a monotonic
        time in seconds, `server_now` the server's clock: where a server without events begins.
        """
        history = self._last_id is None
        fresh = self._not_read_before(events)
        self._left_open.clear()
        for event in fresh:
            if history:
                self._told[event.key] = event.time
            elif event.key in self._unmatched:
                self._unmatched.remove(event.key)
            else:
                self._pending[event.id] = (now + GRACE, event)
                self._pending_ids[event.key].append(event.id)
            self._note_outage(event)
        newest = fresh[-1].time if fresh else server_now
        if self._newest is None or (fresh and newest > self._newest):
            self._newest = newest
        self._outages = {
            door: outage
            for door, outage in self._outages.items()
            if outage.end is None or self._newest < outage.end + OVERLAP
        }
        return fresh

    def _not_read_before(self, events: Iterable[AccessEvent]) -> list[AccessEvent]:
        """Return the events with a new id, oldest first, and note the highest."""
        by_id = {event.id: event for event in events if event.id is not None}
        last_id, highest = self._last_id or 0, max(by_id, default=0)
        fresh = [
            event
            for event_id, event in by_id.items()
            if event_id > last_id or event_id in self._left_open
        ]
        self._last_id = max(last_id, highest)
        if highest < last_id and self._newest:
            # Something happened and yet all ids are lower: the database was restored from a
            # backup and numbers anew. Then the times tell what is new.
            newer = [event for event in by_id.values() if event.time > self._newest]
            if newer:
                fresh, self._last_id = newer, highest
        return sorted(fresh, key=by_age)

    def missed(self, now: float, limit: int) -> list[AccessEvent]:
        """Return, once, up to `limit` events whose live copy did not come in time."""
        due: list[AccessEvent] = []
        for deadline, event in self._pending.values():
            if deadline > now or len(due) == limit:
                break
            due.append(event)
        for event in due:
            self._settle(event.key, event.id)
            self._told[event.key] = event.time
        return due

    @property
    def is_waiting(self) -> bool:
        """Whether some event read back may still turn out to be missed."""
        return bool(self._pending)

    def store(self) -> dict[str, Any]:
        """Return what a later journal needs to go on from here; times are in seconds."""
        return {
            "last_id": self._last_id,
            "newest": self._newest and self._newest.timestamp(),
            "told": {key: self._told[key].timestamp() for key in self._unmatched},
            "open": {
                str(event_id): event.time.timestamp()
                for event_id, (_, event) in self._pending.items()
            },
        }

    def _settle(self, key: str, event_id: int | None) -> None:
        """Wait no longer for the live copy of an event."""
        del self._pending[event_id]
        self._pending_ids[key].remove(event_id)
        if not self._pending_ids[key]:
            del self._pending_ids[key]

    def _note_outage(self, event: AccessEvent) -> None:
        if event.door_id is None:
            return
        if event.kind is EventKind.CONTROLLER_OFFLINE:
            self._outages[event.door_id] = _Outage(event.time)
        elif event.kind is EventKind.CONTROLLER_ONLINE and event.door_id in self._outages:
            self._outages[event.door_id].end = event.time

    def _forget(self) -> None:
        newest = max(self._told.values())
        self._told = {
            key: time
            for key, time in self._told.items()
            if newest - time < (_LONGEST_MEMORY if key in self._unmatched else _MEMORY)
        }
        self._unmatched &= self._told.keys()
        # A storm leaves nothing to forget for an hour: look again only when it has doubled.
        self._forget_above = max(_FORGET_ABOVE, 2 * len(self._told))


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
