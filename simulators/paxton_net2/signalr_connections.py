"""The connections a server keeps track of, and the one timer that beats for all of them."""

import asyncio
from collections.abc import Callable, Coroutine
import contextlib
from typing import Final

from aiohttp import web

from simulators.kit.clock import Clock, Timer

from .faults import Net2Faults
from .signalr_transports import Transport

CONNECTION_TIMEOUT: Final = 110.0

#: Beats in a disconnect time-out; every second one is a keep-alive.
_BEATS: Final = 6
#: Seconds past the disconnect time-out at which a silent connection is given up.
_GRACE: Final = 5.0


class Connections:
    """Connections by id, each with the transport it uses or last used.

    Keep-alives are unconditional, and the first comes 0 to 10 s after connecting; who vanished
    without a word is forgotten after 35 to 40 s (appendix C, 4 and 5).
    """

    def __init__(
        self, clock: Clock, faults: Net2Faults, allowed: Callable[[web.Request], bool]
    ) -> None:
        self.transports: dict[str, Transport] = {}
        self._clock = clock
        self._faults = faults
        self._allowed = allowed
        self._beats = 0
        self._timer: Timer = clock.call_later(faults.disconnect_timeout / _BEATS, self._beat)
        self._writes: set[asyncio.Task[None]] = set()

    def add(self, transport: Transport) -> None:
        """Keep track of a transport, and end the one it replaces (appendix C, 9)."""
        old = self.transports.get(transport.connection_id)
        if old is not None:
            old.end()
        transport.opened = transport.marked = self._clock.time()
        self.transports[transport.connection_id] = transport

    def remove(self, connection_id: str) -> None:
        """Forget a connection, which was aborted."""
        self.transports.pop(connection_id, None)

    def end_all(self, *, shutdown: bool = False) -> None:
        """End every connection, as a host that shuts down does."""
        for transport in self.transports.values():
            transport.end(shutdown=shutdown)

    def cut_all(self) -> None:
        """Break every line without a word, as a failing network does."""
        for transport in self.transports.values():
            transport.cut()

    def close(self) -> None:
        """Stop the timer."""
        self._timer.cancel()
        for task in self._writes:
            task.cancel()

    def _beat(self) -> None:
        timeout = self._faults.disconnect_timeout
        self._timer = self._clock.call_later(timeout / _BEATS, self._beat)
        self._beats += 1
        now = self._clock.time()
        for transport in list(self.transports.values()):
            if not transport.alive:
                if now - transport.marked >= timeout + _GRACE:
                    self.remove(transport.connection_id)
                continue
            transport.marked = now
            if self._faults.cut_at_token_expiry and not self._allowed(transport.request):
                transport.cut()
            elif transport.times_out and now - transport.opened >= CONNECTION_TIMEOUT:
                transport.end()
            elif self._beats % 2 == 0 and self._keeps_alive():
                self._write(transport.keep_alive())

    def _keeps_alive(self) -> bool:
        faults = self._faults
        return not (faults.silent or faults.no_keep_alives or faults.keep_alive_disabled)

    def _write(self, write: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(_unless_gone(write))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)


async def _unless_gone(write: Coroutine[None, None, None]) -> None:
    with contextlib.suppress(ConnectionError):
        await write
