"""The software of a camera."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, override

from awesomeversion import AwesomeVersion, AwesomeVersionException

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .entity import VxgEntity, VxgShows
from .snapshot import FirmwareState, Kind

type Versions = tuple[str | None, str | None]


@dataclass(frozen=True, kw_only=True)
class VxgUpdateDescription(UpdateEntityDescription, VxgShows[Versions]):
    """What is installed, and what could be."""


def newest(versions: Iterable[str]) -> str | None:
    """Return the newest of versions, of which some may be no versions at all."""
    found: str | None = None
    for version in versions:
        try:
            if found is None or AwesomeVersion(version) > AwesomeVersion(found):
                found = version
        except AwesomeVersionException:
            continue
    return found


FIRMWARE: Final = (
    VxgUpdateDescription(
        key="firmware",
        device_class=UpdateDeviceClass.FIRMWARE,
        entity_category=EntityCategory.CONFIG,
        supported=lambda state: state.camera.firmware is not None,
        value=lambda state: (
            state.camera.firmware,
            newest((state.camera.firmware, *state.value.versions)),
        ),
        needs_all=True,
    ),
)


class VxgUpdate(VxgEntity[Versions], UpdateEntity):
    """The software of a camera; the cloud hands it over, when somebody says so."""

    _attr_supported_features = UpdateEntityFeature.INSTALL

    @property
    @override
    def installed_version(self) -> str | None:
        """What is installed."""
        return self._value[0] if self._value else None

    @property
    @override
    def latest_version(self) -> str | None:
        """What could be."""
        return self._value[1] if self._value else None

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        """Have the camera install it."""
        wanted = version or self.latest_version
        assert wanted
        command = self.coordinator.client.upgrade(self.camera_id, wanted)
        await self.coordinator.async_do(self.camera_id, command, Kind.CAMERA, Kind.FIRMWARE)


async_setup_entry = setup_platform(Platform.UPDATE, VxgUpdate, {FirmwareState: FIRMWARE})
