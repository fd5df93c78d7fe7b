"""A simulator, and a bare client that is signed in."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import Api, Line


@pytest.fixture
async def simulator() -> AsyncIterator[Net2Simulator]:
    async with Net2Simulator() as simulator:
        yield simulator


@pytest.fixture
async def stranger(simulator: Net2Simulator) -> AsyncIterator[Api]:
    """Somebody who is not signed in, and has pinned the certificate."""
    pinned = aiohttp.Fingerprint(bytes.fromhex(simulator.fingerprint))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=pinned)) as session:
        api = Api(simulator, session)
        yield api
        await api.close()


@pytest.fixture
async def api(stranger: Api) -> Api:
    assert (await stranger.sign_in()).status == 200
    return stranger


@pytest.fixture
async def line(api: Api) -> Line:
    return await api.connect()


@pytest.fixture
def door_id(simulator: Net2Simulator) -> int:
    """The main entrance, with two readers."""
    return next(iter(simulator.world.doors))
