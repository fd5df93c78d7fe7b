"""How many orders there are and how long they wait, and what the gateway says of itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, Platform, UnitOfTime

from ...entity import setup_platform
from .client import OrderState, OrderType, Statistics
from .entity import TableTrackerEntity, TableTrackerShows
from .snapshot import GatewayState, OrdersState, RepeaterState, TableState, TrackerState

type SensorValue = str | int | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class TableTrackerSensorDescription(SensorEntityDescription, TableTrackerShows[SensorValue]):
    """A sensor."""


def _count(key: str, **asked: OrderState | OrderType | bool) -> TableTrackerSensorDescription:
    return TableTrackerSensorDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda state: state.count(**asked),
    )


def _wait(key: str) -> TableTrackerSensorDescription:
    return TableTrackerSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        value=lambda state: state.wait,
    )


ORDERS: Final = (
    _count("active_orders"),
    _count("started_orders", state=OrderState.STARTED),
    _count("located_orders", state=OrderState.LOCATED),
    _count("to_go_orders", order_type=OrderType.TO_GO),
    _count("paged_orders", paged=True),
    TableTrackerSensorDescription(
        key="overdue_orders",
        translation_key="overdue_orders",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda state: state.overdue,
    ),
    _wait("longest_wait"),
    TableTrackerSensorDescription(
        key="longest_waiting_order",
        translation_key="longest_waiting_order",
        value=lambda state: state.orders[0].number if state.orders else None,
    ),
)

STATISTICS: Final = (
    TableTrackerSensorDescription(
        key="orders_today",
        translation_key="orders_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda state: state.orders_today,
    ),
    TableTrackerSensorDescription(
        key="average_time",
        translation_key="average_time",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=1,
        # Of no order the gateway tells an average of nothing.
        value=lambda state: state.average_seconds if state.orders_today != 0 else None,
    ),
    TableTrackerSensorDescription(
        key="within_target",
        translation_key="within_target",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value=lambda state: state.percent_within_target if state.orders_today != 0 else None,
    ),
)

GATEWAY: Final = (
    TableTrackerSensorDescription(
        # The repeaters that answer meanwhile join.
        key="pairing_ends",
        translation_key="pairing_ends",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.pairing_until,
    ),
    TableTrackerSensorDescription(
        key="cloud",
        translation_key="cloud",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.cloud and state.cloud.replace("_", " ").capitalize(),
    ),
    TableTrackerSensorDescription(
        # Another one would silence every starter: to be looked at, not changed (section 3.2).
        key="zigbee_preset",
        translation_key="zigbee_preset",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.settings.zigbee_preset,
    ),
    TableTrackerSensorDescription(
        key="token_last_used",
        translation_key="token_last_used",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.token and state.token.last_used,
    ),
    TableTrackerSensorDescription(
        key="clients",
        translation_key="clients",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.clients,
    ),
)

TABLES: Final = (
    TableTrackerSensorDescription(
        key="order",
        translation_key="order",
        value=lambda state: ", ".join(order.number for order in state.orders) or None,
    ),
    _wait("wait"),
)

# What a gateway tells of a tracker itself differs by firmware (section 4.11), hence off by default.
TRACKERS: Final = (
    TableTrackerSensorDescription(
        key="activity",
        translation_key="activity",
        device_class=SensorDeviceClass.ENUM,
        options=["idle", "started", "located", "paged"],
        value=lambda state: state.activity,
    ),
    TableTrackerSensorDescription(
        key="table",
        translation_key="table",
        value=lambda state: state.order and state.order.table,
    ),
    _wait("wait"),
    TableTrackerSensorDescription(
        key="battery",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        reachable=lambda state: state.tracker is not None and state.tracker.battery is not None,
        value=lambda state: state.tracker.battery,
    ),
    TableTrackerSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        reachable=lambda state: state.tracker is not None and state.tracker.last_seen is not None,
        value=lambda state: state.tracker.last_seen,
    ),
)

REPEATERS: Final = (
    TableTrackerSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.repeater.last_seen,
    ),
    TableTrackerSensorDescription(
        key="remaining_children",
        translation_key="remaining_children",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: state.repeater.remaining_children,
    ),
)


class TableTrackerSensor(TableTrackerEntity[SensorValue], SensorEntity):
    """A value of the gateway, a repeater, a table or a tracker."""

    @property
    @override
    def native_value(self) -> SensorValue:
        """What is known; None while nobody knows."""
        return self._value


async_setup_entry = setup_platform(
    Platform.SENSOR,
    TableTrackerSensor,
    {
        GatewayState: GATEWAY,
        OrdersState: ORDERS,
        Statistics: STATISTICS,
        TableState: TABLES,
        TrackerState: TRACKERS,
        RepeaterState: REPEATERS,
    },
)
