"""Server-sent events and long polling (section 5.8, appendix C)."""

import asyncio
import json

import aiohttp
import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import HUB, Api, contents


async def connect(api: Api, transport: str) -> tuple[str, aiohttp.ClientResponse]:
    """Open a stream by an ordinary request."""
    token = (await api.negotiate()).json["ConnectionToken"]
    query = api.query(token, transport=transport)
    return token, await api.session.get(f"{api.simulator.url}/signalr/connect?{query}")


async def send(api: Api, token: str, transport: str, method: str, *arguments: str) -> dict:
    """Call a method of the hub, and return the result in the answer's body."""
    call = json.dumps({"H": HUB, "M": method, "A": arguments, "I": 3})
    answer = await api.live("POST", "send", token, transport=transport, data={"data": call})
    return answer.json


class Events:
    """A stream of server-sent events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.frames: list[dict] = []

    async def text(self) -> str:
        async with asyncio.timeout(30):
            lines = [await self.response.content.readline(), await self.response.content.readline()]
        assert lines[1].strip() == b""
        assert lines[0].startswith(b"data: ")
        return lines[0].removeprefix(b"data: ").decode().strip()

    async def frame(self) -> dict:
        self.frames.append(json.loads(await self.text()))
        return self.frames[-1]


async def test_server_sent_events(simulator: Net2Simulator, api: Api, door_id: int) -> None:
    token, response = await connect(api, "serverSentEvents")
    events = Events(response)

    assert response.headers["Content-Type"] == "text/event-stream"
    assert await events.text() == "initialized"
    assert (await events.frame())["S"] == 1
    started = await api.live("GET", "start", token, transport="serverSentEvents")
    assert started.text == '{ "Response": "started" }'
    assert await send(api, token, "serverSentEvents", "subscribeToLiveEvents") == {"I": "3"}
    assert "G" in await events.frame()
    simulator.world.press_bell(door_id)
    assert contents([await events.frame()], "LiveEvents")[0]["eventType"] == 52
    simulator.clock.advance(10)
    assert await events.frame() == {}
    await api.live("POST", "abort", token, transport="serverSentEvents")
    assert await response.content.read() == b""
    response.close()


async def test_a_call_that_fails_says_so_in_the_answer(api: Api) -> None:
    token, response = await connect(api, "serverSentEvents")

    answer = await send(api, token, "serverSentEvents", "subscribeToNothing")

    assert answer["E"] == f"There was an error invoking Hub method '{HUB}.subscribeToNothing'."
    response.close()


async def poll(api: Api, token: str, cursor: str, groups: str = "", verb: str = "poll") -> dict:
    """Ask for what comes next."""
    form = {"messageId": cursor, "groupsToken": groups}
    return (await api.live("POST", verb, token, transport="longPolling", data=form)).json


async def test_long_polling(simulator: Net2Simulator, api: Api, door_id: int) -> None:
    token, response = await connect(api, "longPolling")
    first = await response.json()

    assert first["S"] == 1
    waiting = asyncio.create_task(poll(api, token, first["C"]))
    assert await send(api, token, "longPolling", "subscribeToLiveEvents") == {"I": "3"}
    second = await waiting
    assert second["M"] == []

    for _ in range(3):
        simulator.world.press_bell(door_id)
    third = await poll(api, token, second["C"], second["G"])

    assert len(third["M"]) == 3
    assert "T" not in third


async def test_a_poll_without_the_groups_token_is_deaf(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    token, response = await connect(api, "longPolling")
    first = await response.json()
    await send(api, token, "longPolling", "subscribeToLiveEvents")
    second = await poll(api, token, first["C"])

    simulator.world.press_bell(door_id)
    deaf = asyncio.create_task(poll(api, token, second["C"]))
    while simulator.connections != ["LongPolling"]:
        await api.get("/doors")
    simulator.clock.advance(115)

    assert (await deaf)["M"] == []


async def test_a_poll_is_kept_alive_by_blanks_and_ends_after_its_time(
    simulator: Net2Simulator, api: Api
) -> None:
    token, response = await connect(api, "longPolling")
    cursor = (await response.json())["C"]

    waiting = asyncio.create_task(
        api.live("GET", "poll", token, transport="longPolling", messageId=cursor)
    )
    while not simulator.connections:
        await api.get("/doors")
    for _ in range(12):
        simulator.clock.advance(10)
        await api.get("/doors")
    answer = await waiting

    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.text.startswith("  ")
    assert answer.json["M"] == []


async def test_a_server_that_shuts_down_says_so_by_long_polling_only(
    simulator: Net2Simulator, api: Api
) -> None:
    token, response = await connect(api, "longPolling")
    cursor = (await response.json())["C"]
    waiting = asyncio.create_task(poll(api, token, cursor))
    while not simulator.connections:
        await api.get("/doors")

    await simulator.restart()

    assert (await waiting)["T"] == 1


async def test_an_abort_answers_the_poll(simulator: Net2Simulator, api: Api) -> None:
    token, response = await connect(api, "longPolling")
    cursor = (await response.json())["C"]
    waiting = asyncio.create_task(poll(api, token, cursor))
    while not simulator.connections:
        await api.get("/doors")

    assert (await api.live("POST", "abort", token, transport="longPolling")).status == 200

    assert (await waiting)["M"] == []


async def test_more_than_ten_messages_come_in_one_poll(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    token, response = await connect(api, "longPolling")
    await send(api, token, "longPolling", "subscribeToLiveEvents")
    second = await poll(api, token, (await response.json())["C"])
    for _ in range(25):
        simulator.world.press_bell(door_id)

    assert len((await poll(api, token, second["C"], second["G"]))["M"]) == 25


@pytest.mark.parametrize("data", ["", "{}", "nonsense"])
async def test_a_call_that_cannot_be_read_is_a_server_error(api: Api, data: str) -> None:
    token = (await api.negotiate()).json["ConnectionToken"]

    answer = await api.live("POST", "send", token, transport="longPolling", data={"data": data})

    assert answer.status == 500


async def test_web_sockets_may_not_pass(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.no_web_sockets = True

    assert (await api.negotiate()).json["TryWebSockets"] is False
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await api.connect()
