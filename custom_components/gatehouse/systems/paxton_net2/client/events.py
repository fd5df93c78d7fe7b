"""Events: how both kinds of copy are read, and how they are asked for."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Final

from .clock import ServerClock
from .errors import Net2ResponseError
from .event_codes import CREDENTIALS, Credential, EventKind, credential_of, kind_of
from .models import AccessEvent, Direction
from .parse import Json, Record, rows
from .rest import Net2Rest

_PAGE: Final = 1_000
#: A page must hold all events of one second to get past it.
_LARGEST_PAGE: Final = 64_000
#: What one call of `get_events_since` returns at most; the caller goes on from the last.
_MOST_EVENTS: Final = 250_000
#: Rows that are read before everybody else gets a turn.
_TURN: Final = 500

#: Kinds that begin with somebody at a reader. `tokenType` is 0 on all the others, too.
_AT_READER: Final = frozenset(
    {
        EventKind.ACCESS_GRANTED,
        EventKind.ACCESS_DENIED,
        EventKind.DURESS,
        EventKind.KEYPAD_HACKER,
    }
)
_DIRECTIONS: Final[Mapping[str, Direction]] = {"(in)": Direction.IN, "(out)": Direction.OUT}


class EventReader:
    """Reads events of the live stream (section 5.7) and of REST (section 4.3) alike."""

    def __init__(self, clock: ServerClock, client_id: str) -> None:
        """Take the clock for naive times, and the key that card numbers are hidden with."""
        self._clock = clock
        self._digest_key = client_id.encode()[: blake2b.MAX_KEY_SIZE]

    def read(self, record: Record) -> AccessEvent | None:
        """Return the event, None where time or code are missing."""
        time = self._clock.read(record.text("eventtime") or "", teaches_offset=True)
        code = record.integer("eventtype")
        if time is None or code is None:
            return None
        kind = kind_of(code)
        door_id = record.integer("deviceid", "address") or None
        user_id = record.integer("userid") or None
        # A number however it is written, else the text of a number plate.
        card: int | str | None = record.integer("tokennumber", "cardno")
        if card is None:
            card = record.text("tokennumber", "cardno")
        place = record.text("areaname", "devicename") or ""
        return AccessEvent(
            time=time,
            code=code,
            sub_code=record.integer("eventsubtype") or 0,
            kind=kind,
            door_id=door_id,
            key=f"{int(time.timestamp())}:{code}:{user_id or 0}:{door_id or 0}:{self._digest(card)}",
            user_id=user_id,
            user_name=record.text("username") or _full_name(record),
            credential=_credential(
                record, code, at_reader=kind in _AT_READER and bool(user_id or card)
            ),
            direction=_DIRECTIONS.get(place.rpartition(" ")[2].lower()),
            id=record.integer("id"),
        )

    def _digest(self, card: int | str | None) -> str:
        if not card:
            return ""
        return blake2b(str(card).encode(), key=self._digest_key, digest_size=6).hexdigest()


def _full_name(record: Record) -> str | None:
    names = (record.text("firstname"), record.text("surname"))
    return " ".join(filter(None, names)) or None


def _credential(record: Record, code: int, *, at_reader: bool) -> Credential | None:
    by_code = credential_of(code)
    if by_code is None and not at_reader:
        return None
    shown = record.integer("tokentype")
    if shown is None or not 0 <= shown < len(CREDENTIALS):
        return by_code
    return CREDENTIALS[shown]


class EventApi:
    """Reading events back."""

    clock: ServerClock
    _rest: Net2Rest
    event_reader: EventReader

    async def get_events(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int = 1000
    ) -> tuple[AccessEvent, ...]:
        """Return the newest events of a span, newest first, by one request.

        Args:
            since: Aware; events from here on.
            until: Aware; events up to and with this.
            limit: How many at most.

        """
        where: list[str] = []
        if since is not None:
            where.append(f"eventTime>='{self.clock.filter_from(since)}'")
        if until is not None:
            where.append(f"eventTime<'{self.clock.filter_before(until)}'")
        body = await self._fetch(" AND ".join(where), "eventTime DESC", limit)
        events = rows(body, self.event_reader.read)
        return tuple(
            event
            for event in sorted(events, key=_age, reverse=True)
            if (since is None or event.time >= since) and (until is None or event.time <= until)
        )

    async def get_events_since(self, since: datetime) -> tuple[AccessEvent, ...]:
        """Return all events at or after an aware time, oldest first, each id once.

        Raises:
            Net2ResponseError: If the server ignores the filter, so that pages lead nowhere.

        """
        found: dict[int | str, AccessEvent] = {}
        bound, count = self.clock.filter_from(since), _PAGE
        while len(found) < _MOST_EVENTS:
            body = await self._fetch(f"eventTime>='{bound}'", "eventTime ASC", count)
            page = await self._read_rows(body)
            found.update((event.key if event.id is None else event.id, event) for event in page)
            if len(body) < count:
                break
            # By the latest time, not the last row: nobody knows by which clock the server
            # sorts the hour that is repeated in autumn.
            latest = max((event.time for event in page), default=since)
            reached = max(bound, self.clock.filter_from(latest))
            if reached == bound and (count := count * 2) > _LARGEST_PAGE:
                raise Net2ResponseError("The pages of the event log lead nowhere")
            bound = reached
        return tuple(sorted((e for e in found.values() if e.time >= since), key=_age))

    async def _read_rows(self, body: list[Json]) -> list[AccessEvent]:
        """Read a page, which after a busy hour is a long one, with pauses for everybody else."""
        page: list[AccessEvent] = []
        for start in range(0, len(body), _TURN):
            page += rows(body[start : start + _TURN], self.event_reader.read)
            await asyncio.sleep(0)
        return page

    async def _fetch(self, where: str, order_by: str, count: int) -> list[Json]:
        params = {"orderBy": order_by, "rowCount": str(count)}
        if where:
            params["where"] = where
        # No match is an empty body on some versions (section 7.5).
        body = await self._rest.get("/events", params=params, empty=[])
        if not isinstance(body, list):
            raise Net2ResponseError("The answer is not the list that was asked for")
        return body


def _age(event: AccessEvent) -> tuple[datetime, int]:
    return event.time, event.id or 0
