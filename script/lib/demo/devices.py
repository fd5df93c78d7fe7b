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

    @property
    def is_hub(self) -> bool:
        """Whether the other devices of its entry hang below it."""
        return self.identifier == self.entry_id


type House = Mapping[str, Sequence[Device]]
"""The devices of each system, by its id."""


async def settled_devices(api: HomeAssistantApi, system: str) -> list[Device]:
    """Read the devices of a system's entry once no more of their entities appear.

    Cameras tell what can be set on them one after the other.
    """
    before: list[Device] = []
    while (devices := await read_devices(api, system)) != before:
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
                devices[row["id"]] = Device(str(row["id"]), entry_id, identifier, name)
    for row in cast(list[Json], await api.command("config/entity_registry/list")):
        if row["platform"] == DOMAIN and not row["disabled_by"]:
            device, entity_id = devices[row["device_id"]], str(row["entity_id"])
            key = str(row["unique_id"]).rpartition("-")[2]
            own = {"event": device.events, "image": device.images}
            own.get(entity_id.partition(".")[0], device.entities)[key] = entity_id
    # A hub's identifier does not name the system, those of the devices below it do.
    entries = {each.entry_id for each in devices.values() if each.identifier.startswith(system)}
    of_system = (device for device in devices.values() if device.entry_id in entries)
    return sorted(of_system, key=lambda device: device.name)
