"""A gateway, and bare clients of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulators.table_tracker import TableTrackerSimulator

from .support import Api, Line


@pytest.fixture
async def gateway() -> AsyncIterator[TableTrackerSimulator]:
    async with TableTrackerSimulator() as gateway:
        yield gateway


@pytest.fixture
async def stranger(gateway: TableTrackerSimulator) -> AsyncIterator[Api]:
    """Somebody without a token."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        api = Api(gateway, session)
        yield api
        await api.close()


@pytest.fixture
async def api(stranger: Api) -> Api:
    """Somebody whom the gateway knows."""
    stranger.token = stranger.gateway.issue_token("tests")
    return stranger


@pytest.fixture
async def line(api: Api) -> Line:
    """A live socket that has told the list of orders."""
    line = await api.listen()
    assert (await line.frame())["type"] == "ACTIVE_ORDERS"
    return line
