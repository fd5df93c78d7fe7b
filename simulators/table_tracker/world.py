"""The restaurant around a gateway: guests, tables, trackers, repeaters, and the day's history."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import random
from typing import Final
import uuid
from zoneinfo import ZoneInfo

from simulators.kit.clock import Clock

from .faults import TableTrackerFaults
from .orders import Order, Repeater, Tracker

TYPES: Final = ("ON_PREMISE", "TO_GO")
#: A page that is not continuous ends by itself.
_PAGE_SECONDS: Final = 60.0

type Listener = Callable[[str, Order, int], None]


class World:
    """Everything that a gateway knows, by its own clock, and what guests do with it."""

    def __init__(
        self, clock: Clock, faults: TableTrackerFaults, *, seed: int, repeaters: int, trackers: int
    ) -> None:
        self.clock = clock
        self.faults = faults
        self.reset()
        #: By their uuid, oldest first.
        self.orders: dict[str, Order] = {}
        self.history: list[Order] = []
        self.repeaters: dict[str, Repeater] = {}
        self.trackers: dict[str, Tracker] = {}
        #: Told of every change: what the change is called, the order, and the number of the event.
        self.listeners: list[Listener] = []
        self._random = random.Random(seed)
        self._skew = timedelta()
        self._seq = 0
        self._drop = 0
        for number in range(repeaters):
            self.add_repeater(f"Cashier {number + 1}" if number else "")
        for number in range(1, trackers + 1):
            address = f"00:13:a2:00:41:00:00:{number:02x}"
            self.trackers[str(number)] = Tracker(str(number), address)

    def reset(self) -> None:
        """Go back to the settings of the factory, and leave the cloud."""
        self.zone = ZoneInfo("Europe/Vienna")
        self.target = 300
        self.preset = "A"
        self.is_activated = False
        self._pairing_until = datetime.min.replace(tzinfo=UTC)

    # Time

    def now(self) -> datetime:
        """The time by the gateway's clock, in UTC."""
        return self.clock.now() + self._skew

    def local(self, moment: datetime) -> str:
        """Spell a time as the gateway does: by its own zone, and without an offset."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M:%S")

    def skew(self, seconds: float) -> None:
        """Set the gateway's clock ahead of everybody else's."""
        self._skew = timedelta(seconds=seconds)

    def set_zone(self, zone: str) -> None:
        """Set the gateway's time zone."""
        self.zone = ZoneInfo(zone)

    # Guests

    def start_tracker(self, number: str, order_type: str = "ON_PREMISE") -> str:
        """Let a guest take a tracker from the starter; one that is out already stays as it is."""
        if known := self.order_of(number):
            return known.uuid
        return self.create(number, order_type).uuid

    def move_to_table(self, number: str, table: str) -> str:
        """Let a guest put the tracker on a table, perhaps without having seen the starter."""
        order = self.order_of(number)
        if order is None:
            return self.create(number, "ON_PREMISE", table).uuid
        if order.table != table:
            order.move(table, self.now())
            self._tell("ORDER_MODIFIED", order)
        return order.uuid

    def leave_table(self, number: str) -> None:
        """Let a guest take the tracker away from the table."""
        order = self._known(number)
        order.move("", self.now())
        self._tell("ORDER_MODIFIED", order)

    def switch_type(self, number: str, order_type: str) -> None:
        """Let a guest change between eating here and taking it away."""
        order = self._known(number)
        order.order_type = order_type
        self._tell("ORDER_MODIFIED", order)

    def page(self, number: str, *, continuous: bool = True) -> None:
        """Let the tracker vibrate, for a minute or until it is stopped."""
        order = self._known(number)
        order.stop_page()
        order.paged = True
        if not continuous:
            order.page_ends = self.clock.call_later(
                _PAGE_SECONDS, lambda: self._end_page(order.uuid)
            )
        self._tell("ORDER_PAGED", order)

    def cancel_page(self, number: str) -> bool:
        """Stop the tracker; return whether it was paged."""
        order = self._known(number)
        was_paged = order.paged
        order.stop_page()
        if was_paged:
            self._tell("ORDER_MODIFIED", order)
        return was_paged

    def clear(self, number: str) -> None:
        """Let the guest leave: the tracker is put on the clearing dock."""
        order = self._known(number)
        order.stop_page()
        order.state, order.changed, order.cleared = "cleared", self.now(), self.now()
        del self.orders[order.uuid]
        self.history.append(order)
        kinds = {"modified": "ORDER_MODIFIED", "cleared": "ORDER_CLEARED"}
        if kind := kinds.get(self.faults.end_of_order):
            self._tell(kind, order)

    def create(
        self, number: str, order_type: str, table: str = "", *, has_tracker: bool = True
    ) -> Order:
        """Begin an order; one with a table is located at once."""
        now = self.now()
        new = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        order = Order(number, new, order_type, now, now, has_tracker=has_tracker)
        if table:
            order.move(table, now)
        self.orders[new] = order
        self._tell("ORDER_CREATED", order)
        return order

    def order_of(self, name: str) -> Order | None:
        """Return an active order by its uuid, or the newest one by its number."""
        if name in self.orders:
            return self.orders[name]
        return next((each for each in reversed(self.orders.values()) if each.number == name), None)

    # Events

    def skip_seq(self, count: int = 1) -> None:
        """Leave a gap in the numbers of events."""
        self._seq += count

    def drop_events(self, count: int) -> None:
        """Lose the next events on their way."""
        self._drop = count

    def forget_events(self) -> None:
        """Begin to number events anew, as after a reboot."""
        self._seq = 0

    def lose_orders(self) -> None:
        """Forget the active orders, without a word and without a trace in the history."""
        for order in self.orders.values():
            order.stop_page()
        self.orders.clear()

    # Repeaters

    @property
    def is_pairing(self) -> bool:
        """Whether new repeaters may join."""
        return self.now() < self._pairing_until

    def pair(self, seconds: int) -> None:
        """Let new repeaters join for so long; for no time ends it."""
        self._pairing_until = self.now() + timedelta(seconds=seconds)

    def add_repeater(self, label: str = "") -> str:
        """Let another repeater join; return its address."""
        number = len(self.repeaters) + 1
        while (address := f"00:13:a2:00:40:aa:bb:{number:02x}") in self.repeaters:
            number += 1
        self.repeaters[address] = Repeater(address, label, 4211 + number, last_seen=self.now())
        return address

    def remove_repeater(self, address: str) -> None:
        """Let a repeater be gone."""
        del self.repeaters[address]

    def set_repeater_status(self, address: str, status: str) -> None:
        """Let a repeater be ACTIVE or INACTIVE."""
        self.repeaters[address].status = status

    def _end_page(self, name: str) -> None:
        order = self.orders.get(name)
        if order and order.paged:
            order.stop_page()
            self._tell("ORDER_MODIFIED", order)

    def _known(self, number: str) -> Order:
        order = self.order_of(number)
        if order is None:
            raise KeyError(f"no order {number}")
        return order

    def _tell(self, kind: str, order: Order) -> None:
        if order.has_tracker and (tracker := self.trackers.get(order.number)):
            tracker.last_seen = self.now()
        self._seq += 1
        if self._drop:
            self._drop -= 1
            return
        for listener in tuple(self.listeners):
            listener(kind, order, self._seq)
