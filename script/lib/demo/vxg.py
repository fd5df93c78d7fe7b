"""VXG Cloud VMS in the demo."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from .api import Json
from .dashboard import ITS_OWN, Card, badge, heading, known, pressing, section, tile, warning
from .devices import Device, House
from .setup_flow import Answers
from .simulators import Simulator

ID = "vxg"

_MOVES = ("left", "up", "down", "right", "zoom_in", "zoom_out")


def arguments(_folder: Path) -> Sequence[str]:
    """Let people and cars pass the cameras."""
    return ["--busy=20"]


def set_up(simulator: Simulator) -> Answers:
    """Fill in the config flow."""
    return {
        "user": {"next_step_id": ID},
        ID: {
            "credential": simulator.ready["licence_key"],
            "url": simulator.ready["url"],
        },
    }


def options(_house: House) -> Iterator[Answers]:
    """Look for events more often than is usual: nobody is charged for it here."""
    yield {
        "account": {
            "poll_interval": 5,
            "motion_hold": 30,
            "stream": "auto",
            "media_days": 3,
            "excluded_cameras": [],
        }
    }


def view(devices: Sequence[Device]) -> Json:
    """Show what every camera sees, what it saw last, and the motors of those that have some."""
    cameras = [device for device in devices if not device.is_hub]
    sections = [section(*_camera(camera)) for camera in cameras]
    sections += [section(*_account(device)) for device in devices if device.is_hub]
    return {
        "type": "sections",
        "title": "Cameras",
        "path": "cameras",
        "icon": "mdi:cctv",
        "max_columns": 3,
        "sections": sections,
    }


def _camera(camera: Device) -> Iterator[Card]:
    has = camera.entities
    problems = (warning(has[key]) for key in ("login_refused", "card_problem") if key in has)
    yield heading(camera.name, "mdi:cctv", badge(has["online"]), *problems)
    yield {
        "type": "picture-entity",
        "entity": has["main"],
        "camera_image": has["main"],
        "camera_view": "auto",
        "show_name": False,
        "show_state": False,
        "grid_options": {"columns": 12},
    }
    for key in ("motion", "person", "vehicle"):
        if key in has:
            yield tile(has[key], columns=4, name=ITS_OWN, vertical=True)
    if "sights" in camera.events:
        told = ["event_type", "last-changed"]
        yield known(camera.events["sights"], name="Last event", state_content=told)
    if "recording_mode" in has:
        yield tile(
            has["recording_mode"],
            columns=12,
            name=ITS_OWN,
            features=[{"type": "select-options"}],
        )
    for key in _MOVES:
        if key in has:
            yield tile(
                has[key],
                columns=4,
                name=ITS_OWN,
                hide_state=True,
                **pressing(has[key]),
            )


def _account(account: Device) -> Iterator[Card]:
    has = account.entities
    yield heading("Account", "mdi:cloud", badge(has["events"]))
    for key in ("cameras_online", "records_size", "live_duration"):
        if key in has:
            yield tile(has[key], name=ITS_OWN)
