"""What the tests of the client share: clients of clouds, and a cloud that says what it is told."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import json
import traceback

import aiohttp
from aiohttp import web

from custom_components.gatehouse.systems.vxg.client import (
    Address,
    Credential,
    VxgClient,
    VxgSettings,
)
from simulators.vxg import VxgSimulator

KEY = "v3.0f5a7be1d24d6c8a13f0b2e4d57c6699"
#: A camera of the simulator, which moves and has a memory card; and one without either.
CAMERA = 100101
SECOND = 100102


def token_of(**fields: object) -> str:
    """Return an access token around these fields."""
    return base64.b64encode(json.dumps(fields).encode()).decode()


CHANNEL_TOKEN = token_of(camid=CAMERA, cmngrid=100201, access="all", token="share.channel-secret")
GROUP_TOKEN = token_of(token="share.group-secret", access="all")


def settings_for(port: int, secret: str = KEY, fingerprint: str | None = None) -> VxgSettings:
    address = Address("127.0.0.1", port, use_https=fingerprint is not None)
    return VxgSettings(address, Credential.read(secret), fingerprint)


def client_of(session: aiohttp.ClientSession, cloud: VxgSimulator, secret: str) -> VxgClient:
    """Return a client of a simulated cloud."""
    address = Address.read(cloud.url)
    assert address
    return VxgClient(session, VxgSettings(address, Credential.read(secret)))


def listing(*rows: object, following: str | None = None) -> dict[str, object]:
    """Return a list as the cloud writes it."""
    return {"meta": {"next": following, "total_count": len(rows)}, "objects": list(rows)}


def words_of(error: BaseException | None) -> str:
    """Return everything that an error, and whatever led to it, could put into a log."""
    words = []
    while error is not None:
        words += [repr(error), repr(error.args), *traceback.format_exception(error)]
        error = error.__context__
    return "\n".join(words)


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # conditions of any kind, which set no event
            await asyncio.sleep(0.005)


@dataclass
class Answer:
    """What the stub answers; anything but text and bytes is sent as JSON."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        if isinstance(self.body, str | bytes):
            body = self.body.encode() if isinstance(self.body, str) else self.body
            page = {"Content-Type": "text/html"} | self.headers
            return web.Response(status=self.status, body=body, headers=page)
        return web.json_response(self.body, status=self.status, headers=self.headers)


def refusal(status: int) -> Answer:
    """Return an error as the cloud writes it (section 2.8)."""
    body = {"status": status, "errorType": "any", "errorDetail": "something"}
    return Answer(body, status)


@dataclass
class Request:
    """What arrived, as it came."""

    route: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class StubCloud:
    """A cloud that answers whatever a test tells it to. Routes are written as `GET /api/...`."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer] | Handler] = {}
        #: For all other routes.
        self.otherwise: Answer | Handler = refusal(404)
        self.requests: list[Request] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def routes(self) -> list[str]:
        return [request.route for request in self.requests]

    async def start(self) -> None:
        server = web.Server(self._answer, handler_cancellation=True)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        route = f"{request.method} {request.path}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Request(route, dict(request.query), headers, await request.read()))
        answer = self.answers.get(route, self.otherwise)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer.response() if isinstance(answer, Answer) else await answer(request)
