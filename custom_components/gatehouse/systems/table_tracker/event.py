"""What happens to orders, the moment it happens: at the gateway all of it, at a table its own."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.event import EventEntityDescription
from homeassistant.const import Platform
from homeassistant.core import callback

from ...entity import setup_platform
from ...live import LiveEvent
from .coordinator import TableTrackerCoordinator
from .entity import TableTrackerEntity, TableTrackerShows
from .events import Happening, OrderEvent, Source
from .snapshot import OrdersState, TableState


@dataclass(frozen=True, kw_only=True)
class TableTrackerEventDescription(EventEntityDescription, TableTrackerShows[None]):
    """The events of orders."""


ORDERS: Final = (
    TableTrackerEventDescription(
        key="order",
        translation_key="order",
        event_types=list(OrderEvent),
        value=lambda _state: None,
    ),
)


class TableTrackerEvent(LiveEvent[TableTrackerCoordinator], TableTrackerEntity[None]):
    """What happens to the orders of a gateway or of one table."""

    @callback
    @override
    def _on_event(self, happening: Happening) -> None:
        self.fire(happening.type, happening.fields(Source.PUSH))


async_setup_entry = setup_platform(
    Platform.EVENT, TableTrackerEvent, {OrdersState: ORDERS, TableState: ORDERS}
)
