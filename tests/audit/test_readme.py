"""The README tells of the entities, actions and fields that exist, and its examples work."""

from collections.abc import Iterator
import re
from typing import Any

import probatio
import pytest
import yaml

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityDescription
from homeassistant.setup import async_setup_component

from . import usage
from .sources import ROOT
from .usage import ENGLISH

README = (ROOT / "README.md").read_text()


def section(title: str) -> str:
    """Return the text below a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", README, re.MULTILINE)
    assert found, f"no section {title}"
    rest = README[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start() if end else None]


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
    return "*the door*"


def labels(step: dict[str, Any]) -> set[str]:
    """Return the labels of a form's fields."""
    inner = (each["data"] for each in step.get("sections", {}).values())
    return {label for texts in (step.get("data", {}), *inner) for label in texts.values()}


def test_the_entities_are_those_that_exist() -> None:
    tables = section("Entities").split("### ")[0]
    told = {(kind, name, remark == "off") for kind, name, _, remark in rows(tables)}
    assert told == {
        (
            platform.replace("_", " ").capitalize(),
            shown_name(platform, row),
            not row.entity_registry_enabled_default,
        )
        for platform, row in usage.descriptions()
    }


def test_the_event_types_are_those_that_exist() -> None:
    told = set(re.findall(r"`(\w+)`", section("Events").split("with these attributes")[0]))
    activity = ENGLISH["entity"]["event"]["activity"]["state_attributes"]["event_type"]["state"]
    assert told == activity.keys()


def test_the_actions_are_those_that_exist() -> None:
    told = {
        name.strip("`").removeprefix("gatehouse."): set(re.findall(r"`(\w+)`", fields))
        for name, fields, _ in rows(section("Actions"))
    }
    actions = usage.actions()
    assert told == {
        name: {str(marker.schema) for marker in action.fields} for name, action in actions.items()
    }
    for_everybody = {name for name, _, text in rows(section("Actions")) if "For everybody" in text}
    assert {name.strip("`").removeprefix("gatehouse.") for name in for_everybody} == {
        name for name, action in actions.items() if not action.is_admin
    }


def test_the_fields_are_those_of_the_forms() -> None:
    setting_up = section("Setting up").split("### Options")[0]
    assert {label for label, _ in rows(setting_up)} == labels(
        ENGLISH["config"]["step"]["paxton_net2"]
    )
    steps = ENGLISH["options"]["step"]
    options = labels(steps["general"]) | labels(steps["door_options"])
    assert {label for label, _ in rows(section("Options"))} == options


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
