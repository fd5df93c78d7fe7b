"""The dashboard, made of what Home Assistant has of the systems."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from .api import HomeAssistantApi, Json

PATH = "gate-house"
DOMAIN = "gatehouse"

type Card = dict[str, object]


@dataclass(slots=True)
class Device:
    """A device of Gatehouse with its entities by their keys."""

    id: str
    entry_id: str
    #: The identifier within Gatehouse: `<system>-<id at the vendor>`, or a hub's entry id.
    identifier: str
    name: str
    entities: dict[str, str] = field(default_factory=dict)

    @property
    def is_hub(self) -> bool:
        """Whether the other devices of its entry hang below it."""
        return self.identifier == self.entry_id


async def read_devices(api: HomeAssistantApi, system: str) -> list[Device]:
    """Read the devices of a system's entry with their enabled entities, by name."""
    devices: dict[object, Device] = {}
    for row in cast(list[Json], await api.command("config/device_registry/list")):
        for domain, identifier in cast(list[tuple[str, str]], row["identifiers"]):
            if domain == DOMAIN:
                entry_id = str(row["primary_config_entry"])
                name = str(row["name_by_user"] or row["name"])
                devices[row["id"]] = Device(str(row["id"]), entry_id, identifier, name)
    for row in cast(list[Json], await api.command("config/entity_registry/list")):
        if row["platform"] == DOMAIN and not row["disabled_by"]:
            key = str(row["unique_id"]).rpartition("-")[2]
            devices[row["device_id"]].entities[key] = str(row["entity_id"])
    # A hub's identifier does not name the system, those of the devices below it do.
    entries = {each.entry_id for each in devices.values() if each.identifier.startswith(system)}
    found = (device for device in devices.values() if device.entry_id in entries)
    return sorted(found, key=lambda device: device.name)


async def show(api: HomeAssistantApi, views: Sequence[Json]) -> None:
    """Make `views` the page that everybody sees first."""
    present = cast(list[Json], await api.command("lovelace/dashboards/list"))
    for dashboard in present:
        # Home Assistant greets a new house with a map, whose tiles come from the internet.
        if dashboard["url_path"] in {"map", PATH}:
            await api.command("lovelace/dashboards/delete", dashboard_id=dashboard["id"])
    await api.command(
        "lovelace/dashboards/create",
        url_path=PATH,
        title="Gatehouse",
        icon="mdi:office-building",
        show_in_sidebar=True,
        require_admin=False,
        mode="storage",
    )
    await api.command("lovelace/config/save", url_path=PATH, config={"views": views})
    await api.command("frontend/set_system_data", key="core", value={"default_panel": PATH})
    # British, like the building: its clock has 24 hours.
    british = {"language": "en-GB", "number_format": "language", "time_format": "language"}
    await api.command("frontend/set_user_data", key="language", value=british)


def heading(text: str, icon: str, *badges: Card) -> Card:
    """Build the title of a section."""
    return {"type": "heading", "heading": text, "icon": icon, "badges": list(badges)}


def badge(entity: str) -> Card:
    """Build a small state beside a title."""
    return {"type": "entity", "entity": entity}


def warning(entity: str) -> Card:
    """Build a badge that is only there while its binary sensor is on."""
    shown = {"condition": "state", "entity": entity, "state": "on"}
    return {**badge(entity), "color": "red", "visibility": [shown]}


def tile(entity: str, *, columns: int = 6, **options: object) -> Card:
    """Build a tile; a section is twelve columns wide."""
    return {"type": "tile", "entity": entity, "grid_options": {"columns": columns}, **options}


def asked(question: str) -> Card:
    """Let a touch anywhere on a tile do what it is for, once `question` was answered."""
    touch = {"action": "toggle", "confirmation": {"text": question}}
    return {"tap_action": touch, "icon_tap_action": touch}


def known(entity: str, **options: object) -> Card:
    """Build a tile that is only there once there is something to tell, and since when."""
    shown = {"condition": "state", "entity": entity, "state_not": ["unknown", "unavailable"]}
    return tile(entity, columns=12, visibility=[shown], **options)


def section(*cards: Card, columns: int = 1) -> Card:
    """Put cards below each other."""
    return {"type": "grid", "cards": list(cards), "column_span": columns}
