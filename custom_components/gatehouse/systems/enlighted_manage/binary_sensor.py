"""Who is where, what can be reached, and what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .client import Occupancy
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import (
    AreaState,
    DeskState,
    DriverState,
    FixtureState,
    FloorState,
    GatewayState,
    ManagerState,
    PlugDetailsState,
)

_KNOWN: Final = (Occupancy.OCCUPIED, Occupancy.VACANT)


@dataclass(frozen=True, kw_only=True)
class EnlightedBinaryDescription(BinarySensorEntityDescription, EnlightedShows[bool | None]):
    """Something that is so, or not."""


def _occupied(occupancy: Occupancy | None) -> bool | None:
    """Return whether somebody is there; a fault and a licence that lacks are no vacancy (17)."""
    return occupancy is Occupancy.OCCUPIED if occupancy in _KNOWN else None


def _problem(
    key: str, value: Callable[[Any], bool | None], *, is_usual: bool = True
) -> EnlightedBinaryDescription:
    return EnlightedBinaryDescription(
        key=key,
        translation_key=key,
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=is_usual,
        on_big_site=False,
        value=value,
    )


MANAGERS: Final = (
    EnlightedBinaryDescription(
        key="connected",
        translation_key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        needs_link=False,
        value=lambda state: state.is_live,
    ),
    EnlightedBinaryDescription(
        key="bacnet",
        translation_key="bacnet",
        device_class=BinarySensorDeviceClass.RUNNING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.is_bacnet_running,
    ),
    EnlightedBinaryDescription(
        key="demand_response",
        translation_key="demand_response",
        device_class=BinarySensorDeviceClass.RUNNING,
        value=lambda state: None if state.demand is None else bool(state.demand),
    ),
)
FLOORS: Final = (
    EnlightedBinaryDescription(
        key="unassigned_occupancy",
        translation_key="unassigned_occupancy",
        device_class=BinarySensorDeviceClass.OCCUPANCY,
        entity_registry_enabled_default=False,
        supported=lambda state: state.has_occupancy,
        value=lambda state: _occupied(state.unassigned),
    ),
)
AREAS: Final = (
    EnlightedBinaryDescription(
        key="occupancy",
        translation_key="occupancy",
        device_class=BinarySensorDeviceClass.OCCUPANCY,
        # A sample of the vendor's tells of an area that claims to have no zone sensor.
        supported=lambda state: (
            state.has_occupancy
            and (state.area.has_zone_sensor is not False or state.occupancy in _KNOWN)
        ),
        value=lambda state: _occupied(state.occupancy),
    ),
)
DESKS: Final = (
    EnlightedBinaryDescription(
        key="occupancy",
        translation_key="occupancy",
        device_class=BinarySensorDeviceClass.OCCUPANCY,
        value=lambda state: _occupied(state.occupancy),
    ),
)
GATEWAYS: Final = (
    EnlightedBinaryDescription(
        key="connected",
        translation_key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.gateway.is_okay,
    ),
)
FIXTURES: Final = (
    EnlightedBinaryDescription(
        key="connected",
        translation_key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        on_big_site=False,
        supported=lambda state: state.has_details,
        value=lambda state: state.is_fresh,
    ),
    EnlightedBinaryDescription(
        key="lamp",
        translation_key="lamp",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        on_big_site=False,
        supported=lambda state: state.has_lamp_faults,
        value=lambda state: state.is_broken,
    ),
)
PLUG_LOADS: Final = (
    EnlightedBinaryDescription(
        key="active",
        translation_key="active",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        on_big_site=False,
        value=lambda state: state.details.is_active if state.details else None,
    ),
)
DRIVERS: Final = (
    _problem(
        "emergency_driver",
        lambda state: (
            None
            if state.status is None or state.status.failures is None
            else bool(state.status.failures)
        ),
    ),
)


class EnlightedBinarySensor(EnlightedEntity[bool | None], BinarySensorEntity):
    """Something that is so, or not."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is so; None while nobody knows."""
        return self._value


async_setup_entry = setup_platform(
    Platform.BINARY_SENSOR,
    EnlightedBinarySensor,
    {
        ManagerState: MANAGERS,
        FloorState: FLOORS,
        AreaState: AREAS,
        DeskState: DESKS,
        GatewayState: GATEWAYS,
        FixtureState: FIXTURES,
        PlugDetailsState: PLUG_LOADS,
        DriverState: DRIVERS,
    },
)
