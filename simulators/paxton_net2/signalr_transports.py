"""SignalR's transports: three ways to bring a connection's messages to a client (section 5.8)."""

from abc import ABC, abstractmethod
import asyncio
from typing import Final, override

from aiohttp import WSMsgType, web

from .faults import Net2Faults
from .signalr_bus import Batch, Subscription
from .signalr_tokens import Keys

#: Incoming messages above this end the socket.
MAX_INCOMING: Final = 64 * 1024


class Transport(ABC):
    """One open request that carries a connection's messages until it ends."""

    #: Most messages of one signal in a frame.
    limit = 10
    #: Whether the server ends it after the connection time-out.
    times_out = False

    def __init__(
        self,
        request: web.Request,
        connection_id: str,
        subscription: Subscription,
        keys: Keys,
        faults: Net2Faults,
    ) -> None:
        self.request = request
        self.connection_id = connection_id
        self.subscription = subscription
        self.alive = True
        self.opened = self.marked = 0.0
        self.response = self.make_response()
        self._keys = keys
        self._faults = faults

    @abstractmethod
    def make_response(self) -> web.StreamResponse:
        """Return the answer that the messages are written to."""

    @abstractmethod
    async def send(self, frame: bytes) -> None:
        """Write a frame."""

    @abstractmethod
    async def keep_alive(self) -> None:
        """Write what keeps the line from looking dead."""

    def end(self, *, shutdown: bool = False) -> None:
        """Stop sending; the request then ends by itself."""
        self.alive = False
        self.subscription.wake.set()

    def cut(self) -> None:
        """Break the line without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def run(self) -> None:
        """Send what there is, until the end."""
        try:
            while self.alive:
                await self._send_next()
        finally:
            self.subscription.close()

    async def _send_next(self) -> None:
        await self.subscription.wake.wait()
        if self._faults.collect_messages:
            await asyncio.sleep(self._faults.collect_messages)
        batch = self.subscription.read(self.limit)
        if batch is not None and batch.aborted:
            self.alive = False
        elif batch is not None and not self._faults.silent:
            await self.send_batch(batch)
        if not self.subscription.behind:
            self.subscription.idle.set()

    async def send_batch(self, batch: Batch) -> None:
        """Send a batch as a frame."""
        groups = ""
        if batch.groups_changed:
            groups = f'"G":"{self._keys.seal(self.connection_id, *self.subscription.groups)}",'
        messages = batch.messages[::-1] if self._faults.out_of_order else batch.messages
        frame = self.frame('"S":1,' * batch.initializing + groups, messages)
        for _ in range(2 if self._faults.duplicate_frames else 1):
            await self.send(frame)

    def frame(self, more: str, messages: list[bytes]) -> bytes:
        """Return a frame; `more` are the fields between cursor and messages."""
        head = f'{{"C":"{self.subscription.cursor()}",{more}"M":['
        return head.encode() + b",".join(messages) + b"]}"


class WebSocket(Transport):
    """A WebSocket; calls and their results go over it as well."""

    @override
    def make_response(self) -> web.StreamResponse:
        self.socket = web.WebSocketResponse(max_msg_size=MAX_INCOMING, compress=False, timeout=1.0)
        return self.socket

    @override
    async def send(self, frame: bytes) -> None:
        if not self.socket.closed:
            await self.socket.send_frame(frame, WSMsgType.TEXT)

    @override
    async def keep_alive(self) -> None:
        await self.send(b"{}")

    @override
    async def run(self) -> None:
        await super().run()
        await self.socket.close(code=1000)


class ServerSentEvents(Transport):
    """A stream of server-sent events."""

    @override
    def make_response(self) -> web.StreamResponse:
        return web.StreamResponse(headers={"Content-Type": "text/event-stream"})

    @override
    async def run(self) -> None:
        await self.response.write(b"data: initialized\n\n")
        await super().run()

    @override
    async def send(self, frame: bytes) -> None:
        await self.response.write(b"data: " + frame + b"\r\n\r\n")

    @override
    async def keep_alive(self) -> None:
        await self.response.write(b"data: {}\n\n")


class LongPolling(Transport):
    """A request that is answered by the first frame there is."""

    limit = 5000
    times_out = True
    _answered = False
    _shutdown = False

    @override
    def make_response(self) -> web.StreamResponse:
        return web.StreamResponse(headers={"Content-Type": "application/json; charset=UTF-8"})

    @override
    def end(self, *, shutdown: bool = False) -> None:
        self._shutdown = shutdown
        super().end()

    @override
    async def run(self) -> None:
        await super().run()
        if not self._answered:
            await self.send(self.frame('"T":1,' * self._shutdown, []))

    @override
    async def send(self, frame: bytes) -> None:
        self._answered = True
        self.alive = False
        await self.response.write(frame)

    @override
    async def keep_alive(self) -> None:
        if not self._answered:
            await self.response.write(b" ")


TRANSPORTS: Final[dict[str, type[Transport]]] = {
    "webSockets": WebSocket,
    "serverSentEvents": ServerSentEvents,
    "longPolling": LongPolling,
}
