"""Paxton Net2 in the demo."""

from collections.abc import Iterator, Sequence

from .api import Json
from .dashboard import Card, Device, badge, heading, section, tile, warning
from .setup_flow import Answers

#: The gate only knows impulses, and the wireless lock does not move by command.
MODES = {"Garage": "momentary", "Server Room": "monitor"}


def set_up(simulator: Json) -> Answers:
    """Fill in the config flow."""
    names = ("host", "port", "username", "password", "client_id")
    return {
        "user": {"next_step_id": "paxton_net2"},
        "paxton_net2": {
            **{name: simulator[name] for name in names},
            "advanced": {"use_https": True},
        },
        "confirm_certificate": {},
    }


def options(devices: Sequence[Device]) -> Iterator[Answers]:
    """Say which doors are not to be driven as a lock."""
    for door in devices:
        if door.name in MODES:
            yield {
                "init": {"next_step_id": "door"},
                "door": {"door": door.identifier.rpartition("-")[2]},
                "door_options": {"mode": MODES[door.name], "unlock_action": "release"},
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
        *(warning(has[key]) for key in ("alarm", "tamper", "power") if key in has),
    )
    if "lock" in has:
        commands = {"features": [{"type": "lock-commands"}], "features_position": "inline"}
        yield tile(has["lock"], columns=12, name="Lock", **commands)
    if "release" in has:
        # A button's state is the time of its last press.
        yield tile(has["release"], name="Release", hide_state=True)
    if "hold_open" in has:
        yield tile(has["hold_open"], name="Hold open")
    if "activity" in has:
        told = ["event_type", "user_name", "last-changed"]
        yield tile(has["activity"], columns=12, name="Last event", state_content=told)
    if "last_user" in has:
        told = ["state", "last-changed"]
        yield tile(has["last_user"], columns=12, name="Last user", state_content=told)


def _site(server: Device) -> Iterator[Card]:
    has = server.entities
    connection = (badge(has[key]) for key in ("live_stream",) if key in has)
    yield heading("Whole site", "mdi:office-building", *connection)
    if "lockdown" in has:
        yield tile(has["lockdown"], columns=12, name="Lockdown", color="red")
    for key, name in (("roll_call_missing", "Missing"), ("roll_call_safe", "Safe")):
        if key in has:
            yield tile(has[key], name=name)


def _activity(doors: Sequence[Device]) -> Iterator[Card]:
    yield heading("Who went where", "mdi:account-clock")
    shown = [door.entities["activity"] for door in doors if "activity" in door.entities]
    yield {"type": "logbook", "target": {"entity_id": shown}, "hours_to_show": 12}
