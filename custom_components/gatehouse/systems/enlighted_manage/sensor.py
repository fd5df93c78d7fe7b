"""What is measured, counted and added up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    LIGHT_LUX,
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTemperature,
)

from ...entity import setup_platform
from .const import ENERGY_KEY
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import (
    AreaPlugsState,
    AreaState,
    DriverState,
    FixtureState,
    FloorState,
    GatewayState,
    GroupState,
    ManagerState,
    MotionState,
    PlugDetailsState,
)

type Number = float | None


@dataclass(frozen=True, kw_only=True)
class EnlightedSensorDescription(SensorEntityDescription, EnlightedShows[Number | str | datetime]):
    """Something that has a value."""


def _energy(
    key: str,
    value: Callable[[Any], Number],
    *,
    is_usual: bool = True,
    on_big_site: bool = True,
    supported: Callable[[Any], bool] = lambda _state: True,
) -> EnlightedSensorDescription:
    """Return the row of a meter: it counts Wh, and is shown in kWh."""
    return EnlightedSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        entity_registry_enabled_default=is_usual,
        on_big_site=on_big_site,
        supported=supported,
        value=lambda state: None if (wh := value(state)) is None else round(wh / 1000, 6),
    )


def _power(value: Callable[[Any], Number], **kwargs: Any) -> EnlightedSensorDescription:
    return EnlightedSensorDescription(
        key="power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value=value,
        **kwargs,
    )


def _temperature(value: Callable[[Any], Number], **kwargs: Any) -> EnlightedSensorDescription:
    return EnlightedSensorDescription(
        key="temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        value=value,
        **kwargs,
    )


def _illuminance(value: Callable[[Any], Number], **kwargs: Any) -> EnlightedSensorDescription:
    return EnlightedSensorDescription(
        key="illuminance",
        device_class=SensorDeviceClass.ILLUMINANCE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=LIGHT_LUX,
        value=value,
        **kwargs,
    )


def _count(key: str, value: Callable[[Any], Number], **kwargs: Any) -> EnlightedSensorDescription:
    return EnlightedSensorDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.MEASUREMENT,
        value=value,
        **kwargs,
    )


def _share(
    key: str, part: Callable[[Any], Number], whole: Callable[[Any], int], **kwargs: Any
) -> EnlightedSensorDescription:
    def value(state: Any) -> Number:
        some, every = part(state), whole(state)
        return None if some is None or not every else round(some / every * 100)

    return _count(
        key,
        value,
        native_unit_of_measurement=PERCENTAGE,
        entity_registry_enabled_default=False,
        **kwargs,
    )


def _has_light(state: Any) -> bool:
    return state.light is not None


def _has_occupancy(state: Any) -> bool:
    return bool(state.has_occupancy)


def _has_desks(state: Any) -> bool:
    return bool(state.has_occupancy and state.desks)


_OVERRIDE = EnlightedSensorDescription(
    key="override_until",
    translation_key="override_until",
    device_class=SensorDeviceClass.TIMESTAMP,
    on_big_site=False,
    supported=_has_light,
    value=lambda state: state.light.until if state.light else None,
)
_STALE: Final[dict[str, Any]] = {
    "entity_category": EntityCategory.DIAGNOSTIC,
    "on_big_site": False,
}

MANAGERS: Final = (
    _energy(ENERGY_KEY, lambda state: state.lighting),
    _energy("energy_plug_load", lambda state: state.plug_load),
)
FLOORS: Final = (
    _energy(ENERGY_KEY, lambda state: state.energy.lighting),
    _energy("energy_saved", lambda state: state.energy.saved),
    *(
        _energy(f"energy_{share}", value, is_usual=False)
        for share, value in (
            ("base", lambda state: state.energy.base),
            ("saved_occupancy", lambda state: state.energy.occupancy),
            ("saved_daylight", lambda state: state.energy.daylight),
            ("saved_tuning", lambda state: state.energy.tuning),
            ("saved_manual", lambda state: state.energy.manual),
        )
    ),
    _power(lambda state: state.measured.power),
    _temperature(lambda state: state.measured.temperature),
    _illuminance(lambda state: state.measured.lux, entity_registry_enabled_default=False),
    _count("occupied_areas", lambda state: state.occupied_areas, supported=_has_occupancy),
    _share(
        "areas_share",
        lambda state: state.occupied_areas,
        lambda state: state.areas,
        supported=_has_occupancy,
    ),
    _count("occupied_desks", lambda state: state.occupied_desks, supported=_has_desks),
    _share(
        "desks_share",
        lambda state: state.occupied_desks,
        lambda state: state.desks,
        supported=_has_desks,
    ),
    _count("stale_sensors", lambda state: state.stale_sensors, **_STALE | {"on_big_site": True}),
)
AREAS: Final = (
    _energy(ENERGY_KEY, lambda state: state.lighting, supported=_has_light),
    _power(lambda state: state.measured.power, supported=_has_light),
    _temperature(lambda state: state.measured.temperature),
    _illuminance(lambda state: state.measured.lux, on_big_site=False),
    _OVERRIDE,
    _count("stale_sensors", lambda state: state.stale_sensors, **_STALE),
)
AREA_PLUGS: Final = (_energy("energy_plug_load", lambda state: state.energy, on_big_site=False),)
GROUPS: Final = (_OVERRIDE,)
FIXTURES: Final = (
    _power(
        lambda state: state.reading.power if state.reading else None,
        supported=lambda state: state.has_details and _has_light(state),
    ),
    _temperature(
        lambda state: state.reading.temperature if state.reading else None,
        supported=lambda state: state.has_details,
    ),
    _illuminance(
        lambda state: state.reading.lux if state.reading else None,
        supported=lambda state: state.has_details,
    ),
    _count(
        "level",
        lambda state: state.reading.level if state.reading else None,
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        supported=lambda state: state.has_details and _has_light(state),
    ),
    EnlightedSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        supported=lambda state: state.has_details,
        value=lambda state: state.seen,
    ),
)
MOTION: Final = (
    _count(
        "motion",
        lambda state: state.motion.percent if state.motion else None,
        native_unit_of_measurement=PERCENTAGE,
        # It takes a licence, and the longest of all answers.
        entity_registry_enabled_default=False,
    ),
)
PLUG_LOADS: Final = (
    _energy("energy_managed", lambda state: state.managed, on_big_site=False),
    _energy("energy_unmanaged", lambda state: state.unmanaged, on_big_site=False),
    EnlightedSensorDescription(
        key="voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement="V",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.details.voltage if state.details else None,
    ),
)
GATEWAYS: Final = (
    EnlightedSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.gateway.last_seen,
    ),
)
DRIVERS: Final = (
    EnlightedSensorDescription(
        key="battery",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        on_big_site=False,
        value=lambda state: state.status.battery if state.status else None,
    ),
    EnlightedSensorDescription(
        key="last_test",
        translation_key="last_test",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        on_big_site=False,
        value=lambda state: state.status.completed if state.status else None,
    ),
)


class EnlightedSensor(EnlightedEntity[Number | str | datetime], SensorEntity):
    """Something that has a value."""

    @property
    @override
    def native_value(self) -> Number | str | datetime:
        """The value; None while nobody knows."""
        return self._value


async_setup_entry = setup_platform(
    Platform.SENSOR,
    EnlightedSensor,
    {
        ManagerState: MANAGERS,
        FloorState: FLOORS,
        AreaState: AREAS,
        AreaPlugsState: AREA_PLUGS,
        GroupState: GROUPS,
        FixtureState: FIXTURES,
        MotionState: MOTION,
        PlugDetailsState: PLUG_LOADS,
        GatewayState: GATEWAYS,
        DriverState: DRIVERS,
    },
)
