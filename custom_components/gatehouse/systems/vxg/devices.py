"""The devices of an account: itself, its gateways below it, and the cameras below those."""

from collections.abc import Iterable
import hashlib
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ...const import DOMAIN
from ...devices import async_add_hub, async_keep_devices, async_known_parts, part_device
from .client import Camera, CredentialKind, VxgSettings
from .const import MANUFACTURER, SYSTEM_ID
from .snapshot import Part

_MODELS: Final = {
    CredentialKind.LICENCE: "Cloud VMS account",
    CredentialKind.GROUP: "Cloud VMS group",
    CredentialKind.CHANNEL: "Cloud VMS channel",
}


def camera_identifier(camera: Camera, host: str) -> str:
    """Return what identifies a camera among all devices of Gatehouse.

    Private clouds number from small numbers on, so that a number alone says little; together
    with the moment the camera was added there it is as good as unique, and stays the same when
    the server moves to another address. Where nothing tells that moment the host has to do.
    """
    if camera.created is not None:
        return f"{SYSTEM_ID}-{camera.id}-{int(camera.created.timestamp())}"
    scope = hashlib.sha256(host.lower().encode()).hexdigest()[:8]
    return f"{SYSTEM_ID}-{camera.id}-{scope}"


def part_owner(camera: Camera, part: Part, host: str) -> str:
    """Return what the unique ids of a part's entities begin with; their keys follow."""
    name = f"-{part.kind}-{part.name}" if part.name else ""
    return f"{camera_identifier(camera, host)}{name}"


@callback
def async_forget_part(hass: HomeAssistant, entry: ConfigEntry, owner: str) -> None:
    """Remove the entities of a part that is no more: a region, a kind of event."""
    registry = er.async_get(hass)
    for known in er.async_entries_for_config_entry(registry, entry.entry_id):
        if known.unique_id.rpartition("-")[0] == owner:
            registry.async_remove(known.entity_id)


@callback
def async_add_account(hass: HomeAssistant, entry: ConfigEntry, settings: VxgSettings) -> None:
    """Create the account's device, which everything hangs below."""
    async_add_hub(
        hass,
        entry,
        manufacturer=MANUFACTURER,
        model=_MODELS[settings.credential.kind],
        entry_type=DeviceEntryType.SERVICE,
        configuration_url=settings.address.base_url,
    )


def camera_device(
    hass: HomeAssistant,
    entry: ConfigEntry,
    camera: Camera,
    host: str,
    gateway: Camera | None,
) -> DeviceInfo:
    """Return the device of a camera, or of a gateway."""
    return part_device(
        hass,
        entry,
        camera_identifier(camera, host),
        name=camera.name,
        manufacturer=camera.brand or MANUFACTURER,
        model=camera.model or ("Gateway" if camera.is_gateway else "Camera"),
        serial_number=camera.serial,
        sw_version=camera.firmware,
        suggested_area=camera.area,
        via=camera_identifier(gateway, host) if gateway else None,
    )


@callback
def async_keep_cameras(
    hass: HomeAssistant, entry: ConfigEntry, cameras: Iterable[Camera], host: str
) -> None:
    """Keep the devices as the cameras are: names and software change, and cameras go."""
    known = {camera_identifier(camera, host): camera for camera in cameras}
    names = {identifier: camera.name for identifier, camera in known.items()}
    async_keep_devices(hass, entry, names)
    registry = dr.async_get(hass)
    for identifier, device in async_known_parts(hass, entry).items():
        firmware = known[identifier].firmware
        if firmware is not None and device.sw_version != firmware:
            registry.async_update_device(device.id, sw_version=firmware)


@callback
def async_add_gateways(
    hass: HomeAssistant, entry: ConfigEntry, cameras: Iterable[Camera], host: str
) -> None:
    """Create the devices of gateways before those of the cameras that hang below them."""
    registry = dr.async_get(hass)
    for camera in cameras:
        if camera.is_gateway:
            registry.async_get_or_create(
                config_entry_id=entry.entry_id,
                identifiers={(DOMAIN, camera_identifier(camera, host))},
                name=camera.name,
                manufacturer=camera.brand or MANUFACTURER,
                model=camera.model or "Gateway",
            )
