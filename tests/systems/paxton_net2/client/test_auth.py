"""Signing in: once for everybody, ahead of time, and gently."""

import asyncio
from dataclasses import replace
import json
from types import SimpleNamespace
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    Net2AuthError,
    Net2Client,
    Net2ConnectionError,
    Net2Error,
    Net2LicenceError,
    Net2MfaRequiredError,
    Net2RateLimitedError,
    Net2ResponseError,
    Net2Settings,
    auth,
)
from simulators.paxton_net2 import Net2Simulator

from .support import (
    ACCESS_TOKEN,
    HTML,
    PASSWORD,
    TOKENS,
    ZONE,
    Answer,
    StubServer,
    settings_for,
    until,
)

ROUTE = f"POST {TOKENS}"


class Time:
    """A monotonic clock that tests turn."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Turn the client's idea of how old its tokens are."""
    clock = Time()
    monkeypatch.setattr(auth.time, "monotonic", clock)
    return clock


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect the waits of signing in instead of waiting."""
    naps: list[float] = []
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        if seconds > 0:
            naps.append(seconds)
        await sleep(0)

    monkeypatch.setattr(auth, "asyncio", SimpleNamespace(Lock=asyncio.Lock, sleep=nap))
    return naps


def grants(stub: StubServer) -> list[str]:
    """Return the grant types asked for."""
    forms = [
        parse_qs(body.decode())
        for body, route in zip(stub.bodies, stub.requests, strict=True)
        if route == ROUTE
    ]
    return [form["grant_type"][0] for form in forms]


def sign_ins(simulator: Net2Simulator) -> int:
    return [request.path for request in simulator.requests].count(TOKENS)


def token_answer(access: str = "t1", **more: object) -> Answer:
    return Answer({"access_token": access, "expires_in": 1800, **more})


async def test_the_password_grant_is_a_form_as_documented(
    session: aiohttp.ClientSession, stub: StubServer
) -> None:
    settings = settings_for(stub.port, username="Zoë Ö", client_secret="s&e")
    await Net2Client(session, settings, time_zone=ZONE).sign_in()
    assert parse_qs(stub.bodies[0].decode()) == {
        "username": ["Zoë Ö"],
        "password": [PASSWORD],
        "grant_type": ["password"],
        "client_id": [settings.client_id],
        "client_secret": ["s&e"],
        "scope": ["offline_access"],
    }


async def test_a_licence_may_have_a_secret(
    session: aiohttp.ClientSession,
    client: Net2Client,
    settings: Net2Settings,
    simulator: Net2Simulator,
) -> None:
    simulator.authority.client_secret = "hush"
    with pytest.raises(Net2LicenceError):
        await client.sign_in()
    secretive = replace(settings, client_secret="hush")
    await Net2Client(session, secretive, time_zone=ZONE).sign_in()


async def test_the_token_is_a_bearer_header(stub: StubServer, stub_client: Net2Client) -> None:
    headers: list[str] = []

    def answer(request: web.Request) -> Answer:
        headers.append(request.headers["Authorization"])
        return Answer([])

    stub.answers["GET /api/v1/doors"] = answer
    await stub_client.get_doors()
    assert headers == [f"Bearer {ACCESS_TOKEN}"]


async def test_many_callers_share_one_sign_in(client: Net2Client, simulator: Net2Simulator) -> None:
    await asyncio.gather(*(client.get_doors() for _ in range(20)))
    assert sign_ins(simulator) == 1


async def test_many_callers_share_one_renewal(client: Net2Client, simulator: Net2Simulator) -> None:
    await client.sign_in()
    simulator.expire_tokens()
    await asyncio.gather(*(client.get_doors() for _ in range(20)))
    assert sign_ins(simulator) == 2


async def test_many_callers_share_one_refusal(client: Net2Client, simulator: Net2Simulator) -> None:
    simulator.revoke_operator()
    results = await asyncio.gather(*(client.get_doors() for _ in range(20)), return_exceptions=True)
    assert {type(result) for result in results} == {Net2AuthError}
    assert sign_ins(simulator) == 1


async def test_a_caller_that_gives_up_takes_nobody_with_it(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    simulator.faults.delay = 0.3
    first = asyncio.create_task(client.get_doors())
    await until(lambda: simulator.requests)
    second = asyncio.create_task(client.get_doors())
    await asyncio.sleep(0)
    first.cancel()
    assert len(await second) == 4


async def test_who_waits_for_a_sign_in_that_was_given_up_hears_of_no_older_failure(
    client: Net2Client, simulator: Net2Simulator, naps: list[float]
) -> None:
    simulator.faults.fail(502)
    with pytest.raises(Net2ConnectionError):
        await client.get_doors()
    simulator.faults.delay = 0.3
    first = asyncio.create_task(client.get_doors())
    await until(lambda: sign_ins(simulator) == 2)
    second = asyncio.create_task(client.get_doors())
    await asyncio.sleep(0)
    first.cancel()
    assert len(await second) == 4


async def test_a_refusal_is_not_remembered(client: Net2Client, simulator: Net2Simulator) -> None:
    right = simulator.password
    simulator.password = "changed"
    with pytest.raises(Net2AuthError):
        await client.get_doors()
    simulator.password = right
    assert await client.get_doors()


async def test_a_token_is_renewed_five_minutes_ahead(
    stub: StubServer, stub_client: Net2Client, time: Time
) -> None:
    stub.answers[ROUTE] = token_answer(refresh_token="r1")
    stub.answers["GET /api/v1/doors"] = Answer([])
    await stub_client.get_doors()
    time.now += 1499
    await stub_client.get_doors()
    assert grants(stub) == ["password"]
    time.now += 2
    await stub_client.get_doors()
    assert grants(stub) == ["password", "refresh_token"]


@pytest.mark.parametrize("life", [0, -5, "soon", None, True])
async def test_a_life_that_is_none_is_taken_as_half_an_hour(
    stub: StubServer, stub_client: Net2Client, time: Time, life: object
) -> None:
    stub.answers[ROUTE] = Answer({"access_token": "t1", "expires_in": life})
    stub.answers["GET /api/v1/doors"] = Answer([])
    await stub_client.get_doors()
    time.now += 1499
    await stub_client.get_doors()
    assert grants(stub) == ["password"]


async def test_a_short_life_is_used_to_its_half(
    stub: StubServer, stub_client: Net2Client, time: Time
) -> None:
    stub.answers[ROUTE] = Answer({"access_token": "t1", "expires_in": "60"})
    stub.answers["GET /api/v1/doors"] = Answer([])
    for seconds in (0, 29, 2):
        time.now += seconds
        await stub_client.get_doors()
    assert grants(stub) == ["password", "password"]


async def test_the_old_refresh_token_is_kept_where_none_comes_back(
    client: Net2Client, simulator: Net2Simulator, naps: list[float]
) -> None:
    simulator.faults.refresh_without_new_token = True
    await client.sign_in()
    simulator.faults.refuse_refresh = False
    password, simulator.password = simulator.password, "a password grant would fail"
    for _ in range(3):
        simulator.expire_tokens()
        assert await client.get_doors()
    assert sign_ins(simulator) == 4
    assert password != simulator.password


@pytest.mark.parametrize("both", [False, True])
async def test_a_refused_refresh_falls_back_to_the_password_once(
    client: Net2Client, simulator: Net2Simulator, naps: list[float], both: bool
) -> None:
    await client.sign_in()
    simulator.faults.refuse_refresh = True
    if both:
        simulator.revoke_operator()
    simulator.expire_tokens()
    if both:
        with pytest.raises(Net2AuthError):
            await client.get_doors()
    else:
        assert await client.get_doors()
    assert sign_ins(simulator) == 3


async def test_a_restart_of_the_server_is_survived(
    client: Net2Client, simulator: Net2Simulator, naps: list[float]
) -> None:
    await client.get_doors()
    await simulator.restart()
    assert await client.get_doors()


async def test_half_an_hour_and_two_hours_later_calls_still_work(
    client: Net2Client, simulator: Net2Simulator, naps: list[float]
) -> None:
    for hours in (0.6, 2.5):
        await client.get_doors()
        simulator.clock.advance(hours * 3600)
    assert await client.get_doors()


async def test_a_refresh_that_gets_no_answer_leaves_the_living_token(
    stub: StubServer, stub_client: Net2Client, time: Time, naps: list[float]
) -> None:
    stub.answers[ROUTE] = [token_answer(refresh_token="r1"), Answer(HTML.body, 502, HTML.headers)]
    stub.answers["GET /api/v1/doors"] = Answer([])
    await stub_client.get_doors()
    time.now += 1600
    await stub_client.get_doors()
    time.now += 300
    with pytest.raises(Net2ConnectionError):
        await stub_client.get_doors()
    assert grants(stub) == ["password", "refresh_token", "refresh_token"]


async def test_a_refused_token_is_not_used_again_when_its_refresh_gets_no_answer(
    stub: StubServer, stub_client: Net2Client, naps: list[float]
) -> None:
    stub.answers[ROUTE] = [token_answer(refresh_token="r1"), Answer(HTML.body, 502, HTML.headers)]
    stub.answers["GET /api/v1/doors"] = Answer({"message": "denied"}, 401)
    with pytest.raises(Net2ConnectionError):
        await stub_client.get_doors()


async def test_a_second_factor_that_refresh_asks_for_is_told(
    stub: StubServer, stub_client: Net2Client, naps: list[float]
) -> None:
    mfa = Answer({"error": "mfa_required", "challengeToken": "x"}, 400)
    stub.answers[ROUTE] = [token_answer(refresh_token="r1"), mfa]
    stub.answers["GET /api/v1/doors"] = Answer({}, 401)
    with pytest.raises(Net2MfaRequiredError):
        await stub_client.get_doors()
    assert grants(stub) == ["password", "refresh_token"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"error": "invalid_client"}, 400), Net2LicenceError),
        (Answer({"Error": "Invalid_Client"}, 401), Net2LicenceError),
        (Answer({"error": "unauthorized_client"}, 400), Net2LicenceError),
        (Answer({"error": "invalid_grant"}, 400), Net2AuthError),
        (Answer({"message": "no"}, 400), Net2AuthError),
        (Answer("", 400), Net2AuthError),
        (Answer({"error": "invalid_grant"}, 401), Net2AuthError),
        (Answer(HTML.body, 401, HTML.headers), Net2AuthError),
        (Answer("[]", 403), Net2AuthError),
        (Answer({"error": "mfa_required", "challengeToken": "x"}, 400), Net2MfaRequiredError),
        (Answer({"error": "mfa_required", "challengeToken": "x"}, 401), Net2MfaRequiredError),
        (Answer({"error": "mfa_required", "challengeToken": "x"}, 200), Net2MfaRequiredError),
        (Answer(HTML.body, 400, HTML.headers), Net2ResponseError),
        (Answer(HTML.body, 403, HTML.headers), Net2ResponseError),
        (Answer("<h1>Hi", 200), Net2ResponseError),
        (HTML, Net2ResponseError),
        (Answer("", 204), Net2ResponseError),
        (Answer({"hello": "world"}), Net2ResponseError),
        (Answer([]), Net2ResponseError),
        (Answer('{"access_token":'), Net2ResponseError),
        (Answer({"access_token": {"a": 1}}), Net2ResponseError),
        (Answer({"message": "no"}, 404), Net2ResponseError),
        (Answer("", 405), Net2ResponseError),
        (Answer("", 301, {"Location": "/"}), Net2ResponseError),
        (Answer({"message": "down"}, 500), Net2ConnectionError),
        (Answer(HTML.body, 502, HTML.headers), Net2ConnectionError),
        (Answer(HTML.body, 503, HTML.headers), Net2ConnectionError),
        (Answer(HTML.body, 504, HTML.headers), Net2ConnectionError),
    ],
)
async def test_every_answer_to_a_sign_in_has_its_meaning(
    stub: StubServer, stub_client: Net2Client, answer: Answer, error: type[Net2Error]
) -> None:
    stub.answers[ROUTE] = answer
    with pytest.raises(Net2Error) as caught:
        await stub_client.sign_in()
    assert type(caught.value) is error
    assert stub.requests == [ROUTE]


@pytest.mark.parametrize("status", [200, 400, 401])
async def test_a_second_factor_is_told_by_the_simulator_too(
    client: Net2Client, simulator: Net2Simulator, status: int
) -> None:
    simulator.faults.mfa_required = True
    simulator.faults.mfa_status = status
    with pytest.raises(Net2MfaRequiredError):
        await client.sign_in()


async def test_one_429_is_waited_out(
    stub: StubServer, stub_client: Net2Client, naps: list[float]
) -> None:
    stub.answers[ROUTE] = [Answer(HTML.body, 429, HTML.headers), token_answer()]
    await stub_client.sign_in()
    assert len(naps) == 1
    assert 1 <= naps[0] <= 2


async def test_a_second_429_is_told_and_then_kept_to(
    stub: StubServer, stub_client: Net2Client, naps: list[float], time: Time
) -> None:
    stub.answers[ROUTE] = Answer(HTML.body, 429, {"Retry-After": "5"})
    with pytest.raises(Net2RateLimitedError) as caught:
        await stub_client.sign_in()
    assert caught.value.retry_after == 5
    assert grants(stub) == ["password", "password"]


async def test_while_the_server_wants_to_be_left_alone_nothing_is_sent(
    stub: StubServer, stub_client: Net2Client, time: Time
) -> None:
    stub.answers[ROUTE] = [Answer(HTML.body, 429, {"Retry-After": "60"}), token_answer()]
    with pytest.raises(Net2RateLimitedError):
        await stub_client.sign_in()
    time.now += 20
    with pytest.raises(Net2RateLimitedError) as caught:
        await stub_client.sign_in()
    assert caught.value.retry_after == pytest.approx(40)
    assert grants(stub) == ["password"]
    time.now += 41
    await stub_client.sign_in()


async def test_the_limit_of_two_a_second_is_kept(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    simulator.faults.rate_limit = True
    for _ in range(3):
        await client.sign_in()
    assert sign_ins(simulator) == 3


async def test_two_clients_at_one_address_get_in_one_after_the_other(
    session: aiohttp.ClientSession,
    client: Net2Client,
    settings: Net2Settings,
    simulator: Net2Simulator,
) -> None:
    simulator.faults.rate_limit = True
    other = Net2Client(session, settings, time_zone=ZONE)
    await client.sign_in()
    await other.sign_in()
    assert sign_ins(simulator) == 3


async def test_signing_out_revokes_the_refresh_token(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.answers[ROUTE] = token_answer(refresh_token="r1")
    stub.answers[f"DELETE {TOKENS}"] = Answer("", 204)
    await stub_client.sign_in()
    await stub_client.sign_out()
    assert stub.requests[-1] == f"DELETE {TOKENS}"
    assert json.loads(stub.bodies[-1]) == {"refreshToken": "r1"}


@pytest.mark.parametrize("answer", [Answer("", 404), Answer(HTML.body, 502, HTML.headers)])
async def test_signing_out_never_fails(
    stub: StubServer, stub_client: Net2Client, answer: Answer
) -> None:
    stub.answers[ROUTE] = token_answer(refresh_token="r1")
    stub.answers[f"DELETE {TOKENS}"] = answer
    await stub_client.sign_in()
    await stub_client.sign_out()
    assert stub.requests[-1] == f"DELETE {TOKENS}"


async def test_signing_out_of_a_server_that_is_gone_does_nothing(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    await client.sign_in()
    await simulator.stop()
    await client.sign_out()


async def test_signing_out_without_a_refresh_token_sends_nothing(
    stub: StubServer, stub_client: Net2Client
) -> None:
    await stub_client.sign_out()
    await stub_client.sign_in()
    await stub_client.sign_out()
    assert stub.requests == [ROUTE]


async def test_after_signing_out_the_next_call_signs_in(
    client: Net2Client, simulator: Net2Simulator, naps: list[float]
) -> None:
    await client.sign_in()
    await client.sign_out()
    assert await client.get_doors()
    assert [request.method for request in simulator.requests if request.path == TOKENS] == [
        "POST",
        "DELETE",
        "POST",
    ]
