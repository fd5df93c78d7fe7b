"""How long a command holds: kept here, and sent with each."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, Platform, UnitOfTime

from ...entity import setup_platform
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import GroupState, ManagerState


@dataclass(frozen=True, kw_only=True)
class EnlightedNumberDescription(NumberEntityDescription, EnlightedShows[float | None]):
    """A number of minutes."""

    key: str = "override_minutes"
    translation_key: str | None = "override_minutes"
    device_class: NumberDeviceClass | None = NumberDeviceClass.DURATION
    entity_category: EntityCategory | None = EntityCategory.CONFIG
    native_unit_of_measurement: str | None = UnitOfTime.MINUTES
    native_min_value: float | None = 1
    native_max_value: float | None = 1440
    native_step: float | None = 1
    mode: NumberMode | None = NumberMode.BOX


MANAGERS: Final = (
    EnlightedNumberDescription(value=lambda state: state.override_minutes, needs_link=False),
)
GROUPS: Final = (
    EnlightedNumberDescription(
        entity_registry_enabled_default=False, value=lambda state: state.override_minutes
    ),
)


class EnlightedNumber(EnlightedEntity[float | None], NumberEntity):
    """A number of minutes, of a switch group or of everything else."""

    @property
    @override
    def native_value(self) -> float | None:
        """The minutes; for a group None where it has those of everything else."""
        return self._value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Let the next commands hold for so long."""
        state: Any = self._state
        group = state.group.id if isinstance(state, GroupState) else 0
        self.coordinator.set_minutes(self.coordinator_context.floor, group, round(value))


async_setup_entry = setup_platform(
    Platform.NUMBER, EnlightedNumber, {ManagerState: MANAGERS, GroupState: GROUPS}
)
