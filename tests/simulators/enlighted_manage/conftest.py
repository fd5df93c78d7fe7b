"""A simulated manager, and a bare client of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulators.enlighted_manage import EnlightedSimulator

from .support import MOMENT, Api


@pytest.fixture
async def manager() -> AsyncIterator[EnlightedSimulator]:
    manager = EnlightedSimulator()
    manager.clock.set(MOMENT)
    async with manager:
        yield manager


@pytest.fixture
async def api(manager: EnlightedSimulator) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Api(manager, session)
