"""One snapshot of a Net2 site, where the live stream and the polls meet."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ...live import LiveCoordinator
from ...missed import Memories, async_load_memory
from .client import (
    AccessEvent,
    Door,
    DoorLockUpdate,
    DoorStatus,
    DoorStatusUpdate,
    EventKind,
    Net2Client,
    Net2Stream,
    RollCallUpdate,
    StreamConnected,
    StreamDisconnected,
    StreamMessage,
)
from .const import LOGGER, LONG_RELEASE, POLL_WITH_STREAM, POLL_WITHOUT_STREAM, STALE_AFTER
from .control import DoorControl
from .devices import async_add_server, async_keep_doors, door_identifier
from .errors import ERRORS
from .events import event_fields
from .flow import create_client
from .issues import LOCKDOWN, async_note_error, async_note_success
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


class Net2Coordinator(LiveCoordinator[Net2Snapshot]):
    """Reads a Net2 server, listens to it, and keeps what both tell in one snapshot."""

    config_entry: Net2ConfigEntry
    errors = ERRORS

    def __init__(
        self,
        hass: HomeAssistant,
        entry: Net2ConfigEntry,
        client: Net2Client,
        journal: Memories | None,
    ) -> None:
        """Prepare to read; nothing is sent yet."""
        super().__init__(
            hass,
            entry,
            LOGGER,
            with_stream=POLL_WITH_STREAM,
            without_stream=POLL_WITHOUT_STREAM,
        )
        self.data = EMPTY
        self.client = client
        self.options = Net2Options.read(entry.options)
        self.people = People(hass, client, hide_names=self.options.hide_names)
        self.missed = MissedEvents(hass, entry, client.clock, self.fields_of, journal)
        self.control = DoorControl(self)
        self._reader = Reader(hass, client)
        self._stream = Net2Stream(client, self._on_message)
        self._doors: Mapping[int, Door] | None = None
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
    @override
    def async_add_hub(self) -> None:
        """Create the server's device."""
        info = self.data.server.info
        async_add_server(self.hass, self.config_entry, self.client.settings, info)

    @override
    def has_part(self, identifier: str) -> bool:
        """Tell whether a device is a door that the server has."""
        return identifier in {door_identifier(state.door.id) for state in self.data.doors}

    @callback
    def fields_of(self, event: AccessEvent) -> Mapping[str, str | int]:
        """Return what automations see of an event."""
        return event_fields(event, self.people.name_of(event), self.options)

    @override
    async def async_close(self) -> None:
        """Write down where the next one goes on."""
        await self.missed.async_close()

    @override
    async def _async_follow(self) -> None:
        await self._stream.follow()

    async def async_read_all(self) -> None:
        """Poll at once, and everything: something that rarely changes just did."""
        self._reader.expect_changes()
        await self.async_refresh()

    # The poll: a safety net, and all there is while the stream is down.

    @override
    async def _async_read(self) -> Net2Snapshot:
        reading = await self._reader.async_read(self.missed.since)
        async_note_success(self.hass, self.config_entry, self.client.clock.skew)
        self.run(self._async_read_people(), "people")
        # No await from here on: what was pushed meanwhile is part of `self.data`.
        return self._merge(reading)

    @callback
    @override
    def _note_error(self, error: Exception) -> None:
        async_note_error(self.hass, self.config_entry, error)

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
                async_keep_doors(self.hass, self.config_entry, reading.doors.values())
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
            self._fire(event.door_id, event)
        changed = changes(self.data, event, user)
        self.async_publish(self.data.having(changed), *changed)
        if event.kind is EventKind.LOCKDOWN:
            LOCKDOWN.async_clear(self.hass, self.config_entry)

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
        return self.is_live and part not in self._unpushed_doors

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
        self.run(self.async_request_refresh(), "full poll")

    @callback
    def _on_connected(self, message: StreamConnected) -> None:
        # Doors that the server would not subscribe are polled as if there were no stream.
        self._unpushed_doors = message.failed_doors
        self._note_connected(is_whole=not message.failed_doors)
        self.run(self.async_read_all(), "resync")

    @callback
    def _on_disconnected(self, message: StreamDisconnected) -> None:
        self._note_disconnected(message.reason)

    @callback
    @override
    def _show_link(self) -> None:
        self._change_server(live_stream=self.is_live)


async def async_create(hass: HomeAssistant, entry: Net2ConfigEntry) -> Net2Coordinator:
    """Return the coordinator of an entry, which goes on where the last one ended."""
    memories = await async_load_memory(hass, entry)
    return Net2Coordinator(hass, entry, create_client(hass, entry.data), memories)
