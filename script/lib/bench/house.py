"""Home Assistant's own core in this process, with Gatehouse or with something as large in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from zeroconf.asyncio import AsyncZeroconf

from homeassistant import bootstrap, loader
from homeassistant.config_entries import SOURCE_USER, ConfigEntries, ConfigEntry, ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.helpers.aiohttp_client import DATA_RESOLVER, HassAsyncDNSResolver
from homeassistant.setup import async_setup_component

from script.lib.demo.home_assistant import REPOSITORY

from .figures import BenchError
from .server import Server
from .subject import Subject

GATEHOUSE = REPOSITORY / "custom_components" / "gatehouse"

_STREAM_TIMEOUT = 60.0


@asynccontextmanager
async def home_assistant(integration: Path) -> AsyncIterator[HomeAssistant]:
    """Run Home Assistant with one custom integration and nothing else that is not needed.

    It is the real core in its normal state: no debug mode, no test kit. Only its start event is
    never fired, for then the web server would open its port to the network.
    """
    with TemporaryDirectory() as folder:
        _put(integration, Path(folder, "custom_components"))
        hass = HomeAssistant(folder)
        loader.async_setup(hass)
        hass.config.skip_pip = True
        hass.config_entries = ConfigEntries(hass, {})
        # Names are looked up by multicast as well; here only on the loopback device.
        local = AsyncZeroconf(interfaces=["127.0.0.1"])
        hass.data[DATA_RESOLVER] = HassAsyncDNSResolver(async_zeroconf=local)
        await loader.async_get_custom_components(hass)
        await bootstrap.async_load_base_functionality(hass)
        for domain in bootstrap.CORE_INTEGRATIONS:
            await async_setup_component(hass, domain, {})
        await async_process_ha_core_config(hass, {"time_zone": "Europe/London"})
        hass.set_state(CoreState.running)
        try:
            yield hass
        finally:
            await hass.async_stop(force=True)
            await local.async_close()


def _put(integration: Path, components: Path) -> None:
    components.mkdir()
    # A package of its own: the repository's folder of that name is on the path as well.
    (components / "__init__.py").touch()
    (components / integration.name).symlink_to(integration)


def entry_of(domain: str, data: dict[str, Any]) -> ConfigEntry:
    """Return a config entry that is not added yet."""
    return ConfigEntry(
        data=data,
        discovery_keys=MappingProxyType({}),
        domain=domain,
        minor_version=1,
        options={},
        source=SOURCE_USER,
        subentries_data=None,
        title="Bench",
        unique_id=domain,
        version=1,
    )


async def gatehouse_entry(subject: Subject, server: Server) -> ConfigEntry:
    """Return the entry of a server."""
    data = await subject.entry_data(server)
    return entry_of("gatehouse", {"system": subject.system, **data})


async def add(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Add an entry and return when all its entities are there."""
    await hass.config_entries.async_add(entry)
    if entry.state is not ConfigEntryState.LOADED:
        raise BenchError(f"{entry.domain} was not set up: {entry.state} ({entry.reason})")


@asynccontextmanager
async def gatehouse(
    subject: Subject, server: Server, *, is_live: bool = True
) -> AsyncIterator[HomeAssistant]:
    """Run Home Assistant with Gatehouse following a server, `is_live` by its live stream."""
    async with home_assistant(GATEHOUSE) as hass:
        entry = await gatehouse_entry(subject, server)
        await add(hass, entry)
        coordinator = entry.runtime_data
        try:
            async with asyncio.timeout(_STREAM_TIMEOUT):
                while is_live and not coordinator.is_live:  # noqa: ASYNC110  # nothing is timed yet
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise BenchError("the live stream did not come up") from None
        # Waits behind the poll that the connection brings about.
        await coordinator.async_refresh()
        yield hass
