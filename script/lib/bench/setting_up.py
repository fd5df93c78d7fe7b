"""What it takes to set up a large site: time, and memory for each entity."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
import gc
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY as LIMIT

from .empty import Population, empty_entry, write_empty_integration
from .figures import BenchError, Figure
from .fresh import in_fresh_process
from .house import GATEHOUSE, add, gatehouse_entry, home_assistant
from .paxton_net2 import NET2
from .plan import Plan
from .server import Server, server


@dataclass(frozen=True, slots=True)
class SetUp:
    """What one set-up took, in seconds and bytes, and what there was afterwards."""

    seconds: float
    memory: int
    population: Population


async def setup_1000_doors(plan: Plan) -> AsyncIterator[Figure]:
    """Set up a site with a thousand doors, and an empty integration of its size, in turn."""
    ours: list[SetUp] = []
    empty: list[SetUp] = []
    async with server(NET2.system, f"--doors={plan.many_doors}") as site:
        for _ in range(plan.rounds):
            ours.append(await in_fresh_process(_set_up_gatehouse, site))
            empty.append(await in_fresh_process(_set_up_empty, ours[-1].population))
    population = ours[-1].population
    if population != empty[-1].population or population.enabled >= LIMIT:
        raise BenchError(f"not every entity was added: {population}, {empty[-1].population}")
    seconds, floor = (median(each.seconds for each in some) for some in (ours, empty))
    yield Figure(name="setup_1000_doors_time", value=seconds, unit="s", baseline=floor)
    memory, floor = (
        median(each.memory / each.population.enabled for each in some) for some in (ours, empty)
    )
    yield Figure(name="setup_1000_doors_memory", value=memory, unit="B/entity", baseline=floor)


async def _set_up_gatehouse(site: Server) -> SetUp:
    async with home_assistant(GATEHOUSE) as hass:
        return await _set_up(hass, await gatehouse_entry(NET2, site))


async def _set_up_empty(population: Population) -> SetUp:
    with TemporaryDirectory() as folder:
        async with home_assistant(write_empty_integration(Path(folder), population)) as hass:
            return await _set_up(hass, empty_entry(population))


async def _set_up(hass: HomeAssistant, entry: ConfigEntry) -> SetUp:
    before = _memory()
    began = perf_counter()
    await add(hass, entry)
    seconds = perf_counter() - began
    return SetUp(seconds, _memory() - before, _population(hass, entry))


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
