"""Paging guests and clearing orders, for those who stand beside the table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import Platform

from ...entity import setup_platform
from .client import TableTrackerClient
from .entity import TableTrackerEntity, TableTrackerShows
from .snapshot import OrdersState, TableState, TrackerState


@dataclass(frozen=True, kw_only=True)
class TableTrackerButtonDescription(ButtonEntityDescription, TableTrackerShows[None]):
    """A button that does something `to_order`, to each order of its part."""

    to_order: Callable[[TableTrackerClient, str], Awaitable[object]]


def _has_order(state: TableState | TrackerState) -> bool:
    return bool(state.orders)


def _is_paged(state: TableState | TrackerState) -> bool:
    return any(order.paged for order in state.orders)


GUESTS: Final = (
    TableTrackerButtonDescription(
        key="page",
        translation_key="page",
        reachable=_has_order,
        value=lambda _state: None,
        to_order=TableTrackerClient.page_order,
    ),
    TableTrackerButtonDescription(
        key="cancel_page",
        translation_key="cancel_page",
        reachable=_is_paged,
        value=lambda _state: None,
        to_order=TableTrackerClient.cancel_page,
    ),
    TableTrackerButtonDescription(
        key="clear",
        translation_key="clear",
        reachable=_has_order,
        value=lambda _state: None,
        to_order=TableTrackerClient.clear_order,
    ),
)

ORDERS: Final = (
    TableTrackerButtonDescription(
        # One slip of the finger empties the house, and nothing brings its orders back.
        key="clear_all",
        translation_key="clear_all",
        entity_registry_enabled_default=False,
        value=lambda _state: None,
        to_order=TableTrackerClient.clear_order,
    ),
)


class TableTrackerButton(TableTrackerEntity[None], ButtonEntity):
    """A button of a table, a tracker or the gateway."""

    entity_description: TableTrackerButtonDescription

    @override
    async def async_press(self) -> None:
        """Send the command for the orders that are shown: not for one that comes meanwhile."""
        coordinator = self.coordinator
        state: Any = coordinator.data.parts[self.coordinator_context]
        for order in state.orders:
            command = self.entity_description.to_order(coordinator.client, order.uuid)
            await coordinator.async_do(command)


async_setup_entry = setup_platform(
    Platform.BUTTON,
    TableTrackerButton,
    {OrdersState: ORDERS, TableState: GUESTS, TrackerState: GUESTS},
)
