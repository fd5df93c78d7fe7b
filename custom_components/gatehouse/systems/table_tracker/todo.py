"""The active orders as a list to work off."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, override

from homeassistant.components.todo.const import TodoItemStatus, TodoListEntityFeature
from homeassistant.components.todo.entity import TodoItem, TodoListEntity
from homeassistant.const import Platform
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity import EntityDescription

from ...const import DOMAIN
from ...entity import setup_platform
from .client import Order, OrderType
from .devices import part_name
from .entity import TableTrackerEntity, TableTrackerShows
from .snapshot import Kind, Numbered, OrdersState

type TodoValue = tuple[tuple[Order, ...], int]


@dataclass(frozen=True, kw_only=True)
class TableTrackerTodoDescription(EntityDescription, TableTrackerShows[TodoValue]):
    """A list of orders, and how many seconds each may take."""


ORDERS: Final = (
    TableTrackerTodoDescription(
        key="orders",
        translation_key="orders",
        value=lambda state: (state.orders, state.target),
    ),
)


class TableTrackerOrderList(TableTrackerEntity[TodoValue], TodoListEntity):
    """One item for each order, due when it will be late; completing an item clears the order."""

    _attr_supported_features = TodoListEntityFeature.UPDATE_TODO_ITEM

    @property
    @override
    def todo_items(self) -> list[TodoItem] | None:
        """The active orders, oldest first."""
        if self._value is None:
            return None
        orders, target = self._value
        return [
            TodoItem(
                uid=order.uuid,
                summary=self._summary(order),
                status=TodoItemStatus.NEEDS_ACTION,
                due=order.started_at + timedelta(seconds=target),
            )
            for order in orders
        ]

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Clear the order of a completed item; nothing else about an item can be changed."""
        order = self.coordinator.book.orders.get(item.uid or "")
        # The action hands over a plain text.
        if item.status != TodoItemStatus.COMPLETED:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="order_only_completed"
            )
        if order is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="order_not_found"
            )
        await self.coordinator.async_do(self.coordinator.client.clear_order(order.uuid))

    def _summary(self, order: Order) -> str:
        """Say whose order it is and where, with the names that trackers and tables go by."""
        words = [f"Order {order.number}"]
        if order.table:
            table = Numbered(Kind.TABLE, order.table)
            words.append(part_name(table, self.coordinator.data, self.coordinator.options))
        if order.order_type is OrderType.TO_GO:
            words.append("to go")
        return ", ".join(words)


async_setup_entry = setup_platform(Platform.TODO, TableTrackerOrderList, {OrdersState: ORDERS})
