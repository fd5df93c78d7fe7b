"""What is known of a Net2 site at one moment: frozen, and replaced by each poll and push."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from .client import AccessEvent, Door, DoorStatus, EventKind, ServerInfo


class Hub(StrEnum):
    """The parts that are no doors; doors are keyed by their id."""

    SERVER = "server"
    ACTIVITY = "site_activity"
    ROLL_CALL = "roll_call"


type Part = int | Hub


@dataclass(frozen=True, slots=True)
class DoorState:
    """One door.

    `held` is whether it is held open: None when nobody knows, since Net2 does not tell a hold
    from a timed release (section 7.4). `online` is whether its controller answers, as known
    since `online_since`.
    """

    door: Door
    status: DoorStatus | None = None
    relay_since: datetime | None = None
    held: bool | None = None
    online: bool = True
    online_since: datetime | None = None
    last_user: str | None = field(default=None, repr=False)
    last_access: datetime | None = None
    last_denied: datetime | None = None

    @property
    def relay_open(self) -> bool | None:
        """Whether the door is released; None where the server does not tell."""
        return self.status.relay_open if self.status else None


_UNTOLD: Final = ServerInfo()


@dataclass(frozen=True, slots=True)
class ServerState:
    """The server; `lockdown` is None until an event tells (section 7.4)."""

    info: ServerInfo = _UNTOLD
    live_stream: bool = False
    lockdown: bool | None = None
    lockdown_since: datetime | None = None
    users: int | None = None


@dataclass(frozen=True, slots=True)
class SiteActivity:
    """When something last happened anywhere; apart, since it changes with every event."""

    last_event: datetime | None = None


@dataclass(frozen=True, slots=True)
class RollCallState:
    """The newest roll call: how many people are safe, and how many are not yet."""

    report_id: int
    safe: int
    missing: int


type PartState = DoorState | ServerState | SiteActivity | RollCallState


@dataclass(frozen=True, slots=True)
class Net2Snapshot:
    """Everything known of a site."""

    parts: Mapping[Part, PartState]

    @property
    def doors(self) -> Iterator[DoorState]:
        """Every door."""
        return (state for state in self.parts.values() if isinstance(state, DoorState))

    def door(self, door_id: int | None) -> DoorState | None:
        """Return a door, or None where there is none with this id."""
        state = self.parts.get(door_id) if door_id is not None else None
        return state if isinstance(state, DoorState) else None

    @property
    def server(self) -> ServerState:
        """The server, which is always there."""
        state = self.parts[Hub.SERVER]
        assert isinstance(state, ServerState)
        return state

    @property
    def roll_call(self) -> RollCallState | None:
        """The newest roll call, on sites that have any."""
        state = self.parts.get(Hub.ROLL_CALL)
        return state if isinstance(state, RollCallState) else None

    def having(self, parts: Mapping[Part, PartState]) -> Net2Snapshot:
        """Return a snapshot with some parts replaced."""
        return Net2Snapshot({**self.parts, **parts})


EMPTY: Final = Net2Snapshot({Hub.SERVER: ServerState(), Hub.ACTIVITY: SiteActivity()})

_LOCKDOWN: Final = {EventKind.LOCKDOWN: True, EventKind.LOCKDOWN_RESET: False}


def with_status(state: DoorState, status: DoorStatus | None, now: datetime) -> DoorState:
    """Return a door with a new status. A relay that closes ends every hold."""
    if status == state.status:
        return state
    relay_open = status.relay_open if status else None
    if relay_open == state.relay_open:
        return replace(state, status=status)
    return replace(
        state,
        status=status,
        relay_since=now,
        held=state.held if relay_open else relay_open,
    )


def with_event(state: DoorState, event: AccessEvent, user: str | None) -> DoorState:
    """Return a door with what an event says of its last visitors and its controller."""
    match event.kind:
        case EventKind.ACCESS_GRANTED if _newer(event.time, state.last_access):
            return replace(state, last_access=event.time, last_user=user)
        case EventKind.ACCESS_DENIED if _newer(event.time, state.last_denied):
            return replace(state, last_denied=event.time)
        case EventKind.CONTROLLER_OFFLINE if _newer(event.time, state.online_since):
            return replace(state, online=False, online_since=event.time)
        case EventKind.CONTROLLER_ONLINE if _newer(event.time, state.online_since):
            return replace(state, online=True, online_since=event.time)
    return state


def heard_from(state: DoorState, now: datetime) -> DoorState:
    """Return a door whose controller just proved to be there; online doors stay as they are."""
    return state if state.online else replace(state, online=True, online_since=now)


def changes(snapshot: Net2Snapshot, event: AccessEvent, user: str | None) -> dict[Part, PartState]:
    """Return the parts that an event changes."""
    changed: dict[Part, PartState] = {}
    if door := snapshot.door(event.door_id):
        changed[door.door.id] = with_event(door, event, user)
    elif event.door_id is None and event.kind in _LOCKDOWN:
        # A single door's lockdown (120, 121) names its door; the site's does not.
        server = snapshot.server
        if _newer(event.time, server.lockdown_since):
            changed[Hub.SERVER] = replace(
                server, lockdown=_LOCKDOWN[event.kind], lockdown_since=event.time
            )
    activity = snapshot.parts[Hub.ACTIVITY]
    assert isinstance(activity, SiteActivity)
    if activity.last_event is None or event.time > activity.last_event:
        changed[Hub.ACTIVITY] = SiteActivity(event.time)
    return changed


def _newer(time: datetime, known: datetime | None) -> bool:
    # Events carry whole seconds: of two in the same one, the later read is the later.
    return known is None or time >= known
