"""The plan of a floor, as the facility manager drew it."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.const import Platform
from homeassistant.util import dt as dt_util

from ...entity import setup_platform
from .client import EnlightedError
from .const import LOGGER
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import FloorState


@dataclass(frozen=True, kw_only=True)
class EnlightedImageDescription(ImageEntityDescription, EnlightedShows[str | None]):
    """A picture."""


FLOORS: Final = (
    EnlightedImageDescription(
        key="floor_plan",
        translation_key="floor_plan",
        # Only older descriptions of the service tell of it.
        entity_registry_enabled_default=False,
        value=lambda state: state.floor.name,
    ),
)


class EnlightedImage(EnlightedEntity[str | None], ImageEntity):
    """A floor's plan; fetched when somebody wants to see it."""

    def __init__(self, *args: Any) -> None:
        """Have fetched nothing yet."""
        super().__init__(*args)
        ImageEntity.__init__(self, self.coordinator.hass)
        self._attr_image_last_updated = dt_util.utcnow()
        self._plan: bytes | None = None

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture."""
        if self._plan is None:
            try:
                self._plan = await self.coordinator.client.get_floor_plan(
                    self.coordinator_context.floor
                )
            except EnlightedError as err:
                LOGGER.debug("The plan of a floor was not fetched: %s", err)
        return self._plan


async_setup_entry = setup_platform(Platform.IMAGE, EnlightedImage, {FloorState: FLOORS})
