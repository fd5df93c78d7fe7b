"""The README tells of the entities, actions and fields that exist, and its examples work."""

from collections.abc import Iterator
import re
from typing import Any

import probatio
import pytest
import yaml

from homeassistant.components.event import EventEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityDescription
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.systems import SYSTEMS

from . import usage
from .sources import ROOT
from .usage import ENGLISH

README = (ROOT / "README.md").read_text()


#: The heading of each system's chapter.
CHAPTERS = {
    "paxton_net2": "Paxton Net2",
    "table_tracker": "LRS Table Tracker",
    "vxg": "VXG Cloud VMS",
    "enlighted_manage": "Enlighted Manage",
}
#: What an entity is called that goes by the name of its device, by its platform.
NAMELESS = {
    "camera": "*the camera*",
    "light": "*the area, group or fixture*",
    "lock": "*the door*",
}


def section(title: str, text: str = README) -> str:
    """Return the text below a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", text, re.MULTILINE)
    assert found, f"no section {title}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start() if end else None]


def chapter(system: str, title: str) -> str:
    """Return a section of a system's chapter."""
    return section(title, section(CHAPTERS[system]))


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of a table's rows, its head left out."""
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        for line in table.splitlines()[2:]:
            yield [cell.strip() for cell in line.strip("|").split("|")]


def shown_name(platform: str, row: EntityDescription) -> str:
    """Return the name that an entity goes by in English."""
    if row.translation_key:
        return str(ENGLISH["entity"][platform][row.translation_key]["name"])
    if row.device_class:
        return str(row.device_class).replace("_", " ").capitalize()
    return NAMELESS[platform]


def labels(step: dict[str, Any]) -> set[str]:
    """Return the labels of a form's fields."""
    inner = (each["data"] for each in step.get("sections", {}).values())
    return {label for texts in (step.get("data", {}), *inner) for label in texts.values()}


def test_every_system_has_its_chapter() -> None:
    assert CHAPTERS.keys() == SYSTEMS.keys()
    first, *others = (
        [
            title
            for title in re.findall(r"^## (.*)", section(name), re.MULTILINE)
            if not title.startswith("Supported")
        ]
        for name in CHAPTERS.values()
    )
    assert others == [first] * len(others)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_entities_are_those_that_exist(system: str) -> None:
    tables = chapter(system, "Entities").split("### ")[0]
    told = {(kind, name, remark == "off") for kind, name, _, remark in rows(tables)}
    assert told == {
        (
            platform.replace("_", " ").capitalize(),
            shown_name(platform, row),
            not row.entity_registry_enabled_default,
        )
        for platform, row in usage.descriptions(system)
    }


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_event_types_are_those_that_exist(system: str) -> None:
    told = set(re.findall(r"`(\w+)`", chapter(system, "Events").split("with these attributes")[0]))
    assert told == {
        str(event_type)
        for _, row in usage.descriptions(system)
        if isinstance(row, EventEntityDescription) and row.translation_key
        for event_type in row.event_types or ()
    }


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_actions_are_those_that_exist(system: str) -> None:
    table = chapter(system, "Actions")
    told = {
        name.strip("`").removeprefix("gatehouse."): set(re.findall(r"`(\w+)`", fields))
        for name, fields, _ in rows(table)
    }
    actions = {action.name: action for action in SYSTEMS[system].actions}
    assert told == {
        name: {str(marker.schema) for marker in action.fields} for name, action in actions.items()
    }
    for_everybody = {name for name, _, text in rows(table) if "For everybody" in text}
    assert {name.strip("`").removeprefix("gatehouse.") for name in for_everybody} == {
        name for name, action in actions.items() if not action.is_admin
    }


@pytest.mark.parametrize(
    ("system", "forms"),
    [
        ("paxton_net2", ["general", "door_options"]),
        ("table_tracker", ["tables"]),
        ("vxg", ["account"]),
        ("enlighted_manage", ["manager"]),
    ],
)
def test_the_fields_are_those_of_the_forms(system: str, forms: list[str]) -> None:
    setting_up = chapter(system, "Setting up").split("### Options")[0]
    assert {label for label, _ in rows(setting_up)} == labels(ENGLISH["config"]["step"][system])
    options = set().union(*(labels(ENGLISH["options"]["step"][form]) for form in forms))
    assert {label for label, _ in rows(chapter(system, "Options"))} == options


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", README, re.DOTALL))
async def test_examples_are_valid(hass: HomeAssistant, text: str) -> None:
    example = yaml.safe_load(text)
    for trigger in example.get("triggers", ()):
        kind = trigger["trigger"].partition(".")[0]
        assert await async_setup_component(hass, kind, {}) or kind in {"time", "state"}
    domain = "script" if "sequence" in example else "automation"
    config = {"example": example} if domain == "script" else example
    assert await async_setup_component(hass, domain, {domain: config})
    await hass.async_block_till_done()
    [state] = hass.states.async_all(domain)
    assert state.state == ("off" if domain == "script" else "on")
    if domain == "automation":
        await hass.services.async_call(domain, "turn_off", {"entity_id": "all"}, blocking=True)


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", README, re.DOTALL))
def test_examples_call_actions_as_they_are(text: str) -> None:
    for step in yaml.safe_load(text).get("sequence", ()):
        action = usage.actions()[step["action"].removeprefix("gatehouse.")]
        fields = {str(marker.schema): marker for marker in action.fields}
        required = {
            name for name, marker in fields.items() if isinstance(marker, probatio.Required)
        }
        assert required <= step["data"].keys() <= fields.keys()
