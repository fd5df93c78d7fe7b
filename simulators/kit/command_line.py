"""What the command lines of all simulators have in common."""

import argparse
import asyncio
from collections.abc import Mapping
import json
import signal
from typing import Protocol

from .control import Controllable, ControlPlane


class Runnable(Controllable, Protocol):
    """A simulator that a command line can run."""

    def keep_busy(self, seconds: float) -> None:
        """Make something happen by itself every so many seconds."""

    async def start(self) -> None:
        """Serve."""

    async def close(self) -> None:
        """Stop for good."""

    def details(self) -> Mapping[str, str | int]:
        """Return what somebody needs to connect to it."""


def arguments(system: str) -> argparse.ArgumentParser:
    """Return a parser of the common arguments; systems add their own."""
    parser = argparse.ArgumentParser(prog=f"script/simulate {system}")
    parser.add_argument("--port", type=int, default=0, help="where to serve (any free port)")
    parser.add_argument("--control-port", type=int, default=0, help="where to serve /_sim/")
    parser.add_argument("--seed", type=int, default=1, help="what ids are made from")
    parser.add_argument(
        "--busy",
        type=float,
        nargs="?",
        const=5.0,
        metavar="SECONDS",
        help="make something happen by itself about every so many seconds (5)",
    )
    return parser


def run(system: str, simulator: Runnable, given: argparse.Namespace) -> None:
    """Serve until interrupted; print one line of JSON when ready."""
    asyncio.run(_serve(system, simulator, given))


async def _serve(system: str, simulator: Runnable, given: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    control = ControlPlane(simulator, given.control_port)
    await simulator.start()
    await control.start()
    if given.busy:
        simulator.keep_busy(given.busy)
    line = {"system": system, **simulator.details(), "control_url": control.url}
    print(json.dumps(line), flush=True)
    await ended.wait()
    await control.stop()
    await simulator.close()
