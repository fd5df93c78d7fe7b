"""Reading what servers send: any case, types as they come."""

from datetime import UTC, datetime
import json

import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    Door,
    DoorLockUpdate,
    DoorReport,
    DoorStatus,
    DoorStatusUpdate,
    NamedItem,
    Net2ResponseError,
    RollCallItem,
    RollCallUpdate,
    ServerClock,
    User,
    UserToken,
)
from custom_components.gatehouse.systems.paxton_net2.client.parse import (
    Json,
    Record,
    as_text,
    load,
    objects,
    read_door,
    read_door_report,
    read_lock_update,
    read_named,
    read_roll_call_item,
    read_roll_call_update,
    read_status_update,
    read_token,
    read_user,
    rows,
)

from .support import ZONE

STATUS = {
    "intruderAlarmArmed": False,
    "psuContactClosed": True,
    "tamperContactClosed": True,
    "doorContactClosed": True,
    "alarmTripped": False,
    "doorRelayOpen": False,
}
CALM = DoorStatus(
    relay_open=False,
    contact_closed=True,
    alarm=False,
    tamper_ok=True,
    power_ok=True,
    intruder_armed=False,
)


def recased(value: Json, change: str) -> Json:
    """Return JSON with the case of every key changed."""
    if isinstance(value, dict):
        return {getattr(key, change)(): recased(each, change) for key, each in value.items()}
    return [recased(each, change) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("change", ["upper", "lower", "title", "swapcase"])
def test_keys_are_found_in_any_case(change: str) -> None:
    row = recased({"name": "Port", "id": 7, "status": STATUS}, change)
    assert rows([row], read_door_report) == (DoorReport(Door(7, "Port"), CALM),)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        (" 7 ", 7),
        (7.0, 7),
        ("-7", -7),
        *(
            (other, None)
            for other in ("7.5", 7.5, True, "", None, [7], {}, 1e300 * 1e300, 2**63, "9" * 5000)
        ),
    ],
)
def test_whole_numbers_are_read_from_what_holds_one(value: Json, number: int | None) -> None:
    assert Record({"x": value}).integer("x") == number


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (20, 20.0),
        ("20.5", 20.5),
        *((other, None) for other in (0, -1, "nan", "inf", True, "soon", None, [], 10**400)),
    ],
)
def test_spans_are_positive_and_finite(value: Json, seconds: float | None) -> None:
    assert Record({"x": value}).seconds("x") == seconds


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        *((yes, True) for yes in (True, 1, "1", "True")),
        *((no, False) for no in (False, 0, "0", "false")),
        *((other, None) for other in ("maybe", None, 2, [], {})),
    ],
)
def test_truth_is_read_from_what_holds_it(value: Json, truth: bool | None) -> None:
    assert Record({"x": value}).boolean("x") is truth


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (7, "7"), ("  ", None), (None, None), (True, None), ([], None)]
)
def test_text_is_never_empty(value: Json, text: str | None) -> None:
    assert as_text(value) == text


def test_the_first_name_that_has_a_value_counts() -> None:
    record = Record({"a": None, "b": 0})
    assert record.value("x", "a", "b") == 0
    assert record.value("x") is None


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b'{"a":NaN}', b"\xff", b"[" * 5000])
def test_what_is_no_json_is_a_response_error(body: bytes) -> None:
    with pytest.raises(Net2ResponseError):
        load(body)


def test_events_are_found_in_lists_of_lists_and_in_flat_ones() -> None:
    nested = json.loads('[[{"n":1},{"n":2}],{"n":3},[],null,7,[[[{"n":4}]]]]')
    assert [record.integer("n") for record in objects(nested)] == [1, 2, 3, 4]
    assert list(objects(None)) == []


@pytest.mark.parametrize("body", [None, {}, "doors", 7])
def test_rows_are_of_a_list(body: Json) -> None:
    with pytest.raises(Net2ResponseError):
        rows(body, read_door)


def test_rows_that_cannot_be_read_are_left_out() -> None:
    body: Json = [{"name": "no id"}, {"id": 7, "name": "Port"}, None, "x", {"id": []}]
    assert rows(body, read_door) == (Door(7, "Port"),)


def test_a_door_without_a_name_goes_by_its_id() -> None:
    assert read_door(Record({"ID": "7"})) == Door(7, "7")


def test_a_door_may_lack_a_status_or_parts_of_it() -> None:
    assert read_door_report(Record({"id": 7})) == DoorReport(Door(7, "7"), None)
    assert read_door_report(Record({})) is None
    report = read_door_report(Record({"id": 7, "status": {"doorRelayOpen": 1}}))
    assert report is not None
    assert report.status == DoorStatus(
        relay_open=True,
        contact_closed=None,
        alarm=None,
        tamper_ok=None,
        power_ok=None,
        intruder_armed=None,
    )


@pytest.mark.parametrize("key", ["deviceId", "doorId", "DOORID"])
def test_a_status_update_names_its_door_in_either_way(key: str) -> None:
    assert read_status_update(Record({key: 7, "status": STATUS})) == DoorStatusUpdate(7, CALM)


def test_an_update_without_door_or_content_is_left_out() -> None:
    assert read_status_update(Record({"deviceId": 7})) is None
    assert read_status_update(Record({"status": STATUS})) is None
    assert read_lock_update(Record({"doorId": 7})) is None
    assert read_lock_update(Record({"locked": True})) is None
    assert read_roll_call_update(Record({})) is None


def test_a_lock_update_is_read() -> None:
    assert read_lock_update(Record({"DoorId": "7", "Locked": "false"})) == DoorLockUpdate(
        7, locked=False
    )


@pytest.mark.parametrize("half", ["musterEventData", "markedSafeRecordEventData"])
def test_a_roll_call_update_fills_one_of_two_halves(half: str) -> None:
    body: dict[str, Json] = {
        "rollCallReportId": 1,
        "musterEventData": None,
        "markedSafeRecordEventData": None,
    }
    assert read_roll_call_update(Record(body)) == RollCallUpdate(1, None)
    assert read_roll_call_update(Record(body | {half: {"userId": 8}})) == RollCallUpdate(1, 8)


def test_areas_call_their_id_otherwise() -> None:
    assert read_named(Record({"areaID": 0, "name": "Outside"})) == NamedItem(0, "Outside")
    assert read_named(Record({"id": 3})) == NamedItem(3, "3")
    assert read_named(Record({"name": "x"})) is None


def test_users_and_operators_are_read_alike_and_without_their_pin() -> None:
    clock = ServerClock(ZONE)
    row: Json = {
        "id": 8,
        "firstName": "Ada",
        "lastName": "Example",
        "expiryDate": None,
        "activateDate": "2020-11-11T00:00:00+01:00",
        "pin": "4008",
    }
    user = read_user(Record(row), clock)
    assert user == User(8, "Ada", "Example", activates=datetime(2020, 11, 10, 23, tzinfo=UTC))
    assert user.name == "Ada Example"
    assert "4008" not in repr(user)
    operator = read_user(Record({"userID": 8, "firstName": "Ada", "surname": "Example"}), clock)
    assert operator == User(8, "Ada", "Example")
    assert read_user(Record({"firstName": "Ada"}), clock) is None
    assert read_user(Record({"id": 9}), clock) == User(9, "", "")


def test_a_token_is_read_without_its_number() -> None:
    row: Json = {"id": 0, "tokenType": "Keyfob", "tokenValue": "12345678", "isLost": True}
    assert read_token(Record(row)) == UserToken(0, "Keyfob", is_lost=True)
    assert read_token(Record({"id": 1})) == UserToken(1, "Unspecified", is_lost=False)
    assert read_token(Record({})) is None


def test_present_or_marked_safe_is_safe() -> None:
    row: dict[str, Json] = {
        "userId": 8,
        "firstName": "Ada",
        "lastName": "Example",
        "lastKnownLocation": "Plant",
        "musteredAt": None,
        "markedSafeBy": None,
    }
    item = RollCallItem(8, "Ada Example", safe=False, location="Plant")
    assert read_roll_call_item(Record(row)) == item
    for safe in ({"musteredAt": "2026-03-30T12:00:00Z"}, {"markedSafeBy": {"id": 2}}):
        read = read_roll_call_item(Record(row | safe))
        assert read is not None
        assert read.safe
    assert read_roll_call_item(Record({"userId": 8, "name": "A. E."})) == RollCallItem(8, "A. E.")
    assert read_roll_call_item(Record({})) is None
