"""Negotiate, connect, start, ping, abort, and how they are refused (sections 5.2 to 5.6)."""

import asyncio
import base64
import json
import re

import aiohttp
import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import HUB, Api, Line

FORMAT = "The ConnectionId is in the incorrect format."
UNKNOWN_TRANSPORT = "Protocol error: Unknown transport."
OTHER_USER = (
    "Unrecognized user identity.  "
    "The user identity cannot change during an active SignalR connection."
)


async def test_negotiate_tells_the_timings(api: Api) -> None:
    answer = await api.negotiate()
    told = answer.json

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"+", "/", "="} <= set(told.pop("ConnectionToken"))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", told.pop("ConnectionId"))
    assert told == {
        "Url": "/signalr",
        "KeepAliveTimeout": 20.0,
        "DisconnectTimeout": 30.0,
        "ConnectionTimeout": 110.0,
        "TryWebSockets": True,
        "ProtocolVersion": "1.5",
        "TransportConnectTimeout": 5.0,
        "LongPollDelay": 0.0,
    }


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("1.2", "1.2"), ("1.5", "1.5"), ("2.0", "2.0"), ("2.1", "2.0"), ("1.0", "1.2"), ("x", "1.2")],
)
async def test_protocol_versions_are_clamped(api: Api, asked: str, answered: str) -> None:
    assert (await api.negotiate(clientProtocol=asked)).json["ProtocolVersion"] == answered


async def test_the_token_may_be_in_the_query_or_in_a_header(api: Api) -> None:
    assert (await api.negotiate()).status == 200
    header = {"Authorization": f"Bearer {api.token}"}
    query = api.query("", token="-")
    answer = await api.request("GET", f"/signalr/negotiate?{query}", headers=header)
    assert answer.status == 200


@pytest.mark.parametrize("token", ["-", "nonsense"])
@pytest.mark.parametrize("verb", ["negotiate", "connect", "start", "ping", "abort"])
async def test_nobody_comes_in_without_a_token(api: Api, verb: str, token: str) -> None:
    assert (await api.live("GET", verb, "x", token=token)).status == 401


async def test_a_core_clients_negotiate_is_refused(api: Api) -> None:
    answer = await api.request("POST", "/signalr/negotiate?negotiateVersion=1")

    assert answer.status == 405


@pytest.mark.parametrize("name", [HUB, "eventHubLocal", "EVENTHUBLOCAL"])
async def test_the_hubs_name_is_taken_in_any_case(api: Api, name: str) -> None:
    data = json.dumps([{"name": name}])

    assert (await api.negotiate(connectionData=data)).status == 200


@pytest.mark.parametrize(
    "data", ["nonsense", '[{"name":"otherHub"}]', json.dumps([{"name": HUB}] * 2), "[5]"]
)
@pytest.mark.parametrize("verb", ["negotiate", "ping", "connect"])
async def test_bad_connection_data_is_a_server_error(api: Api, verb: str, data: str) -> None:
    assert (await api.live("GET", verb, "x", connectionData=data)).status == 500


@pytest.mark.parametrize(
    ("verb", "token", "changes", "text"),
    [
        ("connect", "x", {}, UNKNOWN_TRANSPORT),
        ("connect", "x", {"transport": "pigeon"}, UNKNOWN_TRANSPORT),
        ("", "", {}, UNKNOWN_TRANSPORT),
        ("connect", "", {"transport": "webSockets"}, "Protocol error: Missing connection token."),
        ("connect", "forged", {"transport": "webSockets"}, FORMAT),
        ("connect", base64.b64encode(b"x" * 90).decode(), {"transport": "longPolling"}, FORMAT),
        ("start", "forged", {"transport": "webSockets"}, FORMAT),
        ("abort", "forged", {"transport": "webSockets"}, FORMAT),
    ],
)
async def test_what_is_wrong_is_said(
    api: Api, verb: str, token: str, changes: dict[str, str], text: str
) -> None:
    answer = await api.live("GET", verb, token, **changes)

    assert (answer.status, answer.text) == (400, text)


async def test_a_web_socket_has_to_be_one(api: Api) -> None:
    token = (await api.negotiate()).json["ConnectionToken"]

    answer = await api.live("GET", "connect", token, transport="webSockets")

    assert (answer.status, answer.text) == (400, "Not a valid web socket request.")


async def test_a_connection_stays_with_its_operator(api: Api) -> None:
    token = (await api.negotiate()).json["ConnectionToken"]
    await api.sign_in(username="System Engineer")

    answer = await api.live("GET", "start", token, transport="webSockets")

    assert (answer.status, answer.text) == (403, OTHER_USER)


async def test_a_refreshed_token_of_the_same_operator_is_welcome(api: Api) -> None:
    token = (await api.negotiate()).json["ConnectionToken"]
    await api.sign_in()

    assert (await api.live("GET", "start", token, transport="webSockets")).status == 200


async def test_the_first_frame_says_so_and_start_is_confirmed(api: Api, line: Line) -> None:
    started = await api.live("GET", "start", line.token, transport="webSockets")

    assert line.first["S"] == 1
    assert line.first["M"] == []
    assert line.first["C"].startswith("d-")
    assert started.text == '{ "Response": "started" }'


async def test_ping(api: Api) -> None:
    assert (await api.live("GET", "ping", "")).text == '{ "Response": "pong" }'


async def test_abort_makes_the_server_close(simulator: Net2Simulator, api: Api, line: Line) -> None:
    answer = await api.live("POST", "abort", line.token, transport="webSockets")

    assert (answer.status, answer.text) == (200, "")
    assert await line.close_code() == aiohttp.WSCloseCode.OK
    assert simulator.connections == []


async def test_a_second_socket_ends_the_first(api: Api, line: Line) -> None:
    second = await api.connect(token=line.token)

    assert await line.close_code() == aiohttp.WSCloseCode.OK
    assert (await second.call("subscribeToLiveEvents")) == {"I": "1"}


async def test_keep_alives_come_within_ten_seconds_and_then_every_ten(
    simulator: Net2Simulator, line: Line
) -> None:
    simulator.clock.advance(10)
    assert await line.frame() == {}
    simulator.clock.advance(30)
    assert [await line.frame() for _ in range(3)] == [{}] * 3


async def test_all_timings_are_made_from_the_disconnect_timeout() -> None:
    simulator = Net2Simulator(https=False)
    simulator.faults.disconnect_timeout = 6.0
    async with simulator, aiohttp.ClientSession() as session:
        api = Api(simulator, session)
        await api.sign_in()
        line = await api.connect()

        told = (await api.negotiate()).json
        assert (told["DisconnectTimeout"], told["KeepAliveTimeout"]) == (6.0, 4.0)
        simulator.clock.advance(2)
        assert await line.frame() == {}
        await api.close()


async def test_keep_alives_can_be_switched_off(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.faults.keep_alive_disabled = True
    line = await api.connect()
    await line.subscribe()
    simulator.clock.advance(60)
    simulator.world.press_bell(door_id)

    assert (await api.negotiate()).json["KeepAliveTimeout"] is None
    await line.told("LiveEvents")
    assert {} not in line.frames


async def test_keep_alives_can_be_left_out(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    simulator.faults.no_keep_alives = True
    await line.subscribe()
    simulator.clock.advance(60)
    simulator.world.press_bell(door_id)

    await line.told("LiveEvents")

    assert {} not in line.frames


async def test_who_vanishes_without_a_word_is_forgotten_after_35_to_40_seconds(
    simulator: Net2Simulator, api: Api, line: Line
) -> None:
    signalr = simulator._signalr
    assert signalr is not None
    await line.socket.close()
    async with asyncio.timeout(30):
        while simulator.connections:
            await api.get("/doors")

    simulator.clock.advance(34)
    assert len(signalr.connections.transports) == 1
    simulator.clock.advance(6)
    assert len(signalr.connections.transports) == 0


async def test_a_silent_server_keeps_the_socket_open(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe()
    await line.groups_token()
    simulator.faults.silent = True

    simulator.clock.advance(60)
    simulator.world.press_bell(door_id)

    with pytest.raises(TimeoutError):
        await line.socket.receive(timeout=0.3)
    assert not line.socket.closed


async def test_a_token_may_take_its_socket_with_it(
    simulator: Net2Simulator, api: Api, line: Line
) -> None:
    simulator.clock.advance(1900)
    assert await line.frame() == {}
    simulator.faults.cut_at_token_expiry = True
    simulator.clock.advance(10)

    assert await line.close_code() == aiohttp.WSCloseCode.ABNORMAL_CLOSURE


async def test_a_restart_closes_politely_and_knows_no_old_token(
    simulator: Net2Simulator, api: Api, line: Line
) -> None:
    code, _ = await asyncio.gather(line.close_code(), simulator.restart())

    assert code == aiohttp.WSCloseCode.OK
    await api.sign_in()
    answer = await api.live("GET", "reconnect", line.token, transport="webSockets")
    assert (answer.status, answer.text) == (400, FORMAT)


async def test_a_cut_comes_without_a_word(simulator: Net2Simulator, line: Line) -> None:
    simulator.cut_streams()

    assert await line.close_code() == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
