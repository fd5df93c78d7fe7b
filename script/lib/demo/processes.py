"""Programs that run beside the demo and end with it."""

import asyncio
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Sequence
import contextlib
import fcntl
import os
from pathlib import Path
import signal
from typing import Never, Self


class ProgramError(Exception):
    """A program did not start, or ended by itself."""


def claim(folder: Path) -> None:
    """Keep a folder to this process for as long as it lives.

    Raises:
        ProgramError: Another one has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise ProgramError(
            f"another demo runs in {folder}: end it, or choose another folder with --dir"
        ) from None


class Program:
    """A child process; what it prints is kept in a log of its own."""

    def __init__(self, name: str, process: Process, log: Path) -> None:
        self._name = name
        self._process = process
        self._log = log

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path,
        stdout: int | None = None,
    ) -> Self:
        """Start a program in a session of its own.

        A Ctrl-C in the terminal would otherwise reach all programs at once, and Home Assistant
        would see its doors vanish while it stops.

        Args:
            name: What messages call it.
            command: The program and its arguments.
            log: The file for its output.
            cwd: The folder it runs in.
            stdout: `asyncio.subprocess.PIPE` to read its first line instead of logging it.
        """
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=cwd,
                stdin=DEVNULL,
                stdout=output if stdout is None else stdout,
                stderr=output,
                start_new_session=True,
            )
        return cls(name, process, log)

    async def first_line(self, timeout: float) -> bytes:
        """Wait for the first line that it prints."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(timeout):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise ProgramError(f"{self._name} was not ready within {timeout:.0f} s") from None
        return line or await self.watch()

    async def wait(self) -> int:
        """Wait for its end and return its exit code."""
        return await self._process.wait()

    async def watch(self) -> Never:
        """Wait for an end that nobody asked for."""
        code = await self.wait()
        log = self._log.read_text(errors="replace").splitlines()
        raise ProgramError("\n".join([f"{self._name} ended with code {code}", *log[-20:]]))

    async def stop(self, timeout: float) -> None:
        """Ask it to end; after `timeout` seconds end it, and all that it started."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(timeout):
                await self.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self.wait()
