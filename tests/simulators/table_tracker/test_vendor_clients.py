"""Clients that others wrote: the gateway's own socket library, and how a kitchen display reads.

The kitchen display is a public Android program that works with real gateways. What it asks for,
and what it needs to find in the answers, is told here in our own words.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
import json
import threading
from typing import override

import pytest
from ws4py.client.threadedclient import WebSocketClient
from ws4py.messaging import TextMessage

from simulators.table_tracker import TableTrackerSimulator

from .support import BASE, Api


class VendorSocket(WebSocketClient):
    """The client end of ws4py, on a thread of its own."""

    def __init__(self, url: str, token: str, *, by_frame: bool) -> None:
        headers = [] if by_frame else [("Authorization", f"Bearer {token}")]
        super().__init__(url, headers=headers)
        self.token = token if by_frame else None
        self.loop = asyncio.get_running_loop()
        self.frames: asyncio.Queue[dict] = asyncio.Queue()
        self.end: tuple[int, str] | None = None
        self.ended = threading.Event()

    @override
    def opened(self) -> None:
        """Send the token, where the handshake had none."""
        if self.token is not None:
            self.send(json.dumps({"accesstoken": self.token}))

    @override
    def received_message(self, message: TextMessage) -> None:
        """Take a frame."""
        self.loop.call_soon_threadsafe(self.frames.put_nowait, json.loads(message.data))

    @override
    def closed(self, code: int, reason: str | None = None) -> None:
        """Note the end."""
        self.end = (code, (reason or b"").decode() if isinstance(reason, bytes) else reason or "")
        self.ended.set()

    async def frame(self) -> dict:
        """Wait for a frame."""
        async with asyncio.timeout(10):
            return await self.frames.get()

    async def has_ended(self) -> tuple[int, str] | None:
        """Wait for the end."""
        await asyncio.to_thread(self.ended.wait, 10)
        return self.end


@dataclass
class Sockets:
    """Opens sockets, and closes them when the test is over."""

    gateway: TableTrackerSimulator
    opened: list[VendorSocket] = field(default_factory=list)

    async def open(self, token: str, *, by_frame: bool) -> VendorSocket:
        """Open a socket."""
        url = f"{self.gateway.url.replace('http', 'ws')}{BASE}/websocket"
        socket = VendorSocket(url, token, by_frame=by_frame)
        await asyncio.to_thread(socket.connect)
        self.opened.append(socket)
        return socket


@pytest.fixture
async def sockets(gateway: TableTrackerSimulator) -> AsyncIterator[Sockets]:
    sockets = Sockets(gateway)
    yield sockets
    for socket in sockets.opened:
        if not socket.terminated:
            await asyncio.to_thread(socket.close)
        await socket.has_ended()


@pytest.mark.parametrize("by_frame", [False, True])
async def test_the_gateways_own_library_follows_an_order(
    gateway: TableTrackerSimulator, sockets: Sockets, by_frame: bool
) -> None:
    socket = await sockets.open(gateway.issue_token("vendor"), by_frame=by_frame)
    assert await socket.frame() == {"type": "ACTIVE_ORDERS", "count": 0, "items": []}

    gateway.start_tracker("23")
    gateway.move_to_table("23", "8")
    gateway.page("23")
    gateway.clear("23")

    frames = [await socket.frame() for _ in range(4)]
    assert [frame["type"] for frame in frames] == [
        "ORDER_CREATED",
        "ORDER_MODIFIED",
        "ORDER_PAGED",
        "ORDER_MODIFIED",
    ]

    await asyncio.to_thread(socket.close, 1000, "bye")
    assert await socket.has_ended() == (1000, "bye")


async def test_it_is_told_that_its_token_is_wrong(sockets: Sockets) -> None:
    socket = await sockets.open("abc", by_frame=True)

    assert (await socket.frame())["returnCode"] == -2
    assert await socket.has_ended() == (1000, "")


async def test_it_is_told_that_the_service_ends(
    gateway: TableTrackerSimulator, sockets: Sockets
) -> None:
    socket = await sockets.open(gateway.issue_token("vendor"), by_frame=False)
    await socket.frame()

    await gateway.shut_down()

    assert await socket.has_ended() == (1001, "Server is shutting down")


async def test_it_notices_a_power_loss(gateway: TableTrackerSimulator, sockets: Sockets) -> None:
    socket = await sockets.open(gateway.issue_token("vendor"), by_frame=False)
    await socket.frame()

    await gateway.stop()

    code, _ = await socket.has_ended() or (0, "")
    assert code == 1006


@dataclass
class Ticket:
    """What the kitchen display keeps of an order: what is missing or of another type is empty."""

    name: str
    uuid: str
    order_type: str
    table: str
    state: str
    created: str
    changed: str
    paged: bool
    elapsed: int

    @classmethod
    def read(cls, order: dict) -> Ticket:
        """Read nine fields by their names."""

        def text(key: str) -> str:
            return value if isinstance(value := order.get(key), str) else ""

        paged, elapsed = order.get("paged"), order.get("elapsedTime")
        return cls(
            text("name"),
            text("uuid"),
            text("orderType"),
            text("locationName"),
            text("state"),
            text("created"),
            text("stateChanged"),
            paged if isinstance(paged, bool) else False,
            elapsed if isinstance(elapsed, int) else 0,
        )


def tickets(answer: dict) -> list[Ticket]:
    """Read a list, by its count: one that says too much is a crash."""
    return [Ticket.read(answer["items"][place]) for place in range(answer["count"])]


def sense(frame: str) -> str:
    """Return what the kitchen display takes a frame for, errors first."""
    if '"message":' in frame:
        return "error"
    kinds = {
        "ACTIVE_ORDERS": "orders",
        "ORDER_CREATED": "order",
        "ORDER_MODIFIED": "order",
        "ORDER_PAGED": "order",
    }
    return kinds.get(json.loads(frame).get("type", ""), "unknown")


async def test_a_kitchen_display_pairs_without_a_name_or_a_header(
    gateway: TableTrackerSimulator, stranger: Api
) -> None:
    waiting = await stranger.request("GET", f"{BASE}/accesstoken/generate")
    gateway.press_button()
    paired = await stranger.request("GET", f"{BASE}/accesstoken/generate")

    # What has a text, a code and a status is a message, and this one makes it ask again.
    assert waiting.json["message"]
    assert waiting.json["returnCode"] in {-1, -2, -3, -4}
    assert "message" not in paired.json
    assert paired.json["status"] in {200, 201, 202}
    assert len(paired.json["token"]["token"]) == 48
    assert paired.json["token"]["name"] == "default"


async def test_a_kitchen_display_reads_orders(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.move_to_table("23", "8")
    gateway.start_tracker("6", "TO_GO")
    # It sends the type of a body without a body, and says which characters it reads.
    headers = {"Content-Type": "application/json", "Charset": "UTF-8"}

    listed = await api.request("GET", f"{BASE}/activeorders", headers=headers)
    one = await api.request("GET", f"{BASE}/activeorders/23", headers=headers)

    assert listed.json["status"] in {200, 201, 202}
    seated, waiting = tickets(listed.json)
    assert (seated.name, seated.table, seated.state) == ("23", "8", "located")
    assert (waiting.name, waiting.table, waiting.order_type) == ("6", "", "TO_GO")
    assert all(vars(seated)[key] for key in ("uuid", "created", "changed"))
    assert Ticket.read(one.json["activeorder"]).uuid == seated.uuid


async def test_a_kitchen_display_pages_and_clears_by_number_or_uuid(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    first, second = gateway.start_tracker("6"), gateway.start_tracker("7")

    for given in ("6", second):
        path = f"{BASE}/activeorders/{given}"
        paged = await api.request("POST", f"{path}/guest_paging", json={"tracking": True})
        assert paged.status == 200
        assert "message" not in paged.json
    assert all(gateway.world.orders[name].paged for name in (first, second))

    for given in ("6", second):
        headers = {"Content-Type": "application/json"}
        removed = await api.request("DELETE", f"{BASE}/activeorders/{given}", headers=headers)
        assert removed.status == 200
    cleared = await api.request("DELETE", f"{BASE}/activeorders")
    assert cleared.status == 200
    assert gateway.world.orders == {}


async def test_a_kitchen_display_understands_every_frame(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    line = await api.listen(by_frame=True)
    gateway.faults.delay_frames = 0.05

    async def raw() -> str:
        async with asyncio.timeout(10):
            return (await line.socket.receive()).data

    listed = await raw()
    gateway.move_to_table("23", "8")
    gateway.page("23")
    gateway.clear("23")
    frames = [await raw() for _ in range(3)]

    assert sense(listed) == "orders"
    assert tickets(json.loads(listed)) == []
    assert [sense(frame) for frame in frames] == ["order"] * 3
    born, paged, gone = [Ticket.read(json.loads(frame)) for frame in frames]
    assert (born.state, born.table, born.paged) == ("located", "8", False)
    assert (paged.paged, gone.state) == (True, "cleared")

    await line.socket.send_str("nonsense")
    assert sense(await raw()) == "error"


async def test_a_kitchen_display_asks_every_few_seconds_whether_it_is_alive(
    gateway: TableTrackerSimulator, stranger: Api
) -> None:
    assert (await stranger.request("GET", BASE)).status in {200, 201, 202}
    assert gateway.requests[0].is_authorised is False
