"""The link: how requests look, how many there are at once, and what a failed one means."""

import asyncio
from collections.abc import Awaitable, Callable
import json
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    OrderType,
    TableTrackerClient,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerOutcomeUnknownError,
    TableTrackerResponseError,
    TableTrackerSettings,
    link,
    rest,
)

from ...raw_server import Talk, raw_server
from .support import TOKEN, UUID, Answer, StubGateway, listing, settings_for, until, words_of

type Call = Callable[[TableTrackerClient], Awaitable[object]]

WRITES: list[Call] = [
    lambda client: client.start_order("23", OrderType.TO_GO),
    lambda client: client.clear_order(UUID),
    lambda client: client.clear_all_orders(),
    lambda client: client.page_order(UUID),
    lambda client: client.cancel_page(UUID),
    lambda client: client.set_settings(target_time=240),
    lambda client: client.begin_pairing(),
    lambda client: client.end_pairing(),
    lambda client: client.delete_token(),
]
READS: list[Call] = [
    lambda client: client.probe(),
    lambda client: client.generate_token("homeassistant"),
    lambda client: client.get_token(),
    lambda client: client.list_tokens(),
    lambda client: client.get_active_orders(),
    lambda client: client.get_order(UUID),
    lambda client: client.get_history(),
    lambda client: client.get_statistics(),
    lambda client: client.get_settings(),
    lambda client: client.get_gateway(),
    lambda client: client.get_cloud_state(),
    lambda client: client.get_repeaters(),
    lambda client: client.get_trackers(),
]


def test_an_address_of_ipv6_is_put_into_brackets() -> None:
    assert TableTrackerSettings("gateway.lan").base_url == "http://gateway.lan:8000"
    assert TableTrackerSettings("fe80::1", 81).base_url == "http://[fe80::1]:81"


@pytest.mark.parametrize("call", [*READS, *WRITES])
async def test_every_request_ends_its_connection(
    gateway: StubGateway, client: TableTrackerClient, call: Call
) -> None:
    with pytest.raises(TableTrackerError):
        await call(client)
    assert gateway.requests
    assert {request.headers["connection"] for request in gateway.requests} == {"close"}
    assert client.request_count == len(gateway.requests)


@pytest.mark.parametrize("call", WRITES)
async def test_a_body_is_json_of_a_known_length(
    gateway: StubGateway, client: TableTrackerClient, call: Call
) -> None:
    with pytest.raises(TableTrackerError):
        await call(client)
    for request in gateway.requests:
        assert "transfer-encoding" not in request.headers
        if request.route.startswith("POST"):
            assert isinstance(json.loads(request.body), dict)
            assert request.headers["content-type"] == "application/json"
            assert request.headers["content-length"] == str(len(request.body))
        else:
            assert request.body == b""
            assert request.query == {}


async def test_no_more_than_two_requests_run_at_once(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    running = most = 0
    free = asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await free.wait()
        running -= 1
        return web.json_response(listing())

    gateway.answers["GET /activeorders"] = answer
    async with asyncio.TaskGroup() as calls:
        for _ in range(6):
            calls.create_task(client.get_active_orders())
        await until(lambda: running == 2)
        await asyncio.sleep(0.05)
        assert len(gateway.requests) == 2
        free.set()
    assert most == 2
    assert len(gateway.requests) == 6


async def test_nobody_is_sent_elsewhere(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.otherwise = Answer("", 307, {"Location": f"http://127.0.0.1:{gateway.port}/other"})
    for call in (*READS[1:], *WRITES):
        gateway.requests.clear()
        with pytest.raises(TableTrackerResponseError):
            await call(client)
        assert len(gateway.requests) == 1


async def test_nobody_there_is_a_connection_error(
    session: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    client = TableTrackerClient(session, settings_for(unused_tcp_port))
    for call in (*READS, *WRITES):
        with pytest.raises(TableTrackerConnectionError) as caught:
            await call(client)
        assert type(caught.value) is TableTrackerConnectionError
        assert caught.value.__context__ is None


@pytest.mark.parametrize("host", ["", "two words", "a..b", "http://gateway", "[::1", "x" * 300])
async def test_a_host_that_cannot_be_is_a_connection_error(
    session: aiohttp.ClientSession, host: str
) -> None:
    client = TableTrackerClient(session, TableTrackerSettings(host, 1, TOKEN))
    with pytest.raises(TableTrackerConnectionError):
        await client.probe()
    with pytest.raises(TableTrackerConnectionError):
        await client.open_socket(by_frame=False, heartbeat=20)


async def test_a_token_that_cannot_be_sent_is_told(session: aiohttp.ClientSession) -> None:
    client = TableTrackerClient(session, settings_for(1, "two\r\nlines"))
    with pytest.raises(TableTrackerConnectionError) as caught:
        await client.get_settings()
    assert "two" not in words_of(caught.value).replace("two\\r\\nlines", "")


async def test_a_closed_session_is_a_connection_error(gateway: StubGateway) -> None:
    session = aiohttp.ClientSession()
    await session.close()
    client = TableTrackerClient(session, settings_for(gateway.port))
    with pytest.raises(TableTrackerConnectionError):
        await client.get_active_orders()
    with pytest.raises(TableTrackerConnectionError):
        await client.open_socket(by_frame=False, heartbeat=20)
    assert client.request_count == 0


class Silent:
    """Reads requests, counts them, and answers with less than was asked for."""

    def __init__(self, answer: bytes = b"") -> None:
        self.count = 0
        self._answer = answer

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.count += 1
        writer.write(self._answer)
        await writer.drain()


CUT = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\n", CUT])
@pytest.mark.parametrize("call", WRITES)
async def test_a_command_whose_answer_is_lost_is_sent_once_and_its_outcome_unknown(
    session: aiohttp.ClientSession, call: Call, answer: bytes
) -> None:
    talk = Silent(answer)
    async with raw_server(talk) as port:
        with pytest.raises(TableTrackerOutcomeUnknownError):
            await call(TableTrackerClient(session, settings_for(port)))
    assert talk.count == 1


@pytest.mark.parametrize("answer", [b"", CUT])
@pytest.mark.parametrize("call", READS)
async def test_a_question_whose_answer_is_lost_is_sent_once_too(
    session: aiohttp.ClientSession, call: Call, answer: bytes
) -> None:
    """One of them takes the token that the button gives, and nobody would keep it."""
    talk = Silent(answer)
    async with raw_server(talk) as port:
        with pytest.raises(TableTrackerConnectionError):
            await call(TableTrackerClient(session, settings_for(port)))
    assert talk.count == 1


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46"])
async def test_what_does_not_speak_http_is_no_gateway(
    session: aiohttp.ClientSession, answer: bytes
) -> None:
    async with raw_server(Silent(answer)) as port:
        with pytest.raises(TableTrackerResponseError):
            await TableTrackerClient(session, settings_for(port)).probe()


async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept and never answer, as a frozen gateway does."""
    await reader.read()


async def test_a_frozen_gateway_is_given_up(session: aiohttp.ClientSession) -> None:
    async with raw_server(hold) as port:
        client = TableTrackerClient(session, settings_for(port))
        with patch.object(rest, "_LIMIT", 0.1), patch.object(link, "_SOCKET_LIMIT", 0.1):
            with pytest.raises(TableTrackerConnectionError):
                await client.get_active_orders()
            with pytest.raises(TableTrackerOutcomeUnknownError):
                await client.clear_all_orders()
            with pytest.raises(TableTrackerConnectionError):
                await client.open_socket(by_frame=False, heartbeat=20)


async def test_a_scan_may_take_longer_than_others(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.json_response({"returnCode": 15, "repeaters": []})

    gateway.answers["GET /repeaters"] = answer
    with patch.object(rest, "_LIMIT", 0.1):
        assert await client.get_repeaters(scan=True) == ()
        with pytest.raises(TableTrackerConnectionError):
            await client.get_repeaters()


async def test_a_body_without_end_is_given_up(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers["GET /activeorders"] = Answer(listing("x" * 5000))
    with patch.object(link, "_LARGEST", 1000), pytest.raises(TableTrackerConnectionError):
        await client.get_active_orders()


def date_server(head: bytes) -> Talk:
    return Silent(b"HTTP/1.1 200 OK\r\n%bContent-Length: 2\r\n\r\n{}" % head)


async def test_every_answer_tells_the_gateways_clock(session: aiohttp.ClientSession) -> None:
    async with raw_server(date_server(b"Date: Thu, 02 May 2024 10:00:00 GMT\r\n")) as port:
        client = TableTrackerClient(session, settings_for(port))
        await client.get_gateway()
    assert client.clock.skew is not None
    assert client.clock.skew.days < -365
    async with raw_server(date_server(b"")) as port:
        client = TableTrackerClient(session, settings_for(port))
        await client.get_gateway()
    assert client.clock.skew is None
