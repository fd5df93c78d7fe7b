"""The HTTP server: what nginx does, what every route has in common, and where faults strike."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from aiohttp import web

from simulators.kit.faults import Mishap, befalls

from . import rest_access, rest_doors, rest_events, rest_permissions, rest_server, rest_users
from .faults import Net2Faults
from .routing import Command, RefusedError, Reply, Request, Router
from .sign_in import Authority, SignInError
from .wire import BadRequestError, Body, Json, dump
from .world import World

_BASE: Final = "/api/v1"
_AUTHORIZATION: Final = f"{_BASE}/authorization/"
#: The spacing that nginx enforces between requests to the token route (section 2.6).
_TOKEN_SPACING: Final = 0.5

#: Other errors are nginx's own.
_SAID_BY_NET2: Final = {400, 401, 403, 404}

_ROUTER: Final = Router(
    _BASE,
    rest_access.ROUTES,
    rest_doors.ROUTES,
    rest_events.ROUTES,
    rest_permissions.ROUTES,
    rest_server.ROUTES,
    rest_users.ROUTES,
)

type Live = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request that came in; its query is left out, since it may hold secrets."""

    method: str
    path: str


class Server:
    """Answers every request of both interfaces."""

    def __init__(self, world: World, authority: Authority, faults: Net2Faults, live: Live) -> None:
        self.requests: list[RequestSeen] = []
        self.commands: list[Command] = []
        self._world = world
        self._authority = authority
        self._faults = faults
        self._live = live
        self._last_token_request = 0.0

    def application(self) -> web.Application:
        """Return the application to serve."""
        application = web.Application(client_max_size=8 * 1024**2)
        application.router.add_route("*", "/{path:.*}", self._answer)
        application.on_response_prepare.append(self._add_headers)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(RequestSeen(request.method, request.path))
        faults, path = self._faults, request.path.lower()
        if faults.service_down:
            return _html(502)
        failure = befalls(faults.failures, path)
        if failure is not None:
            return self._fail(failure)
        live = path.startswith("/signalr")
        response = None if live else await self._answer_rest(request, path)
        if faults.delay:
            await asyncio.sleep(faults.delay)
        if response is None:
            return await self._live(request)
        if faults.chunked_answers and response.body:
            response.enable_chunked_encoding()
        if befalls(faults.losses, path) and request.transport is not None:
            request.transport.abort()
        if befalls(faults.truncations, path) and isinstance(response.body, bytes):
            response.body = response.body[: len(response.body) // 2]
        return response

    def _fail(self, failure: Mishap) -> web.Response:
        if failure.body is None and failure.status in _SAID_BY_NET2:
            message = HTTPStatus(failure.status).phrase
            return self._write(Reply({"message": message}, failure.status))
        return _html(failure.status, failure.body, failure.content_type, failure.retry_after)

    async def _answer_rest(self, request: web.Request, path: str) -> web.Response:
        try:
            if path.startswith(_AUTHORIZATION):
                return await self._answer_sign_in(request, path.removeprefix(_AUTHORIZATION))
            handler, ids = _ROUTER.find(request.method, path)
            query = {key.lower(): value for key, value in request.query.items()}
            data = await request.read()
            operator = self._operator(request)
            asked = Request(self._world, self._faults, ids, query, data, operator, self.commands)
            return self._write(handler(asked))
        except RefusedError as error:
            if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                return _html(error.status)
            return self._write(Reply({"message": str(error)}, error.status))
        except BadRequestError as error:
            return self._write(Reply({"message": str(error)}, 400))

    def _operator(self, request: web.Request) -> int:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        operator = self._authority.operator_of(token.strip())
        if scheme.lower() != "bearer" or operator is None:
            raise RefusedError(401, "Authorization has been denied for this request.")
        return operator

    async def _answer_sign_in(self, request: web.Request, path: str) -> web.Response:
        if path == "tokens" and self._too_fast():
            return _html(429, retry_after=self._faults.retry_after)
        data = await request.read()
        form = await request.post()
        body = Body({key: str(value) for key, value in form.items()}) if form else Body.parse(data)
        try:
            answer = self._authority.answer(request.method, path, body)
        except SignInError as error:
            return _json(error.answer, error.status)
        return web.Response(status=204) if answer is None else _json(answer)

    def _too_fast(self) -> bool:
        now = self._world.clock.time()
        if self._faults.rate_limit and now - self._last_token_request < _TOKEN_SPACING:
            return True
        self._last_token_request = now
        return False

    def _write(self, reply: Reply) -> web.Response:
        if reply.raw is not None:
            return web.Response(
                status=reply.status, body=reply.raw, content_type=reply.content_type
            )
        return _json(self._faults.distort(reply.value), reply.status)

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = format_datetime(self._world.now(), usegmt=True)
        response.headers["Server"] = "nginx"
        response.headers["Access-Control-Allow-Origin"] = "*"
        if request.path.lower().startswith("/signalr"):
            response.headers["X-Content-Type-Options"] = "nosniff"


def _json(value: Json, status: int = 200) -> web.Response:
    return web.Response(
        body=dump(value), status=status, headers={"Content-Type": "application/json; charset=utf-8"}
    )


def _html(
    status: int,
    body: str | None = None,
    content_type: str = "text/html",
    retry_after: str | None = None,
) -> web.Response:
    """Answer as nginx does by itself, unless told with what."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>{title}</body>\r\n</html>\r\n"
    return web.Response(
        text=page if body is None else body,
        status=status,
        content_type=content_type,
        headers={} if retry_after is None else {"Retry-After": retry_after},
    )
