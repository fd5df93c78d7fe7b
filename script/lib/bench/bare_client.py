"""The floor of the live stream: the least that a client can do to write a state per event."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import orjson

from homeassistant.core import HomeAssistant

from .server import Server

ENTITY_ID: Final = "bench.bare"

_PARAMS: Final = {
    "clientProtocol": "1.5",
    "transport": "webSockets",
    "connectionData": '[{"name":"eventHubLocal"}]',
}
_SUBSCRIBE: Final = '{"H":"eventHubLocal","M":"subscribeToLiveEvents","A":[],"I":"0"}'


@asynccontextmanager
async def bare_client(hass: HomeAssistant, server: Server) -> AsyncIterator[None]:
    """Follow a server's live events."""
    certificate = aiohttp.TCPConnector(ssl=aiohttp.Fingerprint(bytes.fromhex(server.fingerprint)))
    async with aiohttp.ClientSession(server.url, connector=certificate) as session:
        socket = await _connect(session, server)
        writing = asyncio.create_task(_write_states(hass, socket))
        try:
            yield
        finally:
            writing.cancel()
            await socket.close()


async def _connect(
    session: aiohttp.ClientSession, server: Server
) -> aiohttp.ClientWebSocketResponse:
    """Sign in, negotiate, connect, start and subscribe."""
    form = {
        "grant_type": "password",
        "username": server.username,
        "password": server.password,
        "client_id": server.client_id,
        "scope": "offline_access",
    }
    async with session.post("/api/v1/authorization/tokens", data=form) as answer:
        headers = {"Authorization": f"Bearer {(await answer.json())['access_token']}"}
    async with session.get("/signalr/negotiate", params=_PARAMS, headers=headers) as answer:
        params = {**_PARAMS, "connectionToken": (await answer.json())["ConnectionToken"]}
    socket = await session.ws_connect("/signalr/connect", params=params, headers=headers)
    while "S" not in await socket.receive_json():
        pass
    async with session.get("/signalr/start", params=params, headers=headers):
        pass
    await socket.send_str(_SUBSCRIBE)
    while "I" not in await socket.receive_json():
        pass
    return socket


async def _write_states(hass: HomeAssistant, socket: aiohttp.ClientWebSocketResponse) -> None:
    async for frame in socket:
        for message in orjson.loads(frame.data).get("M", ()):
            for event in message["A"][0]:
                hass.states.async_set(ENTITY_ID, event["eventTime"], event)
