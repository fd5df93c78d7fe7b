"""The link to one gateway: requests sent, bounded, and failures told without URL or token."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp
import orjson

from .clock import GatewayClock
from .errors import (
    TableTrackerAuthError,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
)
from .parse import Json, JsonObject, load
from .settings import TableTrackerSettings

#: Seconds. The rest of a request's limit is for the answer.
_CONNECT_LIMIT: Final = 5.0
_SOCKET_LIMIT: Final = 10.0
#: The gateway has about ten threads for everybody (section 1.2).
_PARALLEL_REQUESTS: Final = 2
#: Ten thousand orders are about 3 MB.
_LARGEST: Final = 16 * 1024 * 1024
_SOCKET_PATH: Final = "/api/v2/websocket"


class AnswerLostError(TableTrackerConnectionError):
    """The request may have reached the gateway; its answer did not reach us."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, and its JSON object where it has one."""

    status: int
    fields: JsonObject | None
    is_empty: bool


class GatewayLink:
    """Sends requests to one gateway over the session it is given."""

    def __init__(
        self, session: aiohttp.ClientSession, settings: TableTrackerSettings, clock: GatewayClock
    ) -> None:
        """Take the session, and the clock that learns from every answer."""
        self._session = session
        self._base_url = settings.base_url
        self._clock = clock
        self._slots = asyncio.Semaphore(_PARALLEL_REQUESTS)
        self.request_count = 0

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        token: str | None = None,
        limit: float,
    ) -> Reply:
        """Send one request, once, and return its answer, whatever its status.

        Args:
            method: GET, POST or DELETE.
            path: From the root of the gateway.
            params: Query parameters; one that the gateway does not know is a 404 (section 10.3).
            body: Sent as JSON; a POST needs one.
            token: Sent in the header.
            limit: Seconds until the whole answer has to be there.

        Raises:
            TableTrackerConnectionError: If it was surely not sent.
            AnswerLostError: If it may have been.
            TableTrackerResponseError: If what answers does not speak HTTP.

        """
        # An idle connection would hold one of the gateway's threads (section 10.5).
        headers = {"Accept": "application/json", "Connection": "close", **_authorisation(token)}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = orjson.dumps(body)
        try:
            async with self._slots:
                self._count()
                async with self._session.request(
                    method,
                    self._base_url + path,
                    params=params,
                    data=data,
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=limit, connect=_CONNECT_LIMIT),
                    allow_redirects=False,
                    middlewares=[_send_once],
                ) as response:
                    self._clock.observe_date(response.headers.get("Date"))
                    content = await _read(response)
                    return Reply(response.status, load(content), not content.strip())
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = _failure(error)
        # Raised outside of the handler, so that not even the context of the error holds the
        # original, whose text has the URL.
        raise failure

    async def open_socket(
        self, token: str, *, by_frame: bool, heartbeat: float
    ) -> aiohttp.ClientWebSocketResponse:
        """Open the WebSocket and show the token: in the header, or in the first frame.

        Raises:
            TableTrackerAuthError: If the handshake is refused for the token's sake.
            TableTrackerUnsupportedError: If there is no WebSocket.
            TableTrackerConnectionError: If it could not be opened.

        """
        socket = None
        try:
            async with self._slots, asyncio.timeout(_SOCKET_LIMIT):
                self._count()
                socket = await self._session.ws_connect(
                    self._base_url + _SOCKET_PATH,
                    headers=_authorisation(None if by_frame else token),
                    heartbeat=heartbeat,
                    max_msg_size=_LARGEST,
                    timeout=aiohttp.ClientWSTimeout(ws_close=2),
                )
                if by_frame:
                    # Not before the 101: a frame that comes earlier is lost (section 10.9).
                    await socket.send_str(orjson.dumps({"accesstoken": token}).decode())
                return socket
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = _failure(error)
        if socket is not None:
            await socket.close()
        raise failure

    def _count(self) -> None:
        if self._session.closed:
            raise TableTrackerConnectionError("The session is closed")
        self.request_count += 1


def _authorisation(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a GET or DELETE again whose answer was lost.

    Both may act here: one GET makes a token, and a DELETE clears whatever has that number by then.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        failure = _failure(error)
    raise failure


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > _LARGEST:
            raise aiohttp.ClientPayloadError
    return bytes(content)


def _failure(error: Exception) -> TableTrackerError:
    """Return what a failed request means; the text names only the class of the failure."""
    name = type(error).__name__
    match error:
        # A ValueError: a host or a token that cannot be one.
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | ValueError():
            return TableTrackerConnectionError(f"The gateway cannot be reached ({name})")
        case aiohttp.WSServerHandshakeError(status=400 | 401):
            return TableTrackerAuthError("The gateway refused the token for its live stream")
        case aiohttp.WSServerHandshakeError(status=404 | 405):
            return TableTrackerUnsupportedError("The gateway has no live stream")
        case aiohttp.WSServerHandshakeError():
            return TableTrackerConnectionError(f"The live stream was refused ({error.status})")
        case aiohttp.ClientResponseError():
            return TableTrackerResponseError(f"What answers does not speak HTTP ({name})")
    return AnswerLostError(f"The connection was lost ({name})")
