"""REST: what each status means, and lists that are read to their end (sections 2.8, 3.1)."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    PowerMode,
    VxgAuthError,
    VxgBusyError,
    VxgClient,
    VxgConnectionError,
    VxgError,
    VxgForbiddenError,
    VxgNotFoundError,
    VxgOutcomeUnknownError,
    VxgRateLimitedError,
    VxgRejectedError,
    VxgResponseError,
    rest,
)
from simulators.vxg import VxgSimulator

from .support import (
    CAMERA,
    KEY,
    Answer,
    StubCloud,
    client_of,
    listing,
    refusal,
    words_of,
)

CAMERAS = "GET /api/v2/cameras/"
EVENTS = "GET /api/v2/storage/events/"
ONE = f"PUT /api/v2/cameras/{CAMERA}/"

BOTH = {
    400: VxgRejectedError,
    401: VxgAuthError,
    403: VxgForbiddenError,
    404: VxgNotFoundError,
    405: VxgNotFoundError,
    409: VxgRejectedError,
    410: VxgRejectedError,
    413: VxgRejectedError,
    429: VxgRateLimitedError,
    503: VxgBusyError,
    301: VxgResponseError,
    302: VxgResponseError,
}
#: What fails on the way may have happened.
UNSURE = (408, 500, 502, 504, 599)


@pytest.mark.parametrize("status", [*BOTH, *UNSURE])
@pytest.mark.parametrize("body", ["<html>Error</html>", "", "{", {"status": "?", "errorType": 7}])
async def test_a_status_of_a_question_means_what_it_means_whatever_the_body(
    stub: StubCloud, stub_client: VxgClient, status: int, body: object
) -> None:
    stub.answers[CAMERAS] = Answer(body, status)
    with pytest.raises(VxgError) as caught:
        await stub_client.get_cameras()
    assert type(caught.value) is BOTH.get(status, VxgConnectionError)
    assert str(status) in str(caught.value)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("status", [*BOTH, *UNSURE])
async def test_a_status_of_a_command_tells_refused_from_unsure(
    stub: StubCloud, stub_client: VxgClient, status: int
) -> None:
    stub.answers[ONE] = Answer("<html>Error</html>", status)
    with pytest.raises(VxgError) as caught:
        await stub_client.set_power(CAMERA, PowerMode.OFF)
    assert type(caught.value) is BOTH.get(status, VxgOutcomeUnknownError)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_nothing_of_a_body_gets_into_an_error(
    stub: StubCloud, stub_client: VxgClient, status: int
) -> None:
    quote = f"LKey {KEY} rtsp://viewer:camera-password@192.0.2.7/"
    stub.answers[CAMERAS] = Answer({"status": status, "errorDetail": quote}, status)
    with pytest.raises(VxgError) as caught:
        await stub_client.get_cameras()
    words = words_of(caught.value)
    assert KEY not in words
    assert "camera-password" not in words
    assert str(stub.port) not in words


@pytest.mark.parametrize(
    "body",
    [
        "<html>Sign in</html>",
        '{"objects": [',
        "[]",
        "7",
        '"text"',
        "null",
        b"\xff\xfe",
        b"\x00",
        "[" * 5000,
    ],
)
async def test_a_good_answer_that_cannot_be_read_is_no_answer(
    stub: StubCloud, stub_client: VxgClient, body: str | bytes
) -> None:
    stub.otherwise = Answer(body)
    for question in (
        stub_client.get_cameras(),
        stub_client.get_server_time(),
        stub_client.get_plan(CAMERA),
    ):
        with pytest.raises(VxgResponseError):
            await question


@pytest.mark.parametrize("body", [{}, {"objects": None}, {"objects": {}}, {"detail": "no list"}])
async def test_an_answer_without_the_list_is_told(
    stub: StubCloud, stub_client: VxgClient, body: dict[str, object]
) -> None:
    stub.answers[CAMERAS] = Answer(body)
    with pytest.raises(VxgResponseError):
        await stub_client.get_cameras()


@pytest.mark.parametrize(
    "answer", [Answer(""), Answer({}), Answer("", 204), Answer({}, 201), Answer("  \n")]
)
async def test_a_command_may_be_answered_by_nothing(
    stub: StubCloud, stub_client: VxgClient, answer: Answer
) -> None:
    stub.answers[ONE] = answer
    await stub_client.set_power(CAMERA, PowerMode.OFF)
    assert len(stub.requests) == 1


def date_in(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        (" 2.5", 2.5, 2.5),
        ("-9", 0, 0),
        ("999999999", 3600, 3600),
        ("inf", 3600, 3600),
        ("in 120", 60, 120),
        ("in -120", 0, 0),
    ],
)
@pytest.mark.parametrize("status", [429, 503, 502])
async def test_how_long_to_wait_may_be_seconds_or_a_date(
    stub: StubCloud, stub_client: VxgClient, status: int, value: str, *, least: float, most: float
) -> None:
    if value.startswith("in "):
        value = date_in(float(value.removeprefix("in ")))
    stub.answers[CAMERAS] = Answer("", status, {"Retry-After": value})
    with pytest.raises(VxgConnectionError) as caught:
        await stub_client.get_cameras()
    assert caught.value.retry_after is not None
    assert least <= caught.value.retry_after <= most


@pytest.mark.parametrize(
    "value", [None, "", "soon", "nan", "Thu, 02 May 99999 10:00:00 GMT", "02 May 2024 10:00 -0000"]
)
async def test_how_long_to_wait_may_be_unknown(
    stub: StubCloud, stub_client: VxgClient, value: str | None
) -> None:
    stub.answers[CAMERAS] = Answer("", 429, {} if value is None else {"Retry-After": value})
    with pytest.raises(VxgRateLimitedError) as caught:
        await stub_client.get_cameras()
    assert caught.value.retry_after is None


# Lists


async def test_all_cameras_of_a_large_site_are_found(session: aiohttp.ClientSession) -> None:
    async with VxgSimulator(cameras=45) as cloud:
        cameras = await client_of(session, cloud, cloud.world.licence_key()).get_cameras()
        assert len({camera.id for camera in cameras}) == 45
        assert len(cloud.requests) == 1


@pytest.mark.parametrize("size", [1, 7, 20, 23, 24, 1000])
async def test_pages_of_any_size_make_the_whole_list_once(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(rest, "PAGE", size)
    async with VxgSimulator(cameras=23) as cloud:
        cameras = await client_of(session, cloud, cloud.world.licence_key()).get_cameras()
        assert [camera.id for camera in cameras] == list(cloud.world.cameras)
        assert len(cloud.requests) == -(-23 // size)


async def test_more_than_a_thousand_objects_are_read_to_the_end(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.world.storage.events.clear()
    cloud.world.storm(2500)
    events = await client.get_events()
    assert len({event.id for event in events}) == 2500
    assert [event.time for event in events] == sorted(event.time for event in events)
    assert len(cloud.requests) == 3


async def test_no_more_is_read_than_is_wanted(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.world.storm(2500)
    assert len(await client.get_events(most=5)) == 5
    assert len(await client.get_events(most=1500)) == 1500
    assert len(cloud.requests) == 3


@pytest.mark.parametrize(
    "following",
    [
        "/api/v2/storage/events/?limit=1000&offset=0",
        "/api/v2/storage/events/?limit=1000&order_by=time&include_meta=true",
        "/api/v2/storage/events/",
        "nonsense",
        "http://[",
    ],
)
async def test_a_next_that_leads_nowhere_new_ends_the_list(
    stub: StubCloud, stub_client: VxgClient, following: str
) -> None:
    stub.answers[EVENTS] = Answer(listing({"id": 1}, following=following))
    await stub_client.get_events()
    assert len(stub.requests) <= 2


async def test_a_next_that_leads_in_a_circle_ends(stub: StubCloud, stub_client: VxgClient) -> None:
    one, other = (f"/api/v2/storage/events/?limit=1000&offset={each}" for each in (1, 2))
    stub.answers[EVENTS] = [
        Answer(listing({"id": number}, following=other if number % 2 else one))
        for number in range(1000)
    ]
    await stub_client.get_events()
    assert len(stub.requests) <= 4


async def test_a_next_without_end_ends(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.answers[EVENTS] = [
        Answer(listing({"id": number}, following=f"?offset={number}")) for number in range(1, 1000)
    ]
    await stub_client.get_events()
    assert len(stub.requests) == 100


async def test_an_empty_page_ends_the_list(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.answers[EVENTS] = Answer(listing(following="/api/v2/storage/events/?offset=20"))
    assert await stub_client.get_events() == ()
    assert len(stub.requests) == 1


async def test_a_next_on_another_host_or_path_is_not_followed_there(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.answers[EVENTS] = [
        Answer(listing({}, following="http://192.0.2.66/steal/?limit=1000&offset=1")),
        Answer(listing()),
    ]
    await stub_client.get_events()
    assert stub.routes == [EVENTS, EVENTS]
    assert stub.requests[1].query["offset"] == "1"


async def test_a_failure_in_the_middle_of_a_list_is_no_shorter_list(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.answers[EVENTS] = [Answer(listing({}, following="?offset=1")), refusal(502)]
    with pytest.raises(VxgConnectionError):
        await stub_client.get_events()


async def test_the_simulators_faults_are_told_apart(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.faults.fail(502)
    with pytest.raises(VxgConnectionError):
        await client.get_cameras()
    cloud.faults.fail(429, retry_after="12")
    with pytest.raises(VxgRateLimitedError) as caught:
        await client.get_cameras()
    assert caught.value.retry_after == 12
    cloud.faults.truncate_answers()
    with pytest.raises(VxgResponseError):
        await client.get_cameras()
    cloud.faults.lose_answers()
    with pytest.raises(VxgConnectionError):
        await client.get_cameras()
    cloud.faults.lose_answers()
    with pytest.raises(VxgOutcomeUnknownError):
        await client.set_power(CAMERA, PowerMode.OFF)
    assert cloud.world.cameras[CAMERA].mode == "off"
    assert await client.get_cameras()
