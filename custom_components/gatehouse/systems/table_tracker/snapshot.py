"""What is known of a gateway at one moment: frozen, and replaced by each poll and push."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from .client import (
    GatewayInfo,
    GatewaySettings,
    Order,
    OrderState,
    OrderType,
    Repeater,
    Statistics,
    TokenInfo,
    Tracker,
)
from .const import DEFAULT_TARGET


class Hub(StrEnum):
    """The parts that belong to the gateway itself."""

    GATEWAY = "gateway"
    ORDERS = "orders"
    STATISTICS = "statistics"


class Kind(StrEnum):
    """The parts that there are many of."""

    TABLE = "table"
    TRACKER = "tracker"
    REPEATER = "repeater"


class Numbered(NamedTuple):
    """A table or a tracker by its number, a repeater by its address."""

    kind: Kind
    name: str


type Part = Hub | Numbered

_NO_INFO: Final = GatewayInfo(serial=None, mac=None, version=None, model=None)
_NO_SETTINGS: Final = GatewaySettings(target_seconds=None, time_zone=None, zigbee_preset=None)
_NO_STATISTICS: Final = Statistics(
    orders_today=None,
    average_seconds=None,
    target_seconds=None,
    percent_within_target=None,
)


@dataclass(frozen=True, slots=True)
class GatewayState:
    """The gateway; `pairing_until` is when it stops listening for new repeaters."""

    info: GatewayInfo = _NO_INFO
    settings: GatewaySettings = _NO_SETTINGS
    live_stream: bool = False
    cloud: str | None = None
    token: TokenInfo | None = None
    clients: int | None = None
    pairing_until: datetime | None = None

    @property
    def target(self) -> int:
        """Seconds after which an order is overdue."""
        return self.settings.target_seconds or DEFAULT_TARGET


@dataclass(frozen=True, slots=True)
class OrdersState:
    """All active orders, oldest first.

    Whoever waits longest waits `wait` whole minutes; from `target` seconds on it is too long.
    """

    orders: tuple[Order, ...] = ()
    overdue: int = 0
    wait: int | None = None
    target: int = DEFAULT_TARGET

    def count(
        self,
        *,
        state: OrderState | None = None,
        order_type: OrderType | None = None,
        paged: bool | None = None,
    ) -> int:
        """Count the orders that are as asked for."""
        return sum(
            (state is None or order.state is state)
            and (order_type is None or order.order_type is order_type)
            and (paged is None or order.paged is paged)
            for order in self.orders
        )


@dataclass(frozen=True, slots=True)
class TableState:
    """A table and the orders at it, oldest first; `wait` is the oldest one's, in minutes."""

    orders: tuple[Order, ...] = ()
    overdue: bool = False
    wait: int | None = None


@dataclass(frozen=True, slots=True)
class TrackerState:
    """A tracker, and its order if it has one."""

    order: Order | None = None
    wait: int | None = None
    tracker: Tracker | None = None

    @property
    def orders(self) -> tuple[Order, ...]:
        """Its order, as the orders of a table are given."""
        return (self.order,) if self.order else ()

    @property
    def activity(self) -> str:
        """What it is doing; being paged comes before where it is."""
        if self.order is None:
            return "idle"
        return "paged" if self.order.paged else self.order.state


@dataclass(frozen=True, slots=True)
class RepeaterState:
    """A repeater."""

    repeater: Repeater


type PartState = GatewayState | OrdersState | Statistics | TableState | TrackerState | RepeaterState


@dataclass(frozen=True, slots=True)
class TableTrackerSnapshot:
    """Everything known of a gateway."""

    parts: Mapping[Part, PartState]

    @property
    def gateway(self) -> GatewayState:
        """The gateway, which is always there."""
        state = self.parts[Hub.GATEWAY]
        assert isinstance(state, GatewayState)
        return state

    @property
    def orders(self) -> tuple[Order, ...]:
        """The active orders, oldest first."""
        state = self.parts[Hub.ORDERS]
        assert isinstance(state, OrdersState)
        return state.orders

    @property
    def statistics(self) -> Statistics:
        """The day in numbers."""
        state = self.parts[Hub.STATISTICS]
        assert isinstance(state, Statistics)
        return state

    @property
    def in_use(self) -> Iterator[Numbered]:
        """The repeaters, and the tables and trackers that have an order now."""
        for part, state in self.parts.items():
            has_order = isinstance(state, TableState | TrackerState) and state.orders
            if isinstance(part, Numbered) and (has_order or isinstance(state, RepeaterState)):
                yield part

    def having(self, parts: Mapping[Part, PartState]) -> TableTrackerSnapshot:
        """Return a snapshot with some parts replaced."""
        return TableTrackerSnapshot({**self.parts, **parts})


EMPTY: Final = TableTrackerSnapshot(
    {Hub.GATEWAY: GatewayState(), Hub.ORDERS: OrdersState(), Hub.STATISTICS: _NO_STATISTICS}
)


def waited(order: Order, now: datetime) -> int:
    """Return how many whole minutes an order has been waiting."""
    return max(0, int((now - order.started_at).total_seconds())) // 60


def orders_state(
    orders: Iterable[Order], overdue: Collection[str], now: datetime, target: int
) -> OrdersState:
    """Sum up all active orders."""
    by_age = _by_age(orders)
    wait = waited(by_age[0], now) if by_age else None
    return OrdersState(by_age, len(overdue), wait, target)


def table_state(
    table: str, orders: Iterable[Order], overdue: Collection[str], now: datetime
) -> TableState:
    """Tell of one table, of which there may be several orders (section 8.4)."""
    by_age = _by_age(order for order in orders if order.table == table)
    return TableState(
        by_age,
        any(order.uuid in overdue for order in by_age),
        waited(by_age[0], now) if by_age else None,
    )


def tracker_state(
    number: str, orders: Iterable[Order], now: datetime, tracker: Tracker | None
) -> TrackerState:
    """Tell of one tracker; of two orders with its number the newest is meant (section 7.4)."""
    by_age = _by_age(order for order in orders if order.number == number)
    if not by_age:
        return TrackerState(tracker=tracker)
    return TrackerState(by_age[-1], waited(by_age[-1], now), tracker)


def _by_age(orders: Iterable[Order]) -> tuple[Order, ...]:
    return tuple(sorted(orders, key=lambda order: order.started_at))
