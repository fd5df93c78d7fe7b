"""The hub `eventHubLocal`: what can be subscribed, and what is then told (sections 5.1, 5.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .doors import Door
from .events import Event
from .faults import Net2Faults
from .people import User
from .signalr_bus import Action, Bus, Command, Subscription
from .wire import BadRequestError, Body, Json, dump, load
from .world import World

HUB: Final = "EventHubLocal"

#: Longest wait for further events to tell in the same message.
_TOGETHER_SECONDS: Final = 0.1

#: Each stream, and whether it is subscribed for one door (or roll call) at a time.
STREAMS: Final[Mapping[str, bool]] = {
    "LiveEvents": False,
    "RollCallEvents": True,
    "DoorEvents": True,
    "DoorStatusEvents": True,
}

_METHODS: Final = {
    f"{prefix}subscribeto{stream}".lower(): (action, stream)
    for prefix, action in (("", Action.JOIN), ("un", Action.LEAVE))
    for stream in STREAMS
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a hub method, as a client sends it."""

    hub: str
    method: str
    arguments: tuple[Json, ...]
    id: str | None

    @classmethod
    def parse(cls, data: bytes) -> Call:
        """Read a call; ids may be numbers or texts."""
        body = Body.parse(data)
        arguments = body.value("A")
        return cls(
            body.text("H"),
            body.text("M"),
            tuple(arguments) if isinstance(arguments, list) else (),
            body.text("I") if body.value("I") is not None else None,
        )


class NeverAnsweredError(Exception):
    """A fault: this call gets no result."""


class Hub:
    """Turns what happens in the world into messages, and calls into subscriptions."""

    def __init__(self, bus: Bus, world: World, faults: Net2Faults) -> None:
        self.bus = bus
        self.subscriptions: set[Subscription] = set()
        self._together: list[Json] = []
        self._world = world
        self._faults = faults

    def invoke(self, connection_id: str, call: Call) -> bytes:
        """Carry out a call and return its result.

        Raises:
            BadRequestError: It calls another hub.
            NeverAnsweredError: A fault keeps the result back.
        """
        if call.hub.lower() != HUB.lower():
            raise BadRequestError(f"'{call.hub}' Hub could not be resolved.")
        answer: dict[str, Json] = {"I": call.id}
        error = self._join_or_leave(connection_id, call)
        if error:
            # Generic, unless detailed errors are switched on (appendix C, 3).
            generic = f"There was an error invoking Hub method '{call.hub}.{call.method}'."
            answer["E"] = error if self._faults.detailed_errors else generic
        return dump(answer)

    def _join_or_leave(self, connection_id: str, call: Call) -> str | None:
        """Carry out a call, or return why it fails."""
        if call.method.lower() not in _METHODS:
            return f"'{call.method}' method could not be resolved. No method found with that name."
        action, stream = _METHODS[call.method.lower()]
        try:
            target = int(str(call.arguments[0])) if STREAMS[stream] else None
        except IndexError, ValueError:
            return "Input string was not in a correct format."
        if action is Action.JOIN and target in self._faults.unanswered_doors:
            raise NeverAnsweredError
        if action is Action.JOIN and target in self._faults.refused_doors:
            return "Object reference not set to an instance of an object."
        group = _group(stream, target)
        command = Command(action, group, since=self.bus.signal(group).count)
        self.bus.publish(f"connection {connection_id}", command)
        return None

    def event(self, event: Event) -> None:
        """Tell an event to those who listen to live events."""
        if event.is_system and not self._faults.system_events_live:
            return
        self._together.append(event.live(self._world.zone))
        if len(self._together) >= self._faults.events_per_message:
            self._tell_together()
        elif len(self._together) == 1:
            self._world.clock.call_later(_TOGETHER_SECONDS, self._tell_together)

    def door_status(self, door: Door) -> None:
        """Tell a door's status to those who listen to it."""
        key = "doorId" if self._faults.door_id_key else "deviceId"
        status = door.reported.json(with_contact=not self._faults.missing_contact)
        told: dict[str, Json] = {
            key: door.id,
            "notificationType": "DoorStatusEvent",
            "status": status,
        }
        self._tell("DoorStatusEvents", door.id, [told])

    def door_lock(self, door: Door) -> None:
        """Tell a door's lock to those who listen to it."""
        told: dict[str, Json] = {"doorId": door.id, "locked": not door.reported.relay_open}
        self._tell("DoorEvents", door.id, [told])

    def roll_call(self, report_id: int, user: User, marked_by: User | None) -> None:
        """Tell that somebody was marked safe, or unsafe again."""
        safe: dict[str, Json] | None = None
        mustered: dict[str, Json] | None = None
        if marked_by is not None:
            by: Json = {"id": marked_by.id, "name": marked_by.name}
            safe = {"userId": user.id, "markedSafeBy": by}
        else:
            mustered = {"userId": user.id, "musteredAt": None}
        told: dict[str, Json] = {
            "rollCallReportId": report_id,
            "rollCallEventType": "MarkedSafe" if safe else "MarkedUnsafe",
            "musterEventData": mustered,
            "markedSafeRecordEventData": safe,
        }
        self._tell("RollCallEvents", report_id, [told])

    async def caught_up(self) -> None:
        """Wait until every live transport has sent what was told."""
        for subscription in list(self.subscriptions):
            await subscription.idle.wait()

    def _tell_together(self) -> None:
        together, self._together = self._together, []
        if together:
            self._tell("LiveEvents", None, together)

    def _tell(self, stream: str, target: int | None, contents: list[Json]) -> None:
        hub, method = HUB, stream
        if self._faults.camel_case_names:
            hub, method = (name[:1].lower() + name[1:] for name in (hub, method))
        told = self._faults.distort(contents)
        arguments: Json = told if self._faults.flat_arguments else [told]
        self.bus.publish(_group(stream, target), dump({"H": hub, "M": method, "A": arguments}))


def _group(stream: str, target: int | None) -> str:
    return stream if target is None else f"{stream}.{target}"


def known_hubs(connection_data: str) -> bool:
    """Tell whether every hub that a client names is there; True when it names none."""
    try:
        hubs = load(connection_data.encode()) if connection_data else []
    except BadRequestError:
        return False
    names = [
        str(hub.get("name", hub.get("Name"))).lower() if isinstance(hub, Mapping) else ""
        for hub in (hubs if isinstance(hubs, list) else [hubs])
    ]
    return all(name == HUB.lower() for name in names) and len(names) == len(set(names))
