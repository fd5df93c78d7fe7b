"""Demand response: scheduling, changing and cancelling events (3.11, Appendix C 6). JSON only."""

from collections.abc import Mapping
from typing import Final

import orjson

from .access import ADMINS
from .demand import REDUCTIONS, Event, expand, read_start
from .routing import Handler, Request, Route
from .wire import Json, RefusedError, Reply
from .world import World


class _InvalidError(Exception):
    """What was sent is no event; its text is what the interface says of it."""


def _said(status: int, text: str) -> Reply:
    return Reply("response", {"status": status, "msg": text})


def _body(request: Request) -> Mapping[str, str]:
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise RefusedError(400, "Invalid JSON") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "Invalid JSON")
    given = {str(name): str(value) for name, value in body.items()}
    request.note([], **request.variables, **given)
    return given


def _event(request: Request) -> Event:
    body, world = _body(request), request.world
    start = read_start(body.get("starttime", ""), world.zone)
    duration = body.get("duration", "")
    if not body.get("dridentifier"):
        raise _InvalidError("dridentifier is missing")
    if body.get("pricelevel") not in REDUCTIONS:
        raise _InvalidError("Invalid pricelevel")
    if not duration.isdigit() or int(duration) == 0:
        raise _InvalidError("Invalid duration")
    if start is None:
        raise _InvalidError("Invalid starttime")
    return Event(
        body["dridentifier"],
        body["pricelevel"],
        start,
        int(duration) * 60.0,
        body.get("pricing", ""),
        _floors(request),
    )


def _floors(request: Request) -> frozenset[int] | None:
    """Return the floors in the path; without any, the event is for all that are the user's."""
    world = request.world
    if "spec" not in request.variables:
        own = frozenset(floor.id for floor in request.visible_floors(full=True))
        return None if own == world.floors.keys() else own
    try:
        floors = expand(
            request.variables["spec"], lambda kind, number: _floors_of(world, kind, number)
        )
    except ValueError as error:
        raise _InvalidError(f"Invalid facility {error}") from None
    for floor in floors:
        request.need_floor(floor)
    return floors


def _floors_of(world: World, kind: str, number: int) -> list[int] | None:
    """Return the floors of a part of the building, or None if there is no such part."""
    floors = world.floors.values()
    match kind:
        case "company" if number == world.company.id:
            return list(world.floors)
        case "campus" if number in world.campuses:
            buildings = {each.id for each in world.buildings.values() if each.campus_id == number}
            return [floor.id for floor in floors if floor.building_id in buildings]
        case "building" if number in world.buildings:
            return [floor.id for floor in floors if floor.building_id == number]
        case "floor" if number in world.floors:
            return [number]
        case _:
            return None


async def _schedule(request: Request) -> Reply:
    try:
        event = _event(request)
    except _InvalidError as error:
        return _said(1, str(error))
    if not request.world.demand.schedule(event):
        return _said(1, "DR not scheduled: it exists already, or is over")
    return _said(0, "DR scheduled successfully")


async def _update(request: Request) -> Reply:
    try:
        event = _event(request)
    except _InvalidError as error:
        return _said(1, str(error))
    if not request.world.demand.update(event):
        return _said(1, "DR not updated: there is no such event")
    return _said(0, "DR updated successfully")


async def _cancel(request: Request) -> Reply:
    if not request.world.demand.cancel(_body(request).get("dridentifier", "")):
        return _said(1, "DR not cancelled: there is no such event")
    return _said(0, "DR Cancelled successfully")


async def _list(request: Request) -> Reply:
    world = request.world
    rows: list[Json] = [
        {
            "dridentifier": event.identifier,
            "pricelevel": event.price_level,
            "pricing": event.pricing,
            # Seconds here, though minutes where it is scheduled (Appendix C 6).
            "duration": round(event.duration),
            "starttime": world.local(event.start).isoformat(timespec="seconds"),
        }
        for event in world.demand.listed()
    ]
    return Reply("drs", {"dr": rows})


def _command(path: str, handler: Handler, name: str) -> Route:
    return Route("POST", f"/org/dr/{path}", handler, command=name, roles=ADMINS)


ROUTES: Final = (
    _command("scheduledr", _schedule, "scheduleDr"),
    _command("scheduledr/facilities/{spec}", _schedule, "scheduleDr"),
    _command("updatedr", _update, "updateDr"),
    _command("updatedr/facilities/{spec}", _update, "updateDr"),
    _command("canceldr", _cancel, "cancelDr"),
    Route("GET", "/org/dr/listdr", _list),
)
