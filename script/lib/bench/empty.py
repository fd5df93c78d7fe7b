"""The floor of a set-up: an integration that has as many entities and does nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Final

from homeassistant.config_entries import ConfigEntry

from .house import entry_of

DOMAIN: Final = "empty"

_MANIFEST: Final = {
    "domain": DOMAIN,
    "name": "Empty",
    "codeowners": [],
    "config_flow": True,
    "documentation": "https://example.com",
    "iot_class": "local_push",
    "requirements": [],
    "version": "0.0.0",
}

_INIT: Final = """\
async def async_setup_entry(hass, entry):
    await hass.config_entries.async_forward_entry_setups(entry, entry.data["platforms"])
    return True
"""

#: Whatever has config entries has a flow.
_CONFIG_FLOW: Final = f"""\
from homeassistant.config_entries import ConfigFlow


class EmptyFlow(ConfigFlow, domain="{DOMAIN}"):
    pass
"""

#: What entities of a platform cannot be without.
_NEEDS: Final = {
    "event": "_attr_event_types = []",
    "light": "_attr_color_mode, _attr_supported_color_modes = 'brightness', {'brightness'}",
    "select": "_attr_current_option, _attr_options = None, []",
}

_PLATFORM: Final = """\
from homeassistant.components.{platform} import {entity}
from homeassistant.helpers.device_registry import DeviceInfo


class Empty({entity}):
    _attr_has_entity_name = True
    _attr_should_poll = False
    {needs}

    def __init__(self, number, device, enabled):
        self._attr_name = f"{platform} {{number}}"
        self._attr_unique_id = f"{platform}-{{device}}-{{number}}"
        self._attr_device_info = DeviceInfo(
            identifiers={{("{domain}", str(device))}}, name=f"Device {{device}}"
        )
        self._attr_entity_registry_enabled_default = enabled


async def async_setup_entry(hass, entry, async_add_entities):
    platforms, devices = entry.data["platforms"], entry.data["devices"]
    enabled, disabled = platforms["{platform}"]
    # Each platform begins where another ends, so that every device has something.
    names = sorted(platforms)
    begin = sum(map(sum, (platforms[name] for name in names[:names.index("{platform}")])))
    async_add_entities(
        Empty((begin + number) // devices, (begin + number) % devices, number < enabled)
        for number in range(enabled + disabled)
    )
"""


@dataclass(frozen=True, slots=True)
class Population:
    """What an integration has: devices, and entities (enabled, disabled) by their platform."""

    devices: int
    entities: Mapping[str, tuple[int, int]]

    @property
    def enabled(self) -> int:
        """How many entities there are to see."""
        return sum(enabled for enabled, _ in self.entities.values())

    @property
    def all(self) -> int:
        """How many entities there are, with those that are disabled."""
        return sum(map(sum, self.entities.values()))


def write_empty_integration(folder: Path, population: Population) -> Path:
    """Write an integration with the same platforms and return where it is."""
    integration = folder / DOMAIN
    integration.mkdir()
    (integration / "manifest.json").write_text(json.dumps(_MANIFEST))
    (integration / "__init__.py").write_text(_INIT)
    (integration / "config_flow.py").write_text(_CONFIG_FLOW)
    for platform in population.entities:
        name = platform.title().replace("_", "")
        (integration / f"{platform}.py").write_text(
            _PLATFORM.format(
                platform=platform,
                entity=name if platform == "scene" else f"{name}Entity",
                needs=_NEEDS.get(platform, ""),
                domain=DOMAIN,
            )
        )
    return integration


def empty_entry(population: Population) -> ConfigEntry:
    """Return the entry that has the empty integration make as many entities."""
    data = {"devices": population.devices, "platforms": dict(population.entities)}
    return entry_of(DOMAIN, data)
