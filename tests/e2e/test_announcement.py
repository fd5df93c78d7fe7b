"""The simulated gateway announces itself: everybody on this machine hears it.

Here and not beside the simulator's other tests, since Home Assistant's test kit gives processes
network adapters that do not exist.
"""

from collections.abc import AsyncIterator

from ifaddr import get_adapters
import pytest
import pytest_asyncio
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from simulators.table_tracker import TableTrackerSimulator
from simulators.table_tracker.announcement import SERVICE

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def running() -> AsyncIterator[TableTrackerSimulator]:
    """Run a gateway in this process."""
    async with TableTrackerSimulator() as gateway:
        yield gateway


def interfaces() -> list[str]:
    """Return this machine's own addresses."""
    return [str(own.ip) for adapter in get_adapters() for own in adapter.ips if own.is_IPv4]


@pytest.mark.parametrize("interface", interfaces())
async def test_it_is_found_on_every_interface(
    running: TableTrackerSimulator, interface: str
) -> None:
    name = f"Kitchen {running.port}"
    listener = AsyncZeroconf([interface], ip_version=IPVersion.V4Only)

    async def look(milliseconds: int) -> AsyncServiceInfo | None:
        return await listener.async_get_service_info(SERVICE, f"{name}.{SERVICE}", milliseconds)

    await running.advertise(name)
    found = await look(3000)
    await running.hide()
    await listener.zeroconf.async_wait_for_start()
    gone = await look(300)
    await listener.async_close()

    assert found is not None
    assert found.parsed_addresses() == ["127.0.0.1"]
    assert found.port == running.port
    assert gone is None


async def test_it_is_announced_anew_where_it_comes_back(running: TableTrackerSimulator) -> None:
    name = f"Bar {running.port}"
    listener = AsyncZeroconf(ip_version=IPVersion.V4Only)
    await running.advertise(name)
    old = running.port

    await running.reboot(port=0)

    found = await listener.async_get_service_info(SERVICE, f"{name}.{SERVICE}", 3000)
    await listener.async_close()
    assert found is not None
    assert found.port == running.port
    assert running.port != old
