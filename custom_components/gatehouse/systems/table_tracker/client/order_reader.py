"""Orders as the gateway writes them, with a memory of when each of them began."""

from datetime import UTC, datetime, timedelta
from typing import Final

from .clock import GatewayClock
from .models import Order, OrderState
from .parse import Json, JsonObject, as_boolean, as_number, as_order_type, as_text, rows

_STATES: Final = {str(state): state for state in OrderState}
#: Orders without a tracker stay until somebody deletes them; older ones than this are a mistake.
_LONGEST_AGE: Final = timedelta(days=3650)


class OrderReader:
    """Reads active orders (section 4.2), from lists and from the stream alike.

    The gateway's local times depend on its clock and zone, its `elapsedTime` on neither, so an
    order's start is computed from that: once, or it would tremble with every answer.
    """

    def __init__(self, clock: GatewayClock) -> None:
        """Remember nothing yet."""
        self._clock = clock
        self._started: dict[str, datetime] = {}

    @property
    def known(self) -> frozenset[str]:
        """The orders whose start is remembered."""
        return frozenset(self._started)

    def read(self, row: JsonObject, *, is_gone: bool = False) -> Order | None:
        """Read one order; None without a uuid or a number.

        Args:
            row: The order's fields, others beside them.
            is_gone: Whether it is known to have ended, whatever its state says.

        """
        uuid, number = as_text(row.get("uuid")), as_text(row.get("name"))
        if uuid is None or number is None:
            return None
        table = as_text(row.get("locationName"))
        state = OrderState.CLEARED if is_gone else _state(row.get("state"), table)
        if (started_at := self._started.get(uuid)) is None:
            started_at = self._started[uuid] = self._start(row)
        if state is OrderState.CLEARED:
            del self._started[uuid]
        return Order(
            uuid=uuid,
            number=number,
            order_type=as_order_type(row.get("orderType")),
            table=table,
            state=state,
            paged=as_boolean(row.get("paged")),
            started_at=started_at,
            state_changed=self._change(row, started_at),
        )

    def read_list(self, items: list[Json], known: frozenset[str]) -> tuple[Order, ...]:
        """Read a whole list of active orders, and forget what is not in it.

        Args:
            items: The list.
            known: What was known when it was asked for; an order that was pushed since is newer.

        """
        orders = rows(items, self.read)
        for uuid in known.difference(order.uuid for order in orders):
            self._started.pop(uuid, None)
        return tuple(order for order in orders if order.state is not OrderState.CLEARED)

    def _start(self, row: JsonObject) -> datetime:
        """Compute when an order that is seen for the first time began, by our own clock."""
        now = datetime.now(UTC)
        created = as_text(row.get("created")) or ""
        age = as_number(row.get("elapsedTime"))
        if age is None or not 0 <= age < _LONGEST_AGE.total_seconds():
            return min(self._clock.read_ours(created) or now, now)
        started_at = now - timedelta(seconds=age)
        # Whether the age counts from the creation or from the last change is not documented:
        # only where both are the same does it prove anything about the clock.
        if _changed(row) in {created, None}:
            self._clock.observe_age(created, started_at)
        return started_at

    def _change(self, row: JsonObject, started_at: datetime) -> datetime | None:
        """Return when the state changed: that long after the start, whatever the zone may be."""
        created, changed = as_text(row.get("created")), _changed(row)
        if changed is None or changed == created:
            return None if changed is None else started_at
        time, origin = self._clock.read(changed), self._clock.read(created or "")
        if time is None or origin is None:
            return self._clock.read_ours(changed)
        waited = time - origin
        return started_at + waited if timedelta() <= waited < _LONGEST_AGE else None


def _changed(row: JsonObject) -> str | None:
    return as_text(row.get("stateChanged")) or as_text(row.get("stateStarted"))


def _state(value: Json, table: str | None) -> OrderState:
    """Return an order's state; a new one is taken for the one that its table suggests."""
    if known := _STATES.get((as_text(value) or "").lower()):
        return known
    return OrderState.STARTED if table is None else OrderState.LOCATED
