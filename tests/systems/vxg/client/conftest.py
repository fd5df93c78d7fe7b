"""Fixtures of the client's tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import VxgClient, camera_api, storage_api
from simulators.vxg import VxgSimulator

from .support import StubCloud, client_of, settings_for


@pytest.fixture(autouse=True)
def _enable_custom_integrations() -> None:
    """Do without Home Assistant here, which the fixture of this name would start."""


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Let these tests open sockets; the kit keeps them to loopback."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once where the client would wait for seconds."""
    monkeypatch.setattr(camera_api, "_WARM_UP_STEP", 0.01)
    monkeypatch.setattr(camera_api, "_PREVIEW_WAIT", 0.01)
    monkeypatch.setattr(storage_api, "_POLL_STEP", 0.01)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def cloud() -> AsyncIterator[VxgSimulator]:
    async with VxgSimulator() as cloud:
        yield cloud


@pytest.fixture
def client(session: aiohttp.ClientSession, cloud: VxgSimulator) -> VxgClient:
    """Return a client that holds the account's licence key."""
    return client_of(session, cloud, cloud.world.licence_key())


@pytest.fixture
async def stub() -> AsyncIterator[StubCloud]:
    stub = StubCloud()
    await stub.start()
    yield stub
    await stub.stop()


@pytest.fixture
def stub_client(session: aiohttp.ClientSession, stub: StubCloud) -> VxgClient:
    """Return a client that holds a licence key, at a cloud that says what it is told to."""
    return VxgClient(session, settings_for(stub.port))
