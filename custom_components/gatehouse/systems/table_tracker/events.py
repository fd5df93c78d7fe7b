"""What happens to an order: the same types and fields in entities, on the bus and in answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .client import Order, OrderState


class OrderEvent(StrEnum):
    """The types of an order's events."""

    CREATED = "order_created"
    STARTED = "order_started"
    LOCATED = "order_located"
    MOVED = "order_moved"
    TYPE_CHANGED = "order_type_changed"
    PAGED = "order_paged"
    PAGE_CANCELED = "page_canceled"
    CLEARED = "order_cleared"
    OVERDUE = "order_overdue"


class Source(StrEnum):
    """How an event became known."""

    PUSH = "push"
    #: Found out later, by comparing lists; nobody saw it happen.
    RESYNC = "resync"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to an order, which is given as it was afterwards."""

    type: OrderEvent
    order: Order
    time: datetime
    from_table: str | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it concerns: a move concerns two."""
        return tuple(table for table in (self.order.table, self.from_table) if table)

    def fields(self, source: Source) -> dict[str, str | int]:
        """Return its attributes; what there is none of is left out. The wait is in seconds."""
        order = self.order
        fields: dict[str, str | int | None] = {
            "event_time": self.time.isoformat(),
            "order": order.number,
            "uuid": order.uuid,
            "table": order.table,
            "from_table": self.from_table,
            "order_type": order.order_type.lower(),
            "wait": max(0, round((self.time - order.started_at).total_seconds())),
            "source": source,
        }
        return {key: value for key, value in fields.items() if value is not None}


def state_event(order: Order) -> OrderEvent:
    """Return the event that brings an order into the state it is in."""
    return OrderEvent.LOCATED if order.state is OrderState.LOCATED else OrderEvent.STARTED


def happenings(old: Order | None, new: Order, time: datetime) -> list[Happening]:
    """Return what happened between two looks at an order; nothing where both are alike.

    An order that is new was created and came into its state, both: guests may skip the starter
    (section 4.2), and who waits for guests at tables need not care.
    """
    if old is None:
        created = Happening(OrderEvent.CREATED, new, min(new.started_at, time))
        return [created, Happening(state_event(new), new, time)]
    found = []
    if old.table and new.table and old.table != new.table:
        found.append(Happening(OrderEvent.MOVED, new, time, from_table=old.table))
    elif old.table != new.table or old.state is not new.state:
        found.append(Happening(state_event(new), new, time, from_table=old.table))
    if old.order_type is not new.order_type:
        found.append(Happening(OrderEvent.TYPE_CHANGED, new, time))
    if old.paged != new.paged:
        paged = OrderEvent.PAGED if new.paged else OrderEvent.PAGE_CANCELED
        found.append(Happening(paged, new, time))
    return found
