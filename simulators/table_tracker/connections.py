"""Connections as CherryPy serves them: ten at a time, and none that idles (section 10)."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import logging
import socket
from typing import Final, override

from aiohttp import web
from aiohttp.http import WebSocketReader

#: How many connections are served at a time (section 10.5).
WORKERS: Final = 10
#: Seconds that a worker waits for something to read (section 10.6).
IDLE_LIMIT: Final = 10.0
#: Seconds in which what is written leaves together.
_JOIN_SECONDS: Final = 0.01
#: Of aiohttp's own limit nothing is to be seen.
_NEVER: Final = 86_400.0
#: What the server says by itself, below the pages of CherryPy.
_TIMED_OUT: Final = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n\r\n"
)

_NO_LOG: Final = logging.getLogger(f"{__name__}.access")
_NO_LOG.disabled = True


class Connection(web.RequestHandler):
    """A connection: it waits for a worker, and has it until it ends or becomes a socket."""

    def __init__(self, server: web.Server, workers: Workers) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=_NEVER,
            access_log=_NO_LOG,
        )
        #: Set when it has ended, on whichever side.
        self.lost = asyncio.Event()
        self._served = asyncio.Event()
        self._workers = workers
        self._idle: asyncio.TimerHandle | None = None
        # Whether it would be told that it was too slow: after a whole request nobody is.
        self._owes_request = True

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Queue for a worker."""
        super().connection_made(transport)
        self._workers.join(self)

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the worker back."""
        super().connection_lost(exc)
        self._stop_waiting()
        self._workers.leave(self)
        self.lost.set()

    @override
    def data_received(self, data: bytes) -> None:
        """Read a part of a request or of a frame."""
        self._owes_request = True
        if self._idle is not None:
            self._wait()
        super().data_received(data)

    @override
    def set_parser(
        self, parser: WebSocketReader, data_received_cb: Callable[[], None] | None = None
    ) -> None:
        """Become a socket, which needs no worker; what was sent before the 101 is lost (10.9)."""
        self._message_tail = b""
        self._stop_waiting()
        self._workers.leave(self)
        super().set_parser(parser, data_received_cb)

    def join_writes(self) -> None:
        """Let what is written now leave in one segment, as far as the system can do that."""
        if self.transport is not None and hasattr(socket, "TCP_CORK"):
            own: socket.socket = self.transport.get_extra_info("socket")
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
            asyncio.get_running_loop().call_later(_JOIN_SECONDS, self._part_writes, own)

    def serve(self) -> None:
        """Get a worker."""
        self._served.set()
        self._wait()

    @asynccontextmanager
    async def handling(self) -> AsyncGenerator[None]:
        """Let the worker work on a request."""
        await self._served.wait()
        self._stop_waiting()
        self._owes_request = False
        yield
        if self in self._workers.serving:
            self._wait()

    def _part_writes(self, own: socket.socket) -> None:
        if not self.lost.is_set():
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)

    def _wait(self) -> None:
        self._stop_waiting()
        self._idle = asyncio.get_running_loop().call_later(IDLE_LIMIT, self._give_up)

    def _stop_waiting(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _give_up(self) -> None:
        if self._owes_request and isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(_TIMED_OUT)
        self.force_close()


class Workers:
    """Ten threads, each of which serves one connection; others wait in the order they came."""

    def __init__(self) -> None:
        self.serving: set[Connection] = set()
        self._waiting: deque[Connection] = deque()

    def join(self, connection: Connection) -> None:
        """Serve a connection, now or when a worker is free."""
        self._waiting.append(connection)
        self._serve_next()

    def leave(self, connection: Connection) -> None:
        """Serve a connection no more."""
        if connection in self.serving:
            self.serving.remove(connection)
            self._serve_next()
        elif connection in self._waiting:
            self._waiting.remove(connection)

    def _serve_next(self) -> None:
        if self._waiting and len(self.serving) < WORKERS:
            connection = self._waiting.popleft()
            self.serving.add(connection)
            connection.serve()


class Connections(web.Server):
    """Makes a connection of whoever comes."""

    def __init__(self, answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        super().__init__(answer, handler_cancellation=True)
        self._workers = Workers()

    @override
    def __call__(self) -> Connection:
        """Make one."""
        return Connection(self, self._workers)
