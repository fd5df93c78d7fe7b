"""One snapshot of a Net2 site, where the live stream and the polls meet."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ...const import DOMAIN
from ...coordinator import GatehouseCoordinator
from .client import (
    AccessEvent,
    Door,
    DoorLockUpdate,
    DoorStatus,
    DoorStatusUpdate,
    EventKind,
    Net2AuthError,
    Net2Client,
    Net2Error,
    Net2MfaRequiredError,
    Net2Stream,
    RollCallUpdate,
    StreamConnected,
    StreamDisconnected,
    StreamMessage,
)
from .const import LOGGER, LONG_RELEASE, POLL_WITH_STREAM, POLL_WITHOUT_STREAM, STALE_AFTER
from .control import DoorControl
from .devices import async_keep_devices
from .errors import key_of
from .issues import LOCKDOWN, async_clear_issue, async_note_error, async_note_success
from .journal import by_age
from .missed import MissedEvents
from .options import Net2Options
from .people import People
from .reader import Reader, Reading
from .snapshot import (
    EMPTY,
    DoorState,
    Hub,
    Net2Snapshot,
    Part,
    PartState,
    changes,
    heard_from,
    with_status,
)

type Net2ConfigEntry = ConfigEntry[Net2Coordinator]
type EventListener = Callable[[AccessEvent, str | None], None]

#: Seconds before a stream is tried again whose trouble only a person can end.
_STREAM_RETRY: Final = 60


class Net2Coordinator(GatehouseCoordinator[Net2Snapshot]):
    """Reads a Net2 server, listens to it, and keeps what both tell in one snapshot."""

    config_entry: Net2ConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: Net2ConfigEntry,
        client: Net2Client,
        journal: Mapping[str, Any] | None,
    ) -> None:
        """Prepare to read; nothing is sent yet."""
        super().__init__(hass, entry, LOGGER, name=entry.title, update_interval=POLL_WITHOUT_STREAM)
        self.data = EMPTY
        self.client = client
        self.options = Net2Options.read(entry.options)
        self.people = People(hass, client, hide_names=self.options.hide_names)
        self.missed = MissedEvents(hass, entry, client.clock, self.people, journal)
        self.control = DoorControl(self)
        self._reader = Reader(hass, client)
        self._stream = Net2Stream(client, self._on_message)
        self._is_loss_logged = False
        self._doors: Mapping[int, Door] | None = None
        self._event_listeners: defaultdict[int, list[EventListener]] = defaultdict(list)
        #: Doors that events tell of and no list does: the operator may not see them.
        self._unseen_doors: set[int] = set()
        #: Doors whose changes the server does not push.
        self._unpushed_doors: frozenset[int] = frozenset()
        #: When each door was last pushed: a poll sent before that knows less.
        self._pushed_at: dict[int, float] = {}
        self._handlers: Mapping[type[StreamMessage], Callable[[Any], None]] = {
            AccessEvent: self._on_event,
            DoorStatusUpdate: self._on_status,
            DoorLockUpdate: self._on_lock,
            RollCallUpdate: self._on_roll_call,
            StreamConnected: self._on_connected,
            StreamDisconnected: self._on_disconnected,
        }

    @callback
    def async_subscribe_events(self, door_id: int, listener: EventListener) -> CALLBACK_TYPE:
        """Hear a door's live events, with the name of the person where there is one."""
        listeners = self._event_listeners[door_id]
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    async def async_start(self) -> None:
        """Begin to listen."""
        self._listening = self.config_entry.async_create_background_task(
            self.hass, self._async_listen(), f"{self.name} live stream"
        )

    async def async_stop(self) -> None:
        """Listen no more, so that no event comes while the entities that fire it are leaving."""
        self._listening.cancel()
        await asyncio.wait([self._listening])

    async def _async_listen(self) -> None:
        """Keep the live stream up until cancelled.

        The stream mends itself; it only ends for what a person has to put right. The poll
        that follows says so: it starts the reauthentication or raises the issue.
        """
        while True:
            try:
                await self._stream.run()
            except Net2Error as err:
                LOGGER.debug("The live stream ended: %s", type(err).__name__)
                await self.async_refresh()
                if isinstance(self.last_exception, ConfigEntryAuthFailed) and (
                    not self.last_update_success
                ):
                    # Trying on would only lock the operator out; a new sign-in reloads the entry.
                    return
            await asyncio.sleep(_STREAM_RETRY)

    async def async_read_all(self) -> None:
        """Poll at once, and everything: something that rarely changes just did."""
        self._reader.expect_changes()
        await self.async_refresh()

    # The poll: a safety net, and all there is while the stream is down.

    @override
    async def _async_update_data(self) -> Net2Snapshot:
        entry = self.config_entry
        try:
            reading = await self._reader.async_read(self.missed.since)
        except Net2Error as err:
            async_note_error(self.hass, entry, err)
            needs_person = isinstance(err, Net2AuthError | Net2MfaRequiredError)
            failure = ConfigEntryAuthFailed if needs_person else UpdateFailed
            raise failure(translation_domain=DOMAIN, translation_key=key_of(err)) from err
        async_note_success(self.hass, entry, self.client.clock.skew)
        self._run(self._async_read_people(), "people")
        # No await from here on: what was pushed meanwhile is part of `self.data`.
        return self._merge(reading)

    def _merge(self, reading: Reading) -> Net2Snapshot:
        parts: dict[Part, PartState] = {
            door_id: self._merge_door(door, reading) for door_id, door in reading.doors.items()
        }
        parts[Hub.SERVER] = replace(self.data.server, info=reading.info, users=self.people.count)
        parts[Hub.ACTIVITY] = self.data.parts[Hub.ACTIVITY]
        if reading.roll_call:
            parts[Hub.ROLL_CALL] = reading.roll_call
            self._stream.set_roll_calls([reading.roll_call.report_id])
        snapshot = Net2Snapshot(parts)
        fresh = [] if reading.events is None else self.missed.read(reading.events)
        # At the start the past fills the sensors too; it is told to nobody.
        past = sorted(reading.events or (), key=by_age)
        for event in past if self._doors is None else fresh:
            # Nobody has seen the snapshot yet, and a day's events are thousands.
            parts.update(changes(snapshot, event, self.people.name_of(event)))
        if reading.doors != self._doors:
            self._doors = reading.doors
            self._stream.set_doors(reading.doors)
            self._unseen_doors.clear()
            if reading.doors:
                # A server that shows none at all is starting, or the operator lost a right.
                async_keep_devices(self.hass, self.config_entry, reading.doors)
        return snapshot

    def _merge_door(self, door: Door, reading: Reading) -> DoorState:
        state = self.data.door(door.id) or DoorState(door)
        if state.door != door:
            state = replace(state, door=door)
        if self._pushed_at.get(door.id, 0) > reading.sent_at:
            return state
        now = dt_util.utcnow()
        if door.id in reading.statuses:
            state = with_status(state, reading.statuses[door.id], now)
        if state.relay_open and state.relay_since and now - state.relay_since > LONG_RELEASE:
            # Not ours, and too long for somebody to walk through: perhaps held by Net2 itself.
            state = replace(state, held=state.held or None)
        return state

    async def _async_read_people(self) -> None:
        await self.people.async_read()
        if self.people.count != self.data.server.users:
            self._change_server(users=self.people.count)

    # The pushes. Each touches one part, and only that part's entities are told.

    @callback
    def _on_message(self, message: StreamMessage) -> None:
        self._handlers[type(message)](message)

    @callback
    def _on_event(self, event: AccessEvent) -> None:
        door = self.data.door(event.door_id)
        if event.door_id is not None and door is None:
            # No entity can hear it: the copy that the poll brings is told as missed.
            self._expect_door(event.door_id)
            return
        if not self.missed.hear(event):
            return
        if door and event.kind is not EventKind.CONTROLLER_OFFLINE:
            self._hear_from(door, event.time)
        user = self.people.name_of(event)
        if self.client.clock.now() - event.time > STALE_AFTER:
            self.missed.tell(event)
        elif event.door_id is not None:
            for listener in tuple(self._event_listeners.get(event.door_id, ())):
                listener(event, user)
        changed = changes(self.data, event, user)
        self.async_publish(self.data.having(changed), *changed)
        if event.kind is EventKind.LOCKDOWN:
            async_clear_issue(self.hass, self.config_entry, LOCKDOWN)

    @callback
    def _on_status(self, update: DoorStatusUpdate) -> None:
        if door := self.data.door(update.door_id):
            self._push_door(with_status(door, update.status, dt_util.utcnow()))
        else:
            self._expect_door(update.door_id)

    @callback
    def _on_lock(self, update: DoorLockUpdate) -> None:
        if door := self.data.door(update.door_id):
            status = replace(door.status or DoorStatus(), relay_open=not update.locked)
            self._push_door(with_status(door, status, dt_util.utcnow()))

    @callback
    def _push_door(self, state: DoorState) -> None:
        self._pushed_at[state.door.id] = self.hass.loop.time()
        self.change_door(heard_from(state, dt_util.utcnow()))

    @callback
    def _hear_from(self, door: DoorState, time: datetime) -> None:
        """Have a door's entities there again before an event of it fires.

        Home Assistant takes no event from an entity that was unavailable the moment before.
        """
        if not door.online:
            self.change_door(heard_from(door, time))

    @callback
    def _expect_door(self, door_id: int) -> None:
        if door_id not in self._unseen_doors:
            self._unseen_doors.add(door_id)
            self._read_all_soon()

    def is_pushed(self, part: Part) -> bool:
        """Return whether the server pushes a part's changes; else only polls tell of them."""
        return self.data.server.live_stream and part not in self._unpushed_doors

    @callback
    def change_door(self, state: DoorState) -> None:
        """Replace one door."""
        self.async_publish(self.data.having({state.door.id: state}), state.door.id)

    @callback
    def _change_server(self, **changed: Any) -> None:
        server = replace(self.data.server, **changed)
        self.async_publish(self.data.having({Hub.SERVER: server}), Hub.SERVER)

    @callback
    def _on_roll_call(self, _update: RollCallUpdate) -> None:
        self._read_all_soon()

    @callback
    def _read_all_soon(self) -> None:
        # A drill brings an update for everybody in the building: they share one poll.
        self._reader.expect_changes()
        self._run(self.async_request_refresh(), "full poll")

    @callback
    def _on_connected(self, message: StreamConnected) -> None:
        if self._is_loss_logged:
            LOGGER.info("The live stream of %s is back", self.name)
            self._is_loss_logged = False
        # Doors that the server would not subscribe are polled as if there were no stream.
        self._unpushed_doors = message.failed_doors
        self.update_interval = POLL_WITHOUT_STREAM if message.failed_doors else POLL_WITH_STREAM
        self._change_server(live_stream=True)
        self._run(self.async_read_all(), "resync")

    @callback
    def _on_disconnected(self, message: StreamDisconnected) -> None:
        self.update_interval = POLL_WITHOUT_STREAM
        self._change_server(live_stream=False)
        self._run(self._async_poll_after_loss(message.reason), "loss")

    async def _async_poll_after_loss(self, reason: str) -> None:
        await self.async_refresh()
        # With the server gone as well, the failed poll has logged that already.
        if self.last_update_success and not self.data.server.live_stream:
            LOGGER.warning(
                "The live stream of %s is down (%s); polling until it is back", self.name, reason
            )
            self._is_loss_logged = True

    def _run(self, job: Coroutine[Any, Any, None], what: str) -> None:
        self.config_entry.async_create_background_task(self.hass, job, f"{self.name} {what}")
