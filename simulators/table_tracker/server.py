"""The HTTP server: what CherryPy does to every request (section 10), and where faults strike."""

import asyncio
from dataclasses import dataclass
import re
from typing import Final

from aiohttp import web
import orjson

from simulators.kit.faults import befalls

from . import rest_gateway, rest_orders
from .codes import RefusedError
from .routing import Command, Gateway, Reply, Request, Route
from .sockets import Sockets
from .v1 import BASE as BASE_V1, answer_v1
from .wire import Json

BASE: Final = "/api/v2"
_ROUTES: Final = (*rest_orders.ROUTES, *rest_gateway.ROUTES)
_PAGING: Final = {"page": "/guest_paging", "guest_paging": "/page"}


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request that came in; its secrets are left out."""

    method: str
    path: str
    query: tuple[str, ...]
    is_authorised: bool


class PageError(Exception):
    """A request is answered with a page of the web server's own."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(status)
        self.status = status
        self.text = text


class Server:
    """Answers every request."""

    def __init__(self, gateway: Gateway, sockets: Sockets) -> None:
        self.requests: list[RequestSeen] = []
        self.commands: list[Command] = []
        self._gateway = gateway
        self._sockets = sockets
        self._faults = gateway.world.faults

    def application(self) -> web.Application:
        """Return the application to serve."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        faults = self._faults
        # Trailing and double slashes pass; the case of letters counts (section 10.4).
        path = re.sub(r"/+", "/", request.path).rstrip("/")
        is_authorised = "Authorization" in request.headers
        self.requests.append(RequestSeen(request.method, path, tuple(request.query), is_authorised))
        await faults.thaw()
        await asyncio.sleep(faults.delay)
        if failure := befalls(faults.failures, path):
            headers = {"Retry-After": failure.retry_after} if failure.retry_after else None
            return web.Response(
                text=failure.body or "",
                status=failure.status,
                content_type=failure.content_type,
                headers=headers,
            )
        response = await self._answer_at(request, path)
        if befalls(faults.losses, path):
            assert request.transport
            request.transport.abort()
        elif (
            befalls(faults.truncations, path)
            and isinstance(response, web.Response)
            and isinstance(response.body, bytes)
        ):
            response.body = response.body[: len(response.body) // 2]
        return response

    async def _answer_at(self, request: web.Request, path: str) -> web.StreamResponse:
        wire = self._gateway.wire
        if path.startswith(BASE_V1):
            below, world = path.removeprefix(BASE_V1), self._gateway.world
            return answer_v1(request, below, world, self._gateway.access, wire)
        if not path.startswith(BASE) or self._faults.only_v1:
            return wire.page(404, f"The path '{request.path}' was not found.")
        below = path.removeprefix(BASE)
        try:
            if below == "/websocket":
                return await self._sockets.answer(request)
            reply = await self._handle(request, below)
        except RefusedError as error:
            return wire.reply(error.status, {"returnCode": error.code, "message": error.message})
        except PageError as error:
            response = wire.page(error.status, error.text)
            if error.status in {408, 411}:
                response.force_close()
            return response
        return wire.reply(reply.status, {"returnCode": reply.code, **reply.body})

    async def _handle(self, request: web.Request, path: str) -> Reply:
        # HEAD runs what GET runs: it eats the window of the button too (section 10.4).
        method = "GET" if request.method == "HEAD" else request.method
        known = [(route, found) for route in _ROUTES if (found := route.match(path)) is not None]
        if not known or self._is_missing(path, known[0][0]):
            raise PageError(404, f"The path '{request.path}' was not found.")
        fitting = [(route, found) for route, found in known if route.method == method]
        if not fitting:
            raise PageError(405, f"Specified method is invalid for this resource: {method}")
        [(route, variables)] = fitting
        body = await self._read_body(request) if method == "POST" else {}
        access = self._gateway.access
        token = None
        if route.secured:
            token = access.check(request.headers.get("Authorization"), request.remote)
        if unknown := request.query.keys() - route.query:
            raise PageError(404, f"Unexpected query string parameters: {', '.join(unknown)}")
        query = dict(request.query)
        if route.command:
            given = {**variables, **query, **body}
            self.commands.append(Command(route.command, given))
        return await route.handler(Request(self._gateway, variables, query, body, token))

    def _is_missing(self, path: str, route: Route) -> bool:
        if route.unknown and self._faults.unknown_endpoints:
            return True
        other = _PAGING.get(self._faults.page_path)
        return other is not None and path.endswith(other)

    async def _read_body(self, request: web.Request) -> dict[str, Json]:
        headers = request.headers
        if "Content-Length" not in headers:
            # Chunks are not understood either, and break the connection (section 10.1).
            raise PageError(411)
        if request.content_type != "application/json":
            raise PageError(415, "Expected an entity of content type application/json")
        try:
            body: object = orjson.loads(await request.read())
        except orjson.JSONDecodeError:
            if self._faults.vendor_json_errors:
                raise RefusedError(-31) from None
            raise PageError(400, "Invalid JSON document") from None
        return body if isinstance(body, dict) else {}
