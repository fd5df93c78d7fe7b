"""A simulated cloud, and a bare client of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulators.vxg import VxgSimulator

from .support import Api


@pytest.fixture
async def cloud() -> AsyncIterator[VxgSimulator]:
    async with VxgSimulator() as cloud:
        yield cloud


@pytest.fixture
async def api(cloud: VxgSimulator) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(cloud, session)
