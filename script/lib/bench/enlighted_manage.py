"""Enlighted Manage: a building, and Gatehouse going round its floors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from operator import gt
import pkgutil
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .figures import BenchError
from .house import GATEHOUSE, add, entry_of, home_assistant
from .server import Server, server

_SYSTEM: Final = "enlighted_manage"
#: Where its requests leave. A name: whoever imports Gatehouse has it before Home Assistant has.
SEND: Final = f"custom_components.gatehouse.systems.{_SYSTEM}.client.link.ManagerLink.send"
#: Seconds that anything may take.
_LIMIT: Final = 300.0
#: Seconds between two looks whether something is over.
_LOOK: Final = 0.005


def building(floors: int, fixtures: int) -> AbstractAsyncContextManager[Server]:
    """Run the manager of a building, without TLS: what that costs is not Gatehouse's."""
    return server(_SYSTEM, f"--floors={floors}", f"--fixtures={fixtures}", "--http")


def building_entry(manager: Server) -> ConfigEntry:
    """Return the entry of a manager."""
    data = {
        "system": _SYSTEM,
        "host": manager.ready["host"],
        "port": manager.ready["port"],
        "username": manager.ready["username"],
        "api_key": manager.ready["api_key"],
        "auth_scheme": "auto",
        "use_https": False,
        "floors": [],
    }
    return entry_of("gatehouse", data)


async def add_building(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Add an entry, and return when every floor was read once and all entities are there."""
    await add(hass, entry)
    rounds = entry.runtime_data.rounds
    await until(lambda: rounds.is_first_round_over, "not every floor was read")
    await hass.async_block_till_done()


@asynccontextmanager
async def followed(manager: Server) -> AsyncIterator[tuple[HomeAssistant, Any]]:
    """Run Home Assistant with Gatehouse following a manager, every floor of which was read."""
    async with home_assistant(GATEHOUSE) as hass:
        entry = building_entry(manager)
        await add_building(hass, entry)
        yield hass, entry.runtime_data


async def read(coordinator: Any, *tiers: str) -> None:
    """Have something read of every floor now, and wait for it."""
    before = coordinator.rounds.tries(*tiers)
    coordinator.hurry(*tiers)
    await until(
        lambda: all(map(gt, coordinator.rounds.tries(*tiers), before, strict=True)),
        f"not every floor was read: {tiers}",
    )


async def until(is_so: Callable[[], bool], complaint: str) -> None:
    """Wait until something is so."""
    try:
        async with asyncio.timeout(_LIMIT):
            while not is_so():  # noqa: ASYNC110  # what is waited for has no event
                await asyncio.sleep(_LOOK)
    except TimeoutError:
        raise BenchError(complaint) from None


def resolve(name: str) -> Any:
    """Return what has a name, once Home Assistant has Gatehouse."""
    return pkgutil.resolve_name(name)
