"""One connection of the classic ASP.NET SignalR 2 protocol, over a WebSocket (section 5)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
import logging
import math
from typing import Final, Self

import aiohttp
import orjson

from .errors import Net2ConnectionError, Net2Error, Net2RejectedError, Net2ResponseError
from .parse import Json, JsonObject, Record, as_text, load
from .rest import Net2Rest

_LOGGER = logging.getLogger(__name__)

_HUB: Final = "eventhublocal"
_PARAMS: Final = {
    "clientProtocol": "1.5",
    "transport": "webSockets",
    "connectionData": orjson.dumps([{"name": _HUB}]).decode(),
}
_DEFAULT_BEGIN_LIMIT: Final = 5.0
_INVOKE_LIMIT: Final = 10.0
_ABORT_LIMIT: Final = 3.0

type Deliver = Callable[[str, Json], Awaitable[None]]


class SignalRConnection:
    """An open connection, used once and never resumed.

    A resumed connection may be deaf though alive (appendix C), so after a loss the only way
    back is a new one.
    """

    def __init__(
        self,
        rest: Net2Rest,
        socket: aiohttp.ClientWebSocketResponse,
        params: Mapping[str, str],
        keep_alive: float | None,
    ) -> None:
        """Wrap a connected socket; `keep_alive` is in seconds. Use `open` instead."""
        self._rest = rest
        self._socket = socket
        self._params = params
        self._keep_alive = keep_alive
        self._calls: dict[str, asyncio.Future[None]] = {}
        self._call_count = 0
        self._silent_since = math.inf
        self._alive = True
        self._end_reason: Net2Error = Net2ConnectionError("The live stream was closed")
        self._life: asyncio.Timeout | None = None
        self._watch: asyncio.TimerHandle | None = None

    @classmethod
    async def open(cls, rest: Net2Rest) -> Self:
        """Negotiate, connect and start.

        Raises:
            Net2Error: If any of it fails.

        """
        reply = await rest.request("GET", "/signalr/negotiate", params=_PARAMS, in_query=True)
        terms, token = _read_terms(reply.json())
        params = {**_PARAMS, "connectionToken": token}
        socket = await rest.open_socket("/signalr/connect", params)
        connection = cls(rest, socket, params, terms.seconds("keepalivetimeout"))
        try:
            await connection._begin(terms.seconds("transportconnecttimeout"))
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _begin(self, limit: float | None) -> None:
        try:
            async with asyncio.timeout(limit or _DEFAULT_BEGIN_LIMIT):
                while "S" not in await self._frame():
                    pass
        except TimeoutError:
            raise Net2ConnectionError("The live stream did not begin") from None
        await self._rest.request("GET", "/signalr/start", params=self._params, in_query=True)

    async def invoke(self, method: str, *arguments: str) -> None:
        """Call a method of the hub and wait for its answer.

        Raises:
            Net2RejectedError: If the hub answers with an error.
            Net2ConnectionError: If no answer comes in ten seconds.

        """
        call = str(self._call_count)
        self._call_count += 1
        answer = self._calls[call] = asyncio.get_running_loop().create_future()
        frame: Json = {"H": _HUB, "M": method, "A": list(arguments), "I": call}
        try:
            async with asyncio.timeout(_INVOKE_LIMIT):
                await self._socket.send_str(orjson.dumps(frame).decode())
                await answer
        except aiohttp.ClientError, OSError:  # a TimeoutError is an OSError
            raise Net2ConnectionError(f"No answer to {method}") from None
        finally:
            del self._calls[call]

    async def receive(self, deliver: Deliver) -> None:
        """Hand over every hub message; returns only by raising.

        Args:
            deliver: Takes the stream's name in lower case and its arguments as they came.

        Raises:
            Net2ConnectionError: When the connection is lost, or silent beyond its keep-alive.
            Net2Error: Why it was ended, see `end`.

        """
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(None if self._alive else 0) as self._life:
                self._check_silence()
                while True:
                    self._silent_since = clock()
                    frame = await self._frame()
                    # The time it takes to deliver is not the server's silence.
                    self._silent_since = math.inf
                    await self._handle(frame, deliver)
        except TimeoutError:
            raise self._end_reason from None
        except Net2Error:
            self._alive = False
            raise
        finally:
            self._life = None
            if self._watch is not None:
                self._watch.cancel()

    def end(self, reason: Net2Error) -> None:
        """Make `receive` raise, now or when it is called; the first reason counts."""
        if self._alive:
            self._alive, self._end_reason = False, reason
            if self._life is not None:
                self._life.reschedule(0)

    def _check_silence(self) -> None:
        """Watch the keep-alive by one timer that looks again when it could have run out."""
        if self._keep_alive is None:
            return
        loop = asyncio.get_running_loop()
        left = min(self._silent_since + self._keep_alive - loop.time(), self._keep_alive)
        if left > 0:
            self._watch = loop.call_later(left, self._check_silence)
        else:
            self.end(Net2ConnectionError("The live stream fell silent"))

    async def _frame(self) -> JsonObject:
        """Return the next frame; an unreadable one counts as a keep-alive."""
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            return {}
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise Net2ConnectionError("The server closed the live stream")
        try:
            frame = load(message.data)
        except Net2ResponseError:
            _LOGGER.debug("Skipped a frame that is not JSON")
            return {}
        return frame if isinstance(frame, dict) else {}

    async def _handle(self, frame: JsonObject, deliver: Deliver) -> None:
        if "I" in frame:
            self._answer(frame)
        elif isinstance(messages := frame.get("M"), list):
            for message in messages:
                if isinstance(message, dict) and _name(message.get("H")) == _HUB:
                    await deliver(_name(message.get("M")), message.get("A"))

    def _answer(self, frame: JsonObject) -> None:
        call = self._calls.get(str(frame["I"]))
        if call is None or call.done():
            return
        if (error := frame.get("E")) is None:
            call.set_result(None)
        else:
            call.set_exception(Net2RejectedError(self._rest.masked(as_text(error) or "")))

    async def close(self) -> None:
        """Close the socket; one that still lives is aborted first, so the server forgets it."""
        if self._alive:
            self._alive = False
            try:
                async with asyncio.timeout(_ABORT_LIMIT):
                    await self._rest.request(
                        "POST", "/signalr/abort", params=self._params, in_query=True
                    )
            except Net2Error, TimeoutError:
                _LOGGER.debug("The server did not take the abort")
        await self._socket.close()


def _read_terms(body: Json) -> tuple[Record, str]:
    """Return the answer to negotiate, and the connection token in it."""
    if not isinstance(body, dict) or "availableTransports" in body or "connectionId" in body:
        raise Net2ResponseError("No classic SignalR server answers there")
    terms = Record(body)
    if (token := terms.text("connectiontoken")) is None:
        raise Net2ResponseError("The server did not give a connection token")
    if terms.boolean("trywebsockets") is False:
        raise Net2ConnectionError("The server offers no WebSockets")
    return terms, token


def _name(value: Json) -> str:
    return value.lower() if isinstance(value, str) else ""
