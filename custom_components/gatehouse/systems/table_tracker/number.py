"""How long an order may take."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.number import NumberEntity, NumberEntityDescription, NumberMode
from homeassistant.components.number.const import NumberDeviceClass
from homeassistant.const import EntityCategory, Platform, UnitOfTime

from ...entity import setup_platform
from .entity import TableTrackerEntity, TableTrackerShows
from .snapshot import GatewayState


@dataclass(frozen=True, kw_only=True)
class TableTrackerNumberDescription(NumberEntityDescription, TableTrackerShows[int | None]):
    """A setting of the gateway that is a number."""


GATEWAY: Final = (
    TableTrackerNumberDescription(
        key="target_time",
        translation_key="target_time",
        device_class=NumberDeviceClass.DURATION,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        native_min_value=30,
        native_max_value=7200,
        native_step=1,
        mode=NumberMode.BOX,
        value=lambda state: state.settings.target_seconds,
    ),
)


class TableTrackerTargetTime(TableTrackerEntity[int | None], NumberEntity):
    """The target time, for the statistics and for who counts as overdue."""

    @property
    @override
    def native_value(self) -> int | None:
        """The time in seconds; None where the gateway does not tell."""
        return self._value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it at the gateway, for all who look at it."""
        command = self.coordinator.client.set_settings(target_time=int(value))
        await self.coordinator.async_do(command, "settings", "statistics")


async_setup_entry = setup_platform(Platform.NUMBER, TableTrackerTargetTime, {GatewayState: GATEWAY})
