"""Who was at a door last: the picture that its camera took at the moment of access."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.camera import Image, async_get_image
from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ...entity import setup_platform
from .client import AccessEvent
from .const import LOGGER
from .coordinator import Net2Coordinator
from .entity import Net2Entity, Net2Shows
from .events import SEEN
from .snapshot import DoorState

#: Seconds that a camera has; later there is somebody else before it.
_LONGEST_TAKE: Final = 10


@dataclass(frozen=True, kw_only=True)
class Net2ImageDescription(ImageEntityDescription, Net2Shows[None]):
    """A picture of a door."""


DOORS: Final = (
    Net2ImageDescription(
        key="last_access",
        translation_key="last_access",
        supported=lambda _options, door: door.camera is not None,
        value=lambda _state: None,
    ),
)


class Net2Image(Net2Entity[None], ImageEntity):
    """A picture for each live event, kept in memory alone: it shows people."""

    entity_description: Net2ImageDescription
    _picture: bytes | None = None
    _is_failing = False

    def __init__(
        self, coordinator: Net2Coordinator, part: Hashable, description: Net2ImageDescription
    ) -> None:
        """Have no picture yet."""
        super().__init__(coordinator, part, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._wanted = asyncio.Event()

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the door."""
        await super().async_added_to_hass()
        self._photographer = self.coordinator.config_entry.async_create_background_task(
            self.hass, self._async_take_pictures(), f"{self.entity_id} pictures"
        )
        self.async_on_remove(self.coordinator.async_subscribe_events(self.door_id, self._on_event))

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Take no more pictures."""
        self._photographer.cancel()
        await super().async_will_remove_from_hass()

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture."""
        return self._picture

    @override
    def _has_link(self) -> bool:
        """Events come by the live stream, whatever a poll may have met."""
        return super()._has_link() or self.coordinator.is_live

    @callback
    def _on_event(self, event: AccessEvent) -> None:
        if event.kind in SEEN:
            self._wanted.set()

    async def _async_take_pictures(self) -> None:
        """Take one picture at a time; whatever happens meanwhile shares the next one."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            now = dt_util.utcnow()
            # Cameras raise whatever they like, and on their way a cancellation turns into a
            # failure; this keeps both apart.
            [taken] = await asyncio.gather(self._async_take(), return_exceptions=True)
            if isinstance(taken, BaseException):
                self._note_failure(taken)
            else:
                self._show(taken, now)

    async def _async_take(self) -> Image:
        camera = self.coordinator.options.door(self.door_id).camera
        assert camera
        state = self.hass.states.get(camera)
        if state and state.state == STATE_UNAVAILABLE:
            # It may still have a picture, of somebody else.
            raise HomeAssistantError("Camera is unavailable")
        return await async_get_image(self.hass, camera, timeout=_LONGEST_TAKE)

    @callback
    def _show(self, image: Image, now: datetime) -> None:
        self._is_failing = False
        self._picture = image.content
        self._attr_content_type = image.content_type
        self._attr_image_last_updated = now
        self.async_write_ha_state()

    @callback
    def _note_failure(self, error: BaseException) -> None:
        if not self._is_failing:
            # What a camera says may hold its address with a password in it.
            LOGGER.warning("No picture for %s: %s", self.entity_id, type(error).__name__)
            self._is_failing = True


async_setup_entry = setup_platform(Platform.IMAGE, Net2Image, {DoorState: DOORS})
