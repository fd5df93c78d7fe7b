"""Webhooks: every change is also posted to whoever registered for it (section 4.10)."""

import asyncio

import aiohttp

from .codes import RefusedError
from .orders import Order
from .wire import Wire
from .world import World

#: Seconds that a receiver gets; nothing is tried again.
_TIMEOUT = aiohttp.ClientTimeout(total=5)


class Webhooks:
    """Posts changes; whoever does not answer misses them."""

    def __init__(self, world: World, wire: Wire) -> None:
        self.clients: set[str] = set()
        self._wire = wire
        self._tasks: set[asyncio.Task[None]] = set()
        world.listeners.append(self._on_change)

    def register(self, url: str) -> None:
        """Post to this address from now on."""
        self.clients.add(url)

    def unregister(self, url: str) -> None:
        """Post to this address no more.

        Raises:
            RefusedError: It is not registered.
        """
        if url not in self.clients:
            raise RefusedError(-30)
        self.clients.remove(url)

    def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()

    def _on_change(self, kind: str, order: Order, _seq: int) -> None:
        # What exactly is posted nobody knows: the flat event is a choice.
        data = self._wire.dump({"type": kind, **self._wire.order(order)}).encode()
        for url in self.clients:
            task = asyncio.ensure_future(self._post(url, data))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post(self, url: str, data: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
                session.post(url, data=data, headers=headers),
            ):
                pass
        except aiohttp.ClientError, TimeoutError:
            return
