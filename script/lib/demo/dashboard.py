"""The dashboard, and the cards that it is made of."""

from collections.abc import Sequence
from typing import cast

from .api import HomeAssistantApi, Json

PATH = "gate-house"

type Card = dict[str, object]

#: The name of a tile, where that of the device goes without saying.
ITS_OWN = {"type": "entity"}


async def is_shown(api: HomeAssistantApi) -> bool:
    """Tell whether there is a dashboard already."""
    return PATH in await _dashboards(api)


async def show(api: HomeAssistantApi, views: Sequence[Json]) -> None:
    """Make `views` the page that everybody sees first."""
    for path, dashboard_id in (await _dashboards(api)).items():
        # Home Assistant greets a new house with a map, whose tiles come from the internet.
        if path in {"map", PATH}:
            await api.command("lovelace/dashboards/delete", dashboard_id=dashboard_id)
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


async def _dashboards(api: HomeAssistantApi) -> dict[str, str]:
    """Return the ids of the dashboards by their paths."""
    rows = cast(list[Json], await api.command("lovelace/dashboards/list"))
    return {str(row["url_path"]): str(row["id"]) for row in rows}


def heading(text: str, icon: str, *badges: Card) -> Card:
    """Build the title of a section."""
    return {"type": "heading", "heading": text, "icon": icon, "badges": list(badges)}


def when(entity: str, state: str) -> Card:
    """Build the condition that an entity is in a state."""
    return {"condition": "state", "entity": entity, "state": state}


def without(entity: str, *states: str) -> Card:
    """Build the condition that an entity is in none of some states."""
    return {"condition": "state", "entity": entity, "state_not": list(states)}


def badge(entity: str) -> Card:
    """Build a small state beside a title."""
    return {"type": "entity", "entity": entity}


def warning(entity: str) -> Card:
    """Build a badge that is only there while its binary sensor is on."""
    return {**badge(entity), "color": "red", "visibility": [when(entity, "on")]}


def tile(entity: str, *, columns: int = 6, **options: object) -> Card:
    """Build a tile; a section is twelve columns wide."""
    return {"type": "tile", "entity": entity, "grid_options": {"columns": columns}, **options}


def asked(question: str) -> Card:
    """Let a touch anywhere on a tile do what it is for, once `question` was answered."""
    return _touched({"action": "toggle", "confirmation": {"text": question}})


def pressing(button: str, question: str | None = None) -> Card:
    """Let a touch anywhere on a tile press a button, once `question`, if any, was answered."""
    action: Card = {
        "action": "perform-action",
        "perform_action": "button.press",
        "target": {"entity_id": button},
    }
    return _touched(action if question is None else {**action, "confirmation": {"text": question}})


def _touched(action: Card) -> Card:
    return {"tap_action": action, "icon_tap_action": action}


def known(entity: str, **options: object) -> Card:
    """Build a wide tile that is only there once there is something to tell."""
    shown = without(entity, "unknown", "unavailable")
    return tile(entity, columns=12, visibility=[shown], **options)


def row(*cards: Card) -> Card:
    """Put cards beside each other; those that are not there leave their place to the others."""
    return {"type": "horizontal-stack", "cards": list(cards), "grid_options": {"columns": 12}}


def section(*cards: Card) -> Card:
    """Put cards below each other."""
    return {"type": "grid", "cards": list(cards)}
