"""What a storm of events does: none is lost, and others still get their turn."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final

from homeassistant.core import HomeAssistant, State

from .figures import BenchError, Figure, percentile
from .fresh import in_fresh_process
from .house import gatehouse
from .paxton_net2 import NET2
from .plan import Plan
from .server import Control, Server, server
from .watch import Writes, lags

#: Seconds between two looks at how late the event loop is.
_TICK: Final = 0.005
#: Seconds between two storms: the next shows the same cards again, and what is shown twice within
#: a second is one event told twice.
_PAUSE: Final = 1.5


@dataclass(frozen=True, slots=True)
class Storm:
    """How one storm went; times in seconds, lags one for each tick."""

    lost: int
    rate: float
    lags: list[float]


async def storm(plan: Plan) -> AsyncIterator[Figure]:
    """Let storms break out, at Gatehouse's site and at the bare client's in turn."""
    doors = f"--doors={plan.doors}"
    async with server(NET2.system, doors) as ours, server(NET2.system, doors) as theirs:
        mine, bare = await in_fresh_process(_measure, ours, theirs, plan)
    lost, bare_lost = (sum(each.lost for each in storms) for storms in (mine, bare))
    yield Figure(name="storm_lost", value=lost, unit="events", baseline=bare_lost)
    if lost or bare_lost:
        raise BenchError(f"{lost} events of the storm were lost, by the bare client {bare_lost}")
    lag, bare_lag = (
        percentile([lag * 1e3 for each in storms for lag in each.lags], 99)
        for storms in (mine, bare)
    )
    yield Figure(name="storm_loop_lag_p99", value=lag, unit="ms", baseline=bare_lag)
    rate, bare_rate = (median(each.rate for each in storms) for storms in (mine, bare))
    yield Figure(name="storm_rate", value=rate, unit="events/s", baseline=bare_rate)


async def _measure(ours: Server, theirs: Server, plan: Plan) -> tuple[list[Storm], list[Storm]]:
    mine: list[Storm] = []
    bare: list[Storm] = []
    async with (
        gatehouse(NET2, ours) as hass,
        NET2.bare_client(hass, theirs),
        Control(ours) as our_site,
        Control(theirs) as their_site,
    ):
        for site in (our_site, their_site):
            if plan.fault:
                await site.do("faults", **{plan.fault: True})
        for _ in range(plan.rounds):
            mine.append(await _storm(hass, our_site, NET2.is_gatehouses, plan.storm))
            bare.append(await _storm(hass, their_site, NET2.is_bare_clients, plan.storm))
    return mine, bare


async def _storm(
    hass: HomeAssistant, site: Control, is_one: Callable[[State], bool], count: int
) -> Storm:
    await asyncio.sleep(_PAUSE)
    writes = Writes(hass, is_one)
    began = perf_counter()
    async with lags(_TICK) as late:
        await site.do("storm", count=count)
        lost = await writes.wait(count)
    rate = len(writes.times) / (writes.times[-1] - began) if writes.times else 0.0
    return Storm(lost, rate, late)
