"""Doors and the commands to them (sections 3.2, 3.3)."""

from collections.abc import Callable
from typing import Final

from .doors import Door
from .routing import Command, RefusedError, Reply, Request, Routes, found
from .wire import BadRequestError, Body, Json

_SHORTEST, _LONGEST = 0.05, 3600.0


def _doors(request: Request) -> Reply:
    left_out = request.faults.unlisted_doors
    doors = request.world.doors.values()
    return Reply([_door_json(door) for door in doors if door.id not in left_out])


def _door(request: Request) -> Reply:
    return Reply(_door_json(found(request.world.doors, request.ids[0])))


def _statuses(request: Request) -> Reply:
    faults = request.faults
    if faults.no_door_status:
        raise RefusedError(404, "Not found.")
    told: list[Json] = []
    for door in request.world.doors.values():
        if door.id in faults.statusless_doors:
            continue
        status = door.reported.json(with_contact=not faults.missing_contact)
        told.append(
            _door_json(door) if faults.missing_status else {**_door_json(door), "status": status}
        )
    return Reply(told)


def _groups(request: Request) -> Reply:
    return Reply([_GROUP])


def _group(request: Request) -> Reply:
    return Reply(found({0: _GROUP}, request.ids[0]))


def _open(request: Request) -> Reply:
    return _simple(request, "OpenDoor", Door.release)


def _hold(request: Request) -> Reply:
    return _simple(request, "HoldDoorOpen", Door.hold)


def _close(request: Request) -> Reply:
    return _simple(request, "CloseDoor", Door.relock)


def _control(request: Request) -> Reply:
    body = request.body
    function = body.part("relayFunction")
    if function is None:
        raise BadRequestError("relayFunction is required")
    relay, action = function.text("relayId", "Relay1"), function.text("relayAction", "TimedOpen")
    if relay not in {"Relay1", "Relay2"} or action not in {"TimedOpen", "Unlock", "Lock"}:
        raise BadRequestError("The request is invalid.")
    seconds = None
    if function.value("relayOpenTime") is not None:
        seconds = min(max(function.integer("relayOpenTime") / 1000, _SHORTEST), _LONGEST)
    command = Command(
        "ControlDoor",
        door_id=body.integer("doorId"),
        relay=relay,
        action=action,
        seconds=seconds,
        led=body.text("ledFlash", "NoLed"),
    )
    request.commands.append(command)
    request.world.command(body.integer("doorId"), lambda door: _drive(door, command))
    return _queued(request, command.name, body)


def _drive(door: Door, command: Command) -> None:
    second = command.relay == "Relay2"
    match command.action:
        case "Lock":
            (door.close_second_relay if second else door.relock)()
        case "Unlock" if not second:
            door.hold()
        case "Unlock":
            door.release_second_relay(None)
        case _ if second:
            door.release_second_relay(command.seconds or door.open_seconds)
        case _:
            door.release(command.seconds)


def _lockdown(request: Request) -> Reply:
    if request.faults.lite:
        raise RefusedError(403, "Not licensed.")
    body = request.body
    active = body.flag("lockdown")
    request.commands.append(Command("ControlLockdown", lockdown=active))
    request.world.set_lockdown(active=active, user_id=request.operator_id)
    return _queued(request, "ControlLockdown", body)


def _reset_anti_passback(request: Request) -> Reply:
    body = request.body
    user = found(request.world.users, body.integer("userId"))
    request.commands.append(Command("ResetAntiPassback", user_id=user.id))
    user.area_id = 0
    request.world.emit(33, user_id=user.id)
    return _queued(request, "ResetAntiPassback", body)


def _simple(request: Request, name: str, run: Callable[[Door], None]) -> Reply:
    body = request.body
    door_id = body.integer("doorId")
    request.commands.append(Command(name, door_id=door_id))
    request.world.command(door_id, run)
    return _queued(request, name, body)


def _queued(request: Request, name: str, body: Body) -> Reply:
    """Answer as for every command: 200 means that it was queued, not that anything moved."""
    errors = request.faults.command_errors
    return Reply(
        {
            "commandName": name,
            "input": body.camel_case(),
            "output": {"status": "FireAndForget", "errors": errors and [errors]},
            "id": None,
        }
    )


def _door_json(door: Door) -> dict[str, Json]:
    return {"name": door.name, "id": door.id}


_GROUP: Final[Json] = {"id": 0, "name": "All doors"}

ROUTES: Final[Routes] = {
    ("GET", "/doors"): _doors,
    ("GET", "/doors/{}"): _door,
    ("GET", "/doors/status"): _statuses,
    ("GET", "/doorgroups"): _groups,
    ("GET", "/doorgroups/{}"): _group,
    ("GET", "/doorgroups/{}/doors"): _doors,
    ("GET", "/doorgroups/root/doors"): _doors,
    ("POST", "/commands/door/open"): _open,
    ("POST", "/commands/door/holdopen"): _hold,
    ("POST", "/commands/door/close"): _close,
    ("POST", "/commands/door/control"): _control,
    ("POST", "/commands/controllockdown"): _lockdown,
    ("POST", "/commands/antipassback/reset"): _reset_anti_passback,
}
