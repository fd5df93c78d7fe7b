"""The simulated Net2 server, by its control port."""

from typing import Any, cast

from script.lib.demo.api import Json
from script.lib.demo.simulators import Simulator


class Net2:
    """What tests make happen at the server, and see of it."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    @property
    def ready(self) -> Any:
        """What the server says of itself."""
        return self.simulator.ready

    async def do(self, verb: str, **arguments: Any) -> Any:
        """Make something happen."""
        return await self.simulator.do(verb, **arguments)

    async def commands(self) -> list[Json]:
        """Return the commands that came in."""
        return cast(list[Json], await self.simulator.look("commands"))

    async def connections(self) -> list[str]:
        """Return the transports of the live connections."""
        seen: list[str] = (await self._state())["connections"]
        return seen

    async def door(self, name: str) -> dict[str, Any]:
        """Return how a door is, by what its name begins with."""
        doors: list[dict[str, Any]] = (await self._state())["doors"]
        return next(door for door in doors if door["name"].startswith(name))

    async def _state(self) -> Any:
        return await self.simulator.look("state")
