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

_PLATFORM: Final = """\
from homeassistant.components.{platform} import {entity}
from homeassistant.helpers.device_registry import DeviceInfo


class Empty({entity}):
    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_event_types = []

    def __init__(self, number, device, enabled):
        self._attr_name = f"{platform} {{number}}"
        self._attr_unique_id = f"{platform}-{{device}}-{{number}}"
        self._attr_device_info = DeviceInfo(
            identifiers={{("{domain}", str(device))}}, name=f"Device {{device}}"
        )
        self._attr_entity_registry_enabled_default = enabled


async def async_setup_entry(hass, entry, async_add_entities):
    enabled, disabled = entry.data["platforms"]["{platform}"]
    devices = entry.data["devices"]
    async_add_entities(
        Empty(number // devices, number % devices, number < enabled)
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


def write_empty_integration(folder: Path, population: Population) -> Path:
    """Write an integration with the same platforms and return where it is."""
    integration = folder / DOMAIN
    integration.mkdir()
    (integration / "manifest.json").write_text(json.dumps(_MANIFEST))
    (integration / "__init__.py").write_text(_INIT)
    (integration / "config_flow.py").write_text(_CONFIG_FLOW)
    for platform in population.entities:
        entity = f"{platform.title().replace('_', '')}Entity"
        (integration / f"{platform}.py").write_text(
            _PLATFORM.format(platform=platform, entity=entity, domain=DOMAIN)
        )
    return integration


def empty_entry(population: Population) -> ConfigEntry:
    """Return the entry that has the empty integration make as many entities."""
    data = {"devices": population.devices, "platforms": dict(population.entities)}
    return entry_of(DOMAIN, data)
