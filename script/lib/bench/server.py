"""Simulated servers, each in a process of its own, and what is made to happen there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self, cast

import aiohttp

from script.lib.demo.api import Json
from script.lib.demo.simulators import simulator

from .figures import BenchError

_STORM_TIMEOUT = aiohttp.ClientTimeout(total=120)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is, and the ready line, which says how to sign in."""

    url: str
    control_url: str
    ready: Json = field(repr=False)


@asynccontextmanager
async def server(system: str, *options: str) -> AsyncIterator[Server]:
    """Run a server; `options` are further ones of `script/simulate`."""
    with TemporaryDirectory() as folder:
        async with simulator(system, Path(folder), options) as running:
            ready = running.ready
            yield Server(str(ready["url"]), str(ready["control_url"]), ready)


class Control:
    """A server's control port; use it as a context manager."""

    def __init__(self, server: Server) -> None:
        self._session = aiohttp.ClientSession(server.control_url, timeout=_STORM_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._session.close()

    async def do(self, verb: str, **arguments: object) -> object:
        """Make something happen, and return what came of it."""
        async with self._session.post(f"/_sim/{verb}", json=arguments) as answer:
            body = cast(Mapping[str, object], await answer.json())
            if not answer.ok:
                raise BenchError(f"the simulator refused {verb}: {body}")
            return body.get("result")

    async def state(self) -> Json:
        """Return what can be seen of the server from outside."""
        async with self._session.get("/_sim/state") as answer:
            return cast(Json, await answer.json())

    async def request_count(self) -> int:
        """Return how many requests have come in."""
        return len(await self.requests())

    async def requests(self) -> Sequence[Json]:
        """Return the requests that have come in."""
        async with self._session.get("/_sim/requests") as answer:
            return cast(list[Json], await answer.json())
