"""Events: the two kinds of copy, and reading back without a gap or a double."""

import asyncio
from datetime import UTC, datetime, timedelta
import re
from zoneinfo import ZoneInfo

from aiohttp import web
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    AccessEvent,
    Credential,
    Direction,
    EventKind,
    Net2Client,
    Net2ResponseError,
    ServerClock,
    events,
)
from custom_components.gatehouse.systems.paxton_net2.client.events import EventReader
from custom_components.gatehouse.systems.paxton_net2.client.parse import Json, Record
from simulators.paxton_net2 import Net2Simulator

from .support import CLIENT_ID, Answer, StubServer

LIVE: dict[str, Json] = {
    "eventTime": "2026-01-10T18:48:34",
    "eventType": 20,
    "eventSubType": 0,
    "tokenType": 0,
    "tokenNumber": 12345678,
    "userId": 8,
    "userName": "Example Ada",
    "deviceId": 1234567,
    "areaName": "HQ - Main Entrance - ACU:1234567 (In)",
    "details": None,
    "notificationType": "EventsReportEvent",
}
REST: dict[str, Json] = {
    "eventTime": "2026-01-10T18:48:34.917+01:00",
    "id": 1540001,
    "deviceName": "HQ - Main Entrance - ACU:1234567 (In)",
    "cardNo": 12345678,
    "eventType": 20,
    "eventDescription": "Access permitted - token only",
    "eventSubType": 0,
    "eventDetails": None,
    "linkedEvent": None,
    "firstName": "Ada",
    "middleName": None,
    "surname": "Example",
    "userID": 8,
    "priority": 15,
    "address": 1234567,
    "peripheralID": 42,
    "deviceDeleted": False,
}
EVENTS = "GET /api/v1/events"


@pytest.fixture
def reader() -> EventReader:
    return EventReader(ServerClock(ZoneInfo("Europe/Berlin")), CLIENT_ID)


def read(reader: EventReader, fields: dict[str, Json], **changes: Json) -> AccessEvent:
    event = reader.read(Record(fields | changes))
    assert event is not None
    return event


def test_a_live_event_is_read(reader: EventReader) -> None:
    event = read(reader, LIVE)
    assert event == AccessEvent(
        time=datetime(2026, 1, 10, 17, 48, 34, tzinfo=UTC),
        code=20,
        sub_code=0,
        kind=EventKind.ACCESS_GRANTED,
        door_id=1234567,
        key=event.key,
        user_id=8,
        user_name="Example Ada",
        credential=Credential.TOKEN,
        direction=Direction.IN,
    )


def test_a_rest_event_is_read(reader: EventReader) -> None:
    event = read(reader, REST, eventSubType=3)
    assert event == AccessEvent(
        time=datetime(2026, 1, 10, 17, 48, 34, 917000, tzinfo=UTC),
        code=20,
        sub_code=3,
        kind=EventKind.ACCESS_GRANTED,
        door_id=1234567,
        key=event.key,
        user_id=8,
        user_name="Ada Example",
        credential=Credential.TOKEN,
        direction=Direction.IN,
        id=1540001,
    )


def test_both_copies_have_the_same_key(reader: EventReader) -> None:
    key = read(reader, LIVE).key
    assert key == read(reader, REST).key
    assert re.fullmatch(r"1768067314:20:8:1234567:[0-9a-f]{12}", key)


@pytest.mark.parametrize("card", ["12345678", " 0012345678 ", 12345678.0])
def test_a_card_number_counts_the_same_however_it_is_written(
    reader: EventReader, card: Json
) -> None:
    assert read(reader, LIVE, tokenNumber=card).key == read(reader, LIVE).key


@pytest.mark.parametrize("card", [None, 0, "0", "", [], True])
def test_without_a_card_the_key_ends_empty(reader: EventReader, card: Json) -> None:
    assert read(reader, LIVE, tokenNumber=card).key == "1768067314:20:8:1234567:"


@pytest.mark.parametrize(
    "change",
    [
        {"eventTime": "2026-01-10T18:48:35"},
        {"eventType": 21},
        {"userId": 9},
        {"deviceId": 7},
        {"tokenNumber": 12345679},
    ],
)
def test_another_event_has_another_key(reader: EventReader, change: dict[str, Json]) -> None:
    assert read(reader, LIVE | change).key != read(reader, LIVE).key


def test_the_digest_of_a_card_depends_on_the_licence(reader: EventReader) -> None:
    other = EventReader(ServerClock(ZoneInfo("Europe/Berlin")), "another licence " * 10)
    assert read(other, LIVE).key != read(reader, LIVE).key


def test_nobody_and_nowhere_are_none(reader: EventReader) -> None:
    event = read(reader, LIVE, userId=0, userName=None, deviceId=None, tokenNumber=None)
    assert (event.user_id, event.user_name, event.door_id) == (None, None, None)
    assert event.key == "1768067314:20:0:0:"


@pytest.mark.parametrize("change", [{"eventTime": None}, {"eventTime": "?"}, {"eventType": None}])
def test_an_event_without_time_or_code_is_left_out(
    reader: EventReader, change: dict[str, Json]
) -> None:
    assert reader.read(Record(LIVE | change)) is None


@pytest.mark.parametrize(
    ("code", "token_type", "credential"),
    [
        (20, 0, Credential.TOKEN),
        (26, 1, Credential.PIN),
        (26, None, Credential.PIN),
        (30, 2, Credential.VEHICLE),
        (15, 3, Credential.CODE),
        (15, None, None),
        (15, 9, None),
        (26, -1, Credential.PIN),
        (95, 3, Credential.CODE),
        (96, 1, Credential.PIN),
        (46, 0, None),
        (28, 0, None),
        (500, 0, None),
    ],
)
def test_the_credential_is_told_where_somebody_stood_at_a_reader(
    reader: EventReader, code: int, token_type: int | None, credential: Credential | None
) -> None:
    assert read(reader, LIVE, eventType=code, tokenType=token_type).credential is credential


def test_an_opening_by_nobody_has_no_credential(reader: EventReader) -> None:
    event = read(reader, LIVE, eventType=15, userId=0, tokenNumber=None)
    assert event.credential is None


@pytest.mark.parametrize(
    ("place", "direction"),
    [
        ("Main Entrance - ACU 01234567 (In)", Direction.IN),
        ("Main Entrance - ACU 01234567 (OUT)", Direction.OUT),
        ("Back Door (In) - ACU 01234567", None),
        ("Cabin", None),
        (None, None),
    ],
)
def test_the_direction_is_at_the_end_of_the_place(
    reader: EventReader, place: str | None, direction: Direction | None
) -> None:
    assert read(reader, LIVE, areaName=place).direction is direction


def test_no_personal_data_is_in_a_repr(reader: EventReader) -> None:
    assert not re.search("12345678|Ada", repr(read(reader, LIVE)).replace("1234567,", ""))


async def test_events_come_newest_first(client: Net2Client, simulator: Net2Simulator) -> None:
    door = next(iter(simulator.world.doors))
    for _ in range(5):
        simulator.world.swipe_unknown(door)
        simulator.clock.advance(1)
    found = await client.get_events()
    assert [event.id for event in found] == sorted(
        (e.id for e in simulator.world.events), reverse=True
    )
    assert {event.kind for event in found} == {EventKind.ACCESS_DENIED}
    assert [event.id for event in await client.get_events(limit=2)] == [e.id for e in found[:2]]


async def test_events_are_of_the_span_asked_for(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    for seconds in range(100, 0, -10):
        simulator.world.emit(65, seconds_ago=seconds)
    times = [event.time for event in simulator.world.events]
    # REST tells milliseconds.
    since, until = times[3] - timedelta(milliseconds=1), times[6]
    found = await client.get_events(since=since, until=until)
    assert [event.id for event in found] == [e.id for e in reversed(simulator.world.events[3:7])]


@pytest.mark.parametrize("empty_body", [False, True])
async def test_no_event_is_an_empty_answer(
    client: Net2Client, simulator: Net2Simulator, empty_body: bool
) -> None:
    simulator.faults.empty_events_body = empty_body
    assert await client.get_events() == ()
    assert await client.get_events_since(datetime(2026, 1, 1, tzinfo=UTC)) == ()


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Kolkata", "America/St_Johns", "UTC"])
async def test_a_server_in_another_zone_is_understood_once_an_event_was_read(
    client: Net2Client, simulator: Net2Simulator, zone: str
) -> None:
    simulator.world.zone = ZoneInfo(zone)
    simulator.world.emit(65, seconds_ago=5)
    await client.get_events()
    start = simulator.clock.now() - timedelta(milliseconds=1)
    simulator.world.emit(65)
    assert [event.id for event in await client.get_events_since(start)] == [1540002]


async def test_all_events_are_read_however_many_pages_it_takes(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    for number in range(2500):
        simulator.world.emit(65, seconds_ago=2500 - number)
    found = await client.get_events_since(simulator.clock.now() - timedelta(hours=1))
    assert [event.id for event in found] == [event.id for event in simulator.world.events]
    pages = [request.path for request in simulator.requests].count("/api/v1/events")
    assert 3 <= pages <= 4


async def test_a_second_that_holds_more_than_a_page_is_read_whole(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    for _ in range(2500):
        simulator.world.emit(65, seconds_ago=10)
    simulator.world.emit(65)
    found = await client.get_events_since(simulator.clock.now() - timedelta(hours=1))
    assert sorted(event.id or 0 for event in found) == [e.id for e in simulator.world.events]


async def test_a_long_page_leaves_others_their_turn(client: Net2Client) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(others())
    page = await client._read_rows([REST] * 5_000)
    task.cancel()
    assert len(page) == 5_000
    assert turns > 3


async def test_nothing_is_lost_in_the_hour_that_comes_twice(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    start = datetime(2026, 10, 25, 0, tzinfo=UTC)
    ago = simulator.clock.now() - start
    for minute in range(0, 180, 3):
        simulator.world.emit(65, seconds_ago=ago.total_seconds() - minute * 60)
    expected = [event.id for event in simulator.world.events]
    assert [
        event.id for event in await client.get_events_since(start - timedelta(seconds=1))
    ] == expected
    for index in range(0, 60, 7):
        since = simulator.world.events[index].time - timedelta(milliseconds=1)
        found = await client.get_events_since(since)
        assert [event.id for event in found] == expected[index:]


def rest_row(number: int, time: datetime) -> dict[str, Json]:
    return {"id": number, "eventTime": time.isoformat(), "eventType": 65}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_PAGE", 4)
    monkeypatch.setattr(events, "_LARGEST_PAGE", 16)


async def test_a_server_that_ignores_the_filter_is_told(
    stub: StubServer, stub_client: Net2Client, small_pages: None
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [rest_row(number, start + timedelta(seconds=number)) for number in range(100)]
    stub.answers[EVENTS] = lambda request: Answer(rows[: int(request.query["rowCount"])])
    with pytest.raises(Net2ResponseError):
        await stub_client.get_events_since(start)
    assert stub.requests.count(EVENTS) < 10


async def test_pages_that_go_back_and_forth_lead_nowhere(
    stub: StubServer, stub_client: Net2Client, small_pages: None
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [rest_row(number, start + timedelta(seconds=number)) for number in range(40)]

    def serve(request: web.Request) -> Answer:
        first = 20 * (len(stub.requests) % 2)
        return Answer(rows[first : first + int(request.query["rowCount"])])

    stub.answers[EVENTS] = serve
    with pytest.raises(Net2ResponseError):
        await stub_client.get_events_since(start)


async def test_an_unreadable_page_leads_nowhere(
    stub: StubServer, stub_client: Net2Client, small_pages: None
) -> None:
    stub.answers[EVENTS] = Answer([{"id": 1}] * 100)
    with pytest.raises(Net2ResponseError):
        await stub_client.get_events_since(datetime(2026, 1, 1, tzinfo=UTC))


async def test_one_call_returns_a_bounded_number_from_the_oldest_on(
    stub: StubServer, stub_client: Net2Client, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_MOST_EVENTS", 10)
    start = datetime(2026, 1, 1, tzinfo=UTC)

    def serve(request: web.Request) -> Answer:
        bound = datetime.fromisoformat(request.query["where"].split("'")[1]).replace(tzinfo=UTC)
        rows = [rest_row(n, start + timedelta(seconds=n)) for n in range(100)]
        wanted = [row for row in rows if datetime.fromisoformat(str(row["eventTime"])) >= bound]
        return Answer(wanted[: int(request.query["rowCount"])])

    stub.answers[EVENTS] = serve
    found = await stub_client.get_events_since(start)
    assert [event.id for event in found] == list(range(len(found)))
    assert 10 <= len(found) < 20
    rest = await stub_client.get_events_since(found[-1].time)
    assert rest[0].id == found[-1].id


async def test_rows_without_an_id_are_told_apart_by_their_key(
    stub: StubServer, stub_client: Net2Client
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows: list[Json] = [{"eventTime": start.isoformat(), "eventType": code} for code in (1, 2, 2)]
    stub.answers[EVENTS] = Answer([*rows, {"eventType": 3}, 7])
    assert [event.code for event in await stub_client.get_events_since(start)] == [1, 2]
