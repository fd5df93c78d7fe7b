"""The simulated vendors' servers, each a program of its own."""

from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from pathlib import Path
from typing import cast

import aiohttp

from .api import Json, read_answer
from .home_assistant import REPOSITORY
from .processes import Program

START_TIMEOUT = 60.0
STOP_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator, and what it says of itself: where it is and who may sign in."""

    program: Program
    ready: Json

    async def do(self, verb: str, **arguments: object) -> object:
        """Make something happen and return what came of it.

        Raises:
            ApiError: The simulator knows no such thing.
        """
        answer = cast(Json, await self._ask("POST", verb, arguments))
        return answer.get("result")

    async def look(self, what: str) -> object:
        """Return what it shows: its `state`, the `requests` or the `commands` that came in."""
        return await self._ask("GET", what)

    async def _ask(self, method: str, path: str, body: Json | None = None) -> object:
        url = f"{self.ready['control_url']}/_sim/{path}"
        async with aiohttp.request(method, url, json=body) as answer:
            return await read_answer(answer)


@asynccontextmanager
async def simulator(
    system: str, folder: Path, options: Sequence[str] = ()
) -> AsyncIterator[Simulator]:
    """Run a simulator at a port of its own choice.

    Args:
        system: Its name for `script/simulate`.
        folder: What it keeps from one start to the next: its port, so that Home Assistant finds
            it again, and what `options` say.
        options: Further options of `script/simulate`.
    """
    port = _port_file(folder)
    program = await Program.start(
        f"the simulator of {system}",
        [
            REPOSITORY / "script" / "simulate",
            system,
            f"--port={port.read_text() if port.exists() else 0}",
            *options,
        ],
        log=folder / "log.txt",
        cwd=REPOSITORY,
        stdout=PIPE,
    )
    try:
        ready = cast(Json, json.loads(await program.first_line(START_TIMEOUT)))
        port.write_text(str(ready["port"]))
        yield Simulator(program, ready)
    finally:
        await program.stop(STOP_TIMEOUT)


def _port_file(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "port"
