"""What a manager is asked in an hour, by how many floors there are."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final, cast

from .enlighted_manage import building, followed, until
from .figures import Figure
from .fresh import in_fresh_process
from .plan import Plan
from .server import Control, Server

#: Requests a minute that a small appliance may be asked for; there is no floor to measure.
_ALLOWED: Final = 80.0
_PER_FLOOR: Final = 450
#: The list of floors is asked for by Home Assistant's own clock, and here by the bench as well.
_FLOORS: Final = "/ems/api/org/floor/v1/list"
#: Seconds of the manager's time between two looks at what is due, at least.
_STEP: Final = 1.0


async def building_requests(plan: Plan) -> AsyncIterator[Figure]:
    """Count what the manager is asked in steady state, in an hour of its own time.

    Everything is due by the manager's clock, so that is turned to where something is due next.
    """
    for floors in plan.requests_of:
        async with building(floors, floors * _PER_FLOOR) as manager:
            mean, busiest = await in_fresh_process(_measure, manager, plan.simulated_seconds)
        name = f"building_requests_{floors}"
        for what, value, unit, minutes in (
            ("", mean, "requests/min", 1),
            ("_hour", mean * 60, "requests/h", 60),
            ("_busiest", busiest, "requests/min", 1),
        ):
            yield Figure(name=f"{name}{what}", value=value, unit=unit, baseline=_ALLOWED * minutes)


async def _measure(manager: Server, seconds: float) -> tuple[float, float]:
    """Return how many requests came each minute on average, and in the busiest one."""
    async with Control(manager) as site, followed(manager) as (_, coordinator):
        begin = coordinator.client.now().timestamp()
        while (now := coordinator.client.now()).timestamp() < begin + seconds:
            due = coordinator.rounds.next(now).due
            await site.do("clock", advance=max(_STEP, (due - now).total_seconds()))
            # It learns of the time by any answer.
            await coordinator.client.get_floors()
            await _do_what_is_due(coordinator)
        span = coordinator.client.now().timestamp() - begin
        # The clock of the control plane is the same: only its requests have times.
        times = [
            cast(float, each["time"])
            for each in await site.requests()
            if each["path"] != _FLOORS and cast(float, each["time"]) >= begin
        ]
        polls = 60 / coordinator.update_interval.total_seconds()
    return len(times) * 60 / span + polls, _busiest(times)


async def _do_what_is_due(coordinator: Any) -> None:
    """Let the coordinator look, and wait until it has done what it found."""
    now: datetime = coordinator.client.now()
    coordinator.hurry()
    await until(lambda: coordinator.rounds.next(now).due > now, "what was due was not done")


def _busiest(times: list[float]) -> int:
    """Return the most that there were within any minute."""
    found = first = 0
    for last, time in enumerate(times):
        while times[first] <= time - 60:
            first += 1
        found = max(found, last - first + 1)
    return found
