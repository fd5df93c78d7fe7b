"""What the tests of the client share: odd servers, and a listener of the live stream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
import json
import traceback
from typing import Any, Self
from zoneinfo import ZoneInfo

from aiohttp import web

from custom_components.gatehouse.systems.paxton_net2.client import (
    Net2AuthError,
    Net2CertificateError,
    Net2Error,
    Net2Settings,
    Net2Stream,
    StreamConnected,
    StreamMessage,
)

PASSWORD = "open-sesame-4711"
CLIENT_ID = "11111111-2222-3333-4444-555555555555"
ACCESS_TOKEN = "access/token+of=the.stub"
CONNECTION_TOKEN = "AQAA+NCM/nd8BFd=="
TOKENS = "/api/v1/authorization/tokens"
ZONE = ZoneInfo("Europe/London")

#: For conditions that come about in no time, on a busy machine.
PATIENCE = 20.0


def settings_for(port: int, **changes: Any) -> Net2Settings:
    """Return settings of a plain HTTP server on loopback."""
    plain = Net2Settings(
        host="127.0.0.1",
        port=port,
        use_https=False,
        username="Home Assistant",
        password=PASSWORD,
        client_id=CLIENT_ID,
    )
    return replace(plain, **changes)


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  # conditions of any kind, which set no event
            await asyncio.sleep(0.005)


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it came from, told or suppressed."""
    seen: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        each = queue.pop()
        if each is None or each in seen:
            continue
        seen.append(each)
        yield each
        queue += [each.__cause__, each.__context__]


def words_of(error: BaseException) -> str:
    """Return everything that an error could put into a log."""
    texts = ["".join(traceback.format_exception(error))]
    for each in chain(error):
        texts += [str(each), repr(each), repr(each.args)]
    return "\n".join(texts)


@dataclass
class Answer:
    """What the stub answers to one route."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        """Return it as a response; anything but text and bytes is sent as JSON."""
        if isinstance(self.body, str | bytes):
            raw = self.body.encode() if isinstance(self.body, str) else self.body
            return web.Response(status=self.status, body=raw, headers=self.headers)
        return web.json_response(self.body, status=self.status, headers=self.headers)


HTML = Answer("<html><body>Hello</body></html>", headers={"Content-Type": "text/html"})

type Handler = Callable[[web.Request], object]


class StubServer:
    """A server that answers whatever a test tells it to, frame by frame if need be."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer] | Handler] = {}
        #: For all other routes.
        self.otherwise: Answer | Handler = Answer({"message": "Not found."}, 404)
        self.requests: list[str] = []
        self.queries: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.calls: list[dict[str, object]] = []
        #: Sent on connecting.
        self.hello: list[str] = ['{"C":"d-A,0","S":1,"M":[]}']
        #: Answers a call; None keeps silent.
        self.on_call: Callable[[dict[str, object]], str | None] = lambda call: json.dumps(
            {"I": str(call["I"])}
        )
        self.port = 0
        self.answers[f"POST {TOKENS}"] = Answer({"access_token": ACCESS_TOKEN, "expires_in": 1800})
        self.negotiation: dict[str, object] = {
            "Url": "/signalr",
            "ConnectionToken": CONNECTION_TOKEN,
            "ConnectionId": "7b0a9a44",
            "KeepAliveTimeout": 20.0,
            "TryWebSockets": True,
            "ProtocolVersion": "1.5",
            "TransportConnectTimeout": 5.0,
        }
        self.answers["GET /signalr/negotiate"] = lambda _: Answer(self.negotiation)
        self.answers["GET /signalr/start"] = Answer('{ "Response": "started" }')
        self.answers["POST /signalr/abort"] = Answer("")
        self.answers["GET /signalr/connect"] = self.serve_socket

    async def __aenter__(self) -> Self:
        """Serve."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        for socket in self.sockets:
            await socket.close()
        await self._runner.cleanup()

    async def send(self, frame: object) -> None:
        """Send a frame to the newest socket; text goes as it is."""
        text = frame if isinstance(frame, str) else json.dumps(frame)
        await self.sockets[-1].send_str(text)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        route = f"{request.method} {request.path}"
        self.requests.append(route)
        self.queries.append(dict(request.query))
        self.bodies.append(await request.read())
        answer = self.answers.get(route, self.otherwise)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if not isinstance(answer, Answer):
            answer = answer(request)
            if asyncio.iscoroutine(answer):
                answer = await answer
        return answer.response() if isinstance(answer, Answer) else answer

    async def serve_socket(self, request: web.Request) -> web.WebSocketResponse:
        """Greet, answer calls, and keep the socket for the test to send by."""
        socket = web.WebSocketResponse(timeout=0.1)
        await socket.prepare(request)
        self.sockets.append(socket)
        for frame in self.hello:
            await socket.send_str(frame)
        async for message in socket:
            call = json.loads(message.data)
            self.calls.append(call)
            if (result := self.on_call(call)) is not None:
                await socket.send_str(result)
        return socket


class Listener(list[StreamMessage]):
    """Collects what a stream tells."""

    async def wait_for[T](self, kind: type[T], count: int = 1) -> T:
        """Wait for so many messages of a kind and return the last of them."""
        await until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    def of[T](self, kind: type[T]) -> list[T]:
        """Return the messages of a kind."""
        return [message for message in self if isinstance(message, kind)]


async def _follow(stream: Net2Stream) -> None:
    """Come back to a lost stream at once, unless only a person can mend it."""
    while True:
        try:
            await stream.follow()
        except Net2AuthError, Net2CertificateError:
            raise
        except Net2Error:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(stream: Net2Stream) -> AsyncIterator[asyncio.Task[None]]:
    """Run a stream meanwhile."""
    task = asyncio.create_task(_follow(stream))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def connected(stream: Net2Stream, listener: Listener) -> AsyncIterator[StreamConnected]:
    """Run a stream meanwhile, from when it is connected."""
    async with running(stream):
        yield await listener.wait_for(StreamConnected)
