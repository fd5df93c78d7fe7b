"""The simulated Net2 server, by its control port."""

from collections.abc import Mapping
from typing import Any

import aiohttp


class Net2:
    """What tests make happen at the server, and see of it."""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.ready = ready
        self._url = f"{ready['control_url']}/_sim"

    async def do(self, verb: str, **arguments: Any) -> Any:
        """Make something happen."""
        async with aiohttp.request("POST", f"{self._url}/{verb}", json=arguments) as answer:
            assert answer.ok, await answer.text()
            return (await answer.json()).get("result")

    async def commands(self) -> list[dict[str, Any]]:
        """Return the commands that came in."""
        seen: list[dict[str, Any]] = await self._look("commands")
        return seen

    async def connections(self) -> list[str]:
        """Return the transports of the live connections."""
        seen: list[str] = (await self._look("state"))["connections"]
        return seen

    async def door(self, name: str) -> dict[str, Any]:
        """Return how a door is, by what its name begins with."""
        doors: list[dict[str, Any]] = (await self._look("state"))["doors"]
        return next(door for door in doors if door["name"].startswith(name))

    async def _look(self, what: str) -> Any:
        async with aiohttp.request("GET", f"{self._url}/{what}") as answer:
            assert answer.ok, await answer.text()
            return await answer.json()
