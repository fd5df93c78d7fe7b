"""An event as automations see it: the same fields in entities, on the bus and in answers."""

from typing import Final

from .client import AccessEvent, EventKind
from .options import Net2Options

#: Codes from here on are the server's own (section 6). They never come live, and most of them
#: keep the books: backups, operators, changed records.
_SYSTEM_CODES: Final = 500
#: Somebody stands at the door: the camera there sees who.
SEEN: Final = frozenset(
    {
        EventKind.ACCESS_GRANTED,
        EventKind.ACCESS_DENIED,
        EventKind.DURESS,
        EventKind.DOORBELL,
    }
)


def is_news(event: AccessEvent) -> bool:
    """Return whether anybody misses an event that the live stream did not bring."""
    return event.kind is not EventKind.OTHER or event.code < _SYSTEM_CODES


def event_fields(
    event: AccessEvent, user_name: str | None, options: Net2Options
) -> dict[str, str | int]:
    """Return an event's attributes; what the vendor does not tell is left out."""
    camera = None
    if event.door_id is not None and event.kind in SEEN:
        camera = options.door(event.door_id).camera
    fields: dict[str, str | int | None] = {
        "event_time": event.time.isoformat(),
        "user_id": event.user_id,
        "user_name": user_name,
        "credential": event.credential,
        "direction": event.direction,
        "code": event.code,
        "sub_code": event.sub_code,
        "event_id": event.id,
        "camera_entity_id": camera,
    }
    return {key: value for key, value in fields.items() if value is not None}
