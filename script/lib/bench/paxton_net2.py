"""Net2: somebody is let in at a door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

import aiohttp
import orjson

from homeassistant.core import HomeAssistant, State

from .server import Control, Server
from .subject import EntryData, Subject

_ENTITY_ID: Final = "bench.bare"
#: What Net2 calls somebody being let in with a card, in a frame and by Gatehouse.
_LET_IN_FRAME: Final = b'"eventType":20,"eventSubType":0,"tokenType":'
_LET_IN_CODE: Final = 20
_LET_IN_TYPE: Final = "access_granted"
_PARAMS: Final = {
    "clientProtocol": "1.5",
    "transport": "webSockets",
    "connectionData": '[{"name":"eventHubLocal"}]',
}
_SUBSCRIBE: Final = '{"H":"eventHubLocal","M":"subscribeToLiveEvents","A":[],"I":"0"}'


async def _entry_data(server: Server) -> EntryData:
    names = ("host", "port", "username", "password", "client_id", "fingerprint")
    return {"use_https": True, **{name: server.ready[name] for name in names}}


def _is_gatehouses(state: State) -> bool:
    return state.attributes.get("event_type") == _LET_IN_TYPE


def _is_bare_clients(state: State) -> bool:
    return state.entity_id == _ENTITY_ID and state.attributes["eventType"] == _LET_IN_CODE


async def _swipe(site: Control, turn: int) -> None:
    doors = cast(list[dict[str, int]], (await site.state())["doors"])
    await site.do("swipe", door_id=doors[turn % len(doors)]["id"], user_id=8)


@asynccontextmanager
async def _bare_client(hass: HomeAssistant, server: Server) -> AsyncIterator[None]:
    fingerprint = aiohttp.Fingerprint(bytes.fromhex(str(server.ready["fingerprint"])))
    certificate = aiohttp.TCPConnector(ssl=fingerprint)
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
        "username": str(server.ready["username"]),
        "password": str(server.ready["password"]),
        "client_id": str(server.ready["client_id"]),
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
                hass.states.async_set(_ENTITY_ID, event["eventTime"], event)


NET2: Final = Subject(
    system="paxton_net2",
    entry_data=_entry_data,
    bare_client=_bare_client,
    is_gatehouses=_is_gatehouses,
    is_bare_clients=_is_bare_clients,
    frame=_LET_IN_FRAME,
    happen=_swipe,
)
