"""What it takes to set up a large site: time, and memory for each entity."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
import gc
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY as LIMIT

from .empty import Population, empty_entry, write_empty_integration
from .enlighted_manage import add_building, building, building_entry
from .figures import BenchError, Figure
from .fresh import in_fresh_process
from .house import GATEHOUSE, add, gatehouse_entry, home_assistant
from .paxton_net2 import NET2
from .plan import Plan
from .server import Server, server
from .watch import lags

#: Seconds between two looks at how late the event loop is.
_TICK: Final = 0.002


@dataclass(frozen=True, slots=True)
class SetUp:
    """What one set-up took, in seconds and bytes, and what there was afterwards.

    `cpu` is what this process alone worked, without what answers it; `held` is the longest that nothing else got its turn, in seconds.
    """

    seconds: float
    cpu: float
    memory: int
    held: float
    population: Population


async def setup_1000_doors(plan: Plan) -> AsyncIterator[Figure]:
    """Set up a site with a thousand doors, and an empty integration of its size, in turn."""
    async with server(NET2.system, f"--doors={plan.many_doors}") as site:
        ours, empty = await _set_up_in_turn(_set_up_gatehouse, site, plan)
    for figure in _figures("setup_1000_doors", ours, empty, lambda population: population.enabled):
        yield figure


async def setup_18000_fixtures(plan: Plan) -> AsyncIterator[Figure]:
    """Set up a large building until every floor was read once, and an empty integration in turn.

    Most entities are those of fixtures, which are disabled: memory is told by all there are.
    """
    async with building(plan.floors, plan.fixtures) as manager:
        ours, empty = await _set_up_in_turn(_set_up_building, manager, plan)
    for figure in _figures("setup_18000_fixtures", ours, empty, lambda population: population.all):
        yield figure
    cpu, floor = (median(each.cpu for each in some) for some in (ours, empty))
    yield Figure(name="setup_18000_fixtures_cpu", value=cpu, unit="s", baseline=floor)
    held, floor = (median(each.held * 1e3 for each in some) for some in (ours, empty))
    yield Figure(name="setup_18000_fixtures_loop_held", value=held, unit="ms", baseline=floor)


async def _set_up_in_turn(
    set_up: Callable[[Server], Coroutine[Any, Any, SetUp]], site: Server, plan: Plan
) -> tuple[list[SetUp], list[SetUp]]:
    ours: list[SetUp] = []
    empty: list[SetUp] = []
    for _ in range(plan.rounds):
        ours.append(await in_fresh_process(set_up, site))
        empty.append(await in_fresh_process(_set_up_empty, ours[-1].population))
    population = ours[-1].population
    # As long as there are fewer than the limit, none was refused for it.
    if population != empty[-1].population or population.enabled >= LIMIT:
        raise BenchError(f"not every entity was added: {population}, {empty[-1].population}")
    return ours, empty


def _figures(
    name: str, ours: Sequence[SetUp], empty: Sequence[SetUp], count: Callable[[Population], int]
) -> Iterator[Figure]:
    seconds, floor = (median(each.seconds for each in some) for some in (ours, empty))
    yield Figure(name=f"{name}_time", value=seconds, unit="s", baseline=floor)
    memory, floor = (
        median(each.memory / count(each.population) for each in some) for some in (ours, empty)
    )
    yield Figure(name=f"{name}_memory", value=memory, unit="B/entity", baseline=floor)


async def _set_up_gatehouse(site: Server) -> SetUp:
    async with home_assistant(GATEHOUSE) as hass:
        return await _set_up(hass, await gatehouse_entry(NET2, site), add)


async def _set_up_building(manager: Server) -> SetUp:
    async with home_assistant(GATEHOUSE) as hass:
        return await _set_up(hass, building_entry(manager), add_building)


async def _set_up_empty(population: Population) -> SetUp:
    with TemporaryDirectory() as folder:
        async with home_assistant(write_empty_integration(Path(folder), population)) as hass:
            return await _set_up(hass, empty_entry(population), add)


async def _set_up(
    hass: HomeAssistant,
    entry: ConfigEntry,
    add_entry: Callable[[HomeAssistant, ConfigEntry], Awaitable[None]],
) -> SetUp:
    before = _memory()
    async with lags(_TICK) as late:
        began, worked = perf_counter(), process_time()
        await add_entry(hass, entry)
        seconds, cpu = perf_counter() - began, process_time() - worked
    return SetUp(seconds, cpu, _memory() - before, max(late), _population(hass, entry))


def _memory() -> int:
    """Return the memory that is in use once what is garbage is gone, in bytes."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _population(hass: HomeAssistant, entry: ConfigEntry) -> Population:
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    by_device = Counter(each.device_id for each in found)
    enabled = Counter(each.domain for each in found if not each.disabled)
    disabled = Counter(each.domain for each in found if each.disabled)
    return Population(
        len(by_device),
        {domain: (enabled[domain], disabled[domain]) for domain in sorted(enabled | disabled)},
    )
