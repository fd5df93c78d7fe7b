"""What the tests of the client share: a gateway that says what it is told to, and a listener."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
import traceback
from zoneinfo import ZoneInfo

from aiohttp import web

from custom_components.gatehouse.systems.table_tracker.client import (
    StreamConnected,
    StreamMessage,
    TableTrackerSettings,
    TableTrackerStream,
)

TOKEN = "9c0f5a7be1d24d6c8a13f0b2e4d57c6699aa01b2c3d4e5f6"
UUID = "5a0d7f0e-9f8b-4b36-9d0a-2f9f6f6f1c11"
ZONE = ZoneInfo("Europe/Vienna")
#: For conditions that come about in no time, on a busy machine.
PATIENCE = 20.0

REFUSED = {"status": 401, "returnCode": -2, "message": "Access denied using provided token"}


def settings_for(port: int, token: str | None = TOKEN) -> TableTrackerSettings:
    return TableTrackerSettings("127.0.0.1", port, token)


def order_row(**changes: object) -> dict[str, object]:
    """Return an active order as the gateway writes it (section 4.2)."""
    row: dict[str, object] = {
        "name": "23",
        "uuid": UUID,
        "orderType": "ON_PREMISE",
        "locationName": "8",
        "state": "located",
        "created": "2024-05-02T12:00:05",
        "stateChanged": "2024-05-02T12:01:40",
        "paged": False,
        "elapsedTime": 95,
    }
    return row | changes


def listing(*rows: object, **extra: object) -> dict[str, object]:
    return {"status": 200, "returnCode": 5, "count": len(rows), "items": list(rows)} | extra


def snapshot(*rows: object) -> dict[str, object]:
    return {"type": "ACTIVE_ORDERS", "count": len(rows), "items": list(rows)}


def event(kind: str, seq: object = None, **changes: object) -> dict[str, object]:
    frame = {"type": kind} | order_row(**changes)
    return frame if seq is None else frame | {"seq": seq}


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  # conditions of any kind, which set no event
            await asyncio.sleep(0.005)


def words_of(error: BaseException | None) -> str:
    """Return everything that an error, and whatever led to it, could put into a log."""
    words = []
    while error is not None:
        words += [repr(error), repr(error.args), *traceback.format_exception(error)]
        error = error.__context__
    return "\n".join(words)


@dataclass
class Answer:
    """What the stub answers; anything but text and bytes is sent as JSON."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        if isinstance(self.body, str):
            page = {"Content-Type": "text/html"} | self.headers
            return web.Response(status=self.status, body=self.body.encode(), headers=page)
        return web.json_response(self.body, status=self.status, headers=self.headers)


def page(status: int = 200) -> Answer:
    """Return what CherryPy says by itself (section 10.2)."""
    return Answer(f"<html><body>{status}</body></html>", status)


@dataclass
class Request:
    """What arrived, as it came."""

    route: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StubGateway:
    """A gateway that answers whatever a test tells it to, frame by frame if need be.

    Routes are written as `GET /activeorders`, below the root of the API.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer] | Handler] = {"GET /websocket": self.serve}
        #: For all other routes.
        self.otherwise: Answer | Handler = page(404)
        self.requests: list[Request] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.hello: list[object] = [snapshot()]
        #: Whether the header, the first frame, or both let somebody in.
        self.header_is_good = True
        self.frame_is_good = True
        self.refusal: Answer | dict[str, object] | None = Answer(REFUSED, 401)
        self.tokens_by_frame: list[str] = []
        self.autoping = True
        self.port = 0

    @property
    def routes(self) -> list[str]:
        return [request.route for request in self.requests]

    async def start(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close()
        await self._runner.cleanup()

    async def send(self, frame: object) -> None:
        """Send a frame to the newest socket; text and bytes go as they are."""
        await _send(self.sockets[-1], frame)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        route = f"{request.method} {request.raw_path.partition('?')[0].removeprefix('/api/v2')}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Request(route, dict(request.query), headers, await request.read()))
        answer = self.answers.get(route, self.otherwise)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer.response() if isinstance(answer, Answer) else await answer(request)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Let in whom the test lets in, greet, and keep the socket for the test to send by."""
        authorised = self.header_is_good and "Authorization" in request.headers
        by_header = "Authorization" in request.headers
        if by_header and not authorised and isinstance(self.refusal, Answer):
            return self.refusal.response()
        socket = web.WebSocketResponse(timeout=0.1, autoping=self.autoping)
        await socket.prepare(request)
        self.sockets.append(socket)
        if not by_header:
            self.tokens_by_frame.append(json.loads((await socket.receive()).data)["accesstoken"])
            authorised = self.frame_is_good
        if authorised:
            for frame in self.hello:
                await _send(socket, frame)
            async for _ in socket:
                pass
        elif isinstance(self.refusal, Answer):
            await _send(socket, self.refusal.body)
        elif self.refusal is not None:
            await _send(socket, self.refusal)
        await socket.close()
        return socket


async def _send(socket: web.WebSocketResponse, frame: object) -> None:
    if isinstance(frame, bytes):
        await socket.send_bytes(frame)
    else:
        await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))


class Listener(list[StreamMessage]):
    """Collects what a stream tells."""

    def of[T](self, kind: type[T]) -> list[T]:
        return [message for message in self if isinstance(message, kind)]

    async def wait_for[T](self, kind: type[T], count: int = 1) -> T:
        """Wait for so many messages of a kind and return the last of them."""
        await until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]


@asynccontextmanager
async def following(
    stream: TableTrackerStream, listener: Listener
) -> AsyncIterator[asyncio.Task[None]]:
    """Follow one connection meanwhile, from when it is connected."""
    count = len(listener.of(StreamConnected))
    task = asyncio.create_task(stream.follow())
    try:
        await listener.wait_for(StreamConnected, count + 1)
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
