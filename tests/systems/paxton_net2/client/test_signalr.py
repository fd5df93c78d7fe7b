"""The wire of the live stream, frame by frame, against a scripted server."""

import asyncio
import json
from typing import Any

from aiohttp import web
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    AccessEvent,
    DoorLockUpdate,
    DoorStatusUpdate,
    Net2Client,
    Net2ConnectionError,
    Net2Error,
    Net2NotFoundError,
    Net2RejectedError,
    Net2ResponseError,
    Net2Stream,
    RollCallUpdate,
    StreamConnected,
    StreamDisconnected,
    link,
    signalr,
)
from custom_components.gatehouse.systems.paxton_net2.client.parse import Json

from .support import (
    ACCESS_TOKEN,
    CONNECTION_TOKEN,
    HTML,
    Answer,
    Listener,
    StubServer,
    chain,
    connected,
    running,
    until,
    words_of,
)

EVENT: dict[str, Json] = {
    "eventTime": "2026-01-10T18:48:34",
    "eventType": 20,
    "userId": 8,
    "deviceId": 7,
}


def message(stream: str, *arguments: object, hub: str = "EventHubLocal") -> dict[str, object]:
    return {"H": hub, "M": stream, "A": list(arguments)}


def frame(*messages: object) -> dict[str, object]:
    return {"C": "d-A,1", "M": list(messages)}


@pytest.fixture
def stream(stub_client: Net2Client, listener: Listener) -> Net2Stream:
    return Net2Stream(stub_client, listener.append)


async def test_a_connection_begins_and_ends_as_the_protocol_wants(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    async with connected(stream, listener):
        pass
    await until(lambda: stub.sockets[0].closed)
    assert stub.requests[1:] == [
        "GET /signalr/negotiate",
        "GET /signalr/connect",
        "GET /signalr/start",
        "POST /signalr/abort",
    ]
    negotiate, *others = stub.queries[1:]
    assert json.loads(negotiate["connectionData"]) == [{"name": "eventhublocal"}]
    assert negotiate["clientProtocol"] == "1.5"
    assert negotiate["token"] == ACCESS_TOKEN
    for query in others:
        assert query["connectionToken"] == CONNECTION_TOKEN
        assert query["token"] == ACCESS_TOKEN
        assert query["transport"] == "webSockets"


async def test_the_socket_carries_the_token_in_its_header_as_well(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    headers: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        headers.append(request.headers["Authorization"])
        return await stub.serve_socket(request)

    stub.answers["GET /signalr/connect"] = note
    async with connected(stream, listener):
        assert headers == [f"Bearer {ACCESS_TOKEN}"]


async def test_every_door_and_roll_call_is_asked_for_by_text(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    stream.set_doors([7])
    stream.set_roll_calls([1])
    async with connected(stream, listener):
        asked = sorted((str(call["M"]), str(call["A"])) for call in stub.calls)
    assert asked == [
        ("subscribeToDoorEvents", "['7']"),
        ("subscribeToDoorStatusEvents", "['7']"),
        ("subscribeToLiveEvents", "[]"),
        ("subscribeToRollCallEvents", "['1']"),
    ]
    assert len({call["I"] for call in stub.calls}) == len(stub.calls)


@pytest.mark.parametrize(
    "answers",
    [
        message("LiveEvents", [EVENT]),
        message("liveEvents", EVENT),
        message("LIVEEVENTS", [[EVENT]], hub="eventhublocal"),
    ],
)
async def test_events_come_nested_or_flat_and_in_any_case(
    stub: StubServer, stream: Net2Stream, listener: Listener, answers: dict[str, object]
) -> None:
    async with connected(stream, listener):
        await stub.send(frame(answers))
        event = await listener.wait_for(AccessEvent)
    assert (event.code, event.user_id, event.door_id) == (20, 8, 7)


async def test_one_frame_may_hold_many_messages_and_one_message_many_events(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    several = [EVENT | {"eventType": code} for code in (20, 28, 46)]
    status = {"deviceId": 7, "status": {"doorRelayOpen": True}}
    async with connected(stream, listener):
        await stub.send(
            frame(
                message("LiveEvents", several),
                message("DoorEvents", [{"doorId": 7, "locked": False}]),
                message("DoorStatusEvents", [status]),
                message("RollCallEvents", [{"rollCallReportId": 1}]),
                message("LiveEvents", [EVENT | {"eventType": 29}]),
            )
        )
        await listener.wait_for(AccessEvent, 4)
    assert [type(each) for each in listener[1:]] == [
        AccessEvent,
        AccessEvent,
        AccessEvent,
        DoorLockUpdate,
        DoorStatusUpdate,
        RollCallUpdate,
        AccessEvent,
    ]
    assert [event.code for event in listener.of(AccessEvent)] == [20, 28, 46, 29]


@pytest.mark.parametrize(
    "odd",
    [
        "{}",
        " { } ",
        "",
        "null",
        "[]",
        "7",
        '"text"',
        "not json",
        '{"C":"d-A,2","M":[]}',
        '{"C":"d-A,2","G":"groups","M":[]}',
        '{"M":{}}',
        '{"M":[null,7,"x",[],{}]}',
        '{"M":[{"H":"EventHubLocal"}]}',
        '{"M":[{"H":7,"M":7,"A":7}]}',
        '{"M":[{"H":"EventHubLocal","M":"LiveEvents"}]}',
        '{"M":[{"H":"EventHubLocal","M":"LiveEvents","A":[[{"eventType":20}]]}]}',
        '{"M":[{"H":"OtherHub","M":"LiveEvents","A":[[{"eventTime":"2026-01-01T00:00:00","eventType":1}]]}]}',
        '{"M":[{"H":"EventHubLocal","M":"NewStream","A":[[{"eventTime":"2026-01-01T00:00:00","eventType":1}]]}]}',
        '{"I":"77"}',
        '{"I":null}',
        '{"I":{"a":1},"E":"x"}',
        '{"I":"0"}',
        '{"E":"broken"}',
    ],
)
async def test_a_frame_that_says_nothing_is_passed_over(
    stub: StubServer, stream: Net2Stream, listener: Listener, odd: str
) -> None:
    async with connected(stream, listener):
        await stub.send(odd)
        await stub.send(frame(message("LiveEvents", [EVENT])))
        await listener.wait_for(AccessEvent)
    assert [type(each) for each in listener] == [StreamConnected, AccessEvent]


async def test_binary_frames_are_passed_over(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    async with connected(stream, listener):
        await stub.sockets[0].send_bytes(b"\0\1")
        await stub.send(frame(message("LiveEvents", [EVENT])))
        await listener.wait_for(AccessEvent)


async def test_a_long_frame_is_read(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    async with connected(stream, listener):
        await stub.send(frame(message("LiveEvents", [EVENT] * 20_000)))
        await listener.wait_for(AccessEvent, 20_000)


async def test_a_frame_beyond_all_bounds_ends_the_connection(
    stub: StubServer, stream: Net2Stream, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "_LARGEST_FRAME", 10_000)
    async with connected(stream, listener):
        await stub.send(" " * 20_000)
        await listener.wait_for(StreamConnected, 2)
    assert len(listener.of(StreamDisconnected)) == 1


async def test_the_first_frame_may_be_a_keep_alive(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    stub.hello = ["{}", '{"C":"d-A,0","S":1,"M":[]}']
    async with connected(stream, listener):
        pass


async def test_a_connection_that_does_not_begin_is_given_up(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.hello = []
    stub.negotiation["TransportConnectTimeout"] = 0.1
    with pytest.raises(Net2ConnectionError):
        await stub_client.open_connection()
    assert stub.requests[-1] == "POST /signalr/abort"
    await until(lambda: stub.sockets[0].closed)


@pytest.mark.parametrize(
    ("negotiation", "error"),
    [
        ({"availableTransports": [], "connectionId": "x"}, Net2ResponseError),
        ({"connectionId": "x", "connectionToken": "y", "negotiateVersion": 1}, Net2ResponseError),
        ({}, Net2ResponseError),
        ([], Net2ResponseError),
        ({"ConnectionToken": None}, Net2ResponseError),
        ({"ConnectionToken": "x", "TryWebSockets": False}, Net2ConnectionError),
    ],
)
async def test_a_negotiation_that_leads_nowhere_is_told(
    stub: StubServer,
    stub_client: Net2Client,
    negotiation: object,
    error: type[Net2Error],
) -> None:
    stub.answers["GET /signalr/negotiate"] = Answer(negotiation)
    with pytest.raises(error):
        await stub_client.open_connection()
    assert stub.requests[-1] == "GET /signalr/negotiate"


async def test_a_server_without_live_stream_is_told(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.answers["GET /signalr/negotiate"] = Answer("", 404)
    with pytest.raises(Net2NotFoundError):
        await stub_client.open_connection()


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 500, 502])
async def test_a_refused_socket_is_a_connection_error_without_its_address(
    stub: StubServer, stub_client: Net2Client, status: int
) -> None:
    stub.answers["GET /signalr/connect"] = Answer(HTML.body, status, HTML.headers)
    with pytest.raises(Net2ConnectionError) as caught:
        await stub_client.open_connection()
    assert ACCESS_TOKEN not in words_of(caught.value)
    assert "127.0.0.1" not in words_of(caught.value)
    assert len(list(chain(caught.value))) == 1


async def test_a_socket_that_is_never_answered_is_a_connection_error(
    stub: StubServer, stub_client: Net2Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(_: web.Request) -> Answer:
        await asyncio.sleep(60)
        return Answer()

    monkeypatch.setattr(link, "_SOCKET_LIMIT", 0.1)
    stub.answers["GET /signalr/connect"] = sleep
    with pytest.raises(Net2ConnectionError):
        await stub_client.open_connection()


async def test_a_refused_start_closes_the_socket(stub: StubServer, stub_client: Net2Client) -> None:
    stub.answers["GET /signalr/start"] = Answer("", 500)
    with pytest.raises(Net2ConnectionError):
        await stub_client.open_connection()
    await until(lambda: stub.sockets[0].closed)


async def test_an_expired_token_is_renewed_for_the_negotiation(
    stub: StubServer, stub_client: Net2Client
) -> None:
    negotiation = Answer(stub.negotiation)
    stub.answers["GET /signalr/negotiate"] = [Answer("", 401), negotiation]
    connection = await stub_client.open_connection()
    await connection.close()
    assert stub.requests.count("GET /signalr/negotiate") == 2


async def test_a_call_is_answered_by_its_own_result(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.on_call = lambda call: None
    connection = await stub_client.open_connection()
    receiving = asyncio.create_task(connection.receive(ignore))
    first = asyncio.create_task(connection.invoke("first"))
    second = asyncio.create_task(connection.invoke("second", "7"))
    await until(lambda: len(stub.calls) == 2)
    ids = {str(call["M"]): str(call["I"]) for call in stub.calls}
    await stub.send({"I": ids["second"]})
    await second
    assert not first.done()
    await stub.send({"I": ids["first"], "E": "There was an error invoking Hub method 'x.First'."})
    with pytest.raises(Net2RejectedError, match="There was an error"):
        await first
    await stub.send({"I": ids["first"]})
    receiving.cancel()
    await asyncio.wait([receiving])
    await connection.close()


async def ignore(stream: str, arguments: Json) -> None:
    """Take a message for nothing."""


async def test_a_call_that_is_never_answered_is_given_up(
    stub: StubServer, stub_client: Net2Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalr, "_INVOKE_LIMIT", 0.1)
    stub.on_call = lambda call: None
    connection = await stub_client.open_connection()
    with pytest.raises(Net2ConnectionError, match="subscribeToLiveEvents"):
        await connection.invoke("subscribeToLiveEvents")
    await connection.close()


async def test_a_call_on_a_closed_connection_is_a_connection_error(
    stub: StubServer, stub_client: Net2Client
) -> None:
    connection = await stub_client.open_connection()
    await connection.close()
    with pytest.raises(Net2ConnectionError):
        await connection.invoke("subscribeToLiveEvents")


async def test_a_connection_ends_for_the_first_reason_given(
    stub: StubServer, stub_client: Net2Client
) -> None:
    connection = await stub_client.open_connection()
    connection.end(Net2RejectedError("enough"))
    connection.end(Net2RejectedError("more than enough"))
    with pytest.raises(Net2RejectedError, match=r"^enough"):
        await connection.receive(ignore)
    await connection.close()
    assert "POST /signalr/abort" not in stub.requests


async def test_an_abort_that_is_not_taken_does_not_hold_up_the_end(
    stub: StubServer, stub_client: Net2Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(_: web.Request) -> Answer:
        await asyncio.sleep(60)
        return Answer()

    monkeypatch.setattr(signalr, "_ABORT_LIMIT", 0.1)
    for answer in (sleep, Answer("", 500)):
        stub.answers["POST /signalr/abort"] = answer
        connection = await stub_client.open_connection()
        await connection.close()
    await until(lambda: all(socket.closed for socket in stub.sockets))


async def test_silence_beyond_the_keep_alive_ends_the_connection(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    stub.negotiation["KeepAliveTimeout"] = 0.2
    async with connected(stream, listener):
        await listener.wait_for(StreamConnected, 2)
    assert len(listener.of(StreamDisconnected)) >= 1
    assert "POST /signalr/abort" in stub.requests


async def test_keep_alives_keep_it_alive(
    stub: StubServer, stream: Net2Stream, listener: Listener
) -> None:
    stub.negotiation["KeepAliveTimeout"] = 1.0
    async with connected(stream, listener):
        for _ in range(15):
            await asyncio.sleep(0.1)
            await stub.send("{}")
        assert listener.of(StreamDisconnected) == []


@pytest.mark.parametrize("timeout", [None, 0, -1, "never"])
async def test_without_a_keep_alive_silence_means_nothing(
    stub: StubServer, stream: Net2Stream, listener: Listener, timeout: object
) -> None:
    stub.negotiation["KeepAliveTimeout"] = timeout
    async with connected(stream, listener):
        await asyncio.sleep(0.3)
        assert listener.of(StreamDisconnected) == []


async def test_a_slow_receiver_is_not_the_servers_silence(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.negotiation["KeepAliveTimeout"] = 0.2
    connection = await stub_client.open_connection()
    heard: list[str] = []

    async def slow(stream: str, arguments: Json) -> None:
        await asyncio.sleep(0.6)
        heard.append(stream)

    receiving = asyncio.create_task(connection.receive(slow))
    await stub.send(frame(message("LiveEvents", [EVENT])))
    await until(lambda: heard)
    with pytest.raises(Net2ConnectionError, match="silent"):
        await receiving
    await connection.close()


async def test_the_keep_alive_watch_sets_no_timer_for_a_frame(
    stub: StubServer, stub_client: Net2Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await stub_client.open_connection()
    frames = 0

    async def count(stream: str, arguments: Json) -> None:
        nonlocal frames
        frames += 1

    receiving = asyncio.create_task(connection.receive(count))
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    set_timer = loop.call_at
    timers: list[float] = []

    def note(when: float, *args: Any, **kwargs: Any) -> asyncio.TimerHandle:
        timers.append(when)
        return set_timer(when, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "call_at", note)
        for _ in range(200):
            await stub.send(frame(message("LiveEvents", [EVENT])))
        while frames < 200:  # noqa: ASYNC110  # waiting otherwise would set timers
            await asyncio.sleep(0)
    assert len(timers) < 20
    receiving.cancel()
    await asyncio.wait([receiving])
    await connection.close()


async def test_a_stream_may_be_cancelled_at_any_moment(
    stub: StubServer, stream: Net2Stream
) -> None:
    for ticks in range(0, 40, 2):
        async with running(stream):
            for _ in range(ticks):
                await asyncio.sleep(0)
    await until(lambda: all(socket.closed for socket in stub.sockets))
