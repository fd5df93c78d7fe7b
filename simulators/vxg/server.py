"""The API's HTTP server: who is let in, to what, and where faults strike."""

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import web
import orjson

from simulators.kit.faults import befalls

from . import (
    api_admin,
    api_cameras,
    api_card,
    api_channel,
    api_groups,
    api_meta,
    api_settings,
    api_shares,
    api_storage,
)
from .routing import Request, Route
from .tickets import Tickets
from .tokens import CLIP_GRANTS, Caller
from .wire import Json, JsonObject, RefusedError, Reply, respond
from .world import World

_ROUTES: Final = (
    *api_cameras.ROUTES,
    *api_settings.ROUTES,
    *api_shares.ROUTES,
    *api_storage.ROUTES,
    *api_card.ROUTES,
    *api_channel.ROUTES,
    *api_meta.ROUTES,
    *api_admin.ROUTES,
    *api_groups.ROUTES,
)
_NEWER: Final = ("/api/v4", "/api/v5", "/api/v6")
_NOBODY: Final = Caller("", "", frozenset())


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request that came in; its secrets are left out."""

    method: str
    path: str
    query: tuple[str, ...]
    kind: str
    time: float


class Server:
    """Answers every request to the API."""

    def __init__(self, world: World, tickets: Tickets) -> None:
        self.requests: list[RequestSeen] = []
        self._world = world
        self._tickets = tickets

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request, or do to it what a fault says."""
        faults, path = self._world.faults, request.path
        kind = request.headers.get("Authorization", "").partition(" ")[0]
        seen = RequestSeen(request.method, path, tuple(request.query), kind, self._world.now())
        self.requests.append(seen)
        await asyncio.sleep(faults.delay)
        if failure := befalls(faults.failures, path):
            headers = {"Retry-After": failure.retry_after} if failure.retry_after else {}
            body = failure.body if failure.body is not None else "<html>Bad Gateway</html>"
            return web.Response(
                status=failure.status,
                text=body,
                content_type=failure.content_type,
                headers=headers,
            )
        response = await self._answer(request)
        if befalls(faults.losses, path):
            assert request.transport
            request.transport.abort()
        elif befalls(faults.truncations, path) and isinstance(response.body, bytes):
            response.body = response.body[: len(response.body) // 2]
        return response

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        path = self._below(request.path)
        if path is None:
            return _html(404)
        if not path.endswith("/") and self._world.faults.redirect_slash:
            return web.Response(status=301, headers={"Location": f"{request.path}/"})
        path = path.rstrip("/")
        if self._world.faults.old_server and path.startswith(_NEWER):
            return _html(404)
        try:
            return respond(await self._handle(request, path))
        except RefusedError as error:
            return respond(Reply(error.body(), error.status))

    def _below(self, path: str) -> str | None:
        """Return a path without the prefix that the cloud may be served under."""
        prefix = self._world.keys.shape.path.strip("/")
        if prefix and not path.startswith(f"/{prefix}/"):
            return None
        return path.removeprefix(f"/{prefix}") if prefix else path

    async def _handle(self, request: web.BaseRequest, path: str) -> Reply:
        known = [(route, found) for route in _ROUTES if (found := route.match(path)) is not None]
        if not known:
            raise RefusedError(404)
        methods = {route.method: (route, found) for route, found in reversed(known)}
        if request.method not in methods:
            raise RefusedError(405)
        route, variables = methods[request.method]
        caller = self._let_in(request, route)
        body, items = await _read_body(request)
        query = {key: value for key, value in request.query.items() if key != "token"}
        handled = Request(
            self._world, self._tickets, caller, request.path, variables, query, body, items
        )
        if route.command:
            self._world.record_command(route.command, handled.camera.id, body)
        return await route.handler(handled)

    def _let_in(self, request: web.BaseRequest, route: Route) -> Caller:
        if not route.kinds:
            return _NOBODY
        world = self._world
        header, token = request.headers.get("Authorization"), request.query.get("token")
        caller = world.keys.check(header, token, world.owner_of)
        is_list = route.path.startswith("/api/v2/cameras") and caller.kind == "SI"
        if caller.kind not in route.kinds or (is_list and not world.faults.group_reads_v2):
            # The wrong kind is no access at all (7.14).
            raise RefusedError(401, "Authentication is required")
        is_granted = caller.has_all or bool(caller.grants & route.grants)
        if not is_granted and (route.needs_all or caller.grants <= CLIP_GRANTS):
            raise RefusedError(403)
        return caller


async def _read_body(request: web.BaseRequest) -> tuple[JsonObject, list[JsonObject]]:
    raw = await request.read()
    if not raw:
        return {}, []
    try:
        body: Json = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise RefusedError(400, "not JSON") from None
    if isinstance(body, list):
        return {}, [each for each in body if isinstance(each, dict)]
    return (body if isinstance(body, dict) else {}), []


def _html(status: int) -> web.Response:
    return web.Response(status=status, text="<html>Not Found</html>", content_type="text/html")
