"""The passing of time: a wait grows by the minute, and at some second an order is overdue."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .client import Order

_MINUTE: Final = 60


def next_change(order: Order, target: int, after: datetime) -> datetime:
    """Return when what is shown of an order's wait changes next, if nothing else happens."""
    waited = max(0.0, (after - order.started_at).total_seconds())
    change = (waited // _MINUTE + 1) * _MINUTE
    if waited < target:
        change = min(change, target)
    return order.started_at + timedelta(seconds=change)


class Waiting:
    """Calls when the wait of some orders changes: at that second, and not each second."""

    def __init__(self, hass: HomeAssistant, on_change: Callable[[list[Order]], None]) -> None:
        """Wait for nobody yet; `on_change` gets the orders that it is about."""
        self._hass = hass
        self._on_change = on_change
        self._cancel: CALLBACK_TYPE | None = None
        self._since = dt_util.utcnow()

    @callback
    def plan(self, orders: Iterable[Order], target: int) -> None:
        """Wait for the next change of any of these orders."""
        self.cancel()
        waiting = list(orders)
        now = dt_util.utcnow()
        changes = [next_change(order, target, self._since) for order in waiting]
        if not changes:
            self._since = now
            return

        @callback
        def on_time(_now: datetime) -> None:
            self._cancel = None
            since, self._since = self._since, dt_util.utcnow()
            self._on_change(
                [each for each in waiting if next_change(each, target, since) <= self._since]
            )

        delay = max(0.0, (min(changes) - now).total_seconds())
        self._cancel = async_call_later(self._hass, delay, on_time)

    @callback
    def cancel(self) -> None:
        """Wait no longer."""
        if self._cancel:
            self._cancel()
            self._cancel = None
