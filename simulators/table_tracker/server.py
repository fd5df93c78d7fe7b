"""The HTTP server: what CherryPy does to every request (section 10), and where faults strike."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
import re
from typing import Final

from aiohttp import web
import orjson

from simulators.kit.faults import Mishap, befalls

from . import rest_gateway, rest_orders, v1
from .access import Token
from .codes import RefusedError
from .connections import Connection
from .routing import Command, Gateway, Reply, Request, Route
from .sockets import Sockets
from .wire import Json

BASE: Final = "/api/v2"
_ROUTES: Final = (*rest_orders.ROUTES, *rest_gateway.ROUTES)
_PAGING: Final = {"page": "/guest_paging", "guest_paging": "/page"}
#: Requests of these methods must have a body, whatever they ask for.
_WITH_BODY: Final = {"POST", "PUT"}


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request that came in; its secrets are left out."""

    method: str
    path: str
    query: tuple[str, ...]
    is_authorised: bool


class PageError(Exception):
    """A request is answered with a page of the web server's own."""

    def __init__(self, status: int, text: str = "", *, allow: Collection[str] = ()) -> None:
        super().__init__(status)
        self.status = status
        self.text = text
        self.allow = allow


type Check = Callable[[str | None, str | None], Token | None]


class Server:
    """Answers every request."""

    def __init__(self, gateway: Gateway, sockets: Sockets) -> None:
        self.requests: list[RequestSeen] = []
        self.commands: list[Command] = []
        self._gateway = gateway
        self._sockets = sockets
        self._faults = gateway.world.faults

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer, when a worker is free."""
        connection = request.protocol
        assert isinstance(connection, Connection)
        async with connection.handling():
            return await self._answer(request, connection)

    async def _answer(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        faults = self._faults
        # Trailing and double slashes pass; the case of letters counts (section 10.4).
        path = re.sub(r"/+", "/", request.path).rstrip("/")
        is_authorised = "Authorization" in request.headers
        self.requests.append(RequestSeen(request.method, path, tuple(request.query), is_authorised))
        await faults.thaw()
        await asyncio.sleep(faults.delay)
        if failure := befalls(faults.failures, path):
            return self._fail(failure)
        response = await self._answer_at(request, path, connection)
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

    def _fail(self, failure: Mishap) -> web.Response:
        response = self._gateway.wire.page(failure.status)
        if failure.body is not None:
            response.body = failure.body.encode()
            response.content_type = failure.content_type
        if failure.retry_after:
            response.headers["Retry-After"] = failure.retry_after
        return response

    async def _answer_at(
        self, request: web.BaseRequest, path: str, connection: Connection
    ) -> web.StreamResponse:
        wire, access = self._gateway.wire, self._gateway.access
        try:
            if request.method in _WITH_BODY:
                _require_length(request)
            if below := _below(v1.BASE, path):
                reply = await self._handle(request, below, v1.ROUTES, access.check_v1)
                return v1.write(reply, wire)
            below = self._below_v2(path)
            if below == "/websocket":
                _require_method(request, {"GET", "HEAD"})
                return await self._sockets.answer(request, connection)
            reply = await self._handle(request, below, _ROUTES, access.check)
        except RefusedError as error:
            return wire.reply(error.status, error.body())
        except PageError as error:
            return self._show(error, request)
        return wire.reply(reply.status, {"returnCode": reply.code, **reply.body})

    def _below_v2(self, path: str) -> str:
        below = _below(BASE, path)
        if below is None or self._faults.only_v1:
            raise PageError(404, f"The path '{path}' was not found.")
        return below

    def _show(self, error: PageError, request: web.BaseRequest) -> web.Response:
        response = self._gateway.wire.page(error.status, error.text)
        if error.allow:
            response.headers["Allow"] = ", ".join(sorted(error.allow))
        if "Transfer-Encoding" in request.headers:
            # What follows is read as the next request, and ends the connection (section 10.1).
            response.force_close()
        return response

    async def _handle(
        self, request: web.BaseRequest, path: str, routes: Iterable[Route], check: Check
    ) -> Reply:
        known = [(route, found) for route in routes if (found := route.match(path)) is not None]
        if not known or self._is_missing(path, known[0][0]):
            if self._faults.vendor_json_errors:
                raise RefusedError(-5)
            raise PageError(404)
        # HEAD runs what GET runs: it eats the window of the button too (section 10.4).
        method = "GET" if request.method == "HEAD" else request.method
        methods = {route.method: (route, found) for route, found in known}
        _require_method(request, {*methods, "HEAD"} if "GET" in methods else methods.keys())
        route, variables = methods[method]
        body = await self._read_body(request) if method == "POST" else {}
        token = None
        if route.secured:
            token = check(request.headers.get("Authorization"), request.remote)
        if unknown := request.query.keys() - route.query:
            names = ", ".join(sorted(unknown))
            raise PageError(404, f"Unexpected query string parameters: {names}")
        query = dict(request.query)
        if route.command:
            self.commands.append(Command(route.command, {**variables, **query, **body}))
        return await route.handler(Request(self._gateway, variables, query, body, token))

    def _is_missing(self, path: str, route: Route) -> bool:
        if route.unknown and self._faults.unknown_endpoints:
            return True
        other = _PAGING.get(self._faults.page_path)
        return other is not None and path.endswith(other)

    async def _read_body(self, request: web.BaseRequest) -> dict[str, Json]:
        if request.content_type != "application/json":
            text = "Expected an entity of content type application/json, text/javascript"
            raise PageError(415, text)
        try:
            body: object = orjson.loads(await request.read())
        except orjson.JSONDecodeError:
            if self._faults.vendor_json_errors:
                raise RefusedError(-31) from None
            raise PageError(400, "Invalid JSON document") from None
        return body if isinstance(body, dict) else {}


def _below(base: str, path: str) -> str | None:
    rest = path.removeprefix(base)
    return rest if path.startswith(base) and rest[:1] in ("", "/") else None


def _require_length(request: web.BaseRequest) -> None:
    if "Content-Length" not in request.headers:
        raise PageError(411, "Client must specify Content-Length.")


def _require_method(request: web.BaseRequest, allow: Collection[str]) -> None:
    if request.method not in allow:
        raise PageError(405, "Specified method is invalid for this resource.", allow=allow)
