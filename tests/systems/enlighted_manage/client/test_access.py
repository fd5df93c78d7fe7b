"""Getting in: the scheme that works, the manager's clock, and what refusals mean."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    AuthScheme,
    EnlightedAuthError,
    EnlightedClient,
    EnlightedClockError,
    EnlightedConnectionError,
    EnlightedError,
    EnlightedForbiddenError,
    EnlightedNotFoundError,
    EnlightedOutcomeUnknownError,
    EnlightedRejectedError,
    EnlightedResponseError,
)
from simulators.enlighted_manage import EnlightedSimulator

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
    client_of,
    settings_for,
)

NEW, OLD = AuthScheme.V4_5, AuthScheme.V4_4
COMPANY = Answer({"id": "1", "name": "Acme"})
REFUSALS = [
    Answer("", 302, {"Location": "/ems/login.jsp"}),
    Answer("", 401),
    LOGIN_PAGE,
    Answer("\ufeff\r\n" + str(LOGIN_PAGE.body).upper()),
    Answer('<?xml version="1.0"?><!-- x --><html xmlns="x"><body/></html>'),
]


def schemes(stub: StubManager) -> list[AuthScheme]:
    return [request.scheme for request in stub.requests]


def dated(moment: datetime, body: object = "", status: int = 200) -> Answer:
    return Answer(body, status, {"Date": format_datetime(moment, usegmt=True)})


# The scheme


@pytest.mark.parametrize("status", [302, 401, 200])
async def test_the_scheme_is_found_by_trying_and_remembered(
    session: aiohttp.ClientSession, status: int
) -> None:
    """Section 2.5, and gotcha 3: a way to the login page is no answer."""
    async with EnlightedSimulator(version="4.4") as manager:
        manager.faults.no_credentials = status
        client = client_of(session, manager)
        assert len(await client.get_floors()) == 2
        await client.get_company()
        assert [request.scheme for request in manager.requests] == ["new", "old", "old"]
        assert client.scheme is OLD
        assert manager.world.mistakes == []


async def test_the_newer_scheme_is_tried_first(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    await client.get_floors()
    assert [request.scheme for request in manager.requests] == ["new"]
    assert client.scheme is NEW


@pytest.mark.parametrize("scheme", AuthScheme)
async def test_a_scheme_that_was_chosen_is_obeyed(
    session: aiohttp.ClientSession, stub: StubManager, scheme: AuthScheme
) -> None:
    client = EnlightedClient(session, settings_for(stub.port, scheme=scheme))
    client.remember_scheme(scheme.other)
    stub.otherwise = Answer("", 401)
    with pytest.raises(EnlightedAuthError):
        await client.get_company()
    assert schemes(stub) == [scheme]
    assert client.scheme is scheme


async def test_a_scheme_that_worked_the_last_time_comes_first(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub_client.remember_scheme(OLD)
    stub.otherwise = COMPANY
    await stub_client.get_company()
    assert schemes(stub) == [OLD]


async def test_the_other_scheme_is_tried_once_when_one_is_refused_later(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """Gotcha 27: a key that was made anew is refused by both."""
    stub.otherwise = [COMPANY, Answer("", 401), COMPANY, COMPANY, Answer("", 401)]
    await stub_client.get_company()
    await stub_client.get_company()
    await stub_client.get_company()
    assert schemes(stub) == [NEW, NEW, OLD, OLD]
    with pytest.raises(EnlightedAuthError):
        await stub_client.get_company()
    assert schemes(stub)[4:] == [OLD, NEW]


async def test_a_key_that_was_made_anew_is_refused(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotcha 27."""
    await client.get_floors()
    manager.world.rotate_key(USER)
    with pytest.raises(EnlightedAuthError):
        await client.get_floors()


@pytest.mark.parametrize("refusal", REFUSALS, ids=["302", "401", "page", "PAGE", "xhtml"])
async def test_a_login_page_is_a_refused_key(
    stub: StubManager, stub_client: EnlightedClient, refusal: Answer
) -> None:
    """Gotcha 3."""
    stub.otherwise = refusal
    for call in READS.values():
        stub.requests.clear()
        with pytest.raises(EnlightedAuthError) as caught:
            await call(stub_client)
        assert type(caught.value) is EnlightedAuthError
        assert schemes(stub) == [NEW, OLD]


@pytest.mark.parametrize("call", WRITES.values(), ids=WRITES)
async def test_a_command_that_is_refused_is_sent_once(
    stub: StubManager, stub_client: EnlightedClient, call: Call
) -> None:
    for count, refusal in enumerate(REFUSALS, 1):
        stub.otherwise = refusal
        with pytest.raises(EnlightedAuthError):
            await call(stub_client)
        assert len(stub.requests) == count


# What is not the user's


async def test_a_403_is_no_failed_login(
    session: aiohttp.ClientSession, manager: EnlightedSimulator
) -> None:
    """Gotcha 26: part of a floor lets its metadata through, and nothing else of it."""
    client = client_of(session, manager, user="limited")
    assert [floor.id for floor in await client.get_floors()] == [1, 2]
    before = len(manager.requests)
    assert [area.id for area in await client.get_areas(2)] == [13]
    with pytest.raises(EnlightedForbiddenError):
        await client.get_fixtures(2)
    assert [request.scheme for request in manager.requests[before:]] == ["new", "new"]


@pytest.mark.parametrize("other", [Answer("", 401), Answer("", 302), Answer("", 408)])
async def test_a_403_before_the_scheme_is_proven_has_the_other_tried(
    stub: StubManager, stub_client: EnlightedClient, other: Answer
) -> None:
    """Section 2.5; being let in, and kept out of something, says more than not being let in."""
    stub.otherwise = [Answer("", 403), other]
    with pytest.raises(EnlightedForbiddenError):
        await stub_client.get_company()
    assert schemes(stub) == [NEW, OLD]


@pytest.mark.parametrize("first", [Answer("", 401), Answer("", 403)])
async def test_a_403_by_the_other_scheme_stands(
    stub: StubManager, stub_client: EnlightedClient, first: Answer
) -> None:
    stub.otherwise = [first, Answer("", 403)]
    with pytest.raises(EnlightedForbiddenError):
        await stub_client.get_company()
    assert schemes(stub) == [NEW, OLD]


async def test_a_403_that_the_other_scheme_is_not_given_finds_that(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub.otherwise = [Answer("", 403), COMPANY]
    assert (await stub_client.get_company()).name == "Acme"
    assert stub_client.scheme is OLD


async def test_a_403_under_a_chosen_scheme_is_final(
    session: aiohttp.ClientSession, stub: StubManager
) -> None:
    stub.otherwise = Answer("", 403)
    with pytest.raises(EnlightedForbiddenError):
        await EnlightedClient(session, settings_for(stub.port, scheme=NEW)).get_company()
    assert len(stub.requests) == 1


# The clock


@pytest.mark.parametrize("status", [200, 401, 404, 500])
async def test_the_clock_is_read_off_any_answer(
    stub: StubManager, stub_client: EnlightedClient, status: int
) -> None:
    """Section 2.7."""
    stub.otherwise = dated(datetime.now(UTC) + timedelta(hours=3), "{}", status)
    with pytest.raises(EnlightedError):
        await stub_client.get_company()
    assert abs(stub_client.clock_offset - timedelta(hours=3)) < timedelta(seconds=30)
    assert stub_client.now() - datetime.now(UTC) > timedelta(hours=2, minutes=59)


@pytest.mark.parametrize(
    "date", ["", "noon", "99999", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 99999 00:00:00 GMT"]
)
async def test_a_date_that_is_none_changes_nothing(
    stub: StubManager, stub_client: EnlightedClient, date: str
) -> None:
    stub.otherwise = Answer({"name": "Acme"}, headers={"Date": date})
    await stub_client.get_company()
    assert stub_client.clock_offset == timedelta()


@pytest.mark.parametrize("offset", [-7200.0, 86400.0, -7e8])
async def test_requests_are_signed_by_the_managers_clock(
    session: aiohttp.ClientSession, manager: EnlightedSimulator, offset: float
) -> None:
    """Appendix C 7: a 408 corrects the clock, and the read is tried once more, in its time."""
    manager.faults.ts_window = 60.0
    manager.faults.clock_offset = offset
    client = client_of(session, manager, scheme=OLD)
    assert len(await client.get_floors()) == 2
    assert len(await client.get_floors()) == 2
    assert len(manager.requests) == 3
    assert manager.world.mistakes == []
    await client.dim([LIGHT], 50, 60)
    assert len(manager.requests) == 4


async def test_a_stale_time_may_be_a_401_too(
    session: aiohttp.ClientSession, manager: EnlightedSimulator
) -> None:
    manager.faults.ts_window, manager.faults.stale_status = 60.0, 401
    manager.faults.clock_offset = 3600.0
    assert len(await client_of(session, manager, scheme=OLD).get_floors()) == 2
    assert len(manager.requests) == 2


async def test_scheme_and_clock_are_found_together(session: aiohttp.ClientSession) -> None:
    async with EnlightedSimulator(version="4.4") as manager:
        manager.faults.ts_window, manager.faults.clock_offset = 60.0, 86400.0
        assert len(await client_of(session, manager).get_floors()) == 2
        assert [request.scheme for request in manager.requests] == ["new", "old"]


@pytest.mark.parametrize("status", [401, 408])
async def test_a_clock_that_was_right_is_not_tried_again(
    session: aiohttp.ClientSession, stub: StubManager, status: int
) -> None:
    client = EnlightedClient(session, settings_for(stub.port, scheme=OLD))
    stub.otherwise = Answer("", status)
    with pytest.raises(EnlightedAuthError):
        await client.get_company()
    assert len(stub.requests) == 1


async def test_a_time_that_stays_refused_is_tried_once_more_only(
    session: aiohttp.ClientSession, stub: StubManager
) -> None:
    client = EnlightedClient(session, settings_for(stub.port, scheme=OLD))
    stub.otherwise = [dated(datetime(2020, 1, day, tzinfo=UTC), "", 408) for day in (1, 2, 3)]
    with pytest.raises(EnlightedClockError):
        await client.get_company()
    times = [int(request.headers["ts"]) for request in stub.requests]
    assert len(times) == 2
    start = datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000
    assert 0 <= times[1] - start < 60_000
    hashes = {request.headers["authorization"] for request in stub.requests}
    assert len(hashes) == 2


async def test_a_refused_clock_is_told_though_the_other_scheme_is_tried_last(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub_client.remember_scheme(OLD)
    stub.otherwise = [Answer("", 408), Answer("", 401)]
    with pytest.raises(EnlightedClockError):
        await stub_client.get_company()
    assert schemes(stub) == [OLD, NEW]


@pytest.mark.parametrize("call", WRITES.values(), ids=WRITES)
async def test_a_command_out_of_time_is_not_sent_again(
    session: aiohttp.ClientSession, stub: StubManager, call: Call
) -> None:
    client = EnlightedClient(session, settings_for(stub.port, scheme=OLD))
    client.time_zone = ZONE
    stub.otherwise = dated(datetime(2020, 1, 1, tzinfo=UTC), "", 408)
    with pytest.raises(EnlightedError) as caught:
        await call(client)
    assert not isinstance(caught.value, EnlightedOutcomeUnknownError)
    assert len(stub.requests) == 1
    # It surely did not run, and the clock is right for the next one.
    assert client.now().year == 2020


# Other statuses


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, EnlightedRejectedError),
        (404, EnlightedNotFoundError),
        (405, EnlightedNotFoundError),
        (406, EnlightedRejectedError),
        (407, EnlightedConnectionError),
        (415, EnlightedRejectedError),
        (429, EnlightedConnectionError),
        (500, EnlightedConnectionError),
        (503, EnlightedConnectionError),
    ],
)
async def test_statuses_of_reads(
    stub: StubManager, stub_client: EnlightedClient, status: int, kind: type[EnlightedError]
) -> None:
    """Section 2.6; bodies are labelled as XML, whatever they are (appendix C 12)."""
    stub.otherwise = Answer("Floor ID does not exist; please correct and try again", status)
    with pytest.raises(EnlightedError) as caught:
        await stub_client.get_company()
    assert type(caught.value) is kind
    assert str(status) in str(caught.value)
    assert "Floor" not in str(caught.value)
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, EnlightedRejectedError),
        (403, EnlightedForbiddenError),
        (404, EnlightedNotFoundError),
        (415, EnlightedRejectedError),
        (429, EnlightedConnectionError),
        (500, EnlightedOutcomeUnknownError),
        (502, EnlightedOutcomeUnknownError),
        (504, EnlightedOutcomeUnknownError),
    ],
)
async def test_statuses_of_commands(
    stub: StubManager, stub_client: EnlightedClient, status: int, kind: type[EnlightedError]
) -> None:
    stub.otherwise = Answer("<html></html>", status)
    with pytest.raises(EnlightedError) as caught:
        await stub_client.dim([LIGHT], 50, 60)
    assert type(caught.value) is kind
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    ("header", "wait"), [("12", 12.0), ("99999", 3600.0), ("soon", None), ("-1", None), ("", None)]
)
async def test_how_long_to_wait_is_told(
    stub: StubManager, stub_client: EnlightedClient, header: str, wait: float | None
) -> None:
    stub.otherwise = Answer("", 503, {"Retry-After": header})
    with pytest.raises(EnlightedConnectionError) as caught:
        await stub_client.get_company()
    assert caught.value.retry_after == wait


@pytest.mark.parametrize(
    "body", ["{", '{"name": "Ac', "<company>", "", "null", "[]", "{}", '"text"', "7", "OK"]
)
async def test_an_answer_without_what_was_asked_for(
    stub: StubManager, stub_client: EnlightedClient, body: str
) -> None:
    stub.otherwise = Answer(body)
    with pytest.raises(EnlightedResponseError):
        await stub_client.get_company()


async def test_headers_of_both_schemes_as_they_are_sent(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """Gotcha 1: the key is sent by the newer scheme alone, and never as ApiKey (gotcha 32)."""
    stub.otherwise = [Answer("", 401), COMPANY]
    await stub_client.get_company()
    new, old = (request.headers for request in stub.requests)
    assert (new["userid"], new["authorization"]) == (USER, f"apikey {KEY}")
    assert not {"apikey", "ts"} & new.keys()
    assert old["apikey"] == USER
    assert len(old["ts"]) == 13
    assert len(old["authorization"]) == 40
    assert "userid" not in old
    assert KEY not in str(old)
    assert {new["accept"], old["accept"]} == {"application/json, application/xml;q=0.9"}
    assert all(not request.body for request in stub.requests)


async def test_a_name_in_utf_8_is_let_in_by_both(
    session: aiohttp.ClientSession, manager: EnlightedSimulator
) -> None:
    manager.world.add_user("süß", "Administrator", [], [])
    for scheme in AuthScheme:
        assert await client_of(session, manager, user="süß", scheme=scheme).get_floors()


async def test_an_inactive_user_is_refused(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    manager.world.set_active(USER, active=False)
    with pytest.raises(EnlightedAuthError):
        await client.get_floors()
