"""Orders, paging, history and statistics (section 3)."""

from datetime import datetime, timedelta
import re
from typing import Final

from .codes import RefusedError
from .orders import Order
from .routing import Reply, Request, Route, said
from .world import TYPES

_DIGITS: Final = r"[0-9]+"
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ID: Final = r"(?P<id>[^/]+)"


async def _list(request: Request) -> Reply:
    return Reply(5, request.gateway.wire.orders())


async def _start(request: Request) -> Reply:
    world, wire = request.gateway.world, request.gateway.wire
    number = request.text("name", -8, -9, _DIGITS)
    order_type = request.text("orderType", -11, -12, "ON_PREMISES?|TO_GO")
    order_type = "ON_PREMISE" if order_type.startswith("ON") else order_type
    table = ""
    if request.body.get("locationName") not in (None, ""):
        table = request.text("locationName", -10, -10, _DIGITS)
    known = world.order_of(number)
    if known is None:
        order = world.create(number, order_type, table, has_tracker=number in world.trackers)
        return Reply(5, {"activeorder": wire.order(order)}, 201)
    if not table or known.table == table:
        return said(1010 if known.table else 1009)
    world.move_to_table(known.uuid, table)
    return Reply(5, {"activeorder": wire.order(known)})


async def _clear_all(request: Request) -> Reply:
    world = request.gateway.world
    for name in list(world.orders):
        world.clear(name)
    return Reply(5, {"count": 0, "items": []})


def _find(request: Request) -> Order:
    name = request.path["id"]
    if not re.fullmatch(f"{_DIGITS}|{_UUID}", name):
        raise RefusedError(-7)
    order = request.gateway.world.order_of(name)
    if order is None:
        raise RefusedError(-6)
    return order


def _single(request: Request, order: Order) -> Reply:
    code = request.gateway.world.faults.single_order_rc
    return Reply(code, {"activeorder": request.gateway.wire.order(order)})


async def _get(request: Request) -> Reply:
    return _single(request, _find(request))


async def _clear(request: Request) -> Reply:
    order = _find(request)
    request.gateway.world.clear(order.uuid)
    return _single(request, order)


async def _page(request: Request) -> Reply:
    world, order = request.gateway.world, _find(request)
    if world.faults.cannot_page:
        raise RefusedError(-13)
    if not order.has_tracker:
        raise RefusedError(-14)
    # The documentation's own sample sends the truth as a text (section 3.2).
    continuous = request.body.get("tracking", True) not in (False, "false")
    world.page(order.uuid, continuous=continuous)
    return Reply(7)


async def _cancel_page(request: Request) -> Reply:
    return said(1002 if request.gateway.world.cancel_page(_find(request).uuid) else 1003)


def _number(text: str | None, default: int, bounds: tuple[int, int], code: int) -> int:
    if text is None:
        return default
    if not re.fullmatch(_DIGITS, text) or not bounds[0] <= int(text) <= bounds[1]:
        raise RefusedError(code)
    return int(text)


def _moment(request: Request, name: str, code: int) -> datetime | None:
    text = request.query.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", text):
        raise RefusedError(code)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=request.gateway.world.zone)
    except ValueError:
        raise RefusedError(code) from None


async def _history(request: Request) -> Reply:
    query, world = request.query, request.gateway.world
    offset = _number(query.get("offset"), 0, (0, 10**9), -24)
    limit = _number(query.get("limit"), 25, (1, 100), -23)
    after = _moment(request, "created_after", -25)
    before = _moment(request, "created_before", -26)
    order_type, table = query.get("order_type"), query.get("location_name")
    if order_type is not None and order_type not in TYPES:
        raise RefusedError(-12)
    if table is not None and not re.fullmatch(_DIGITS, table):
        raise RefusedError(-10)
    found = [
        order
        for order in world.history
        if (after is None or order.created.replace(microsecond=0) >= after)
        and (before is None or order.created.replace(microsecond=0) <= before)
        and order_type in (None, order.order_type)
        and table in (None, order.table)
    ]
    items = [request.gateway.wire.summary(order) for order in found[offset : offset + limit]]
    return Reply(8, {"count": len(items), "items": items})


async def _ended(request: Request) -> Reply:
    name = request.path["id"]
    if not re.fullmatch(_UUID, name):
        raise RefusedError(-27)
    for order in request.gateway.world.history:
        if order.uuid == name:
            return Reply(9, {"order": request.gateway.wire.summary(order)})
    raise RefusedError(-6)


async def _statistics(request: Request) -> Reply:
    world = request.gateway.world
    target = _number(request.query.get("target_time"), world.target, (1, 10**6), -22)
    today = world.now().astimezone(world.zone).date()
    times = [
        order.cleared - order.created
        for order in world.history
        if order.cleared and order.cleared.astimezone(world.zone).date() == today
    ]
    good = sum(time <= timedelta(seconds=target) for time in times)
    total = sum((time.total_seconds() for time in times), 0.0)
    numbers = {
        "ordersToday": float(len(times)),
        "averageSeconds": total / len(times) if times else 0.0,
        "targetTime": float(target),
        "percentGoal": 100.0 * good / len(times) if times else 0.0,
    }
    return Reply(10, {"statistics": numbers})


_FILTERS: Final = frozenset(
    {"offset", "limit", "created_after", "created_before", "order_type", "location_name"}
)

ROUTES: Final = (
    Route("GET", "/activeorders", _list),
    Route("POST", "/activeorders", _start, command="start_order"),
    Route("DELETE", "/activeorders", _clear_all, command="clear_all_orders"),
    Route("GET", f"/activeorders/{_ID}", _get),
    Route("DELETE", f"/activeorders/{_ID}", _clear, command="clear_order"),
    Route("POST", f"/activeorders/{_ID}/(?:guest_paging|page)", _page, command="page_order"),
    Route(
        "DELETE", f"/activeorders/{_ID}/(?:guest_paging|page)", _cancel_page, command="cancel_page"
    ),
    Route("GET", "/orders", _history, query=_FILTERS),
    Route("GET", f"/orders/{_ID}", _ended, unknown=True),
    Route("GET", "/statistics", _statistics, query=frozenset({"target_time"})),
)
