"""A client of the local API of an LRS Table Tracker gateway; it knows nothing of Home Assistant.

Section numbers in this package refer to the protocol notes that the project keeps.
"""

from .api import TableTrackerClient
from .clock import GatewayClock
from .errors import (
    TableTrackerAuthError,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerNotFoundError,
    TableTrackerOutcomeUnknownError,
    TableTrackerOutdatedError,
    TableTrackerRejectedError,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
)
from .models import (
    GatewayInfo,
    GatewaySettings,
    Order,
    OrderPushed,
    OrdersListed,
    OrderState,
    OrderSummary,
    OrderType,
    PushKind,
    Repeater,
    ResyncNeeded,
    Statistics,
    StreamConnected,
    StreamDisconnected,
    StreamMessage,
    TokenInfo,
    Tracker,
)
from .settings import TableTrackerSettings
from .stream import TableTrackerStream

__all__ = [
    "GatewayClock",
    "GatewayInfo",
    "GatewaySettings",
    "Order",
    "OrderPushed",
    "OrderState",
    "OrderSummary",
    "OrderType",
    "OrdersListed",
    "PushKind",
    "Repeater",
    "ResyncNeeded",
    "Statistics",
    "StreamConnected",
    "StreamDisconnected",
    "StreamMessage",
    "TableTrackerAuthError",
    "TableTrackerClient",
    "TableTrackerConnectionError",
    "TableTrackerError",
    "TableTrackerNotFoundError",
    "TableTrackerOutcomeUnknownError",
    "TableTrackerOutdatedError",
    "TableTrackerRejectedError",
    "TableTrackerResponseError",
    "TableTrackerSettings",
    "TableTrackerStream",
    "TableTrackerUnsupportedError",
    "TokenInfo",
    "Tracker",
]
