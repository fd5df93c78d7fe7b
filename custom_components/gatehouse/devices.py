"""The devices of a site: a hub, which has the entry's id, and the parts below it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo

from .const import DOMAIN


@callback
def async_add_hub(hass: HomeAssistant, entry: ConfigEntry, **details: Any) -> None:
    """Create the hub's device, which the parts hang below."""
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        **details,
    )


def hub_device(entry: ConfigEntry) -> DeviceInfo:
    """Return the device of the hub."""
    return DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})


def part_device(
    hass: HomeAssistant,
    entry: ConfigEntry,
    identifier: str,
    *,
    name: str,
    manufacturer: str,
    model: str,
    serial_number: str | None = None,
    sw_version: str | None = None,
    suggested_area: str | None = None,
    via: str | None = None,
) -> DeviceInfo:
    """Return the device of a part, which hangs below the hub, or below the part `via`."""
    return DeviceInfo(
        identifiers={(DOMAIN, identifier)},
        name=name,
        manufacturer=manufacturer,
        model=model,
        serial_number=serial_number,
        sw_version=sw_version,
        suggested_area=suggested_area,
        via_device_id=dr.async_get_device_id_by_identifier(
            hass, (DOMAIN, via or entry.entry_id), config_entry_id=entry.entry_id
        ),
    )


@callback
def async_known_parts(hass: HomeAssistant, entry: ConfigEntry) -> Mapping[str, dr.DeviceEntry]:
    """Return the devices of an entry's parts by what identifies them."""
    registry = dr.async_get(hass)
    return {
        identifier: device
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        for domain, identifier in device.identifiers
        if domain == DOMAIN and identifier != entry.entry_id
    }


@callback
def async_keep_devices(hass: HomeAssistant, entry: ConfigEntry, names: Mapping[str, str]) -> None:
    """Rename the devices of parts that were renamed and remove those of parts that are gone.

    Args:
        hass: Home Assistant.
        entry: The site.
        names: The name of every part there is, by what identifies it.
    """
    registry = dr.async_get(hass)
    for identifier, device in async_known_parts(hass, entry).items():
        if identifier not in names:
            registry.async_remove_device(device.id)
        elif device.name != names[identifier]:
            registry.async_update_device(device.id, name=names[identifier])
