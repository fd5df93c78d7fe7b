"""An event as automations see it: the same fields in entities, on the bus and in answers."""

from .client import AccessEvent


def event_fields(event: AccessEvent, user_name: str | None) -> dict[str, str | int]:
    """Return an event's attributes; what the vendor does not tell is left out."""
    fields: dict[str, str | int | None] = {
        "event_time": event.time.isoformat(),
        "user_id": event.user_id,
        "user_name": user_name,
        "credential": event.credential,
        "direction": event.direction,
        "code": event.code,
        "sub_code": event.sub_code,
        "event_id": event.id,
    }
    return {key: value for key, value in fields.items() if value is not None}
