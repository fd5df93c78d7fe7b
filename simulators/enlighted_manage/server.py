"""The API's HTTP server: who is let in, to what, and where faults strike."""

import asyncio
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from simulators.kit.faults import befalls

from .access import UnknownCallerError, User
from .api import TABLE
from .routing import Request, Route
from .site import Command
from .wire import RefusedError, refuse, respond
from .world import World

_PREFIXES: Final = ("/ems/api/", "/ems/services/")
_LOGIN: Final = "/ems/login.jsp"
_LOGIN_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Sign In</title></head><body>"
    '<form action="j_spring_security_check" method="post"></form></body></html>'
)
#: How many requests are remembered.
_MEMORY: Final = 20_000
#: More than this at the same time is unkind to an appliance (5).
_PARALLEL: Final = 2
#: Methods with a name in their path: a slash in it that was not encoded makes the path longer.
_NAMED: Final = frozenset({"getSwitchScenes", "dimGroup"})


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request that came in; its secrets are left out."""

    method: str
    #: As it was sent, with what was encoded in it.
    path: str
    query: str
    #: "new" (`UserId`), "old" (`ApiKey`), or nothing.
    scheme: str
    user: str
    time: float


class Server:
    """Answers every request."""

    def __init__(self, world: World) -> None:
        self.requests: list[RequestSeen] = []
        self._world = world
        self._running = 0

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request, or do to it what a fault says."""
        self._remember(request)
        self._running += 1
        if self._running > _PARALLEL:
            self._world.note_mistake("more than two requests at the same time")
        try:
            return await self._answer(request)
        finally:
            self._running -= 1

    def _remember(self, request: web.BaseRequest) -> None:
        headers, url = request.headers, request.rel_url
        scheme = "old" if "ApiKey" in headers else "new" if "UserId" in headers else ""
        user = headers.get("ApiKey", headers.get("UserId", ""))
        if user not in self._world.gate.users:
            # It may be a key that stands where it should not.
            user = ""
        del self.requests[: -_MEMORY + 1]
        self.requests.append(
            RequestSeen(
                request.method,
                url.raw_path,
                url.raw_query_string,
                scheme,
                user,
                self._world.now(),
            )
        )
        if "JSESSIONID" in headers.get("Cookie", ""):
            self._world.note_mistake("JSESSIONID was sent back")

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        faults, path = self._world.faults, request.rel_url.raw_path
        await asyncio.sleep(faults.delay)
        if failure := befalls(faults.failures, path):
            headers = {"Retry-After": failure.retry_after} if failure.retry_after else {}
            body = failure.body if failure.body is not None else "<html>Bad Gateway</html>"
            return self._sign(
                web.Response(
                    status=failure.status,
                    text=body,
                    content_type=failure.content_type,
                    headers=headers,
                )
            )
        response = self._sign(await self._handle(request))
        if befalls(faults.losses, path):
            assert request.transport
            request.transport.abort()
        elif befalls(faults.truncations, path) and isinstance(response.body, bytes):
            response.body = response.body[: len(response.body) // 2]
        return response

    def _sign(self, response: web.Response) -> web.Response:
        """Add the headers that every answer has (1.2, C12)."""
        response.headers["Date"] = formatdate(self._world.server_time(), usegmt=True)
        response.headers["Server"] = "Apache-Coyote/1.1"
        session = f"{self._world.random.getrandbits(128):032X}"
        response.headers["Set-Cookie"] = f"JSESSIONID={session}; Path=/ems/; HttpOnly"
        return response

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        path = request.rel_url.raw_path
        if path == _LOGIN:
            return _login_page()
        prefix = next((each for each in _PREFIXES if path.startswith(each)), None)
        if prefix is None:
            return refuse(RefusedError(404))
        try:
            user = self._world.gate.check(request.headers, self._world.note_mistake)
            return await self._respond(request, user, prefix)
        except UnknownCallerError as error:
            return self._keep_out(is_empty=error.is_empty)
        except RefusedError as error:
            return refuse(error)

    def _keep_out(self, *, is_empty: bool) -> web.Response:
        faults = self._world.faults
        match faults.no_credentials if is_empty else faults.wrong_credentials:
            case 302:
                return web.Response(status=302, headers={"Location": _LOGIN})
            case 200:
                return _login_page()
            case status:
                return refuse(RefusedError(status))

    async def _respond(self, request: web.BaseRequest, user: User, prefix: str) -> web.Response:
        world = self._world
        if world.faults.refuse_encoded_slash and "%2f" in request.rel_url.raw_path.lower():
            raise RefusedError(400)
        # Split first and decode then: an encoded slash is part of a name.
        raw = request.rel_url.raw_path.removeprefix(prefix).strip("/").split("/")
        found = TABLE.find([unquote(part) for part in raw])
        found = {method: each for method, each in found.items() if self._is_served(each[0], prefix)}
        if not found:
            if any(raw[3:4] == [name] or raw[4:5] == [name] for name in _NAMED):
                world.note_mistake("a name in a path was not encoded")
            raise RefusedError(404)
        if request.method not in found:
            raise RefusedError(405)
        route, variables = found[request.method]
        if not route.is_for(user.role) and not world.faults.no_permissions:
            raise RefusedError(
                403,
                "Access Denied! The user doesn't have the required permissions to access this 'API'",
            )
        handled = Request(
            world,
            user,
            variables,
            dict(request.query),
            await request.read(),
            request.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            route.command,
        )
        reply = await route.handler(handled)
        if route.command and not handled.noted:
            world.commands.append(Command(route.command, (), dict(variables), world.now()))
        return respond(reply, request.headers.get("Accept"), world.faults)

    def _is_served(self, route: Route, prefix: str) -> bool:
        """Return whether a route is one of this part of the manager (C3)."""
        where = self._world.faults.services
        if prefix == "/ems/services/":
            return route.is_service and where in {"services", "both"}
        return not route.is_service or where in {"api", "both"}


def _login_page() -> web.Response:
    return web.Response(text=_LOGIN_PAGE, content_type="text/html")
