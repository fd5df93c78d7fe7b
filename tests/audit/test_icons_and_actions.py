"""Icons and actions are as hassfest and the editor want them."""

from collections.abc import Mapping
import json
import re
from typing import Any

import probatio
import pytest

from homeassistant.helpers.selector import validate_selector

from . import usage
from .sources import INTEGRATION, ROOT
from .usage import SERVICES

ICONS: dict[str, Any] = json.loads((ROOT / INTEGRATION / "icons.json").read_text())


def mistakes(fields: Mapping[Any, object], described: Mapping[str, Any]) -> list[str]:
    """Return how an action's description differs from the schema that its calls have to meet."""
    found = []
    markers = {str(marker.schema): marker for marker in fields}
    found += [f"{name} is not described" for name in sorted(markers.keys() - described.keys())]
    found += [f"{name} does not exist" for name in sorted(described.keys() - markers.keys())]
    for name in markers.keys() & described.keys():
        field = described[name]
        if field.get("required", False) != isinstance(markers[name], probatio.Required):
            found.append(f"{name} is required in one place only")
        try:
            validate_selector(field["selector"])
        except (KeyError, probatio.Invalid) as error:
            found.append(f"{name}: {error}")
    return found


def test_icons_are_from_the_common_set() -> None:
    names = [value for _, value in usage.leaves(ICONS)]
    assert names
    assert [name for name in names if not re.fullmatch(r"mdi:[a-z0-9-]+", name)] == []


def test_actions_have_an_icon() -> None:
    assert ICONS["services"].keys() == usage.actions().keys()
    assert all(set(icon) == {"service"} for icon in ICONS["services"].values())


def test_entities_have_an_icon_or_a_device_class() -> None:
    rows = list(usage.descriptions())
    wanted = {
        f"{platform}.{row.translation_key}"
        for platform, row in rows
        if row.translation_key and row.device_class is None
    }
    named = {f"{platform}.{row.translation_key}" for platform, row in rows if row.translation_key}
    found = {f"{platform}.{key}" for platform, icons in ICONS["entity"].items() for key in icons}
    assert len(rows) > 15
    assert wanted <= found <= named


def test_actions_are_described_as_they_are() -> None:
    actions = usage.actions()
    assert SERVICES.keys() == actions.keys()
    found = {
        name: wrong
        for name, action in actions.items()
        if (wrong := mistakes(action.fields, SERVICES[name]["fields"]))
    }
    assert found == {}


@pytest.mark.parametrize(
    "described",
    [
        {},
        {"seconds": {"required": True, "selector": {"number": {}}}, "more": {}},
        {"seconds": {"selector": {"number": {}}}},
        {"seconds": {"required": True}},
        {"seconds": {"required": True, "selector": {"numbers": {}}}},
    ],
)
def test_a_wrong_description_is_seen(described: dict[str, Any]) -> None:
    fields = {probatio.Required("seconds"): float}
    right = {"seconds": {"required": True, "selector": {"number": {"mode": "box"}}}}
    assert mistakes(fields, right) == []
    assert mistakes(fields, described)
