"""Paxton Net2 in the demo."""

from collections.abc import Iterator, Mapping, Sequence

from .api import Json
from .dashboard import Card, Device, badge, heading, section, tile


def answers(simulator: Json) -> Mapping[str, Json]:
    """Fill in the config flow."""
    return {
        "user": {"next_step_id": "paxton_net2"},
        "paxton_net2": {
            key: simulator[key] for key in ("host", "port", "username", "password", "client_id")
        }
        | {"advanced": {"use_https": True}},
        "confirm_certificate": {},
    }


def view(devices: Sequence[Device]) -> Json:
    """Show each door, the site, and who went where."""
    doors = [device for device in devices if not device.is_hub]
    sections = [section(*_door(door)) for door in doors]
    sections += [section(*_site(device)) for device in devices if device.is_hub]
    sections.append(section(*_activity(doors)))
    return {
        "type": "sections",
        "title": "Doors",
        "path": "doors",
        "icon": "mdi:door",
        "max_columns": 3,
        "sections": sections,
    }


def _door(door: Device) -> Iterator[Card]:
    has = door.entities
    yield heading(
        door.name,
        "mdi:door",
        *(badge(has[key]) for key in ("contact",) if key in has),
        *(badge(has[key], color="red") for key in ("alarm", "tamper", "power") if key in has),
    )
    if "lock" in has:
        yield tile(
            has["lock"],
            columns=12,
            name="Lock",
            features=[{"type": "lock-commands"}],
            features_position="inline",
        )
    for key, name in (("release", "Release"), ("hold_open", "Hold open")):
        if key in has:
            yield tile(has[key], name=name)
    if "activity" in has:
        yield tile(
            has["activity"],
            columns=12,
            name="Last event",
            state_content=["event_type", "user_name", "last-changed"],
        )
    for key, name in (("last_user", "Last user"), ("last_denied", "Last denied")):
        if key in has:
            yield tile(has[key], name=name)


def _site(server: Device) -> Iterator[Card]:
    has = server.entities
    yield heading(
        server.name, "mdi:server", *(badge(has[key]) for key in ("live_stream",) if key in has)
    )
    if "lockdown" in has:
        yield tile(has["lockdown"], columns=12, name="Lockdown", color="red")
    for key, name in (
        ("roll_call_missing", "Missing at roll call"),
        ("roll_call_safe", "Safe at roll call"),
        ("users", "People"),
        ("last_event", "Last event"),
    ):
        if key in has:
            yield tile(has[key], name=name)


def _activity(doors: Sequence[Device]) -> Iterator[Card]:
    yield heading("Who went where", "mdi:account-clock")
    shown = [door.entities["activity"] for door in doors if "activity" in door.entities]
    yield {
        "type": "logbook",
        "target": {"entity_id": shown},
        "hours_to_show": 12,
        "grid_options": {"columns": 12, "rows": 8},
    }
