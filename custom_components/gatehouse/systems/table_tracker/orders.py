"""Every active order, and the one place that decides whether something about it is news.

Orders are known by their uuid alone: the number of a tracker comes back all day (section 7.4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from .client import Order, OrderPushed, OrderState, OrderSummary, OrderType, PushKind
from .events import Happening, OrderEvent, happenings, state_event

#: How many ended orders are remembered; a busy restaurant has some hundred a day.
_ENDED_LIMIT: Final = 1000
#: Clocks and lists differ a little: what ended this long before a loss may have been lost.
_OVERLAP: Final = timedelta(minutes=1)

type Listed = Mapping[str, Order | None]
"""Orders by uuid as a list has them; None for one that it no longer has."""


@dataclass(slots=True)
class News:
    """What a push brought: to be told live, and what must have happened unheard before it."""

    live: list[Happening] = field(default_factory=list)
    missed: list[Happening] = field(default_factory=list)


class OrderBook:
    """The active orders, those that ended lately, and those that are known to be overdue."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """Begin afresh, or where a stored book ended."""
        stored = stored or {}
        self.orders = {uuid: _restored(uuid, row) for uuid, row in stored.get("orders", {}).items()}
        #: Until when the book is complete; None before the first list, which is no news.
        self.seen_at: datetime | None = None
        if (seen_at := stored.get("seen_at")) is not None:
            self.seen_at = datetime.fromtimestamp(seen_at, UTC)
        self.overdue: set[str] = set(stored.get("overdue", ()))
        self._ended = dict.fromkeys(stored.get("ended", ()), 0.0)
        #: When each order was last pushed: a list asked for before that knows less.
        self._pushed_at: dict[str, float] = {}

    @property
    def known(self) -> frozenset[str]:
        """The ids of all orders that are remembered."""
        return frozenset(self.orders) | self._ended.keys()

    def push(self, message: OrderPushed, time: datetime, at: float) -> News:
        """Take in a live message; `at` is a monotonic time.

        Handling is idempotent: a message that changes nothing is no news (section 7.5).
        """
        old = self.orders.get(message.order.uuid)
        new = _as_old_as(old, message.order)
        if message.is_gone:
            return self._push_end(old, new, time, at)
        self._pushed_at[new.uuid] = at
        self.orders[new.uuid] = new
        found = happenings(old, new, time)
        if old or message.kind is PushKind.CREATED:
            return News(live=found)
        # What is modified was created before, and nobody heard of that.
        is_page = message.kind is PushKind.PAGED
        latest = OrderEvent.PAGED if is_page else state_event(new)
        return News(
            live=[Happening(latest, new, time)],
            missed=[Happening(OrderEvent.CREATED, new, new.started_at)],
        )

    def _push_end(self, old: Order | None, new: Order, time: datetime, at: float) -> News:
        if new.uuid in self._ended:
            return News()
        self._end(new.uuid, at)
        # The last message of an order may say less than is known of it, such as no table.
        last = replace(old or new, state=OrderState.CLEARED)
        missed = [] if old else [Happening(OrderEvent.CREATED, new, new.started_at)]
        return News(live=[Happening(OrderEvent.CLEARED, last, time)], missed=missed)

    def differences(self, listed: Iterable[Order], sent_at: float) -> Listed:
        """Compare with a list that was asked for at the monotonic time `sent_at`."""
        by_uuid = {
            order.uuid: order
            for order in listed
            if self._pushed_at.get(order.uuid, 0.0) <= sent_at
            and self._ended.get(order.uuid, 0.0) <= sent_at
        }
        found: dict[str, Order | None] = {
            uuid: order for uuid, order in by_uuid.items() if self.orders.get(uuid) != order
        }
        found |= {
            uuid: None
            for uuid in self.orders.keys() - by_uuid.keys()
            if self._pushed_at.get(uuid, 0.0) <= sent_at
        }
        return found

    def take(self, differences: Listed, time: datetime) -> list[Happening]:
        """Take over what a list has differently; return what must have happened meanwhile.

        The first list of all is where the book begins: it is no news.
        """
        is_first, self.seen_at = self.seen_at is None, time
        found: list[Happening] = []
        for uuid, order in differences.items():
            old = self.orders.get(uuid)
            if order:
                self._ended.pop(uuid, None)
                self.orders[uuid] = new = _as_old_as(old, order)
                found += happenings(old, new, min(time, order.state_changed or time))
            elif old:
                self._end(uuid, 0.0)
                found.append(Happening(OrderEvent.CLEARED, old, time))
        return [] if is_first else found

    def read_history(
        self, found: Iterable[Happening], history: Iterable[OrderSummary], since: datetime
    ) -> list[Happening]:
        """Complete what was found missing since a loss with what the gateway's history tells.

        Ends get their true times, and orders that came and went meanwhile appear. Returned are
        all of them, oldest first.
        """
        by_uuid = {summary.uuid: summary for summary in history}
        told = [_timed(each, by_uuid.get(each.order.uuid)) for each in found]
        for uuid, summary in by_uuid.items():
            ended = summary.cleared_at
            if ended and ended >= since - _OVERLAP and uuid not in self.known:
                self._end(uuid, 0.0)
                told += _life(summary, ended)
        return sorted(told, key=lambda happening: happening.time)

    def mark_overdue(self, target: int, now: datetime) -> list[Order]:
        """Note who waits for `target` seconds or longer; return those who newly do."""
        late = {
            uuid
            for uuid, order in self.orders.items()
            if (now - order.started_at).total_seconds() >= target
        }
        new, self.overdue = late - self.overdue, late
        return [self.orders[uuid] for uuid in new]

    def find(self, name: str) -> Order | None:
        """Return the active order with an id, or the newest one with a number (section 7.4)."""
        if order := self.orders.get(name):
            return order
        named = (order for order in self.orders.values() if order.number == name)
        return max(named, key=lambda order: order.started_at, default=None)

    def store(self) -> dict[str, Any]:
        """Return what a later book needs to go on from here; times are in seconds."""
        return {
            "seen_at": self.seen_at and self.seen_at.timestamp(),
            "orders": {uuid: _stored(order) for uuid, order in self.orders.items()},
            "overdue": sorted(self.overdue),
            "ended": list(self._ended),
        }

    def _end(self, uuid: str, at: float) -> None:
        self.orders.pop(uuid, None)
        self._pushed_at.pop(uuid, None)
        self.overdue.discard(uuid)
        self._ended[uuid] = at
        if len(self._ended) > _ENDED_LIMIT:
            del self._ended[next(iter(self._ended))]


def _as_old_as(old: Order | None, new: Order) -> Order:
    """Return a known order anew; since when it waits is found out once (section 7.7)."""
    return replace(new, started_at=old.started_at) if old else new


def _timed(happening: Happening, summary: OrderSummary | None) -> Happening:
    """Return the end of an order with its true time, where the history has it."""
    if summary and summary.cleared_at and happening.type is OrderEvent.CLEARED:
        return replace(happening, time=summary.cleared_at)
    return happening


def _life(summary: OrderSummary, ended: datetime) -> Iterable[Happening]:
    """Tell the life of an order that came and went unseen."""
    started = summary.started_at or ended
    order = Order(
        uuid=summary.uuid,
        number=summary.number,
        order_type=summary.order_type,
        table=summary.table,
        state=OrderState.CLEARED,
        paged=summary.paged_at is not None,
        started_at=started,
        state_changed=ended,
    )
    times = {
        OrderEvent.CREATED: started,
        OrderEvent.LOCATED: summary.located_at,
        OrderEvent.PAGED: summary.paged_at,
        OrderEvent.CLEARED: ended,
    }
    return [Happening(kind, order, time) for kind, time in times.items() if time]


def _stored(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "order_type": order.order_type,
        "table": order.table,
        "state": order.state,
        "paged": order.paged,
        "started_at": order.started_at.timestamp(),
    }


def _restored(uuid: str, row: Mapping[str, Any]) -> Order:
    return Order(
        uuid=uuid,
        number=row["number"],
        order_type=OrderType(row["order_type"]),
        table=row["table"],
        state=OrderState(row["state"]),
        paged=row["paged"],
        started_at=datetime.fromtimestamp(row["started_at"], UTC),
        state_changed=None,
    )
