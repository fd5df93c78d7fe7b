"""The live stream: one WebSocket connection, authenticated and read (section 5)."""

import asyncio
from collections.abc import Callable
import contextlib
import logging
from typing import Final

import aiohttp

from .api import TableTrackerClient
from .errors import TableTrackerAuthError, TableTrackerConnectionError, TableTrackerError
from .models import (
    OrderPushed,
    OrdersListed,
    OrderState,
    PushKind,
    ResyncNeeded,
    StreamConnected,
    StreamDisconnected,
    StreamMessage,
)
from .parse import Json, JsonObject, as_integer, load

_LOGGER = logging.getLogger(__name__)

#: Seconds between pings; an answer that is missing for half of that ends the connection.
_HEARTBEAT: Final = 20.0
#: Seconds until the first list; a token that the gateway did not see costs 20 (section 5.5).
_LIST_LIMIT: Final = 30.0

#: Event types, and whether they mean the end of the order. The last three were never seen.
_KINDS: Final = {
    "ORDER_CREATED": (PushKind.CREATED, False),
    "ORDER_MODIFIED": (PushKind.MODIFIED, False),
    "ORDER_PAGED": (PushKind.PAGED, False),
    "ORDER_CLEARED": (PushKind.CLEARED, True),
    "ORDER_DELETED": (PushKind.CLEARED, True),
    "ORDER_SUMMARY": (PushKind.CLEARED, True),
}
#: The token is not taken: malformed as a header, unknown, or not seen in time.
_REFUSED: Final = frozenset({-1, -2})
_TOKEN_NOT_SEEN: Final = -32


class TableTrackerStream:
    """Follows a gateway's orders, one connection at a time."""

    def __init__(
        self,
        client: TableTrackerClient,
        on_message: Callable[[StreamMessage], None],
        *,
        heartbeat: float = _HEARTBEAT,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            client: Whose token, clock and session are used.
            on_message: Called in the event loop with every message, in order.
            heartbeat: Seconds between pings.

        """
        self._client = client
        self._on_message = on_message
        self._heartbeat = heartbeat
        self._by_frame = False
        self._connected = False
        self._seq: int | None = None

    async def follow(self) -> None:
        """Live through one connection; returns only by raising.

        Raises:
            TableTrackerError: Why there is no stream, or no more. Trying again is the caller's.

        """
        self._connected = False
        first = self._by_frame
        try:
            try:
                await self._live(by_frame=first)
            except TableTrackerAuthError:
                if self._connected:
                    raise
            # Refused in the one way, the token may be taken in the other (section 2.6).
            await self._live(by_frame=not first)
        except TableTrackerError as error:
            if self._connected:
                self._tell(StreamDisconnected(type(error).__name__))
            raise

    async def _live(self, *, by_frame: bool) -> None:
        socket = await self._client.open_socket(by_frame=by_frame, heartbeat=self._heartbeat)
        self._seq = None
        # A way that leads to no list is not the first to be tried again.
        self._by_frame = not by_frame
        try:
            async with asyncio.timeout(_LIST_LIMIT):
                while not self._connected:
                    self._handle(await _receive(socket))
            self._by_frame = by_frame
            while True:
                self._handle(await _receive(socket))
        except TimeoutError:
            raise TableTrackerConnectionError("The live stream did not begin") from None
        finally:
            await _close(socket)

    def _handle(self, text: str | bytes) -> None:
        """Tell what a frame says; its order's fields sit beside its type (section 5.1)."""
        if (frame := load(text)) is None:
            self._tell(ResyncNeeded("unreadable frame"))
            return
        kind = frame.get("type")
        if isinstance(kind, str) and kind in _KINDS:
            self._handle_event(*_KINDS[kind], frame)
        elif kind == "ACTIVE_ORDERS" and isinstance(items := frame.get("items"), list):
            self._handle_list(items)
        else:
            self._handle_other(frame)

    def _handle_event(self, kind: PushKind, is_gone: bool, frame: JsonObject) -> None:
        order = self._client.order_reader.read(frame, is_gone=is_gone)
        if order is not None:
            self._tell(OrderPushed(kind, order, order.state is OrderState.CLEARED))
        else:
            self._tell(ResyncNeeded("unreadable frame"))
        seq = as_integer(frame.get("seq"))
        if seq is not None:
            if self._seq is not None and seq != self._seq + 1:
                self._tell(ResyncNeeded("gap in the events"))
            self._seq = seq

    def _handle_list(self, items: list[Json]) -> None:
        reader = self._client.order_reader
        orders = reader.read_list(items, reader.known)
        if not self._connected:
            self._connected = True
            self._tell(StreamConnected())
        self._tell(OrdersListed(orders))

    def _handle_other(self, frame: JsonObject) -> None:
        """Take an error seriously if it says that the token was not taken, else ask for a look."""
        code = as_integer(frame.get("returnCode"))
        if code in _REFUSED:
            raise TableTrackerAuthError("The gateway refused the token for its live stream", code)
        if code == _TOKEN_NOT_SEEN:
            raise TableTrackerConnectionError("The gateway did not see the token", code)
        self._tell(ResyncNeeded("unknown frame"))

    def _tell(self, message: StreamMessage) -> None:
        try:
            self._on_message(message)
        except Exception:
            # One message that its receiver cannot take must not end the stream.
            _LOGGER.exception("A live message could not be handled")


async def _receive(socket: aiohttp.ClientWebSocketResponse) -> str | bytes:
    message = await socket.receive()
    if message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
        data: str | bytes = message.data
        return data
    raise TableTrackerConnectionError("The live stream was closed")


async def _close(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Close our side, as the gateway expects even after its goodbye (section 10.13).

    A frozen gateway is not waited for: a `receive` that is given up makes aiohttp close at once.
    If it waited for the answer, that would start its heartbeat anew, and nobody stop it.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0):
            while not socket.closed:
                await socket.receive()
    await socket.close()
