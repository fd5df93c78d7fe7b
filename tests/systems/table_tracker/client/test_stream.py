"""The live stream: who is let in, what is told in which order, and how it ends."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha1
import json
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    OrderPushed,
    OrdersListed,
    OrderState,
    PushKind,
    ResyncNeeded,
    StreamConnected,
    StreamDisconnected,
    TableTrackerAuthError,
    TableTrackerClient,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerStream,
    TableTrackerUnsupportedError,
    stream as stream_module,
)

from ...raw_server import raw_server
from .support import (
    REFUSED,
    TOKEN,
    UUID,
    Answer,
    Listener,
    StubGateway,
    event,
    following,
    order_row,
    page,
    settings_for,
    snapshot,
    until,
)


def refused_by_frame(gateway: StubGateway) -> None:
    gateway.refusal = REFUSED


def refused_as_malformed(gateway: StubGateway) -> None:
    gateway.refusal = Answer({"status": 400, "returnCode": -1, "message": "Invalid header"}, 400)


def refused_by_status(gateway: StubGateway) -> None:
    """Leave the refusal as it is: 401 instead of 101."""


REFUSALS = [refused_by_status, refused_by_frame, refused_as_malformed]
type Refuse = Callable[[StubGateway], None]


async def test_the_first_list_begins_the_stream(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    gateway.hello = [snapshot(order_row(), order_row(uuid="b", name="24"))]
    async with following(stream, listener):
        listed = await listener.wait_for(OrdersListed)
    assert listener[:2] == [StreamConnected(), listed]
    assert [order.number for order in listed.orders] == ["23", "24"]
    assert gateway.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert gateway.tokens_by_frame == []


async def test_later_lists_are_told_without_a_new_beginning(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    async with following(stream, listener):
        await gateway.send(snapshot(order_row()))
        await listener.wait_for(OrdersListed, 2)
    assert len(listener.of(StreamConnected)) == 1


@pytest.mark.parametrize(
    ("kind", "changes", "push", "is_gone"),
    [
        ("ORDER_CREATED", {}, PushKind.CREATED, False),
        ("ORDER_MODIFIED", {}, PushKind.MODIFIED, False),
        ("ORDER_PAGED", {"paged": True}, PushKind.PAGED, False),
        ("ORDER_MODIFIED", {"state": "cleared"}, PushKind.MODIFIED, True),
        ("ORDER_CLEARED", {}, PushKind.CLEARED, True),
        ("ORDER_DELETED", {}, PushKind.CLEARED, True),
        ("ORDER_SUMMARY", {"state": None}, PushKind.CLEARED, True),
    ],
)
async def test_a_change_is_told_with_the_order_as_it_is(  # noqa: PLR0917  # four are one row
    gateway: StubGateway,
    stream: TableTrackerStream,
    listener: Listener,
    kind: str,
    changes: dict[str, Any],
    push: PushKind,
    is_gone: bool,
) -> None:
    async with following(stream, listener):
        await gateway.send(event(kind, 84, extra={"new": [1]}, **changes))
        message = await listener.wait_for(OrderPushed)
    assert (message.kind, message.is_gone) == (push, is_gone)
    assert message.order.uuid == UUID
    assert (message.order.state is OrderState.CLEARED) is is_gone
    assert message.order.paged is changes.get("paged", False)
    assert listener.of(ResyncNeeded) == []


async def test_an_order_keeps_its_start_between_list_events_and_questions(
    gateway: StubGateway,
    client: TableTrackerClient,
    stream: TableTrackerStream,
    listener: Listener,
) -> None:
    gateway.hello = [snapshot(order_row(elapsedTime=600))]
    gateway.answers[f"GET /activeorders/{UUID}"] = Answer({"activeorder": order_row()})
    async with following(stream, listener):
        await gateway.send(event("ORDER_MODIFIED", 1, elapsedTime=590))
        pushed = await listener.wait_for(OrderPushed)
        asked = await client.get_order(UUID)
        (listed,) = listener.of(OrdersListed)[0].orders
        assert pushed.order.started_at == asked.started_at == listed.started_at
        await gateway.send(snapshot())
        await listener.wait_for(OrdersListed, 2)
    assert client.order_reader.known == frozenset()


async def test_an_event_before_the_first_list_is_told_before_it(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    gateway.hello = [event("ORDER_CREATED", 7), snapshot(order_row())]
    async with following(stream, listener):
        await listener.wait_for(OrdersListed)
    assert [type(message) for message in listener] == [OrderPushed, StreamConnected, OrdersListed]


@pytest.mark.parametrize(
    ("sequence", "told"),
    [
        ([84, 85, 86], 0),
        ([84, 86, 87], 1),
        ([84, 84], 1),
        ([84, 1, 2], 1),
        ([84, None, 85], 0),
        (["84", 85.0, "x"], 0),
        ([84, 90, 80], 2),
    ],
)
async def test_a_gap_or_step_back_asks_for_a_look_and_drops_nothing(
    gateway: StubGateway,
    stream: TableTrackerStream,
    listener: Listener,
    sequence: list[object],
    told: int,
) -> None:
    async with following(stream, listener):
        for number, seq in enumerate(sequence):
            await gateway.send(event("ORDER_MODIFIED", seq, name=str(number)))
        pushed = await listener.wait_for(OrderPushed, len(sequence))
        await gateway.send(snapshot())
        await listener.wait_for(OrdersListed, 2)
    assert pushed.order.number == str(len(sequence) - 1)
    assert listener.of(ResyncNeeded) == [ResyncNeeded("gap in the events")] * told


async def test_a_new_connection_counts_anew(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    for seq in (84, 1):
        async with following(stream, listener):
            await gateway.send(event("ORDER_CREATED", seq))
            await listener.wait_for(OrderPushed, len(gateway.sockets))
    assert listener.of(ResyncNeeded) == []


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("", "unreadable frame"),
        ("{", "unreadable frame"),
        ("[]", "unreadable frame"),
        (b"\xff\x00", "unreadable frame"),
        (event("ORDER_CREATED", uuid=None), "unreadable frame"),
        ({"type": "ORDER_DELETED", "uuid": UUID}, "unreadable frame"),
        (event("ORDER_WRAPPED"), "unknown frame"),
        ({"type": ["ORDER_CREATED"]}, "unknown frame"),
        ({"type": "ACTIVE_ORDERS", "items": {}}, "unknown frame"),
        ({"status": 400, "returnCode": -31, "message": "Invalid JSON"}, "unknown frame"),
        ({}, "unknown frame"),
    ],
)
async def test_what_is_not_understood_asks_for_a_look_and_ends_nothing(
    gateway: StubGateway,
    stream: TableTrackerStream,
    listener: Listener,
    frame: object,
    reason: str,
) -> None:
    async with following(stream, listener) as task:
        await gateway.send(frame)
        assert await listener.wait_for(ResyncNeeded) == ResyncNeeded(reason)
        await gateway.send(event("ORDER_CREATED"))
        await listener.wait_for(OrderPushed)
        assert not task.done()


async def test_a_binary_frame_is_read_like_any_other(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    async with following(stream, listener):
        await gateway.send(json.dumps(event("ORDER_CREATED")).encode())
        assert (await listener.wait_for(OrderPushed)).order.uuid == UUID


async def test_a_listener_that_fails_does_not_end_the_stream(
    gateway: StubGateway, client: TableTrackerClient, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener()

    def fail_at_first(message: Any) -> None:
        listener.append(message)
        if len(listener) == 3:
            raise ValueError("no such table")

    stream = TableTrackerStream(client, fail_at_first)
    async with following(stream, listener):
        for seq in (1, 2):
            await gateway.send(event("ORDER_CREATED", seq))
        await listener.wait_for(OrderPushed, 2)
    assert caplog.text.count("A live message could not be handled") == 1


@pytest.mark.parametrize("refuse", REFUSALS)
async def test_a_gateway_that_wants_the_token_in_a_frame_gets_it_and_is_remembered(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener, refuse: Refuse
) -> None:
    refuse(gateway)
    gateway.header_is_good = False
    for _ in range(2):
        async with following(stream, listener):
            pass
    assert gateway.tokens_by_frame == [TOKEN, TOKEN]
    assert ["authorization" in request.headers for request in gateway.requests] == [
        True,
        False,
        False,
    ]


async def test_a_gateway_that_wants_the_header_again_gets_it(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    gateway.header_is_good = False
    async with following(stream, listener):
        pass
    gateway.header_is_good, gateway.frame_is_good = True, False
    async with following(stream, listener):
        pass
    assert len(gateway.requests) == 4


@pytest.mark.parametrize("refuse", REFUSALS)
async def test_a_token_that_is_refused_both_ways_is_bad(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener, refuse: Refuse
) -> None:
    refuse(gateway)
    gateway.header_is_good = gateway.frame_is_good = False
    with pytest.raises(TableTrackerAuthError):
        await stream.follow()
    assert len(gateway.requests) == 2
    assert listener == []


async def test_a_close_without_a_word_lets_the_caller_try_the_other_way(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    gateway.header_is_good, gateway.refusal = False, None
    with pytest.raises(TableTrackerConnectionError):
        await stream.follow()
    async with following(stream, listener):
        assert gateway.tokens_by_frame == [TOKEN]


async def test_a_token_that_was_not_seen_is_another_try_in_the_other_way(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    gateway.header_is_good = False
    gateway.refusal = {"status": 408, "returnCode": -32, "message": "timeout waiting for token"}
    with pytest.raises(TableTrackerConnectionError) as caught:
        await stream.follow()
    assert caught.value.return_code == -32
    assert listener == []
    async with following(stream, listener):
        assert gateway.tokens_by_frame == [TOKEN]


async def test_a_token_that_is_revoked_meanwhile_ends_the_stream(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    async with following(stream, listener) as task:
        await gateway.send(REFUSED)
        with pytest.raises(TableTrackerAuthError):
            await task
    assert listener[-1] == StreamDisconnected("TableTrackerAuthError")
    assert len(gateway.sockets) == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011])
async def test_a_close_by_the_gateway_is_answered_and_told_whatever_its_code(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener, code: int
) -> None:
    async with following(stream, listener) as task:
        await gateway.sockets[0].close(code=code)
        with pytest.raises(TableTrackerConnectionError):
            await task
        assert gateway.sockets[0].close_code == 1000
    assert listener[-1] == StreamDisconnected("TableTrackerConnectionError")


async def test_a_connection_that_breaks_is_told(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    async with following(stream, listener) as task:
        transport = gateway.sockets[0]._req.transport  # type: ignore[union-attr]  # it is prepared
        assert transport is not None
        transport.abort()
        with pytest.raises(TableTrackerConnectionError):
            await task
    assert listener.of(StreamDisconnected)


async def test_a_half_open_connection_is_noticed_by_the_missing_pong(
    gateway: StubGateway, client: TableTrackerClient, listener: Listener
) -> None:
    gateway.autoping = False
    stream = TableTrackerStream(client, listener.append, heartbeat=0.1)
    with patch.object(stream_module, "_LIST_LIMIT", 20), pytest.raises(TableTrackerConnectionError):
        await stream.follow()
    assert listener.of(StreamConnected)
    assert listener[-1] == StreamDisconnected("TableTrackerConnectionError")


async def test_pings_keep_a_quiet_stream(
    gateway: StubGateway, client: TableTrackerClient, listener: Listener
) -> None:
    stream = TableTrackerStream(client, listener.append, heartbeat=0.05)
    async with following(stream, listener) as task:
        await asyncio.sleep(0.4)
        assert not task.done()


async def test_a_stream_without_a_list_is_given_up(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    gateway.hello = [event("ORDER_CREATED", 1)]
    with (
        patch.object(stream_module, "_LIST_LIMIT", 0.1),
        pytest.raises(TableTrackerConnectionError, match="did not begin"),
    ):
        await stream.follow()
    assert [type(message) for message in listener] == [OrderPushed]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, TableTrackerUnsupportedError),
        (405, TableTrackerUnsupportedError),
        (500, TableTrackerConnectionError),
        (503, TableTrackerConnectionError),
        (200, TableTrackerConnectionError),
    ],
)
async def test_a_handshake_that_fails_is_no_bad_token(
    gateway: StubGateway,
    stream: TableTrackerStream,
    listener: Listener,
    status: int,
    error: type[TableTrackerError],
) -> None:
    gateway.answers["GET /websocket"] = page(status)
    with pytest.raises(error):
        await stream.follow()
    assert listener == []
    assert len(gateway.requests) == 1


async def test_a_refused_handshake_that_stays_open_is_not_waited_for(
    session: aiohttp.ClientSession, listener: Listener
) -> None:
    body = json.dumps(REFUSED).encode()
    count = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        await reader.readuntil(b"\r\n\r\n")
        count += 1
        writer.write(
            b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        await reader.read()

    async with raw_server(talk) as port:
        client = TableTrackerClient(session, settings_for(port))
        with pytest.raises(TableTrackerAuthError):
            async with asyncio.timeout(5):
                await TableTrackerStream(client, listener.append).follow()
    assert count == 2


async def test_a_socket_that_dies_before_the_token_is_sent_is_a_connection_error(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    async def die(socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        socket._response.close()
        raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")

    with (
        patch.object(aiohttp.ClientWebSocketResponse, "send_str", die),
        pytest.raises(TableTrackerConnectionError),
    ):
        await client.open_socket(by_frame=True, heartbeat=20)


async def test_a_frozen_gateway_does_not_hold_up_whoever_stops(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    async with following(stream, listener) as task:
        transport = gateway.sockets[0]._req.transport  # type: ignore[union-attr]  # it is prepared
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        began = asyncio.get_running_loop().time()
        task.cancel()
        await asyncio.wait([task])
        assert asyncio.get_running_loop().time() - began < 1
        transport.resume_reading()


async def test_a_stream_that_is_stopped_closes_its_side(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener
) -> None:
    async with following(stream, listener):
        assert not gateway.sockets[0].closed
    await until(lambda: gateway.sockets[0].closed)
    assert listener.of(StreamDisconnected) == []


async def test_a_list_in_the_same_segment_as_the_101_is_read(
    session: aiohttp.ClientSession, listener: Listener
) -> None:
    """That happens (section 10.9)."""
    text = json.dumps(snapshot(order_row())).encode()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(line.split()[1] for line in head.splitlines() if b"WebSocket-Key" in line)
        accept = b64encode(sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n\x81\x7e%b%b" % (accept, len(text).to_bytes(2), text)
        )
        await reader.read()

    async with raw_server(talk) as port:
        client = TableTrackerClient(session, settings_for(port))
        async with following(TableTrackerStream(client, listener.append), listener):
            assert len((await listener.wait_for(OrdersListed)).orders) == 1
