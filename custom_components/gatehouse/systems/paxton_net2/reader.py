"""One poll: what to ask a Net2 server, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from homeassistant.core import HomeAssistant

from .client import (
    AccessEvent,
    Door,
    DoorReport,
    DoorStatus,
    Net2Client,
    Net2Error,
    Net2NotFoundError,
    Net2PermissionError,
    ServerInfo,
)
from .const import DOORS_INTERVAL, LOGGER
from .errors import ERRORS
from .snapshot import RollCallState

#: How much of the past the sensors are filled from at the start (section 7.5).
_HISTORY: Final = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll found; `sent_at` is when it was sent, on the loop's clock."""

    sent_at: float
    doors: Mapping[int, Door]
    statuses: Mapping[int, DoorStatus | None]
    #: None where the operator may not read them.
    events: tuple[AccessEvent, ...] | None
    info: ServerInfo
    roll_call: RollCallState | None


class Reader:
    """Polls with two requests, and with a few more when something may have changed.

    What a server or an operator turns out not to have is remembered and not asked for again
    until the next connection.
    """

    def __init__(self, hass: HomeAssistant, client: Net2Client) -> None:
        """Read everything the first time."""
        self._hass = hass
        self._client = client
        self._doors: Mapping[int, Door] = {}
        self._doors_read_at = 0.0
        self._status_ids: frozenset[int] = frozenset()
        self._info = ServerInfo()
        self._roll_call: RollCallState | None = None
        self._missing: set[str] = set()
        self._is_full = True
        self._has_history = False

    def expect_changes(self) -> None:
        """Read everything again: the server was away and may be another version by now."""
        self._is_full = True
        self._missing.clear()

    async def async_read(self, since: datetime | None) -> Reading:
        """Poll once; `since` is where the events known so far end.

        Raises:
            Net2Error: Something that every server and operator has could not be read.
        """
        # Taken before anything is sent: what is asked for meanwhile is for the next time.
        is_full, self._is_full = self._is_full, False
        try:
            return await self._async_read(since, is_full=is_full)
        except Net2Error:
            self._is_full = is_full or self._is_full
            raise

    async def _async_read(self, since: datetime | None, *, is_full: bool) -> Reading:
        sent_at = self._hass.loop.time()
        reports = await self._async_read_statuses()
        doors = await self._async_read_doors(reports, is_full=is_full)
        events = await self._async_read_events(since)
        if is_full:
            self._info = await self._client.get_server_info()
            self._roll_call = await self._async_read_roll_call()
        statuses = {door_id: report.status for door_id, report in reports.items()}
        return Reading(sent_at, doors, statuses, events, self._info, self._roll_call)

    async def _async_read_statuses(self) -> Mapping[int, DoorReport]:
        if "statuses" in self._missing:
            return {}
        try:
            return await self._client.get_door_statuses()
        except Net2NotFoundError:
            self._note_missing("statuses")
            return {}

    async def _async_read_doors(
        self, reports: Mapping[int, DoorReport], *, is_full: bool
    ) -> Mapping[int, Door]:
        ids = frozenset(reports)
        now = self._hass.loop.time()
        is_due = now >= self._doors_read_at + DOORS_INTERVAL.total_seconds()
        if not (is_full or is_due or ids != self._status_ids):
            return self._doors
        listed = {door.id: door for door in await self._client.get_doors()}
        self._doors_read_at, self._status_ids = now, ids
        # Either list may lack a door (section 7.3). An operator who lost a right sees none at
        # all, which is no reason to forget those that are known.
        doors = {door_id: report.door for door_id, report in reports.items()} | listed
        self._doors = doors or self._doors
        return self._doors

    async def _async_read_events(self, since: datetime | None) -> tuple[AccessEvent, ...] | None:
        if "events" in self._missing:
            return None
        try:
            if since is None or not self._has_history:
                return await self._async_read_history(since)
            return await self._client.get_events_since(since)
        except Net2PermissionError, Net2NotFoundError:
            self._note_missing("events")
            return None

    async def _async_read_history(self, since: datetime | None) -> tuple[AccessEvent, ...]:
        """Read the newest events, and all from `since` on where they do not reach that far."""
        history = await self._client.get_events(limit=_HISTORY)
        self._has_history = True
        if since is None or len(history) < _HISTORY or history[-1].time <= since:
            return history
        return (*history, *await self._client.get_events_since(since))

    async def _async_read_roll_call(self) -> RollCallState | None:
        """Count who is safe in the newest roll call; None on sites without any."""
        if "roll calls" in self._missing:
            return None
        try:
            reports = await self._client.get_roll_call_reports()
            if not reports:
                return None
            report_id = max(report.id for report in reports)
            people = await self._client.get_roll_call_items(report_id)
        except Net2PermissionError, Net2NotFoundError:
            self._note_missing("roll calls")
            return None
        except ERRORS.needs_person:
            raise
        except Net2Error as err:
            # Whatever else is the matter with it, the doors are not to suffer for it.
            LOGGER.debug("The roll call was not read: %s", type(err).__name__)
            return self._roll_call
        safe = sum(person.safe for person in people)
        return RollCallState(report_id, safe, len(people) - safe)

    def _note_missing(self, what: str) -> None:
        self._missing.add(what)
        LOGGER.info("This server or operator has no %s to read", what)
