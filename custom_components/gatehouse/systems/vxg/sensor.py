"""Values of an account, a camera, its card and its plan."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, Platform, UnitOfInformation, UnitOfTime

from ...entity import setup_platform
from .client import CameraStatus
from .entity import VxgEntity, VxgShows
from .events import Sight, sights_of
from .snapshot import AccountState, CameraState, CardState, PlanState, SightsState

type SensorValue = str | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class VxgSensorDescription(SensorEntityDescription, VxgShows[SensorValue]):
    """A value."""


def _usage(key: str) -> VxgSensorDescription:
    """Return the row of what an account used up of something that is counted in bytes."""

    def value(state: AccountState) -> SensorValue:
        amount: float | None = getattr(state.usage, key, None)
        return amount

    return VxgSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIGABYTES,
        suggested_display_precision=2,
        # Counters of a period: they begin anew with the next one.
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda state: value(state) is not None,
        value=value,
    )


ACCOUNT: Final = (
    VxgSensorDescription(
        key="cameras_online",
        translation_key="cameras_online",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.online,
    ),
    *map(_usage, ("records_size", "clips_size", "images_size", "downloaded_size", "live_size")),
    VxgSensorDescription(
        key="live_duration",
        translation_key="live_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.HOURS,
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda state: state.usage is not None and state.usage.live_duration is not None,
        value=lambda state: state.usage and state.usage.live_duration,
    ),
)

CAMERAS: Final = (
    VxgSensorDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=list(CameraStatus),
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.camera.status,
        needs_camera=False,
    ),
)


def _last_type(state: SightsState) -> SensorValue:
    return sights_of(state.last)[0] if state.last else None


def _count(*names: str) -> Callable[[SightsState], SensorValue]:
    """Return what adds up classes that analytics count apart."""

    def value(state: SightsState) -> SensorValue:
        found = [state.counts[name] for name in names if name in state.counts]
        return sum(found) if state.counts else None

    return value


SIGHTS: Final = (
    VxgSensorDescription(
        key="last_event",
        translation_key="last_event",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=lambda state: state.last and state.last.time,
        needs_camera=False,
    ),
    VxgSensorDescription(
        key="last_event_type",
        translation_key="last_event_type",
        device_class=SensorDeviceClass.ENUM,
        options=list(Sight),
        value=_last_type,
        needs_camera=False,
    ),
    VxgSensorDescription(
        key="last_plate",
        translation_key="last_plate",
        supported=lambda state: Sight.PLATE in state.kinds,
        value=lambda state: state.plate,
        needs_camera=False,
    ),
    VxgSensorDescription(
        key="persons",
        translation_key="persons",
        state_class=SensorStateClass.MEASUREMENT,
        supported=lambda state: Sight.PERSON in state.kinds,
        value=_count("person", "people"),
    ),
    VxgSensorDescription(
        key="vehicles",
        translation_key="vehicles",
        state_class=SensorStateClass.MEASUREMENT,
        supported=lambda state: Sight.VEHICLE in state.kinds,
        value=_count("car", "truck", "bus", "van", "vehicle", "motorcycle", "motorbike"),
    ),
)

CARDS: Final = (
    VxgSensorDescription(
        key="card_free",
        translation_key="card_free",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEGABYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIGABYTES,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.value.free,
    ),
)

PLANS: Final = (
    VxgSensorDescription(
        key="plan_end",
        translation_key="plan_end",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda state: state.value.expire is not None,
        value=lambda state: state.value.expire,
        needs_camera=False,
    ),
    VxgSensorDescription(
        key="retention",
        translation_key="retention",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.HOURS,
        suggested_unit_of_measurement=UnitOfTime.DAYS,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda state: state.value.records_max_age is not None,
        value=lambda state: state.value.records_max_age,
        needs_camera=False,
    ),
)


class VxgSensor(VxgEntity[SensorValue], SensorEntity):
    """A value of an account or a camera."""

    @property
    @override
    def native_value(self) -> SensorValue:
        """What is known; None while nobody knows."""
        return self._value


async_setup_entry = setup_platform(
    Platform.SENSOR,
    VxgSensor,
    {
        AccountState: ACCOUNT,
        CameraState: CAMERAS,
        SightsState: SIGHTS,
        CardState: CARDS,
        PlanState: PLANS,
    },
)
