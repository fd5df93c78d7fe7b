"""Files of media hosts: without the secret, by the URL as it was given, whole or in pieces."""

import asyncio

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    VxgCertificateError,
    VxgClient,
    VxgConnectionError,
    VxgNotFoundError,
    VxgResponseError,
)
from simulators.kit.certificate import SelfSignedCertificate
from simulators.vxg import VxgSimulator

from ...raw_server import Silent, raw_server
from .support import KEY, Answer, StubCloud, settings_for, words_of

CUT = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 99\r\n\r\n{"
SIGNED = "/bucket/i/1.jpg?X-Amz-Date=2024-05-02T12%3A00%3A00&X-Amz-Signature=a%2Fb+c~%7E"


async def test_a_media_host_gets_no_secret_and_the_url_as_it_was_given(
    session: aiohttp.ClientSession,
) -> None:
    head = b""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal head
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
        await writer.drain()

    async with raw_server(talk) as port:
        client = VxgClient(session, settings_for(port))
        assert await client.fetch(f"http://127.0.0.1:{port}{SIGNED}") == b"abc"
    assert head.startswith(f"GET {SIGNED} HTTP/1.1\r\n".encode())
    assert b"authorization" not in head.lower()
    assert KEY.encode() not in head
    assert client.request_count == 1


async def test_a_piece_of_a_film_comes_with_the_headers_that_a_browser_needs(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    sent = {
        "Content-Range": "bytes 0-2/9",
        "Accept-Ranges": "bytes",
        "ETag": '"a"',
        "Set-Cookie": "a=b",
        "Server": "any",
    }
    stub.otherwise = Answer(b"abc", 206, sent | {"Content-Type": "video/mp4"})
    async with stub_client.open_film(f"{stub.url}/f.mp4", {"Range": "bytes=0-2"}) as download:
        assert download.status == 206
        assert await download.content.read() == b"abc"
        assert set(download.headers) == {
            "Content-Type",
            "Content-Length",
            "Content-Range",
            "Accept-Ranges",
            "ETag",
        }
    assert stub.requests[0].headers["range"] == "bytes=0-2"
    assert "authorization" not in stub.requests[0].headers


@pytest.mark.parametrize("status", [400, 403, 404, 410, 500])
async def test_a_file_that_is_refused_is_not_there(
    stub: StubCloud, stub_client: VxgClient, status: int
) -> None:
    stub.otherwise = Answer("<Error>Signature</Error>", status)
    with pytest.raises(VxgNotFoundError) as caught:
        await stub_client.fetch(f"{stub.url}{SIGNED}")
    assert "Amz" not in words_of(caught.value)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "http://", "http://[::1/x", "http://]@[x", "http://h:99999/", "ftp://h/x"],
)
async def test_a_url_that_cannot_be_is_an_error_of_the_clients_own(
    stub_client: VxgClient, url: str
) -> None:
    with pytest.raises(VxgConnectionError):
        await stub_client.fetch(url)
    with pytest.raises(VxgConnectionError):
        async with stub_client.open_film(url):
            pass


@pytest.mark.parametrize("answer", [b"", CUT, b"SSH-2.0-OpenSSH_9\r\n\r\n"])
async def test_a_file_that_breaks_off_is_told_without_its_url(
    session: aiohttp.ClientSession, answer: bytes
) -> None:
    async with raw_server(Silent(answer)) as port:
        url = f"http://127.0.0.1:{port}/x.jpg?ticket=media.secret"
        with pytest.raises((VxgConnectionError, VxgResponseError)) as caught:
            await VxgClient(session, settings_for(port)).fetch(url)
    assert "media.secret" not in words_of(caught.value)


async def test_a_film_of_the_servers_own_is_fetched_by_the_pinned_certificate(
    session: aiohttp.ClientSession,
) -> None:
    certificate = SelfSignedCertificate("VXG Server")
    async with VxgSimulator(certificate=certificate) as cloud:
        client = VxgClient(session, settings_for(cloud.port, KEY, certificate.fingerprint))
        assert await client._link.status_of(f"{cloud.url}/static/x.js", limit=5) == 404
        other = VxgClient(session, settings_for(cloud.port, KEY, "00" * 32))
        with pytest.raises(VxgCertificateError):
            await other._link.status_of(f"{cloud.url}/static/x.js", limit=5)


async def test_a_file_may_be_elsewhere_but_the_secret_does_not_go_there_either(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.answers["GET /first.jpg"] = Answer("", 302, {"Location": "/second.jpg"})
    stub.answers["GET /second.jpg"] = Answer(b"abc")
    assert await stub_client.fetch(f"{stub.url}/first.jpg") == b"abc"
    assert all("authorization" not in request.headers for request in stub.requests)
