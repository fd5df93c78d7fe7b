"""The longest that the event loop is held while a large building is followed."""

from collections.abc import AsyncIterator
import gc
import logging
from statistics import median
from typing import Any, Final

from .enlighted_manage import building, followed, read, until
from .figures import Figure
from .fresh import in_fresh_process
from .plan import Plan
from .server import Control, Server
from .watch import lags

#: Milliseconds; what else there is in a house does not feel that.
_ALLOWED: Final = 50.0
#: Seconds between two looks at how late the event loop is.
_TICK: Final = 0.001
#: Seconds after which all that is read differs: a window of energy has closed.
_LATER: Final = 900
_ALL: Final = ("structure", "occupancy", "statistics", "devices", "energy", "manager")


async def loop_held_ms(plan: Plan) -> AsyncIterator[Figure]:
    """Find how long nothing else gets its turn: in steady rounds, when the manager goes and comes.

    There is no floor of it; beside it stands what is allowed. The figures are medians of rounds: with
    so many entities a full collection of garbage takes Python longer, whoever's they are, and
    one of them is not to be taken for what a round does.
    """
    async with building(plan.floors, plan.fixtures) as manager:
        found = await in_fresh_process(_measure, manager, plan.rounds)
    for name, held in found.items():
        value = median(held) * 1e3
        yield Figure(name=f"loop_held_ms_{name}", value=value, unit="ms", baseline=_ALLOWED)


async def _measure(manager: Server, rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    # That the manager is away is no news here.
    logging.getLogger("custom_components").setLevel(logging.CRITICAL)
    async with Control(manager) as site, followed(manager) as (_, coordinator):
        gc.collect()
        for _ in range(rounds):
            # The list of floors is read as well, so that the manager's time is known.
            await site.do("clock", advance=_LATER)
            await coordinator.async_refresh()
            for tier in _ALL:
                async with lags(_TICK) as late:
                    await read(coordinator, tier)
                _note(found, tier, late)
            async with lags(_TICK) as late:
                await site.do("stop")
                await _lose(coordinator)
            _note(found, "lost", late)
            async with lags(_TICK) as late:
                await site.do("start")
                await _find(coordinator)
            _note(found, "back", late)
    return found


def _note(found: dict[str, list[float]], what: str, late: list[float]) -> None:
    found.setdefault(what, []).append(max(late))


async def _lose(coordinator: Any) -> None:
    """Wait until everything is known to be away."""
    coordinator.hurry("occupancy")
    await until(lambda: not coordinator.last_update_success, "the loss was not noticed")
    await until(
        lambda: not any(map(coordinator.is_reachable, coordinator.floors)), "a floor is there"
    )


async def _find(coordinator: Any) -> None:
    """Wait until everything is there again."""
    await until(lambda: coordinator.is_live, "the manager did not come back")
    await coordinator.async_refresh()
    await until(lambda: all(map(coordinator.is_reachable, coordinator.floors)), "a floor is away")
