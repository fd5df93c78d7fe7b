"""Every habit of Jersey's, and of XML: what comes out is the same (section 3.0, appendix C)."""

import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    Area,
    EnlightedClient,
    EnlightedResponseError,
    Fixture,
    Occupancy,
    SensorClass,
)
from custom_components.gatehouse.systems.enlighted_manage.client.decode import (
    Json,
    Row,
    Unreadable,
    as_integer,
    as_number,
    decode,
    fold,
    records,
)

from .support import Answer, StubManager

AREAS = "GET /org/area/v2/list/1"
HARDWARE, SOFTWARE = Area(9, "Hardware", has_zone_sensor=True), Area(27, "Soft", None)
ONE = '{"id":"9","name":"Hardware","description":"","zonesensorenable":"true"}'
NATIVE = '{"id":9,"name":"Hardware","zonesensorenable":true}'
TWO = '{"id":"27","name":"Soft"}'
XML = "<area><id>9</id><name>Hardware</name><zonesensorenable>true</zonesensorenable></area>"


@pytest.mark.parametrize(
    "body",
    [
        f'{{"area":[{ONE}]}}',
        f'{{"area":{ONE}}}',
        f'{{"areas":{{"area":[{ONE}]}}}}',
        f'{{"areas":{{"area":{ONE}}}}}',
        f'{{"areas":[{ONE}]}}',
        f'{{"area":[{NATIVE}]}}',
        f"[{ONE}]",
        ONE,
        f'\ufeff\r\n {{"Area":{ONE}}}\r\n',
        f'{{"area":[{ONE},null,7,"x",[],{{}}]}}',
        f"<areas>{XML}</areas>",
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<areas>\n  {XML}\n</areas>\n',
        f'<ns2:areas xmlns:ns2="urn:x" xmlns="urn:y">{XML}</ns2:areas>',
        "<areas><area><id> 9 </id><name>Hardware</name><description/>"
        "<zonesensorenable>TRUE</zonesensorenable></area></areas>",
    ],
)
async def test_one_element_however_it_is_written(
    stub: StubManager, stub_client: EnlightedClient, body: str
) -> None:
    """Gotcha 4, and appendix C 9: lists of one collapse here and there."""
    stub.answers[AREAS] = Answer(body)
    assert await stub_client.get_areas(1) == (HARDWARE,)


@pytest.mark.parametrize(
    "body",
    [
        f'{{"area":[{ONE},{TWO}]}}',
        f'{{"areas":{{"area":[{ONE},{TWO}]}}}}',
        f"[{ONE},{TWO}]",
        f"<areas>{XML}<area><id>27</id><name>Soft</name></area></areas>",
    ],
)
async def test_several_elements(stub: StubManager, stub_client: EnlightedClient, body: str) -> None:
    stub.answers[AREAS] = Answer(body)
    assert await stub_client.get_areas(1) == (HARDWARE, SOFTWARE)


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \r\n",
        "null",
        "{}",
        "[]",
        '""',
        '{"area":null}',
        '{"area":[]}',
        '{"area":""}',
        '{"areas":{}}',
        '{"areas":{"area":[]}}',
        "<areas/>",
        "<areas></areas>",
        "<areas>\n</areas>",
        '<?xml version="1.0"?>\n<areas><area/></areas>',
    ],
)
async def test_nothing_however_it_is_written(
    stub: StubManager, stub_client: EnlightedClient, body: str
) -> None:
    """Gotcha 4."""
    stub.answers[AREAS] = Answer(body)
    assert await stub_client.get_areas(1) == ()


@pytest.mark.parametrize(
    "body",
    [
        '{"area":[',
        '{"area":[{"id":"9"}',
        "<areas><area>",
        "<areas>",
        "OK",
        "7",
        "true",
        '"area"',
        '{"area":7}',
        '{"area":"x"}',
        "<areas>&nbsp;</areas>",
        "\x00\x01",
        b"\xff\xfe<\0a\0/\0>\0",
        b"<areas>\xff</areas>",
    ],
)
async def test_what_cannot_be_read_is_no_empty_list(
    stub: StubManager, stub_client: EnlightedClient, body: str | bytes
) -> None:
    stub.answers[AREAS] = Answer(body)
    with pytest.raises(EnlightedResponseError):
        await stub_client.get_areas(1)


LAUGHS = '<!DOCTYPE a [<!ENTITY x "9">]><areas><area><id>&x;</id></area></areas>'
FILE = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><areas><area><id>&x;</id></area></areas>'
)


@pytest.mark.parametrize("text", [LAUGHS, FILE, "<!DOCTYPE areas><areas/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
async def test_document_types_and_entities_are_refused(
    stub: StubManager, stub_client: EnlightedClient, text: str, encoding: str
) -> None:
    stub.answers[AREAS] = Answer(text.encode(encoding))
    with pytest.raises(EnlightedResponseError):
        await stub_client.get_areas(1)
    declared = f'<?xml version="1.0" encoding="{encoding.upper()}"?>{text}'
    with pytest.raises(Unreadable):
        decode(declared.encode(encoding))


@pytest.mark.parametrize(
    "body", [b"<a>" * 50_000 + b"</a>" * 50_000, b'{"area":' * 50_000 + b"1" + b"}" * 50_000]
)
async def test_what_is_very_deep_is_not_read(
    stub: StubManager, stub_client: EnlightedClient, body: bytes
) -> None:
    stub.answers[AREAS] = Answer(body)
    with pytest.raises(EnlightedResponseError):
        await stub_client.get_areas(1)


def test_wrappers_in_each_other_without_end_are_no_recursion() -> None:
    value: Json = [{"id": "1"}]
    for _ in range(5000):
        value = {"area": value}
    assert records(value, "area") == [{"id": "1"}]


def test_xml_is_read_as_its_json_would_be() -> None:
    assert decode(b"<r><a>1</a><a>2</a><a>3</a><b><c>x</c></b><d/><e>&lt;!&amp;</e></r>") == {
        "a": ["1", "2", "3"],
        "b": {"c": "x"},
        "d": None,
        "e": "<!&",
    }


@pytest.mark.parametrize(
    "keys",
    [
        ("id", "name", "groupId", "macAddress", "class"),
        ("id", "name", "groupid", "macaddress", "class"),
        ("ID", "Name", "GROUPID", "MACADDRESS", "CLASS"),
        ("Id", "NAME", "group-id", "mac_address", "Class"),
        ("i d", "na me", "Group Id", "mac-Address", "cl_ass"),
    ],
)
async def test_keys_in_any_case_and_with_any_joint(
    stub: StubManager, stub_client: EnlightedClient, keys: tuple[str, ...]
) -> None:
    """Gotcha 5."""
    row = dict(zip(keys, ("361", "Sensor00c017", "185", "0:c0:17", "Emergency"), strict=True))
    stub.answers["GET /org/fixture/location/list/floor/1/1"] = Answer({"Fixture": row})
    assert await stub_client.get_fixtures(1) == (
        Fixture(361, "Sensor00c017", SensorClass.EMERGENCY, "00:c0:17", 185),
    )


def test_the_first_of_keys_that_are_alike_counts() -> None:
    assert Row({"groupId": "1", "groupid": "2"}).integer("groupid") == 1
    assert fold("energy-Light_ing X") == "energylightingx"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7),
        (" 7 ", 7),
        (7, 7),
        (7.0, 7),
        ("7.0", 7),
        ("-1", -1),
        ("1152921504606846975", 2**60 - 1),
        (2**60 - 1, 2**60 - 1),
        (str(2**63), None),
        ("7.5", None),
        ("9" * 5000, None),
        ("nan", None),
        ("1e999", None),
        (True, None),
        (None, None),
        ("", None),
        ("x", None),
        ([], None),
        ({}, None),
    ],
)
def test_whole_numbers(value: Json, expected: int | None) -> None:
    assert as_integer(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("69.07", 69.07),
        (" 5 ", 5.0),
        (0, 0.0),
        (False, None),
        ("inf", None),
        ("NaN", None),
        ("1e999", None),
        ("", None),
        (None, None),
        (["1"], None),
    ],
)
def test_numbers(value: Json, expected: float | None) -> None:
    assert as_number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        ("TRUE ", True),
        ("1", True),
        (1, True),
        (True, True),
        ("false", False),
        ("0", False),
        (0, False),
        (False, False),
        ("yes", None),
        ("", None),
        (None, None),
        ([], None),
    ],
)
def test_truth_values(value: Json, expected: bool | None) -> None:
    assert Row({"active": value}).flag("active") is expected


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"id": None},
        {"id": "x"},
        {"id": []},
        {"id": {"id": "9"}},
        {"id": True},
        {"id": "0x9"},
    ],
)
async def test_a_row_that_cannot_be_read_costs_that_row_alone(
    stub: StubManager, stub_client: EnlightedClient, bad: object
) -> None:
    stub.otherwise = Answer([bad, {"id": "9", "name": ["x"], "occupancyState": {}}])
    (area,) = await stub_client.get_areas(1)
    assert area == Area(9, "9", None)
    (state,) = await stub_client.get_floor_occupancy(1)
    assert (state.id, state.occupancy) == (9, Occupancy.UNKNOWN)
    (fixture,) = await stub_client.get_fixtures(1)
    assert fixture == Fixture(9, "9", SensorClass.FIXTURED, None, None)
