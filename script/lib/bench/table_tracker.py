"""Table Tracker: a guest sits down at another table."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import orjson

from homeassistant.core import HomeAssistant, State

from .server import Control, Server
from .subject import EntryData, Subject

_ENTITY_ID: Final = "bench.bare_order"
#: The gateway's event entity, as Home Assistant names it after the entry.
_OURS: Final = "event.bench_order"
_MOVED: Final = "order_moved"
_MOVED_FRAME: Final = b'"ORDER_MODIFIED"'
#: Guests and tables: a moderately busy restaurant.
_GUESTS: Final = 12


async def _token(server: Server) -> str:
    async with Control(server) as gateway:
        for number in range(1, _GUESTS + 1):
            await gateway.do("move_to_table", number=str(number), table=str(number))
        return str(await gateway.do("issue_token", name="homeassistant"))


async def _entry_data(server: Server) -> EntryData:
    return {
        "host": server.ready["host"],
        "port": server.ready["port"],
        "token": await _token(server),
    }


def _is_gatehouses(state: State) -> bool:
    return state.entity_id == _OURS and state.attributes.get("event_type") == _MOVED


def _is_bare_clients(state: State) -> bool:
    return state.entity_id == _ENTITY_ID


async def _sit_elsewhere(site: Control, turn: int) -> None:
    number, table = turn % _GUESTS + 1, (turn + turn // _GUESTS + 1) % _GUESTS + 1
    await site.do("move_to_table", number=str(number), table=str(table))


@asynccontextmanager
async def _bare_client(hass: HomeAssistant, server: Server) -> AsyncIterator[None]:
    headers = {"Authorization": f"Bearer {await _token(server)}"}
    async with (
        aiohttp.ClientSession(server.url, headers=headers) as session,
        session.ws_connect("/api/v2/websocket") as socket,
    ):
        await socket.receive()
        writing = asyncio.create_task(_write_states(hass, socket))
        try:
            yield
        finally:
            writing.cancel()


async def _write_states(hass: HomeAssistant, socket: aiohttp.ClientWebSocketResponse) -> None:
    async for frame in socket:
        order = orjson.loads(frame.data)
        hass.states.async_set(_ENTITY_ID, str(order["seq"]), order)


TABLE_TRACKER: Final = Subject(
    system="table_tracker",
    entry_data=_entry_data,
    bare_client=_bare_client,
    is_gatehouses=_is_gatehouses,
    is_bare_clients=_is_bare_clients,
    frame=_MOVED_FRAME,
    happen=_sit_elsewhere,
)
