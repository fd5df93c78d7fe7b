"""The devices of a Net2 site: the server, and a door below it for each one it has."""

from collections.abc import Mapping
import re
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ...const import DOMAIN
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
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        manufacturer=_MANUFACTURER,
        model=f"Net2 {info.product or ''}".strip(),
        sw_version=info.version,
        entry_type=DeviceEntryType.SERVICE,
        configuration_url=f"{settings.base_url}/webapihelp/",
    )


def server_device(entry: ConfigEntry) -> DeviceInfo:
    """Return the device of the server."""
    return DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})


def door_device(hass: HomeAssistant, entry: ConfigEntry, door: Door) -> DeviceInfo:
    """Return the device of a door."""
    return DeviceInfo(
        identifiers={(DOMAIN, door_identifier(door.id))},
        name=door_name(door),
        manufacturer=_MANUFACTURER,
        model="Net2 door",
        serial_number=str(door.id),
        via_device_id=dr.async_get_device_id_by_identifier(
            hass, (DOMAIN, entry.entry_id), config_entry_id=entry.entry_id
        ),
    )


@callback
def async_keep_devices(hass: HomeAssistant, entry: ConfigEntry, doors: Mapping[int, Door]) -> None:
    """Rename the devices of renamed doors and remove those of doors that are gone."""
    registry = dr.async_get(hass)
    names = {door_identifier(door.id): door_name(door) for door in doors.values()}
    names[entry.entry_id] = entry.title
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        identifier = next((name for domain, name in device.identifiers if domain == DOMAIN), None)
        if identifier not in names:
            registry.async_remove_device(device.id)
        elif device.name != names[identifier]:
            registry.async_update_device(device.id, name=names[identifier])
