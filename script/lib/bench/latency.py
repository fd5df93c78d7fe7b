"""How long it takes from the frame that brings an event to the state of its event entity."""

import asyncio
from collections.abc import AsyncIterator
import random
from statistics import median

from .figures import BenchError, Figure, percentile
from .fresh import in_fresh_process
from .house import gatehouse
from .paxton_net2 import NET2
from .plan import Plan
from .server import Control, Server, server
from .subject import Subject
from .table_tracker import TABLE_TRACKER
from .watch import Writes, arrivals

type Delays = list[float]

#: Seconds from one event to the next: time to settle, and no rhythm that anything could fall into.
_PAUSE = (0.01, 0.03)


async def swipe_to_state(plan: Plan) -> AsyncIterator[Figure]:
    """Measure how soon a swipe at a door is a state."""
    async for figure in _figures("swipe", NET2, plan, f"--doors={plan.doors}"):
        yield figure


async def seat_to_state(plan: Plan) -> AsyncIterator[Figure]:
    """Measure how soon a guest who sits down at another table is a state."""
    async for figure in _figures("seat", TABLE_TRACKER, plan):
        yield figure


async def _figures(what: str, subject: Subject, plan: Plan, *options: str) -> AsyncIterator[Figure]:
    """Make the event happen at the site that Gatehouse follows and at the bare client's in turn.

    Each has a server of its own, so that an event wakes one of them alone.
    """
    async with (
        server(subject.system, *options) as ours,
        server(subject.system, *options) as theirs,
    ):
        found = await in_fresh_process(_measure, what, ours, theirs, plan.events)
    mine, bare = ([delay * 1e6 for delay in delays] for delays in found)
    yield Figure(
        name=f"{what}_to_state_median", value=median(mine), unit="us", baseline=median(bare)
    )
    yield Figure(
        name=f"{what}_to_state_p99",
        value=percentile(mine, 99),
        unit="us",
        baseline=percentile(bare, 99),
    )


#: By what is measured: functions do not travel between processes inside of records.
_SUBJECTS = {"swipe": NET2, "seat": TABLE_TRACKER}


async def _measure(what: str, ours: Server, theirs: Server, count: int) -> tuple[Delays, Delays]:
    subject = _SUBJECTS[what]
    async with gatehouse(subject, ours) as hass, subject.bare_client(hass, theirs):
        mine, bare = Writes(hass, subject.is_gatehouses), Writes(hass, subject.is_bare_clients)
        with arrivals(subject.frame) as frames:
            await in_fresh_process(_happen_in_turn, what, ours, theirs, count)
            lost = await mine.wait(count) + await bare.wait(count)
        if lost or len(frames) != 2 * count:
            raise BenchError(f"of {2 * count} events {len(frames)} came and {lost} were lost")
        return (
            [written - frame for written, frame in zip(mine.times, frames[::2], strict=True)],
            [written - frame for written, frame in zip(bare.times, frames[1::2], strict=True)],
        )


async def _happen_in_turn(what: str, ours: Server, theirs: Server, count: int) -> None:
    """Make the event happen so many times at each server.

    Not in the process that is measured, where the answers would come between.
    """
    async with Control(ours) as our_site, Control(theirs) as their_site:
        for turn in range(count):
            for site in (our_site, their_site):
                await _SUBJECTS[what].happen(site, turn)
                await asyncio.sleep(random.uniform(*_PAUSE))
