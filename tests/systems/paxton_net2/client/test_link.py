"""The link: what a failed request means, and that it tells nothing it should not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import re

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    Net2CertificateError,
    Net2Client,
    Net2ConnectionError,
    Net2RateLimitedError,
    Net2ResponseError,
    Net2Settings,
    link,
)
from simulators.paxton_net2 import Net2Simulator

from .support import (
    ACCESS_TOKEN,
    HTML,
    TOKENS,
    ZONE,
    Answer,
    StubServer,
    chain,
    settings_for,
    words_of,
)

type Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Talk) -> AsyncIterator[int]:
    """Serve bytes on loopback."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        server.close_clients()


def bytes_server(answer: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return talk


async def test_nobody_there_is_a_connection_error(
    session: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    client = Net2Client(session, settings_for(unused_tcp_port), time_zone=ZONE)
    with pytest.raises(Net2ConnectionError) as caught:
        await client.sign_in()
    assert type(caught.value) is Net2ConnectionError
    assert len(list(chain(caught.value))) == 1


@pytest.mark.parametrize("host", ["", "two words", "a..b", "http://net2", "[::1", "x" * 300])
async def test_a_host_that_cannot_be_is_a_connection_error(
    session: aiohttp.ClientSession, host: str
) -> None:
    client = Net2Client(session, settings_for(1, host=host), time_zone=ZONE)
    with pytest.raises(Net2ConnectionError):
        await client.sign_in()


@pytest.mark.parametrize("error", [UnicodeError("label too long"), OSError("no such host")])
async def test_a_name_that_cannot_be_looked_up_is_a_connection_error(error: Exception) -> None:
    class Resolver(aiohttp.abc.AbstractResolver):
        async def resolve(self, *_: object, **__: object) -> list[aiohttp.abc.ResolveResult]:
            raise error

        async def close(self) -> None:
            """Have nothing to close."""

    connector = aiohttp.TCPConnector(resolver=Resolver())
    async with aiohttp.ClientSession(connector=connector) as session:
        client = Net2Client(session, settings_for(1, host="net2.example.lan"), time_zone=ZONE)
        with pytest.raises(Net2ConnectionError) as caught:
            await client.sign_in()
    assert type(caught.value) is Net2ConnectionError


async def test_a_closed_session_is_a_connection_error(stub: StubServer) -> None:
    session = aiohttp.ClientSession()
    await session.close()
    client = Net2Client(session, settings_for(stub.port), time_zone=ZONE)
    with pytest.raises(Net2ConnectionError):
        await client.sign_in()


async def test_the_pinned_certificate_is_trusted(
    session: aiohttp.ClientSession, settings: Net2Settings
) -> None:
    await Net2Client(session, settings, time_zone=ZONE).sign_in()


async def test_a_fingerprint_may_be_written_with_colons(
    session: aiohttp.ClientSession, settings: Net2Settings, simulator: Net2Simulator
) -> None:
    pairs = ":".join(re.findall("..", simulator.fingerprint)).upper()
    spelled = replace(settings, fingerprint=pairs)
    await Net2Client(session, spelled, time_zone=ZONE).sign_in()


@pytest.mark.parametrize("fingerprint", [None, "ab" * 32])
async def test_any_other_certificate_is_refused(
    session: aiohttp.ClientSession, settings: Net2Settings, fingerprint: str | None
) -> None:
    other = settings_for(settings.port, use_https=True, fingerprint=fingerprint)
    with pytest.raises(Net2CertificateError):
        await Net2Client(session, other, time_zone=ZONE).sign_in()


@pytest.mark.parametrize("fingerprint", [None, "ab" * 32])
async def test_no_socket_is_opened_to_any_other_certificate(
    session: aiohttp.ClientSession,
    settings: Net2Settings,
    simulator: Net2Simulator,
    fingerprint: str | None,
) -> None:
    other = settings_for(settings.port, use_https=True, fingerprint=fingerprint)
    with pytest.raises(Net2CertificateError):
        await Net2Client(session, other, time_zone=ZONE)._link.open_socket("/signalr", {}, "x")
    assert simulator.requests == []


async def test_nothing_is_sent_to_a_server_with_another_certificate(
    session: aiohttp.ClientSession, settings: Net2Settings, simulator: Net2Simulator
) -> None:
    other = settings_for(settings.port, use_https=True, fingerprint="ab" * 32)
    with pytest.raises(Net2CertificateError):
        await Net2Client(session, other, time_zone=ZONE).sign_in()
    assert simulator.requests == []


async def test_tls_to_a_plain_port_is_a_connection_error(
    session: aiohttp.ClientSession, stub: StubServer
) -> None:
    client = Net2Client(session, settings_for(stub.port, use_https=True), time_zone=ZONE)
    with pytest.raises(Net2ConnectionError):
        await client.sign_in()


@pytest.mark.parametrize(
    "answer",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"220 mail ready\r\n", b"HTTP/9 abc\r\n\r\n", b"\0\1\2\3"],
)
async def test_what_does_not_speak_http_is_no_net2(
    session: aiohttp.ClientSession, answer: bytes
) -> None:
    async with raw_server(bytes_server(answer)) as port:
        client = Net2Client(session, settings_for(port), time_zone=ZONE)
        with pytest.raises((Net2ResponseError, Net2ConnectionError)) as caught:
            await client.sign_in()
    assert len(list(chain(caught.value))) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    ],
)
async def test_an_answer_that_breaks_off_is_a_connection_error(
    session: aiohttp.ClientSession, answer: bytes
) -> None:
    async with raw_server(bytes_server(answer)) as port:
        client = Net2Client(session, settings_for(port), time_zone=ZONE)
        with pytest.raises(Net2ConnectionError):
            await client.sign_in()


async def test_a_server_that_never_answers_is_a_connection_error(
    stub: StubServer, stub_client: Net2Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(_: web.Request) -> Answer:
        await asyncio.sleep(60)
        return Answer()

    await stub_client.sign_in()
    monkeypatch.setattr(link, "_TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    stub.answers["GET /api/v1/doors"] = sleep
    with pytest.raises(Net2ConnectionError):
        await stub_client.get_doors()


async def test_an_answer_without_end_is_cut_off(
    stub: StubServer, stub_client: Net2Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "_LARGEST_BODY", 10_000)
    stub.answers["GET /api/v1/doors"] = Answer("[" + " " * 20_000 + "]")
    with pytest.raises(Net2ConnectionError):
        await stub_client.get_doors()


async def test_redirects_are_not_followed(stub: StubServer, stub_client: Net2Client) -> None:
    stub.answers[f"POST {TOKENS}"] = Answer("", 302, {"Location": "/elsewhere"})
    with pytest.raises(Net2ResponseError):
        await stub_client.sign_in()
    assert stub.requests == [f"POST {TOKENS}"]


async def test_every_request_is_counted(client: Net2Client, simulator: Net2Simulator) -> None:
    await client.get_doors()
    await client.get_doors()
    assert client.request_count == len(simulator.requests) == 3


async def test_answers_teach_the_clock(client: Net2Client, simulator: Net2Simulator) -> None:
    simulator.faults.clock_skew = 3600.0
    await client.sign_in()
    assert client.clock.skew is not None
    assert abs(client.clock.skew - timedelta(hours=1)) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0.5", 0.5, 0.5),
        ("-3", 0, 0),
        ("nan", 0, 0),
        ("99999", 3600, 3600),
        (timedelta(minutes=30), 1770, 1801),
        ("Mon, 01 Jan 2024 00:00:00 -0000", 0, 0),
    ],
)
async def test_retry_after_is_a_number_or_a_date(
    stub: StubServer,
    stub_client: Net2Client,
    header: str | timedelta,
    least: float,
    most: float,
) -> None:
    if isinstance(header, timedelta):
        # Not when tests are collected: with many of them that is long ago.
        header = format_datetime(datetime.now(UTC) + header, usegmt=True)
    stub.answers["GET /api/v1/doors"] = Answer(HTML.body, 429, {"Retry-After": header})
    with pytest.raises(Net2RateLimitedError) as caught:
        await stub_client.get_doors()
    assert caught.value.retry_after is not None
    assert least <= caught.value.retry_after <= most


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "later"}])
async def test_retry_after_may_be_absent(
    stub: StubServer, stub_client: Net2Client, headers: dict[str, str]
) -> None:
    stub.answers["GET /api/v1/doors"] = Answer(HTML.body, 429, headers)
    with pytest.raises(Net2RateLimitedError) as caught:
        await stub_client.get_doors()
    assert caught.value.retry_after is None


async def test_an_ipv6_host_is_put_into_brackets() -> None:
    assert settings_for(8443, host="fe80::1").base_url == "http://[fe80::1]:8443"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ConnectionTimeoutError("to https://net2?token=T"), Net2ConnectionError),
        (aiohttp.SocketTimeoutError("on https://net2?token=T"), link.AnswerLostError),
        (aiohttp.ServerDisconnectedError("https://net2?token=T"), link.AnswerLostError),
        (aiohttp.ClientPayloadError("https://net2?token=T"), link.AnswerLostError),
        (aiohttp.ClientOSError(104, "https://net2?token=T"), link.AnswerLostError),
        (TimeoutError("https://net2?token=T"), link.AnswerLostError),
        (aiohttp.InvalidURL("https://net2?token=T"), Net2ConnectionError),
    ],
)
def test_what_surely_was_not_sent_is_told_from_what_may_have_been(
    error: Exception, kind: type[Exception]
) -> None:
    failure = link._failure(error)
    assert type(failure) is kind
    assert "token" not in str(failure)


async def test_a_failed_request_tells_neither_its_address_nor_its_token(
    stub: StubServer, stub_client: Net2Client
) -> None:
    def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    stub.answers["GET /signalr/negotiate"] = hang_up
    with pytest.raises(Net2ConnectionError) as caught:
        await stub_client.open_connection()
    assert not any(word in words_of(caught.value) for word in (ACCESS_TOKEN, "127.0.0.1", "http:"))
    assert len(list(chain(caught.value))) == 1
