"""The picture of the last event that has one."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.const import Platform

from ...entity import setup_platform
from .client import CameraEvent, VxgError, VxgNotFoundError
from .const import LOGGER
from .coordinator import VxgCoordinator
from .entity import VxgEntity, VxgShows
from .snapshot import SightsState


@dataclass(frozen=True, kw_only=True)
class VxgImageDescription(ImageEntityDescription, VxgShows[CameraEvent | None]):
    """A picture."""


SIGHTS: Final = (
    VxgImageDescription(
        key="last_picture",
        translation_key="last_picture",
        value=lambda state: state.pictured,
        needs_camera=False,
    ),
)


class VxgImage(VxgEntity[CameraEvent | None], ImageEntity):
    """A camera's last event, as it looked; fetched when somebody wants to see it."""

    def __init__(
        self, coordinator: VxgCoordinator, part: Hashable, description: VxgImageDescription
    ) -> None:
        """Have fetched nothing yet."""
        super().__init__(coordinator, part, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._fetched: tuple[str, bytes] | None = None

    @override
    def _read(self) -> bool:
        has_changed = super()._read()
        self._attr_image_last_updated = self._value.time if self._value else None
        return has_changed

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture; its URL ends, so that it may take another one (section 7.4)."""
        event = self._value
        if event is None:
            return None
        if self._fetched is None or self._fetched[0] != event.id:
            try:
                self._fetched = event.id, await self._async_fetch(event)
            except VxgError as err:
                LOGGER.debug("The picture of an event was not fetched: %s", err)
                return None
        return self._fetched[1]

    async def _async_fetch(self, event: CameraEvent) -> bytes:
        client = self.coordinator.client
        assert event.picture
        try:
            return await client.fetch(event.picture.url)
        except VxgNotFoundError:
            renewed = await client.get_event(event.camera_id, event.id)
            if renewed is None or renewed.picture is None:
                raise
        return await client.fetch(renewed.picture.url)


async_setup_entry = setup_platform(Platform.IMAGE, VxgImage, {SightsState: SIGHTS})
