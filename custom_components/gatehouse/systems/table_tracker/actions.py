"""The actions of Table Tracker: orders, pages, repeaters, and what the gateway remembers.

Staff work with orders all day, so those are for everybody. What empties the house, changes the
radio network or tells who else has access is for administrators.
"""

from datetime import datetime
from functools import partial
from typing import Final

import probatio

from homeassistant.core import ServiceResponse, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ...actions import SITE_FIELD, Action, Data, for_site
from ...const import DOMAIN
from .client import Order, OrderSummary, OrderType, Repeater, TokenInfo
from .const import SYSTEM_ID
from .coordinator import TableTrackerCoordinator
from .errors import ERRORS

ATTR_CONFIRM: Final = "confirm"
ATTR_CONTINUOUS: Final = "continuous"
ATTR_END: Final = "end"
ATTR_LIMIT: Final = "limit"
ATTR_ORDER: Final = "order"
ATTR_ORDER_TYPE: Final = "order_type"
ATTR_SECONDS: Final = "seconds"
ATTR_START: Final = "start"
ATTR_TABLE: Final = "table"
ATTR_TARGET_TIME: Final = "target_time"

_TYPES: Final = {order_type.lower(): order_type for order_type in OrderType}
_NUMBER: Final = probatio.All(cv.string, probatio.Match(r"^[0-9]{1,9}\Z"))
_ORDER: Final = {probatio.Required(ATTR_ORDER): cv.string}
_TYPE: Final = probatio.All(probatio.In(_TYPES), _TYPES.__getitem__)


# Orders


async def _start_order(coordinator: TableTrackerCoordinator, data: Data) -> ServiceResponse:
    order = await coordinator.async_do(
        coordinator.client.start_order(
            data[ATTR_ORDER], data[ATTR_ORDER_TYPE], data.get(ATTR_TABLE)
        )
    )
    return {"order": _order(order) if order else None}


async def _locate_order(coordinator: TableTrackerCoordinator, data: Data) -> ServiceResponse:
    """Put an order at a table: the gateway takes it as a second start of the same order (3.2)."""
    known = _find(coordinator, data)
    order = await coordinator.async_do(
        coordinator.client.start_order(known.number, known.order_type, data[ATTR_TABLE])
    )
    return {"order": _order(order) if order else None}


async def _page_order(coordinator: TableTrackerCoordinator, data: Data) -> None:
    order, continuous = _find(coordinator, data), data[ATTR_CONTINUOUS]
    await coordinator.async_do(coordinator.client.page_order(order.uuid, continuous=continuous))


async def _cancel_page(coordinator: TableTrackerCoordinator, data: Data) -> None:
    order = _find(coordinator, data)
    await coordinator.async_do(coordinator.client.cancel_page(order.uuid))


async def _clear_order(coordinator: TableTrackerCoordinator, data: Data) -> None:
    order = _find(coordinator, data)
    await coordinator.async_do(coordinator.client.clear_order(order.uuid))


async def _clear_all_orders(coordinator: TableTrackerCoordinator, data: Data) -> None:
    if not data[ATTR_CONFIRM]:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_confirmed_all")
    await coordinator.async_do(coordinator.client.clear_all_orders())


async def _get_active_orders(coordinator: TableTrackerCoordinator, _data: Data) -> ServiceResponse:
    orders = await coordinator.client.get_active_orders()
    return {"orders": [_order(order) for order in orders]}


async def _get_order_history(coordinator: TableTrackerCoordinator, data: Data) -> ServiceResponse:
    start, end = data.get(ATTR_START), data.get(ATTR_END)
    history = await coordinator.client.get_history(
        created_after=start and dt_util.as_utc(start),
        created_before=end and dt_util.as_utc(end),
        order_type=data.get(ATTR_ORDER_TYPE),
        table=data.get(ATTR_TABLE),
        limit=data[ATTR_LIMIT],
    )
    return {"orders": [_summary(summary) for summary in history]}


async def _get_statistics(coordinator: TableTrackerCoordinator, data: Data) -> ServiceResponse:
    statistics = await coordinator.client.get_statistics(data.get(ATTR_TARGET_TIME))
    return {
        "orders_today": statistics.orders_today,
        "average_seconds": statistics.average_seconds,
        "target_seconds": statistics.target_seconds,
        "percent_within_target": statistics.percent_within_target,
    }


# Repeaters and tokens


async def _scan_repeaters(coordinator: TableTrackerCoordinator, _data: Data) -> ServiceResponse:
    repeaters = await coordinator.async_do(coordinator.client.get_repeaters(scan=True), "repeaters")
    return {"repeaters": [_repeater(repeater) for repeater in repeaters]}


async def _begin_repeater_pairing(coordinator: TableTrackerCoordinator, data: Data) -> None:
    await coordinator.async_pair(data[ATTR_SECONDS])


async def _end_repeater_pairing(coordinator: TableTrackerCoordinator, _data: Data) -> None:
    await coordinator.async_pair(0)


async def _list_tokens(coordinator: TableTrackerCoordinator, _data: Data) -> ServiceResponse:
    return {"tokens": [_token(token) for token in await coordinator.client.list_tokens()]}


def _order(order: Order) -> JsonObjectType:
    wait = dt_util.utcnow() - order.started_at
    return {
        "order": order.number,
        "uuid": order.uuid,
        "order_type": order.order_type.lower(),
        "table": order.table,
        "state": order.state.value,
        "paged": order.paged,
        "started_at": order.started_at.isoformat(),
        "wait": max(0, round(wait.total_seconds())),
    }


def _summary(summary: OrderSummary) -> JsonObjectType:
    return {
        "order": summary.number,
        "uuid": summary.uuid,
        "order_type": summary.order_type.lower(),
        "table": summary.table,
        "started_at": _iso(summary.started_at),
        "located_at": _iso(summary.located_at),
        "cleared_at": _iso(summary.cleared_at),
    }


def _repeater(repeater: Repeater) -> JsonObjectType:
    return {
        "address": repeater.address,
        "label": repeater.label,
        "active": repeater.active,
        "last_seen": _iso(repeater.last_seen),
    }


def _token(token: TokenInfo) -> JsonObjectType:
    return {
        "name": token.name,
        "created": _iso(token.created),
        "last_used": _iso(token.last_used),
    }


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _find(coordinator: TableTrackerCoordinator, data: Data) -> Order:
    """Return the active order that a call names by its number or its id."""
    if order := coordinator.book.find(data[ATTR_ORDER]):
        return order
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="order_not_found")


_handled_by: Final = partial(for_site, SYSTEM_ID, ERRORS)

ACTIONS: Final = (
    Action(
        name="start_order",
        fields={
            **SITE_FIELD,
            probatio.Required(ATTR_ORDER): _NUMBER,
            probatio.Optional(ATTR_ORDER_TYPE, default="on_premise"): _TYPE,
            probatio.Optional(ATTR_TABLE): _NUMBER,
        },
        handler=_handled_by(_start_order),
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="locate_order",
        fields={**SITE_FIELD, **_ORDER, probatio.Required(ATTR_TABLE): _NUMBER},
        handler=_handled_by(_locate_order),
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="page_order",
        fields={
            **SITE_FIELD,
            **_ORDER,
            probatio.Optional(ATTR_CONTINUOUS, default=True): cv.boolean,
        },
        handler=_handled_by(_page_order),
    ),
    Action(
        name="cancel_page",
        fields={**SITE_FIELD, **_ORDER},
        handler=_handled_by(_cancel_page),
    ),
    Action(
        name="clear_order",
        fields={**SITE_FIELD, **_ORDER},
        handler=_handled_by(_clear_order),
    ),
    Action(
        name="clear_all_orders",
        fields={**SITE_FIELD, probatio.Required(ATTR_CONFIRM): cv.boolean},
        handler=_handled_by(_clear_all_orders),
        is_admin=True,
    ),
    Action(
        name="get_active_orders",
        fields={**SITE_FIELD},
        handler=_handled_by(_get_active_orders),
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="get_order_history",
        fields={
            **SITE_FIELD,
            probatio.Optional(ATTR_START): cv.datetime,
            probatio.Optional(ATTR_END): cv.datetime,
            probatio.Optional(ATTR_ORDER_TYPE): _TYPE,
            probatio.Optional(ATTR_TABLE): _NUMBER,
            probatio.Optional(ATTR_LIMIT, default=100): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=1000)
            ),
        },
        handler=_handled_by(_get_order_history),
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="get_statistics",
        fields={
            **SITE_FIELD,
            probatio.Optional(ATTR_TARGET_TIME): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=86400)
            ),
        },
        handler=_handled_by(_get_statistics),
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="scan_repeaters",
        fields={**SITE_FIELD},
        handler=_handled_by(_scan_repeaters),
        is_admin=True,
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="begin_repeater_pairing",
        fields={
            **SITE_FIELD,
            probatio.Optional(ATTR_SECONDS, default=60): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=254)
            ),
        },
        handler=_handled_by(_begin_repeater_pairing),
        is_admin=True,
    ),
    Action(
        name="end_repeater_pairing",
        fields={**SITE_FIELD},
        handler=_handled_by(_end_repeater_pairing),
        is_admin=True,
    ),
    Action(
        name="list_tokens",
        fields={**SITE_FIELD},
        handler=_handled_by(_list_tokens),
        is_admin=True,
        response=SupportsResponse.ONLY,
    ),
)
