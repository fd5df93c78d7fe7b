"""How long it takes from a swipe's frame to the state of the door's event entity."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
import random
from statistics import median

from .bare_client import bare_client
from .figures import BenchError, Figure, percentile
from .fresh import in_fresh_process
from .house import gatehouse
from .plan import Plan
from .server import Control, Server, server
from .watch import Writes, arrivals, is_bare_clients, is_gatehouses

type Delays = list[float]

#: Seconds from one swipe to the next: time to settle, and no rhythm that relays could fall into.
_PAUSE = (0.01, 0.03)


async def swipe_to_state(plan: Plan) -> AsyncIterator[Figure]:
    """Swipe at the site that Gatehouse follows and at the bare client's in turn.

    Each has a server of its own, so that a swipe wakes one of them alone.
    """
    async with server(plan.doors) as ours, server(plan.doors) as theirs:
        found = await in_fresh_process(_measure, ours, theirs, plan.swipes)
    mine, bare = ([delay * 1e6 for delay in delays] for delays in found)
    yield Figure(name="swipe_to_state_median", value=median(mine), unit="us", baseline=median(bare))
    yield Figure(
        name="swipe_to_state_p99",
        value=percentile(mine, 99),
        unit="us",
        baseline=percentile(bare, 99),
    )


async def _measure(ours: Server, theirs: Server, count: int) -> tuple[Delays, Delays]:
    async with gatehouse(ours) as hass, bare_client(hass, theirs):
        mine, bare = Writes(hass, is_gatehouses), Writes(hass, is_bare_clients)
        with arrivals() as frames:
            await in_fresh_process(_swipe_in_turn, [ours, theirs], count)
            lost = await mine.wait(count) + await bare.wait(count)
        if lost or len(frames) != 2 * count:
            raise BenchError(f"of {2 * count} swipes {len(frames)} came and {lost} were lost")
        return (
            [written - frame for written, frame in zip(mine.times, frames[::2], strict=True)],
            [written - frame for written, frame in zip(bare.times, frames[1::2], strict=True)],
        )


async def _swipe_in_turn(servers: list[Server], count: int) -> None:
    """Swipe so many times at each server, going from door to door.

    Not in the process that is measured, where the answers would come between.
    """
    async with AsyncExitStack() as opened:
        sites = [await opened.enter_async_context(Control(each)) for each in servers]
        doors = [await site.doors() for site in sites]
        for turn in range(count):
            for site, ids in zip(sites, doors, strict=True):
                await site.do("swipe", door_id=ids[turn % len(ids)], user_id=8)
                await asyncio.sleep(random.uniform(*_PAUSE))
