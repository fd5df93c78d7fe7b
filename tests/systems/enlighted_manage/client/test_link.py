"""The link: how requests look, how many there are at once, and what a failed one means."""

import asyncio
from dataclasses import replace
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    AuthScheme,
    EnlightedAuthError,
    EnlightedCertificateError,
    EnlightedClient,
    EnlightedConnectionError,
    EnlightedError,
    EnlightedOutcomeUnknownError,
    EnlightedRejectedError,
    EnlightedResponseError,
    link,
)
from simulators.enlighted_manage import EnlightedSimulator
from simulators.kit.certificate import SelfSignedCertificate

from ...raw_server import Silent, raw_server
from .support import (
    KEY,
    LIGHT,
    LOGIN_PAGE,
    READS,
    USER,
    WRITES,
    ZONE,
    Answer,
    Call,
    StubManager,
    settings_for,
    until,
    words_of,
)

COMPANY = Answer({"name": "Acme"})
CUT = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
LOST = [b"", b"HTTP/1.1 200 OK\r\n", CUT]
READ, WRITE = READS["company"], WRITES["dim"]
#: A name that no text of ours and no path of a file holds.
SECRET_USER = "qzx-jane.doe"

reads = pytest.mark.parametrize("call", READS.values(), ids=READS)
writes = pytest.mark.parametrize("call", WRITES.values(), ids=WRITES)
both = pytest.mark.parametrize("call", [READ, WRITE], ids=["read", "write"])


def client_at(session: aiohttp.ClientSession, port: int) -> EnlightedClient:
    client = EnlightedClient(session, settings_for(port))
    client.time_zone = ZONE
    return client


# How many, and where to


@both
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(
    stub: StubManager, stub_client: EnlightedClient, call: Call, status: int
) -> None:
    """Gotcha 3: it leads to the login page, and the key is nobody else's."""
    stub.otherwise = Answer("", status, {"Location": f"http://127.0.0.1:{stub.port}/elsewhere"})
    with pytest.raises(EnlightedAuthError):
        await call(stub_client)
    assert not [route for route in stub.routes if "elsewhere" in route]


async def test_cookies_are_not_sent_back(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Appendix C 12: each request signs itself."""
    await client.get_floors()
    await client.get_floors()
    await client.dim([LIGHT], 50, 60)
    assert len(manager.requests) == 3
    assert manager.world.mistakes == []


async def test_a_refusal_that_is_answered_with_200_is_no_empty_list(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """What is refused is not gone, whatever its status (section 2.6)."""

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text='{"status":"1","msg":"no such floor"}')

    stub.otherwise = answer
    with pytest.raises(EnlightedRejectedError):
        await stub_client.get_areas(1)


async def test_no_more_than_two_requests_run_at_once(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    running = most = 0
    free = asyncio.Event()

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await free.wait()
        running -= 1
        return web.Response(text='{"status":"0","floor":[]}')

    stub.otherwise = answer
    async with asyncio.TaskGroup() as calls:
        for number in range(6):
            calls.create_task((READS["floors"] if number % 2 else WRITE)(stub_client))  # type: ignore[arg-type]  # a coroutine
        await until(lambda: running == 2)
        await asyncio.sleep(0.05)
        assert len(stub.requests) == 2
        free.set()
    assert most == 2
    assert len(stub.requests) == stub_client.request_count == 6


# What is lost


@writes
async def test_a_command_whose_answer_is_lost_is_sent_once_and_its_outcome_unknown(
    session: aiohttp.ClientSession, call: Call
) -> None:
    for talk in map(Silent, LOST):
        async with raw_server(talk) as port:
            with pytest.raises(EnlightedOutcomeUnknownError):
                await call(client_at(session, port))
            await asyncio.sleep(0.01)
        assert talk.count == 1


@reads
async def test_a_question_whose_answer_is_lost_is_a_connection_error(
    session: aiohttp.ClientSession, call: Call
) -> None:
    for talk in map(Silent, LOST):
        async with raw_server(talk) as port:
            with pytest.raises(EnlightedConnectionError):
                await call(client_at(session, port))
        assert talk.count == 1


@writes
async def test_a_command_over_a_connection_that_was_kept_and_lost_is_sent_once(
    session: aiohttp.ClientSession, call: Call
) -> None:
    """HTTP libraries repeat a PUT that met a dead connection of their pool."""
    count = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"name":"x"}')
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")
        count += 1

    async with raw_server(talk) as port:
        client = client_at(session, port)
        await client.get_company()
        with pytest.raises(EnlightedOutcomeUnknownError):
            await call(client)
        await asyncio.sleep(0.02)
    assert count == 1


async def test_what_a_lost_command_did_is_known_to_the_manager_alone(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    manager.faults.lose_answers()
    with pytest.raises(EnlightedOutcomeUnknownError):
        await client.dim([LIGHT], 55, 60)
    assert [command.name for command in manager.commands] == ["dim"]
    assert manager.world.fixtures[LIGHT].level(manager.world.now()) == 55


@pytest.mark.parametrize("body", ["{", '{"status"', "OK", "<response>", "\ufffd"])
async def test_a_command_whose_answer_cannot_be_read_has_an_unknown_outcome(
    stub: StubManager, stub_client: EnlightedClient, body: str
) -> None:
    stub.otherwise = Answer(body)
    with pytest.raises(EnlightedOutcomeUnknownError):
        await WRITE(stub_client)
    assert len(stub.requests) == 1


async def test_the_simulators_faults_are_told_apart(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    manager.faults.truncate_answers()
    with pytest.raises(EnlightedResponseError):
        await client.get_floors()
    manager.faults.lose_answers()
    with pytest.raises(EnlightedConnectionError):
        await client.get_floors()
    manager.faults.fail(503, retry_after="12")
    with pytest.raises(EnlightedConnectionError) as caught:
        await client.get_floors()
    assert caught.value.retry_after == 12
    manager.faults.failing_floors = [1]
    with pytest.raises(EnlightedConnectionError):
        await client.get_fixtures(1)
    assert await client.get_fixtures(2)


# What never left


@both
async def test_nobody_there_is_a_connection_error(
    session: aiohttp.ClientSession, unused_tcp_port: int, call: Call
) -> None:
    with pytest.raises(EnlightedConnectionError) as caught:
        await call(client_at(session, unused_tcp_port))
    assert type(caught.value) is EnlightedConnectionError
    assert caught.value.__context__ is None


@both
@pytest.mark.parametrize("host", ["", "two words", "a..b", "http://em", "[::1", "x" * 300])
async def test_a_host_that_cannot_be_is_a_connection_error(
    session: aiohttp.ClientSession, host: str, call: Call
) -> None:
    client = EnlightedClient(session, replace(settings_for(1), host=host))
    with pytest.raises(EnlightedConnectionError):
        await call(client)


@pytest.mark.parametrize(
    ("scheme", "user", "key"),
    [
        *((scheme, user, KEY) for scheme in AuthScheme for user in ("a\r\nb", "a\0", "a\ud800")),
        (AuthScheme.V4_5, USER, f"{KEY}\r\n"),
        *((scheme, USER, f"{KEY}\ud800") for scheme in AuthScheme),
    ],
)
@both
async def test_a_user_that_cannot_be_sent_is_refused_unsent(
    session: aiohttp.ClientSession, scheme: AuthScheme, user: str, key: str, call: Call
) -> None:
    client = EnlightedClient(session, settings_for(1, key, user=user, scheme=scheme))
    with pytest.raises(EnlightedAuthError) as caught:
        await call(client)
    assert client.request_count == 0
    assert KEY not in words_of(caught.value)


@both
async def test_a_closed_session_is_a_connection_error(stub: StubManager, call: Call) -> None:
    session = aiohttp.ClientSession()
    await session.close()
    client = client_at(session, stub.port)
    with pytest.raises(EnlightedConnectionError):
        await call(client)
    assert client.request_count == 0


# What answers slowly, strangely, or without end


async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept and never answer, as a frozen server does."""
    await reader.read()


async def test_a_frozen_manager_is_given_up(session: aiohttp.ClientSession) -> None:
    async with raw_server(hold) as port:
        client = client_at(session, port)
        for method in ("GET", "POST", "PUT"):
            with pytest.raises(link.AnswerLostError):
                await client._link.send(method, "/ems/api/org/company", headers={}, limit=0.1)


@both
@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46"])
async def test_what_does_not_speak_http_is_no_manager(
    session: aiohttp.ClientSession, answer: bytes, call: Call
) -> None:
    async with raw_server(Silent(answer)) as port:
        with pytest.raises(EnlightedResponseError):
            await call(client_at(session, port))


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "deflate"}])
async def test_a_body_without_end_is_given_up(
    stub: StubManager, stub_client: EnlightedClient, headers: dict[str, str]
) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        if headers:
            response.enable_compression(web.ContentCoding.deflate)
        await response.prepare(request)
        while True:
            await response.write(b" " * 10_000)

    stub.otherwise = answer
    with patch.object(link, "_LARGEST", 100_000):
        with pytest.raises(EnlightedConnectionError):
            await READ(stub_client)
        with pytest.raises(EnlightedOutcomeUnknownError):
            await WRITE(stub_client)
    assert len(stub.requests) == 2


async def test_a_large_floor_is_no_body_without_end() -> None:
    assert link._LARGEST >= 10 * 3_000_000


# TLS


def vendors_certificate() -> SelfSignedCertificate:
    """Return one as the vendor's: of an organizational unit, for no host at all (C 12)."""
    return SelfSignedCertificate(None, unit="Enlighted", names=())


async def test_a_pinned_certificate_is_trusted_and_no_other(
    session: aiohttp.ClientSession,
) -> None:
    certificate = vendors_certificate()
    async with EnlightedSimulator(certificate=certificate) as manager:
        key = manager.world.key_of(USER)
        good = settings_for(manager.port, key, fingerprint=certificate.fingerprint)
        assert len(await EnlightedClient(session, good).get_floors()) == 2
        bad = settings_for(manager.port, key, fingerprint=vendors_certificate().fingerprint)
        for call in (READ, WRITE):
            with pytest.raises(EnlightedCertificateError) as caught:
                await call(EnlightedClient(session, bad))
            assert key not in words_of(caught.value)
        assert len(manager.requests) == 1


@both
async def test_a_certificate_that_nobody_knows_is_told_from_nobody_there(
    session: aiohttp.ClientSession, call: Call
) -> None:
    # The server's side of a refused handshake is nobody's failure.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    async with EnlightedSimulator(certificate=vendors_certificate()) as manager:
        client = EnlightedClient(session, settings_for(manager.port, use_https=True))
        with pytest.raises(EnlightedCertificateError) as caught:
            await call(client)
        assert manager.requests == []
        assert caught.value.__context__ is None


@both
async def test_tls_at_a_plain_port_is_a_connection_error(
    session: aiohttp.ClientSession, stub: StubManager, call: Call
) -> None:
    with pytest.raises(EnlightedConnectionError) as caught:
        await call(EnlightedClient(session, settings_for(stub.port, use_https=True)))
    assert type(caught.value) is EnlightedConnectionError


# What errors tell


@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(f"body-of-{SECRET_USER}", status) for status in (200, 302, 400, 401, 403, 404)),
        *(Answer(f"body-of-{SECRET_USER}", status) for status in (405, 407, 408, 429, 500)),
        LOGIN_PAGE,
        Answer({"status": "-1", "msg": f"no {SECRET_USER}"}),
        Answer("<x>" + SECRET_USER),
        b"",
        CUT,
        b"nonsense\r\n\r\n",
    ],
    ids=str,
)
@pytest.mark.parametrize("scheme", [None, *AuthScheme])
async def test_no_error_holds_a_secret_a_user_a_url_or_a_body(
    session: aiohttp.ClientSession,
    stub: StubManager,
    answer: Answer | bytes,
    scheme: AuthScheme | None,
) -> None:
    stub.otherwise = answer if isinstance(answer, Answer) else COMPANY
    async with raw_server(Silent(answer if isinstance(answer, bytes) else b"")) as other:
        port = stub.port if isinstance(answer, Answer) else other
        client = EnlightedClient(session, settings_for(port, user=SECRET_USER, scheme=scheme))
        for call in (READS["readings"], WRITE, WRITES["emergency test"]):
            try:
                await call(client)
            except EnlightedError as error:
                words = words_of(error)
                for secret in (KEY, SECRET_USER, "127.0.0.1", str(port), "/ems", "/org"):
                    assert secret not in words
                continue
            # Only what a test's start answers is not looked at.
            assert call is WRITES["emergency test"]
