"""The parts that orders make up: the gateway's sums, the tables and the trackers."""

from collections.abc import Iterable
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .client import Order, Tracker
from .devices import known_numbers
from .options import TableTrackerOptions
from .orders import OrderBook
from .snapshot import (
    Hub,
    Kind,
    Numbered,
    Part,
    PartState,
    orders_state,
    table_state,
    tracker_state,
)


class OrderParts:
    """Knows every table and tracker: once seen, they stay."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        options: TableTrackerOptions,
        book: OrderBook,
    ) -> None:
        """Begin with those that were seen before and those that the options name."""
        self._book = book
        self._has_trackers = options.tracker_devices
        self._tables = {*options.tables, *known_numbers(hass, entry, Kind.TABLE)}
        self._trackers: dict[str, Tracker | None] = dict.fromkeys(
            known_numbers(hass, entry, Kind.TRACKER)
        )

    def learn(self, trackers: Iterable[Tracker]) -> None:
        """Take in what the gateway tells of its trackers."""
        self._trackers |= {tracker.number: tracker for tracker in trackers}

    def all(self) -> set[Part]:
        """Return every part."""
        parts = self.of(*self._book.orders.values())
        parts |= {Numbered(Kind.TABLE, number) for number in self._tables}
        if self._has_trackers:
            parts |= {Numbered(Kind.TRACKER, number) for number in self._trackers}
        return parts

    def of(self, *orders: Order) -> set[Part]:
        """Return the parts that orders are part of."""
        parts: set[Part] = {Hub.ORDERS}
        for order in orders:
            if order.table:
                self._tables.add(order.table)
                parts.add(Numbered(Kind.TABLE, order.table))
            if self._has_trackers:
                self._trackers.setdefault(order.number)
                parts.add(Numbered(Kind.TRACKER, order.number))
        return parts

    def states(self, parts: Iterable[Part], target: int) -> dict[Part, PartState]:
        """Return what these parts are now, with `target` as the seconds an order may take."""
        now = dt_util.utcnow()
        return {part: self._state(part, now, target) for part in parts}

    def _state(self, part: Part, now: datetime, target: int) -> PartState:
        orders, overdue = self._book.orders.values(), self._book.overdue
        match part:
            case Numbered(Kind.TABLE, number):
                return table_state(number, orders, overdue, now)
            case Numbered(_, number):
                return tracker_state(number, orders, now, self._trackers.get(number))
        return orders_state(orders, overdue, now, target)
