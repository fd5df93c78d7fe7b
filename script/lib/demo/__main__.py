"""Starts the demo and keeps it running until it is told to end."""

import argparse
import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
import os
from pathlib import Path
import signal
import sys

from .api import OWNER, ApiError, HomeAssistantApi
from .dashboard import PATH, is_shown, show
from .devices import read_devices, settled_devices
from .home_assistant import HomeAssistant, home_assistant, require_free_port
from .processes import ProgramError, claim
from .setup_flow import set_options, set_up, sign_in_again
from .simulators import Simulator, simulator
from .systems import SYSTEMS, System

START_TIMEOUT = 300.0


def say(text: str) -> None:
    """Tell how far it is; standard output is the ready line's alone."""
    print(f"[demo] {text}", file=sys.stderr, flush=True)


async def furnish(house: HomeAssistant, simulators: Mapping[str, Simulator]) -> None:
    """Give a Home Assistant that is new its owner, the systems and their dashboard."""
    async with HomeAssistantApi(house.url) as api:
        await api.wait_until_served()
        await api.sign_in(OWNER)
        await api.wait_until_running()
        say("setting up the systems")
        new = [await admit(api, each, simulators[each.id]) for each in SYSTEMS]
        if await is_shown(api) and not any(new):
            return
        devices = {each.id: await settled_devices(api, each.id) for each in SYSTEMS}
        for system in SYSTEMS:
            for answers in system.options(devices):
                await set_options(api, devices[system.id][0].entry_id, answers)
        await show(api, [each.view(await settled_devices(api, each.id)) for each in SYSTEMS])
        for system in SYSTEMS:
            if system.energy is not None:
                preferences = system.energy(await read_devices(api, system.id))
                await api.command("energy/save_prefs", **preferences)


async def admit(api: HomeAssistantApi, system: System, simulator: Simulator) -> bool:
    """Let a simulator be known to Home Assistant; return whether it is new."""
    answers = system.set_up(simulator)
    if not await read_devices(api, system.id):
        return await set_up(api, answers)
    # It may have forgotten whom it let in.
    await sign_in_again(api, answers)
    return False


async def demonstrate(folder: Path, port: int) -> None:
    """Run until cancelled.

    Raises:
        ProgramError: A program did not start, or ended by itself.
    """
    claim(folder)
    require_free_port(port)
    simulators: dict[str, Simulator] = {}
    async with AsyncExitStack() as stack:
        for system in SYSTEMS:
            say(f"starting the simulator of {system.id}")
            kept = folder / "simulators" / system.id
            simulators[system.id] = await stack.enter_async_context(
                simulator(system.id, kept, system.arguments(kept))
            )
        say("starting Home Assistant")
        house = await stack.enter_async_context(home_assistant(folder / "config", port))
        watched = await stack.enter_async_context(asyncio.TaskGroup())
        for each in simulators.values():
            watched.create_task(each.program.watch())
        watched.create_task(house.watch())
        async with asyncio.timeout(START_TIMEOUT):
            await furnish(house, simulators)
        login = f"login: {OWNER.username}  password: {OWNER.password}"
        print(f"Ready: {house.url}/{PATH}  {login}", flush=True)


async def until_told_to_end(work: Coroutine[None, None, None]) -> None:
    """Run `work` until a signal asks for the end, which it then gets the time for."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Only once: a second Ctrl-C would interrupt the tidying up.
        loop.add_signal_handler(number, lambda: task.cancelling() or task.cancel())
    with suppress(asyncio.CancelledError):
        await task


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        prog="script/demo",
        description="Home Assistant with Gatehouse in it, and simulated systems for it to run.",
    )
    parser.add_argument("--port", type=int, default=8123, help="where the pages are (%(default)s)")
    parser.add_argument(
        "--dir",
        type=Path,
        default=Path(".demo"),
        help="keeps everything from one start to the next; remove it to begin anew (%(default)s)",
    )
    arguments = parser.parse_args()
    # It led here; Home Assistant would find the integration by it a second time.
    os.environ.pop("PYTHONPATH", None)
    failed = False
    try:
        asyncio.run(until_told_to_end(demonstrate(arguments.dir.resolve(), arguments.port)))
    except* (ProgramError, ApiError, TimeoutError) as errors:
        failed = True
        for error in errors.exceptions:
            say(str(error) or "Home Assistant was not ready in time")
    return int(failed)


sys.exit(main())
