"""Enlighted Manage in the demo."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from .api import Json
from .dashboard import ITS_OWN, Card, badge, heading, known, pressing, section, tile, without
from .devices import Device, House
from .setup_flow import Answers
from .simulators import Simulator

ID = "enlighted_manage"


def arguments(folder: Path) -> Sequence[str]:
    """Let people walk; the certificate stays, for it was confirmed."""
    return ["--busy=6", f"--certificate={folder / 'certificate.pem'}"]


def set_up(simulator: Simulator) -> Answers:
    """Fill in the config flow."""
    ready = simulator.ready
    return {
        "user": {"next_step_id": ID},
        ID: {
            "host": ready["host"],
            "port": ready["port"],
            "username": ready["username"],
            "api_key": ready["api_key"],
            "advanced": {"auth_scheme": "auto", "use_https": True},
        },
        "confirm_certificate": {},
        "floors": {"floors": ["1", "2"]},
    }


def options(_house: House) -> Iterator[Answers]:
    """Ask twice a minute who is where: nobody else uses this manager."""
    yield {
        "manager": {
            "floors": ["1", "2"],
            "fixtures": "auto",
            "override_minutes": 60,
            "tunable_white": False,
            "lamp_faults": False,
            "occupancy": True,
            "occupancy_interval": 30,
            "statistics_interval": 300,
        }
    }


def view(devices: Sequence[Device]) -> Json:
    """Show each floor with its areas, the switch groups with their scenes, and the energy."""
    [manager] = [device for device in devices if device.is_hub]
    floors = [device for device in devices if "-floor-" in device.identifier]
    below = {floor.id: [device for device in devices if device.via == floor.id] for floor in floors}
    return {
        "type": "sections",
        "title": "Lights",
        "path": "lights",
        "icon": "mdi:ceiling-light-multiple",
        "max_columns": 3,
        "sections": [
            *(section(*_floor(floor, below[floor.id])) for floor in floors),
            section(
                *_manager(manager),
                heading("Switch groups", "mdi:light-switch"),
                *(
                    card
                    for floor in floors
                    for group in below[floor.id]
                    if _is(group, "group")
                    for card in _group(f"{floor.name}: {group.name}", group)
                ),
            ),
        ],
    }


def energy(devices: Sequence[Device]) -> Json:
    """Let the Energy dashboard show the building, and each floor of it."""
    building = [
        {"type": "grid", "stat_energy_from": each.entities[key], "cost_adjustment_day": 0.0}
        for each in devices
        if each.is_hub
        for key in ("energy_lighting", "energy_plug_load")
    ]
    floors = [
        {"stat_consumption": each.entities["energy_lighting"]}
        for each in devices
        if "-floor-" in each.identifier
    ]
    return {"energy_sources": building, "device_consumption": floors}


def _is(device: Device, kind: str) -> bool:
    return f"-{kind}-" in device.identifier


def _floor(floor: Device, devices: Sequence[Device]) -> Iterator[Card]:
    has = floor.entities
    counts = (badge(has[key]) for key in ("occupied_areas", "power", "temperature"))
    yield heading(floor.name, "mdi:layers", *counts)
    for area in devices:
        if _is(area, "area"):
            yield from _area(area)
    told = ["event_type", "last-changed"]
    yield known(floor.events["activity"], name="Last event", state_content=told)


def _area(area: Device) -> Iterator[Card]:
    has = area.entities
    occupancy = [badge(has["occupancy"])] if "occupancy" in has else []
    yield {**heading(area.name, "mdi:door-open", *occupancy), "heading_style": "subtitle"}
    yield tile(has["light"], columns=12, name="Lights", features=[{"type": "light-brightness"}])
    yield tile(has["control"], name=ITS_OWN)
    shown = without(has["override_until"], "unknown", "unavailable")
    yield tile(has["override_until"], name=ITS_OWN, visibility=[shown])


def _manager(manager: Device) -> Iterator[Card]:
    has = manager.entities
    yield heading("Building", "mdi:office-building", badge(has["connected"]))
    for key in ("energy_lighting", "energy_plug_load", "override_minutes"):
        yield tile(has[key], name=ITS_OWN)
    refresh = has["refresh"]
    yield {**tile(refresh, name=ITS_OWN, hide_state=True), **pressing(refresh)}


def _group(name: str, group: Device) -> Iterator[Card]:
    yield tile(group.entities["light"], columns=12, name=name)
    for scene in group.scenes.values():
        yield tile(scene, columns=3, name=ITS_OWN, hide_state=True, vertical=True)
