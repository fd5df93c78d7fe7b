"""What every simulator is: a server that starts and stops, with a clock and switches."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
import random
from types import TracebackType
from typing import Self

from .clock import Clock
from .control import public_methods
from .faults import Faults


class Simulator(ABC):
    """Use it as an asynchronous context, or call `start` and `stop`."""

    def __init__(self, port: int, seed: int, host: str, faults: Faults) -> None:
        self.host = host
        self.port = port
        self.clock = Clock()
        self.faults = faults
        self._seed = seed

    @abstractmethod
    async def start(self) -> None:
        """Serve."""

    @abstractmethod
    async def stop(self) -> None:
        """Stop serving; what it simulates goes on."""

    async def close(self) -> None:
        """Stop for good."""
        await self.stop()
        self.clock.close()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop for good."""
        await self.close()

    def verbs_of(self, world: object) -> Mapping[str, Callable[..., object]]:
        """Return what can be made to happen: in the world, by the switches, and here."""
        return {**public_methods(world), **public_methods(self.faults), **public_methods(self)}


class Bustle(ABC):
    """Makes something happen about every so many seconds, until the clock is closed."""

    def __init__(self, clock: Clock, seconds: float, *, seed: int) -> None:
        self.random = random.Random(seed)
        self._clock = clock
        self._seconds = seconds
        self._wait()

    @abstractmethod
    def act(self) -> None:
        """Make something happen."""

    def _wait(self) -> None:
        self._clock.call_later(self._seconds * self.random.uniform(0.5, 1.5), self._act)

    def _act(self) -> None:
        self._wait()
        self.act()
