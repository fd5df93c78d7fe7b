"""What Home Assistant has of the systems."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from .api import HomeAssistantApi, Json

DOMAIN = "gatehouse"

#: Seconds without anything new after which nothing more is expected.
_STILL = 1.5


@dataclass(slots=True)
class Device:
    """A device of Gatehouse with its entities by their keys."""

    id: str
    entry_id: str
    #: The identifier within Gatehouse: `<system>-<id at the vendor>`, or a hub's entry id.
    identifier: str
    name: str
    entities: dict[str, str] = field(default_factory=dict)
    #: Its event and image entities, which may bear the key of another entity.
    events: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    #: Its scenes, of which there may be several of one key, by their unique ids.
    scenes: dict[str, str] = field(default_factory=dict)
    #: The id of the device that it hangs below.
    via: str | None = None

    @property
    def is_hub(self) -> bool:
        """Whether the other devices of its entry hang below it."""
        return self.identifier == self.entry_id


type House = Mapping[str, Sequence[Device]]
"""The devices of each system, by its id."""


async def settled_devices(api: HomeAssistantApi, system: str) -> list[Device]:
    """Read the devices of a system's entry once no more of their entities appear.

    Floors are read one after the other, and so is what can be set on cameras.
    """
    before: list[Device] = []
    while not (devices := await read_devices(api, system)) or devices != before:
        before = devices
        await asyncio.sleep(_STILL)
    return devices


async def read_devices(api: HomeAssistantApi, system: str) -> list[Device]:
    """Read the devices of a system's entry with their enabled entities, by name."""
    devices: dict[object, Device] = {}
    for row in cast(list[Json], await api.command("config/device_registry/list")):
        for domain, identifier in cast(list[tuple[str, str]], row["identifiers"]):
            if domain == DOMAIN:
                entry_id = str(row["primary_config_entry"])
                name = str(row["name_by_user"] or row["name"])
                via = cast(str | None, row["via_device_id"])
                devices[row["id"]] = Device(str(row["id"]), entry_id, identifier, name, via=via)
    for row in cast(list[Json], await api.command("config/entity_registry/list")):
        if row["platform"] == DOMAIN and not row["disabled_by"]:
            device, entity_id = devices[row["device_id"]], str(row["entity_id"])
            unique_id, domain = str(row["unique_id"]), entity_id.partition(".")[0]
            key = unique_id if domain == "scene" else unique_id.rpartition("-")[2]
            own = {"event": device.events, "image": device.images, "scene": device.scenes}
            own.get(domain, device.entities)[key] = entity_id
    # A hub's identifier does not name the system, those of the devices below it do.
    entries = {each.entry_id for each in devices.values() if each.identifier.startswith(system)}
    of_system = (device for device in devices.values() if device.entry_id in entries)
    return sorted(of_system, key=lambda device: device.name)
