"""Orders as tests need them, without a gateway."""

from datetime import UTC, datetime
from typing import Any

from custom_components.gatehouse.systems.table_tracker.client import (
    Order,
    OrderPushed,
    OrderState,
    OrderSummary,
    OrderType,
    PushKind,
)

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def order(uuid: str = "a", **changes: Any) -> Order:
    """Return an order that was started at noon; with a table it is located."""
    given: dict[str, Any] = {
        "number": "23",
        "order_type": OrderType.ON_PREMISE,
        "table": None,
        "paged": False,
        "started_at": NOON,
        "state_changed": None,
        **changes,
    }
    given.setdefault("state", OrderState.LOCATED if given["table"] else OrderState.STARTED)
    return Order(uuid=uuid, **given)


def pushed(
    kind: PushKind, uuid: str = "a", *, is_gone: bool = False, **changes: Any
) -> OrderPushed:
    """Return a message about an order."""
    return OrderPushed(kind, order(uuid, **changes), is_gone)


def summary(uuid: str = "a", **changes: Any) -> OrderSummary:
    """Return what the history tells of an order."""
    given: dict[str, Any] = {
        "number": "23",
        "order_type": OrderType.ON_PREMISE,
        "table": None,
        "started_at": NOON,
        "located_at": None,
        "cleared_at": None,
        "paged_at": None,
        "cleared_reason": None,
        **changes,
    }
    return OrderSummary(uuid=uuid, **given)
