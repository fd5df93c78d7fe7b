"""Paxton Net2 in the demo."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from .api import Json
from .dashboard import Card, asked, badge, heading, known, section, tile, warning, without
from .devices import Device, House
from .setup_flow import Answers
from .simulators import Simulator

ID = "paxton_net2"

#: The gate only knows impulses, and the wireless lock does not move by command.
MODES = {"Garage": "momentary", "Server Room": "monitor"}

#: Which camera sees who stands at a door, where the building has cameras as well.
CAMERAS = {"Main Entrance": "Lobby", "Garage": "Car park"}


def arguments(folder: Path) -> Sequence[str]:
    """Let people come and go, at a server whose certificate stays the one that was compared."""
    return ["--busy", f"--certificate={folder / 'certificate.pem'}"]


def set_up(simulator: Simulator) -> Answers:
    """Fill in the config flow."""
    names = ("host", "port", "username", "password", "client_id")
    return {
        "user": {"next_step_id": ID},
        ID: {
            **{name: simulator.ready[name] for name in names},
            "advanced": {"use_https": True},
        },
        "confirm_certificate": {},
    }


def options(house: House) -> Iterator[Answers]:
    """Say which doors are not to be driven as a lock, and which camera sees who comes."""
    cameras = {each.name: each.entities["main"] for each in house.get("vxg", ()) if not each.is_hub}
    for door in house[ID]:
        camera = cameras.get(CAMERAS.get(door.name, ""))
        if door.name in MODES or camera:
            yield {
                "init": {"next_step_id": "door"},
                "door": {"door": door.identifier.rpartition("-")[2]},
                "door_options": {
                    "mode": MODES.get(door.name, "latched"),
                    "unlock_action": "release",
                    **({"camera": camera} if camera else {}),
                },
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
        columns = 6 if "hold_open" in has else 12
        question = asked(f"Release {door.name}?")
        yield tile(has["release"], columns=columns, name="Release", hide_state=True, **question)
    if "hold_open" in has:
        question = asked(f"Change whether {door.name} is held open?")
        yield tile(has["hold_open"], columns=6, name="Hold open", **question)
    if "activity" in door.events:
        told = ["event_type", "user_name", "last-changed"]
        yield known(door.events["activity"], name="Last event", state_content=told)
    if picture := door.images.get("last_access"):
        yield {
            "type": "picture-entity",
            "entity": picture,
            "show_name": False,
            "show_state": False,
            "grid_options": {"columns": 12},
            "visibility": [without(picture, "unknown", "unavailable")],
        }
    if "last_user" in has:
        yield known(has["last_user"], name="Last user", state_content=["state", "last-changed"])


def _site(server: Device) -> Iterator[Card]:
    has = server.entities
    connection = (badge(has[key]) for key in ("live_stream",) if key in has)
    yield heading("Whole site", "mdi:office-building", *connection)
    if "lockdown" in has:
        question = asked("Change the lockdown of the whole site?")
        yield tile(has["lockdown"], columns=12, name="Lockdown", color="red", **question)
    for key, name in (("roll_call_missing", "Missing"), ("roll_call_safe", "Safe")):
        if key in has:
            yield tile(has[key], name=name)


def _activity(doors: Sequence[Device]) -> Iterator[Card]:
    yield heading("Who went where", "mdi:account-clock")
    shown = [door.entities["last_user"] for door in doors if "last_user" in door.entities]
    yield {"type": "logbook", "target": {"entity_id": shown}, "hours_to_show": 12}
