"""Reading events back (section 3.4)."""

from typing import Final

from .event_filter import compile_filter, sort_events
from .routing import DONE, Reply, Request, Routes, whole
from .wire import BadRequestError, Json, naive

_DEFAULT_ROWS: Final = 1000
_UNKNOWN_TOKEN: Final = 23


def _events(request: Request) -> Reply:
    world, query = request.world, request.query
    matches = compile_filter(query.get("where", ""), request.zone)
    events = sort_events(filter(matches, world.events), query.get("orderby", ""), request.zone)
    rows = events[: whole(query, "rowcount", _DEFAULT_ROWS)]
    if not rows and request.faults.empty_events_body:
        return Reply(raw=b"")
    german = request.faults.german_descriptions
    return Reply([event.rest(request.zone, german=german) for event in rows])


def _unknown_tokens(request: Request) -> Reply:
    unknown = [
        event
        for event in reversed(request.world.events)
        if event.code == _UNKNOWN_TOKEN and not event.user_id
    ]
    told: list[Json] = [
        {
            "id": event.id,
            "EventDate": naive(event.time, request.zone),
            "where": event.device_name,
            "tokenNumber": event.card_number,
        }
        for event in unknown[: whole(request.query, "max", 10)]
    ]
    return Reply(told)


def _acknowledge(request: Request) -> Reply:
    body = request.body
    if "eventId" in body:
        wanted = body.integer("eventId")
        door_id = next((each.door_id for each in request.world.events if each.id == wanted), None)
    else:
        door_id = body.integer("address")
    if door_id not in request.world.doors:
        raise BadRequestError("There is no such alarm.")
    request.world.doors[door_id].update(alarm=False)
    request.world.emit(551, door_id, request.operator_id)
    return DONE


ROUTES: Final[Routes] = {
    ("GET", "/events"): _events,
    ("GET", "/events/latestunknowntokens"): _unknown_tokens,
    ("GET", "/events/lastunknowntokens"): _unknown_tokens,
    ("POST", "/events/alarms/acknowledge"): _acknowledge,
}
