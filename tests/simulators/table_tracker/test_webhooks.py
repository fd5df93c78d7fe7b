"""Changes are also posted to whoever registered (section 4.10)."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web
import pytest

from simulators.table_tracker import TableTrackerSimulator

from .support import Api


class Receiver:
    """Somebody who registers for changes."""

    def __init__(self) -> None:
        self.url = ""
        self.posts: asyncio.Queue[dict] = asyncio.Queue()

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        """Take a post."""
        assert (request.method, request.content_type) == ("POST", "application/json")
        await self.posts.put(await request.json())
        return web.Response()

    async def post(self) -> dict:
        """Wait for a post."""
        async with asyncio.timeout(10):
            return await self.posts.get()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.take), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_whoever_registers_is_told_of_changes(
    gateway: TableTrackerSimulator, api: Api, receiver: Receiver
) -> None:
    answer = await api.post("/register", {"http_client": receiver.url})
    assert (answer.code, answer.json["message"]) == (1005, "Registered client.")

    name = gateway.start_tracker("5")
    told = await receiver.post()
    assert (told["type"], told["uuid"], told["name"]) == ("ORDER_CREATED", name, "5")

    assert (await api.delete("/register", http_client=receiver.url)).status == 200
    gateway.clear("5")
    await asyncio.sleep(0.1)
    assert receiver.posts.empty()


async def test_nobody_waits_for_a_receiver_that_is_gone(
    gateway: TableTrackerSimulator, api: Api, receiver: Receiver
) -> None:
    await api.post("/register", {"http_client": "http://127.0.0.1:1/"})
    await api.post("/register", {"http_client": receiver.url})

    gateway.start_tracker("5")

    assert (await receiver.post())["type"] == "ORDER_CREATED"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, -28),
        ({"http_client": "gateway"}, -29),
        ({"http_client": "https://127.0.0.1/"}, -29),
        ({"http_client": True}, -29),
    ],
)
async def test_what_is_no_callback(api: Api, body: dict, code: int) -> None:
    answer = await api.post("/register", body)

    assert (answer.status, answer.code) == (400, code)


async def test_only_who_is_registered_can_leave(api: Api) -> None:
    assert (await api.delete("/register", http_client="http://127.0.0.1:1/")).code == -30
    assert (await api.delete("/register")).code == -28


async def test_a_factory_reset_forgets_receivers(
    gateway: TableTrackerSimulator, api: Api, receiver: Receiver
) -> None:
    await api.post("/register", {"http_client": receiver.url})

    await gateway.factory_reset()
    gateway.start_tracker("5")

    await asyncio.sleep(0.1)
    assert receiver.posts.empty()
