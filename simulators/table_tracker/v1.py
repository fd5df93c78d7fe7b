"""The older API, which every gateway still has (section 7.9): as much as tells it apart."""

import base64
import binascii

from aiohttp import web

from .access import Access
from .wire import Json, Wire
from .world import World

BASE = "/api/v1"


def answer_v1(
    request: web.Request, path: str, world: World, access: Access, wire: Wire
) -> web.Response:
    """Answer a request to `/api/v1`: its lists have counts as text, and states other names."""
    if not _is_known(request.headers.get("Authorization", ""), access):
        return wire.reply(401, {"message": "Access denied."})
    if request.method != "GET":
        return wire.page(405)
    if path == "/activeorders":
        orders: list[Json] = []
        for order in world.orders.values():
            row = wire.order(order)
            row["stateStarted"] = row.pop("stateChanged")
            row["paged"] = "Yes" if order.paged else "No"
            orders.append(row)
        return wire.reply(200, {"count": str(len(orders)), "items": orders})
    return wire.page(404, f"The path '{request.path}' was not found.")


def _is_known(header: str, access: Access) -> bool:
    scheme, _, encoded = header.partition(" ")
    try:
        user = base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except binascii.Error, UnicodeDecodeError:
        return False
    return scheme == "Basic" and user in access.tokens
