"""Orders: the active ones, what is done to them, and those of the past."""

from datetime import datetime
import re
from typing import Final

from .clock import GatewayClock
from .errors import (
    TableTrackerRejectedError,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
)
from .models import Order, OrderSummary, OrderType, Statistics
from .order_reader import OrderReader
from .parse import JsonObject, as_object, listed, read_statistics, read_summary, rows
from .rest import GatewayRest

#: The largest page of the history (section 3.1).
_PAGE: Final = 100
#: Neither a number nor a UUID (section 6.3).
_INVALID_ID: Final = -7
_NOTHING_TO_CANCEL: Final = 1003
_ID: Final = re.compile(r"[0-9A-Za-z-]+")


class OrderApi:
    """Active orders (section 3.2), the history and the statistics."""

    clock: GatewayClock
    order_reader: OrderReader
    _rest: GatewayRest
    #: The documented path, and the one of another firmware; the one that worked last comes first.
    _page_paths: tuple[str, str] = ("page", "guest_paging")

    async def get_active_orders(self) -> tuple[Order, ...]:
        """Return every active order.

        Raises:
            TableTrackerOutdatedError: If the gateway has only the API before v2.

        """
        known = self.order_reader.known
        answer = await self._rest.get_essential("/activeorders")
        return self.order_reader.read_list(listed(answer, "items"), known)

    async def get_order(self, order_id: str) -> Order:
        """Return an active order by its uuid or number.

        Raises:
            TableTrackerNotFoundError: If there is no such active order.

        """
        answer = await self._rest.get(_path(order_id))
        if (order := self._order_in(answer)) is None:
            raise TableTrackerResponseError("The answer lacks the order that was asked for")
        return order

    async def start_order(
        self, number: str, order_type: OrderType, table: str | None = None
    ) -> Order | None:
        """Start an order, at a table if there is one, or locate one that is started.

        An order whose number no tracker has stays until it is cleared by command.

        Returns:
            The order; None where nothing had to be done, or the gateway does not show it.

        Raises:
            TableTrackerRejectedError: If a number is none.

        """
        body: JsonObject = {"name": number, "orderType": order_type.value}
        if table is not None:
            body["locationName"] = table
        return self._order_in(await self._rest.post("/activeorders", body))

    async def clear_order(self, order_id: str) -> None:
        """End an order.

        Raises:
            TableTrackerNotFoundError: If there is no such active order.

        """
        await self._rest.delete(_path(order_id))

    async def clear_all_orders(self) -> None:
        """End every order of the site; there is no way back."""
        await self._rest.delete("/activeorders")

    async def page_order(self, order_id: str, *, continuous: bool = True) -> None:
        """Let the tracker of an order vibrate: until it comes back, or for about a minute.

        Raises:
            TableTrackerNotFoundError: If there is no such active order.
            TableTrackerRejectedError: If the order has no tracker, or it cannot be paged.

        """
        await self._page("POST", order_id, {"tracking": continuous})

    async def cancel_page(self, order_id: str) -> bool:
        """End the paging of an order.

        Returns:
            Whether it was paged.

        Raises:
            TableTrackerNotFoundError: If there is no such active order.

        """
        answer = await self._page("DELETE", order_id, None)
        return answer.get("returnCode") != _NOTHING_TO_CANCEL

    async def _page(self, method: str, order_id: str, body: JsonObject | None) -> JsonObject:
        """Use the path that this firmware has: one that it lacks does nothing."""
        first, second = (f"{_path(order_id)}/{name}" for name in self._page_paths)
        try:
            return await self._rest.request(method, first, body=body)
        except TableTrackerUnsupportedError:
            self._page_paths = self._page_paths[::-1]
        return await self._rest.request(method, second, body=body)

    async def get_history(
        self,
        *,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        order_type: OrderType | None = None,
        table: str | None = None,
        limit: int = 100,
    ) -> tuple[OrderSummary, ...]:
        """Return finished orders, in the order that the gateway has them.

        Args:
            created_after: Aware.
            created_before: Aware.
            order_type: Only these.
            table: Only those of this table.
            limit: At the most so many.

        """
        params: dict[str, str] = {}
        if created_after is not None:
            params["created_after"] = self.clock.to_wire(created_after)
        if created_before is not None:
            params["created_before"] = self.clock.to_wire(created_before)
        if order_type is not None:
            params["order_type"] = order_type.value
        if table is not None:
            params["location_name"] = table
        # By uuid: orders that end meanwhile shift the pages, and some come twice.
        found: dict[str, OrderSummary] = {}
        offset = 0
        while (size := min(_PAGE, limit - len(found))) > 0:
            page = {**params, "offset": str(offset), "limit": str(size)}
            items = listed(await self._rest.get("/orders", page), "items")
            before = len(found)
            for order in rows(items, lambda row: read_summary(row, self.clock)):
                found.setdefault(order.uuid, order)
            offset += len(items)
            # The meaning of `count` is not documented; a page without news would come for ever.
            if len(items) < size or len(found) == before:
                break
        return tuple(found.values())[:limit]

    async def get_statistics(self, target_time: int | None = None) -> Statistics:
        """Return the figures of the gateway's present day.

        Args:
            target_time: Seconds that an order may take; the gateway's own setting if None.

        """
        params = {} if target_time is None else {"target_time": str(target_time)}
        return read_statistics(await self._rest.get("/statistics", params))

    def _order_in(self, answer: JsonObject) -> Order | None:
        return self.order_reader.read(as_object(answer.get("activeorder")))


def _path(order_id: str) -> str:
    """Return the path of one order.

    Anything but an id could mean another path: an empty one is that of all orders.

    Raises:
        TableTrackerRejectedError: If it is no id, as the gateway would.

    """
    if not _ID.fullmatch(order_id):
        raise TableTrackerRejectedError("Neither a number nor the id of an order", _INVALID_ID)
    return f"/activeorders/{order_id}"
