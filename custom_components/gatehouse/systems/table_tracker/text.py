"""Where the gateway believes to be."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .entity import TableTrackerEntity, TableTrackerShows
from .snapshot import GatewayState


@dataclass(frozen=True, kw_only=True)
class TableTrackerTextDescription(TextEntityDescription, TableTrackerShows[str | None]):
    """A setting of the gateway that is a text."""


GATEWAY: Final = (
    TableTrackerTextDescription(
        # Some hundred names, and offsets as well (section 3.2): a text, not a list.
        key="time_zone",
        translation_key="time_zone",
        entity_category=EntityCategory.CONFIG,
        native_max=64,
        value=lambda state: state.settings.time_zone,
    ),
)


class TableTrackerTimeZone(TableTrackerEntity[str | None], TextEntity):
    """The gateway's time zone: when its day ends and what its times mean."""

    @property
    @override
    def native_value(self) -> str | None:
        """The zone; None where the gateway does not tell."""
        return self._value

    @override
    async def async_set_value(self, value: str) -> None:
        """Set it at the gateway, which refuses what it does not know."""
        command = self.coordinator.client.set_settings(time_zone=value.strip())
        await self.coordinator.async_do(command, "settings")


async_setup_entry = setup_platform(Platform.TEXT, TableTrackerTimeZone, {GatewayState: GATEWAY})
