"""Simulated Net2 servers, each in a process of its own, and what is made to happen there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self, cast

import aiohttp

from script.lib.demo.simulators import simulator

from .figures import BenchError

_STORM_TIMEOUT = aiohttp.ClientTimeout(total=120)


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is, and who may sign in."""

    url: str
    host: str
    port: int
    fingerprint: str
    username: str
    password: str = field(repr=False)
    client_id: str = field(repr=False)
    control_url: str


@asynccontextmanager
async def server(doors: int) -> AsyncIterator[Server]:
    """Run a server with so many doors."""
    with TemporaryDirectory() as folder:
        async with simulator("paxton_net2", Path(folder), [f"--doors={doors}"]) as running:
            yield Server(
                url=str(running.ready["url"]),
                host=str(running.ready["host"]),
                port=cast(int, running.ready["port"]),
                fingerprint=str(running.ready["fingerprint"]),
                username=str(running.ready["username"]),
                password=str(running.ready["password"]),
                client_id=str(running.ready["client_id"]),
                control_url=str(running.ready["control_url"]),
            )


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

    async def doors(self) -> list[int]:
        """Return the ids of the doors."""
        async with self._session.get("/_sim/state") as answer:
            return [door["id"] for door in (await answer.json())["doors"]]

    async def request_count(self) -> int:
        """Return how many requests have come in."""
        async with self._session.get("/_sim/requests") as answer:
            return len(await answer.json())
