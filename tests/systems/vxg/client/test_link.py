"""The link: how requests look, how many there are at once, and what a failed one means."""

import asyncio
from collections.abc import Awaitable, Callable
import json
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    Address,
    Credential,
    PowerMode,
    VxgCertificateError,
    VxgClient,
    VxgConnectionError,
    VxgOutcomeUnknownError,
    VxgResponseError,
    VxgSettings,
    link,
)
from simulators.kit.certificate import SelfSignedCertificate
from simulators.vxg import VxgSimulator

from ...raw_server import Silent, raw_server
from .support import CAMERA, KEY, Answer, StubCloud, listing, settings_for, until, words_of

type Call = Callable[[VxgClient], Awaitable[object]]

READS: list[Call] = [
    lambda client: client.get_server_time(),
    lambda client: client.get_cameras(),
    lambda client: client.get_events(),
    lambda client: client.get_video(CAMERA),
]
WRITES: list[Call] = [
    lambda client: client.set_power(CAMERA, PowerMode.OFF),
    lambda client: client.move(CAMERA, "left"),
    lambda client: client.delete_preset(CAMERA, "1"),
    lambda client: client.save_preset(CAMERA, "Gate"),
    lambda client: client.set_video(CAMERA, "brightness", 40),
    lambda client: client.update_preview(CAMERA),
]
CUT = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"


async def test_a_question_has_the_secret_and_no_body(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.otherwise = Answer(listing())
    await stub_client.get_cameras()
    (request,) = stub.requests
    assert request.headers["authorization"] == f"LKey {KEY}"
    assert request.headers["accept"] == "application/json"
    assert request.body == b""
    assert stub_client.request_count == 1


async def test_the_clock_is_asked_without_a_secret(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.otherwise = Answer({"utc": "2024-05-02T12:00:00"})
    await stub_client.get_server_time()
    assert "authorization" not in stub.requests[0].headers


@pytest.mark.parametrize("call", WRITES)
async def test_a_command_has_a_json_body_of_a_known_length(
    stub: StubCloud, stub_client: VxgClient, call: Call
) -> None:
    stub.otherwise = Answer({})
    await call(stub_client)
    (request,) = stub.requests
    assert isinstance(json.loads(request.body), dict)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["content-length"] == str(len(request.body))


@pytest.mark.parametrize("call", [*READS, *WRITES])
async def test_every_path_ends_with_a_slash_and_no_secret_is_in_a_query(
    stub: StubCloud, stub_client: VxgClient, call: Call
) -> None:
    stub.otherwise = Answer(listing() | {"utc": "2024-05-02T12:00:00"})
    await call(stub_client)
    for request in stub.requests:
        assert request.route.endswith("/")
        assert KEY not in str(request.query)
        assert "token" not in request.query


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [READS[1], WRITES[0]])
async def test_the_secret_is_not_sent_elsewhere(
    stub: StubCloud, stub_client: VxgClient, call: Call, status: int
) -> None:
    stub.otherwise = Answer("", status, {"Location": f"{stub.url}/elsewhere/"})
    with pytest.raises(VxgResponseError):
        await call(stub_client)
    assert len(stub.requests) == 1


async def test_no_more_than_three_requests_run_at_once(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    running = most = 0
    free = asyncio.Event()

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await free.wait()
        running -= 1
        return web.json_response(listing())

    stub.otherwise = answer
    async with asyncio.TaskGroup() as calls:
        for _ in range(8):
            calls.create_task(stub_client.get_cameras())
        await until(lambda: running == 3)
        await asyncio.sleep(0.05)
        assert len(stub.requests) == 3
        free.set()
    assert most == 3
    assert len(stub.requests) == 8


@pytest.mark.parametrize("call", [*READS, *WRITES])
async def test_nobody_there_is_a_connection_error(
    session: aiohttp.ClientSession, unused_tcp_port: int, call: Call
) -> None:
    """What never left did surely not happen."""
    with pytest.raises(VxgConnectionError) as caught:
        await call(VxgClient(session, settings_for(unused_tcp_port)))
    assert type(caught.value) is VxgConnectionError
    assert str(unused_tcp_port) not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("host", ["", "two words", "a..b", "http://cloud", "[::1", "x" * 300])
async def test_a_host_that_cannot_be_is_a_connection_error(
    session: aiohttp.ClientSession, host: str
) -> None:
    settings = VxgSettings(Address(host, 1, use_https=False), Credential.read(KEY))
    with pytest.raises(VxgConnectionError):
        await VxgClient(session, settings).get_cameras()


async def test_a_secret_that_cannot_be_sent_is_told(session: aiohttp.ClientSession) -> None:
    client = VxgClient(session, settings_for(1, f"{KEY}\0"))
    with pytest.raises(VxgConnectionError) as caught:
        await client.get_cameras()
    assert KEY not in words_of(caught.value)


async def test_a_closed_session_is_a_connection_error(stub: StubCloud) -> None:
    session = aiohttp.ClientSession()
    await session.close()
    client = VxgClient(session, settings_for(stub.port))
    with pytest.raises(VxgConnectionError):
        await client.get_cameras()
    with pytest.raises(VxgConnectionError):
        await client.fetch(f"{stub.url}/picture.jpg")
    assert client.request_count == 0


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\n", CUT])
@pytest.mark.parametrize("call", WRITES)
async def test_a_command_whose_answer_is_lost_is_sent_once_and_its_outcome_unknown(
    session: aiohttp.ClientSession, call: Call, answer: bytes
) -> None:
    talk = Silent(answer)
    async with raw_server(talk) as port:
        with pytest.raises(VxgOutcomeUnknownError) as caught:
            await call(VxgClient(session, settings_for(port)))
    assert talk.count == 1
    assert KEY not in words_of(caught.value)


@pytest.mark.parametrize("answer", [b"", CUT])
@pytest.mark.parametrize("call", READS)
async def test_a_question_whose_answer_is_lost_is_a_connection_error(
    session: aiohttp.ClientSession, call: Call, answer: bytes
) -> None:
    talk = Silent(answer)
    async with raw_server(talk) as port:
        with pytest.raises(VxgConnectionError):
            await call(VxgClient(session, settings_for(port)))
    assert talk.count == 1


@pytest.mark.parametrize("call", WRITES)
async def test_a_command_over_a_connection_that_was_kept_and_lost_is_sent_once(
    session: aiohttp.ClientSession, call: Call
) -> None:
    """HTTP libraries repeat a request that met a dead connection of their pool."""
    count = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"objects":[]}')
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")
        count += 1

    async with raw_server(talk) as port:
        client = VxgClient(session, settings_for(port))
        await client.get_cameras()
        with pytest.raises(VxgOutcomeUnknownError):
            await call(client)
        await asyncio.sleep(0.02)
    assert count == 1


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46"])
async def test_what_does_not_speak_http_is_no_cloud(
    session: aiohttp.ClientSession, answer: bytes
) -> None:
    async with raw_server(Silent(answer)) as port:
        with pytest.raises(VxgResponseError):
            await VxgClient(session, settings_for(port)).get_server_time()


async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept and never answer, as a frozen server does."""
    await reader.read()


async def test_a_frozen_cloud_is_given_up(session: aiohttp.ClientSession) -> None:
    async with raw_server(hold) as port:
        client = VxgClient(session, settings_for(port))
        for method in ("GET", "PUT"):
            with pytest.raises(link.AnswerLostError):
                await client._link.send(method, "/api/v2/account/", limit=0.1)
        with pytest.raises(VxgConnectionError):
            await client._link.status_of(f"http://127.0.0.1:{port}/x.m3u8", limit=0.1)
        with patch.object(link, "_FILM_LIMIT", 0.1), pytest.raises(VxgConnectionError):
            async with client.open_film(f"http://127.0.0.1:{port}/x.mp4"):
                pass


async def test_a_body_without_end_is_given_up(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.otherwise = Answer(listing("x" * 5000))
    with patch.object(link, "_LARGEST", 1000):
        with pytest.raises(VxgConnectionError):
            await stub_client.get_cameras()
        with pytest.raises(VxgConnectionError) as caught:
            await stub_client.fetch(f"{stub.url}/picture.jpg")
    assert "http" not in words_of(caught.value).replace("aiohttp", "").replace("http_", "")


async def test_a_pinned_certificate_is_trusted_and_no_other(session: aiohttp.ClientSession) -> None:
    certificate = SelfSignedCertificate("VXG Server")
    async with VxgSimulator(certificate=certificate) as cloud:
        key = cloud.world.licence_key()
        pinned = VxgClient(session, settings_for(cloud.port, key, certificate.fingerprint))
        assert await pinned.get_cameras()
        other = VxgClient(session, settings_for(cloud.port, key, "00" * 32))
        with pytest.raises(VxgCertificateError) as caught:
            await other.get_cameras()
        assert key not in words_of(caught.value)
        with pytest.raises(VxgCertificateError):
            await other.set_power(CAMERA, PowerMode.OFF)
        assert {request.method for request in cloud.requests} == {"GET"}


async def test_a_certificate_that_nobody_knows_is_told_from_nobody_there(
    session: aiohttp.ClientSession,
) -> None:
    # The server's side of a refused handshake is nobody's failure.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    async with VxgSimulator(certificate=SelfSignedCertificate("VXG Server")) as cloud:
        address = Address("127.0.0.1", cloud.port, use_https=True)
        client = VxgClient(session, VxgSettings(address, Credential.read(KEY)))
        with pytest.raises(VxgCertificateError):
            await client.get_server_time()
        assert cloud.requests == []


async def test_tls_at_a_plain_port_is_a_connection_error(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    settings = VxgSettings(Address("127.0.0.1", stub.port, use_https=True), Credential.read(KEY))
    with pytest.raises(VxgConnectionError):
        await VxgClient(session, settings).get_server_time()


async def test_a_path_before_the_api_is_kept(session: aiohttp.ClientSession) -> None:
    async with VxgSimulator() as cloud:
        cloud.set_token_shape(path="vxg/cloud")
        address = Address("127.0.0.1", cloud.port, use_https=False, path="vxg/cloud")
        credential = Credential.read(cloud.world.licence_key())
        client = VxgClient(session, VxgSettings(address, credential))
        assert len(await client.get_cameras()) == 4
        assert cloud.requests[-1].path == "/vxg/cloud/api/v2/cameras/"
