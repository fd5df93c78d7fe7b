"""Reading events back (sections 3.4, 4.3, 4.8)."""

from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import Api, Json


@pytest.fixture
async def night(simulator: Net2Simulator, door_id: int) -> Net2Simulator:
    """Five events, a minute apart, from 6 o'clock on."""
    world = simulator.world
    back_door = list(world.doors)[1]
    simulator.clock.set(datetime(2027, 1, 5, 6, tzinfo=ZoneInfo("Europe/London")))
    for code, door, user in (
        (20, door_id, 8),
        (23, door_id, None),
        (20, back_door, 9),
        (52, door_id, None),
        (47, back_door, None),
    ):
        world.emit(code, door, user)
        simulator.clock.advance(60)
    return simulator


async def kinds(api: Api, where: str = "", **query: str | int) -> list[Json]:
    """Return the types of the events that a filter lets through, oldest first."""
    answer = await api.get("/events", **({"where": where} if where else {}), **query)
    assert answer.status == 200, answer.text
    return [event["eventType"] for event in reversed(answer.json)]


async def test_an_event_tells_all_of_itself(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.clock.set(datetime(2027, 7, 5, 6, 0, 1, 17000, tzinfo=ZoneInfo("Europe/London")))
    assert (await api.sign_in()).status == 200
    simulator.world.swipe(door_id, 8)

    event = (await api.get("/events", where="eventType=20")).json[0]

    assert event == {
        "eventTime": event["eventTime"],
        "id": 1540001,
        "deviceName": f"{simulator.world.doors[door_id].name} (In)",
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
        "address": door_id,
        "peripheralID": None,
        "ioBoardID": None,
        "doorGroupID": 0,
        "deviceDeleted": False,
    }
    assert event["eventTime"].startswith("2027-07-05T06:00:0")
    assert event["eventTime"].endswith("+01:00")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("", [20, 23, 20, 52, 47]),
        ("eventType=20", [20, 20]),
        ("eventtype <> 20", [23, 52, 47]),
        ("eventType != 20 and eventType != 23", [52, 47]),
        ("eventType > 23", [52, 47]),
        ("eventType >= 23", [23, 52, 47]),
        ("eventType < 23", [20, 20]),
        ("eventType <= 23", [20, 23, 20]),
        ("eventTime>='2027-01-05T06:02:00'", [20, 52, 47]),
        ("eventTime >= N'2027-01-05 06:02:00' AND eventTime < '2027-01-05T06:04'", [20, 52]),
        ("id = 1540003", [20]),
        ("userID=8 OR userID=9", [20, 20]),
        ("surname='Example'", [20]),
        ("surname='O''Example'", []),
        ("eventType=20 AND userID=8 OR eventType=47", [20, 47]),
        ("eventType=20 AND (userID=9 OR eventType=47)", [20]),
        ("cardNo = 12345678", [20]),
        # Null compares with nothing, not even as different.
        ("cardNo <> 12345678", [20]),
    ],
)
async def test_events_are_filtered(
    night: Net2Simulator, api: Api, where: str, expected: list[int]
) -> None:
    await api.sign_in()

    assert await kinds(api, where) == expected


@pytest.mark.parametrize(
    "where",
    [
        "eventType",
        "eventType=",
        "eventType ~ 20",
        "colour=1",
        "eventType=20 AND",
        "(eventType=20",
        "eventType=20)",
        "eventTime>='yesterday'",
        "eventTime>='2027-01-05",
        "eventType=twenty",
        "1=1; DROP TABLE events",
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(api: Api, where: str) -> None:
    assert (await api.get("/events", where=where)).status == 400


async def test_times_in_filters_are_local_to_the_server(night: Net2Simulator, api: Api) -> None:
    night.world.set_zone("Asia/Tokyo")
    await api.sign_in()

    assert await kinds(api, "eventTime>='2027-01-05T15:02:00'") == [20, 52, 47]


async def test_events_are_ordered_and_counted(night: Net2Simulator, api: Api) -> None:
    await api.sign_in()

    assert await kinds(api, rowCount=2) == [52, 47]
    assert await kinds(api, orderBy="eventTime DESC", rowCount=2) == [52, 47]
    assert await kinds(api, orderBy="eventTime", rowCount=2) == [23, 20]
    assert await kinds(api, orderBy="eventtime asc", ROWCOUNT=1) == [20]
    assert await kinds(api, orderBy="surname DESC", rowCount=1) == [20]


@pytest.mark.parametrize("query", [{"orderBy": "id; --"}, {"orderBy": "colour"}, {"rowCount": "x"}])
async def test_an_order_that_makes_no_sense_is_refused(api: Api, query: dict[str, str]) -> None:
    assert (await api.get("/events", **query)).status == 400


async def test_a_filter_comes_encoded(night: Net2Simulator, api: Api) -> None:
    await api.sign_in()

    answer = await api.request("GET", f"/api/v1/events?where={quote("eventType='20'")}")

    assert answer.json == []


async def test_a_thousand_events_come_at_most_unless_asked(
    simulator: Net2Simulator, api: Api
) -> None:
    await simulator.world.storm(1200)

    assert len((await api.get("/events")).json) == 1000
    assert len((await api.get("/events", rowCount=5000)).json) == 1200


async def test_no_events_may_be_an_empty_body(simulator: Net2Simulator, api: Api) -> None:
    assert (await api.get("/events")).text == "[]"
    simulator.faults.empty_events_body = True
    answer = await api.get("/events")
    assert (answer.status, answer.text) == (200, "")


async def test_descriptions_are_in_the_servers_language(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.faults.german_descriptions = True
    simulator.world.press_bell(door_id)

    assert (await api.get("/events")).json[0]["eventDescription"] == "Türklingel betätigt"


async def test_an_event_without_a_person(simulator: Net2Simulator, api: Api, door_id: int) -> None:
    simulator.world.press_bell(door_id)

    assert (await api.get("/events")).json[0]["userID"] == 0
    simulator.faults.null_users = True
    assert (await api.get("/events")).json[0]["userID"] is None


async def test_events_of_every_kind_can_happen(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.world.emit(9999, door_id, sub_code=7, details="x", seconds_ago=7200)

    event = (await api.get("/events")).json[0]

    assert (event["eventType"], event["eventSubType"], event["eventDetails"]) == (9999, 7, "x")
    age = simulator.world.now() - datetime.fromisoformat(event["eventTime"])
    assert age >= timedelta(hours=2)


@pytest.mark.parametrize("name", ["latestunknowntokens", "lastunknowntokens"])
async def test_unknown_tokens_are_told_newest_first(
    simulator: Net2Simulator, api: Api, door_id: int, name: str
) -> None:
    for number in (1, 2, 3):
        simulator.world.swipe_unknown(door_id, 87654320 + number)
    simulator.world.users[8].tokens[0].lost = True
    simulator.world.swipe(door_id, 8)

    tokens = (await api.get(f"/events/{name}", max=2)).json

    assert [token["tokenNumber"] for token in tokens] == [87654323, 87654322]
    assert tokens[0].keys() == {"id", "EventDate", "where", "tokenNumber"}
    assert datetime.fromisoformat(tokens[0]["EventDate"]).tzinfo is None


@pytest.mark.parametrize("by", ["eventId", "address"])
async def test_an_alarm_is_acknowledged_by_its_event_or_its_door(
    simulator: Net2Simulator, api: Api, door_id: int, by: str
) -> None:
    simulator.world.force(door_id)
    body = {"eventId": simulator.world.events[-1].id} if by == "eventId" else {"address": door_id}

    assert (await api.post("/events/alarms/acknowledge", body)).status == 204

    assert not simulator.world.doors[door_id].alarm
    assert simulator.world.events[-1].code == 551
    assert (await api.post("/events/alarms/acknowledge", {by: 5})).status == 400
