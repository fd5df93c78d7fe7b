"""What a gateway tells, parsed once and frozen.

Tokens and the addresses of other clients are not part of any model: they stay within this client.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class OrderType(StrEnum):
    """Where a guest eats."""

    ON_PREMISE = "ON_PREMISE"
    TO_GO = "TO_GO"


class OrderState(StrEnum):
    """How far an order has come."""

    STARTED = "started"
    LOCATED = "located"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Order:
    """An active order (section 4.2), known by its `uuid`; both times are aware, in UTC.

    `number` is the tracker's, and comes back all day. `table` is None while the tracker lies at
    none. The times are by our own clock, and do not count when orders are compared.
    """

    uuid: str
    number: str
    order_type: OrderType
    table: str | None
    state: OrderState
    paged: bool
    started_at: datetime = field(compare=False)
    state_changed: datetime | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as the history tells of it (section 4.4); times are aware, by the gateway's clock."""

    uuid: str
    number: str
    order_type: OrderType
    table: str | None
    started_at: datetime | None
    located_at: datetime | None
    cleared_at: datetime | None
    paged_at: datetime | None
    cleared_reason: str | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """The gateway's present day (section 4.5); None where it does not tell."""

    orders_today: int | None
    average_seconds: float | None
    target_seconds: float | None
    percent_within_target: float | None


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """What can be set on the gateway (section 4.6); `time_zone` is an IANA name or an offset."""

    target_seconds: int | None
    time_zone: str | None
    zigbee_preset: str | None


@dataclass(frozen=True, slots=True)
class GatewayInfo:
    """What the gateway says of itself; None where this firmware does not tell."""

    serial: str | None
    mac: str | None
    version: str | None
    model: str | None


@dataclass(frozen=True, slots=True)
class Repeater:
    """A zigbee wall plug (section 4.7), known by its extended address."""

    address: str
    label: str | None
    active: bool | None
    model: str | None
    firmware: str | None
    hardware: str | None
    remaining_children: int | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Tracker:
    """A numbered puck; its battery is in percent."""

    number: str
    active: bool | None
    firmware: str | None
    battery: int | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token without its secret, and without the address of who uses it."""

    name: str | None
    created: datetime | None
    last_used: datetime | None


class PushKind(StrEnum):
    """What the gateway calls a change."""

    CREATED = "created"
    MODIFIED = "modified"
    PAGED = "paged"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class StreamConnected:
    """The live stream is up: its first list of orders follows."""


@dataclass(frozen=True, slots=True)
class OrdersListed:
    """Every active order, pushed: it replaces what was known."""

    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class OrderPushed:
    """An order as it is after a change; `is_gone` where that ended it."""

    kind: PushKind
    order: Order
    is_gone: bool


@dataclass(frozen=True, slots=True)
class ResyncNeeded:
    """Something may have been missed, or not understood: the orders should be asked for."""

    reason: str


@dataclass(frozen=True, slots=True)
class StreamDisconnected:
    """The live stream is down; `reason` names the error's class, never its content."""

    reason: str


type StreamMessage = (
    StreamConnected | OrdersListed | OrderPushed | ResyncNeeded | StreamDisconnected
)
