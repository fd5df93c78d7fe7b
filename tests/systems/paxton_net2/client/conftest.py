"""Fixtures of the client's tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    Net2Client,
    Net2Settings,
    Net2Stream,
)
from simulators.paxton_net2 import Net2Simulator

from .support import ZONE, Listener, StubServer, settings_for


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
async def simulator() -> AsyncIterator[Net2Simulator]:
    async with Net2Simulator() as simulator:
        yield simulator


@pytest.fixture
def settings(simulator: Net2Simulator) -> Net2Settings:
    return Net2Settings(
        host=simulator.host,
        port=simulator.port,
        username=simulator.username,
        password=simulator.password,
        client_id=simulator.client_id,
        fingerprint=simulator.fingerprint,
    )


@pytest.fixture
def client(session: aiohttp.ClientSession, settings: Net2Settings) -> Net2Client:
    return Net2Client(session, settings, time_zone=ZONE)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def stream(client: Net2Client, listener: Listener, simulator: Net2Simulator) -> Net2Stream:
    stream = Net2Stream(client, listener.append)
    stream.set_doors(simulator.world.doors)
    return stream


@pytest.fixture
async def stub() -> AsyncIterator[StubServer]:
    async with StubServer() as stub:
        yield stub


@pytest.fixture
def stub_client(session: aiohttp.ClientSession, stub: StubServer) -> Net2Client:
    return Net2Client(session, settings_for(stub.port), time_zone=ZONE)


@pytest.fixture
def quick_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one sign-in follow the other at once, against a server without a limit."""
    monkeypatch.setattr("custom_components.gatehouse.systems.paxton_net2.client.auth._SPACING", 0.0)
