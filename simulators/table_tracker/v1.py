"""The older API, which every gateway still has (section 7.9): the same deeds, other shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from aiohttp import web

from . import rest_gateway, rest_orders
from .routing import Reply, Request, Route
from .wire import Json, Wire

BASE: Final = "/api/v1"

#: What was called otherwise.
_NAMES: Final = {"stateChanged": "stateStarted"}
#: What was told as text.
_AS_TEXT: Final = {"count", "paged"}


def write(reply: Reply, wire: Wire) -> web.Response:
    """Answer as the older API does: without a return code, which is a choice."""
    body = reply.body.get("statistics", reply.body)
    assert isinstance(body, Mapping)
    return wire.reply(reply.status, {key: _older(value) for key, value in _renamed(body).items()})


def _renamed(body: Mapping[str, Json]) -> dict[str, Json]:
    return {_NAMES.get(key, key): _text(key, value) for key, value in body.items()}


def _text(key: str, value: Json) -> Json:
    if key not in _AS_TEXT:
        return value
    return ("Yes" if value else "No") if isinstance(value, bool) else str(value)


def _older(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _older(each) for key, each in _renamed(value).items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_older(each) for each in value]
    return value


async def _register(request: Request) -> Reply:
    return await rest_gateway.register(replace(request, body=request.query))


def _with_blanks(route: Route) -> Route:
    """Take dates as `YYYY-MM-DD HH:MM:SS`."""

    async def handler(request: Request) -> Reply:
        query = {key: value.replace(" ", "T") for key, value in request.query.items()}
        return await route.handler(replace(request, query=query))

    return replace(route, handler=handler)


ROUTES: Final = (
    *(
        _with_blanks(route)
        for route in rest_orders.ROUTES
        if not route.unknown and "page" not in route.pattern
    ),
    Route("GET", "/register", _register, query=rest_gateway.CALLBACK, command="register"),
)
