"""The devices of a Net2 site: the server, and a door below it for each one it has."""

from collections.abc import Iterable
import re
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ...devices import async_add_hub, async_keep_devices, part_device
from .client import Door, Net2Settings, ServerInfo
from .const import SYSTEM_ID

_MANUFACTURER: Final = "Paxton"
#: Net2 puts the controller's label behind a door's name; the device shows its serial anyway.
#: For the eye only: the number in a name need not be the door's id (appendix C).
_LABEL: Final = re.compile(r"\s+-\s+ACU[\s:]*\d+$")


def door_identifier(door_id: int) -> str:
    """Return what identifies a door among all devices of Gatehouse."""
    return f"{SYSTEM_ID}-{door_id}"


def door_name(door: Door) -> str:
    """Return a door's name as people say it."""
    return _LABEL.sub("", door.name) or door.name


@callback
def async_add_server(
    hass: HomeAssistant, entry: ConfigEntry, settings: Net2Settings, info: ServerInfo
) -> None:
    """Create the server's device, which the doors hang below."""
    async_add_hub(
        hass,
        entry,
        manufacturer=_MANUFACTURER,
        model=f"Net2 {info.product or ''}".strip(),
        sw_version=info.version,
        entry_type=DeviceEntryType.SERVICE,
        configuration_url=f"{settings.base_url}/webapihelp/",
    )


def door_device(hass: HomeAssistant, entry: ConfigEntry, door: Door) -> DeviceInfo:
    """Return the device of a door."""
    return part_device(
        hass,
        entry,
        door_identifier(door.id),
        name=door_name(door),
        manufacturer=_MANUFACTURER,
        model="Net2 door",
        serial_number=str(door.id),
    )


@callback
def async_keep_doors(hass: HomeAssistant, entry: ConfigEntry, doors: Iterable[Door]) -> None:
    """Rename the devices of renamed doors and remove those of doors that are gone."""
    names = {door_identifier(door.id): door_name(door) for door in doors}
    async_keep_devices(hass, entry, names)
