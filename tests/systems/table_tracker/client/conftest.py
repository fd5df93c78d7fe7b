"""Fixtures of the client's tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    TableTrackerClient,
    TableTrackerStream,
)

from .support import ZONE, Listener, StubGateway, settings_for


@pytest.fixture(autouse=True)
def _enable_custom_integrations() -> None:
    """Do without Home Assistant here, which the fixture of this name would start."""


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Let these tests open sockets; the kit keeps them to loopback."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def gateway() -> AsyncIterator[StubGateway]:
    gateway = StubGateway()
    await gateway.start()
    yield gateway
    await gateway.stop()


@pytest.fixture
def client(session: aiohttp.ClientSession, gateway: StubGateway) -> TableTrackerClient:
    return TableTrackerClient(session, settings_for(gateway.port), time_zone=ZONE)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def stream(client: TableTrackerClient, listener: Listener) -> TableTrackerStream:
    return TableTrackerStream(client, listener.append)
