"""Who went through a door and when, the roll call, and what the server is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .entity import Net2Entity, Net2Shows
from .snapshot import DoorState, RollCallState, ServerState, SiteActivity

type SensorValue = str | int | datetime | None


@dataclass(frozen=True, kw_only=True)
class Net2SensorDescription(SensorEntityDescription, Net2Shows[SensorValue]):
    """A sensor.

    One that only the past can tell after a restart is restored while the server is `silent`.
    """

    silent: Callable[[DoorState], bool] | None = None


DOORS: Final = (
    Net2SensorDescription(
        key="last_user",
        translation_key="last_user",
        supported=lambda options, _door: not options.hide_names,
        silent=lambda state: state.last_access is None,
        value=lambda state: state.last_user,
    ),
    Net2SensorDescription(
        key="last_access",
        translation_key="last_access",
        device_class=SensorDeviceClass.TIMESTAMP,
        silent=lambda state: state.last_access is None,
        value=lambda state: state.last_access,
    ),
    Net2SensorDescription(
        key="last_denied",
        translation_key="last_denied",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        silent=lambda state: state.last_denied is None,
        value=lambda state: state.last_denied,
    ),
)

SERVER: Final = (
    Net2SensorDescription(
        key="version",
        translation_key="version",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.info.version,
    ),
    Net2SensorDescription(
        key="product",
        translation_key="product",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.info.product,
    ),
    Net2SensorDescription(
        key="users",
        translation_key="users",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.users,
    ),
)

ACTIVITY: Final = (
    Net2SensorDescription(
        # Changes with every event on the site.
        key="last_event",
        translation_key="last_event",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.last_event,
    ),
)

ROLL_CALL: Final = (
    Net2SensorDescription(
        key="roll_call_missing",
        translation_key="roll_call_missing",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda state: state.missing,
    ),
    Net2SensorDescription(
        key="roll_call_safe",
        translation_key="roll_call_safe",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda state: state.safe,
    ),
)


class Net2Sensor(Net2Entity[SensorValue], RestoreSensor):
    """A sensor of a door or the server."""

    entity_description: Net2SensorDescription
    _restored: SensorValue = None

    @property
    @override
    def native_value(self) -> SensorValue:
        """What the part tells; None while it does not."""
        return self._value

    @override
    async def async_added_to_hass(self) -> None:
        """Go on showing the last visitor until there is a newer one."""
        await super().async_added_to_hass()
        if self.entity_description.silent is None:
            return
        if last := await self.async_get_last_sensor_data():
            value = last.native_value
            self._restored = value if isinstance(value, str | datetime) else None
            self._read()

    @override
    def _value_of(self, state: Any) -> SensorValue:
        silent = self.entity_description.silent
        return self._restored if silent and silent(state) else super()._value_of(state)


async_setup_entry = setup_platform(
    Platform.SENSOR,
    Net2Sensor,
    {
        DoorState: DOORS,
        ServerState: SERVER,
        SiteActivity: ACTIVITY,
        RollCallState: ROLL_CALL,
    },
)
