"""Who sits at a table, who waits too long, and what is connected."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .entity import TableTrackerEntity, TableTrackerShows
from .snapshot import GatewayState, OrdersState, RepeaterState, TableState


@dataclass(frozen=True, kw_only=True)
class TableTrackerBinarySensorDescription(
    BinarySensorEntityDescription, TableTrackerShows[bool | None]
):
    """A binary sensor."""


ORDERS: Final = (
    TableTrackerBinarySensorDescription(
        key="overdue",
        translation_key="overdue",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value=lambda state: state.overdue > 0,
    ),
)

GATEWAY: Final = (
    TableTrackerBinarySensorDescription(
        key="live_stream",
        translation_key="live_stream",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        needs_link=False,
        value=lambda state: state.live_stream,
    ),
)

TABLES: Final = (
    TableTrackerBinarySensorDescription(
        key="occupancy",
        device_class=BinarySensorDeviceClass.OCCUPANCY,
        value=lambda state: bool(state.orders),
    ),
    TableTrackerBinarySensorDescription(
        key="overdue",
        translation_key="overdue",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value=lambda state: state.overdue,
    ),
)

REPEATERS: Final = (
    TableTrackerBinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.repeater.active,
    ),
)


class TableTrackerBinarySensor(TableTrackerEntity[bool | None], BinarySensorEntity):
    """Something of the gateway, a repeater or a table that is so or not."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is so; None while nobody knows."""
        return self._value


async_setup_entry = setup_platform(
    Platform.BINARY_SENSOR,
    TableTrackerBinarySensor,
    {
        GatewayState: GATEWAY,
        OrdersState: ORDERS,
        TableState: TABLES,
        RepeaterState: REPEATERS,
    },
)
