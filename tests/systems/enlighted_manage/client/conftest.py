"""Fixtures of the client's tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import EnlightedClient
from simulators.enlighted_manage import EnlightedSimulator

from .support import NOON, ZONE, StubManager, client_of, settings_for


@pytest.fixture(autouse=True)
def _enable_custom_integrations() -> None:
    """Do without Home Assistant here, which the fixture of this name would start."""


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Let these tests open sockets; the kit keeps them to loopback."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session that keeps no cookies, as the integration's does (appendix C 12)."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def manager() -> AsyncIterator[EnlightedSimulator]:
    async with EnlightedSimulator() as manager:
        manager.clock.set(NOON)
        yield manager


@pytest.fixture
def client(session: aiohttp.ClientSession, manager: EnlightedSimulator) -> EnlightedClient:
    """Return a client of the simulated manager, which knows neither its scheme nor its clock."""
    return client_of(session, manager)


@pytest.fixture
async def stub() -> AsyncIterator[StubManager]:
    stub = StubManager()
    await stub.start()
    yield stub
    await stub.stop()


@pytest.fixture
def stub_client(session: aiohttp.ClientSession, stub: StubManager) -> EnlightedClient:
    """Return a client of a manager that says what it is told to."""
    client = EnlightedClient(session, settings_for(stub.port))
    client.time_zone = ZONE
    return client
