"""The statistics of a floor: the newest of each sensor, and what is as before is not read again."""

from datetime import datetime
from typing import Any

import aiohttp
import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    EnlightedClient,
    EnlightedResponseError,
    FloorReadings,
    Reading,
    times,
)
from custom_components.gatehouse.systems.enlighted_manage.client.readings import (
    ReadingsReader,
    celsius,
)
from simulators.enlighted_manage import EnlightedSimulator

from .support import (
    DESK,
    FIXTURELESS,
    LIGHT,
    NOON,
    OFFICE,
    OTHER,
    ZONE,
    Answer,
    StubManager,
    at,
    client_of,
)


def row(number: object, minute: str, **fields: object) -> Any:
    """Return a row of F4 of 10 o'clock, as the vendor's sample has it."""
    return {
        "id": number,
        "power": "69.07",
        "temperature": "74",
        "lightLevel": "312",
        "avgDimLevel": "50",
        "lastCommunicationtime": f"2024-02-12 10:{minute}",
        "captureTime": f"2024-02-12 10:{minute}",
    } | fields


SEEN = Reading(power=69.07, temperature=23.3, lux=312.0, level=50)


def read(
    rows: list[Any], reader: ReadingsReader | None = None, near: datetime = NOON
) -> FloorReadings:
    return (reader or ReadingsReader()).read(rows, times.moment_reader(ZONE, near))


def test_the_vendors_sample() -> None:
    """Section 4.2; gotcha 6: this light level is lux; gotcha 23: no dim level is no light."""
    found = read(
        [
            row("28", "05", lastCommunicationtime="2024-02-12 10:06"),
            row("29", "05", power="0.00", temperature="73", lightLevel="18", avgDimLevel="-1"),
            row("28", "10", power="70.10", lightLevel="309", avgDimLevel="51"),
        ]
    )
    assert found.readings == {
        28: Reading(power=70.1, temperature=23.3, lux=309.0, level=51),
        29: Reading(power=0.0, temperature=22.8, lux=18.0, level=None),
    }
    assert found.captured == {28: at("2024-02-12T18:10"), 29: at("2024-02-12T18:05")}
    assert found.seen == found.captured


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_the_newest_row_of_a_sensor_counts_in_any_order(order: tuple[int, ...]) -> None:
    rows = [row("28", minute, power=minute) for minute in ("00", "05", "10")]
    found = read([rows[index] for index in order])
    assert found.readings[28].power == 10.0
    assert found.captured[28] == at("2024-02-12T18:10")


def test_what_is_as_before_is_the_same_object() -> None:
    reader = ReadingsReader()
    first = read([row("28", "00"), row("29", "00"), row("30", "00")], reader)
    assert first.readings == {28: SEEN, 29: SEEN, 30: SEEN}
    second = read([row("28", "05"), row("29", "05", power="1")], reader)
    assert second.readings[28] is first.readings[28]
    assert second.readings[29] is not first.readings[29]
    assert second.readings.keys() == {28, 29}
    assert second.captured[28] == at("2024-02-12T18:05")


def test_old_values_are_judged_by_when_the_sensor_was_heard_of() -> None:
    """Gotcha 24: a silent sensor's last values may be told on."""
    found = read([row("28", "05", lastCommunicationtime="2024-02-12 09:10")])
    assert found.seen == {28: at("2024-02-12T17:10")}
    assert found.captured == {28: at("2024-02-12T18:05")}


def test_rows_of_2019_lack_two_fields() -> None:
    """Appendix C 8."""
    rows = [row("28", "05"), row("29", "10")]
    for each in rows:
        del each["avgDimLevel"], each["lastCommunicationtime"]
    found = read(rows)
    assert found.readings[28] == Reading(power=69.07, temperature=23.3, lux=312.0, level=None)
    assert found.seen == {28: at("2024-02-12T18:05"), 29: at("2024-02-12T18:10")}


@pytest.mark.parametrize("is_native", [False, True])
def test_keys_in_any_case_and_numbers_as_they_are(*, is_native: bool) -> None:
    """Gotchas 4 and 5."""
    numbers = {"id": 28, "power": 69.07, "temperature": 74, "lightLevel": 312, "avgDimLevel": 50}
    usual = row("28", "05") | (numbers if is_native else {})
    for change in (str.upper, str.lower, str.title):
        assert read([{change(key): value for key, value in usual.items()}]).readings == {28: SEEN}


def test_a_dim_level_by_its_other_name() -> None:
    usual = row("28", "05", dimLevel="20")
    assert read([usual]).readings[28].level == 50
    del usual["avgDimLevel"]
    assert read([usual]).readings[28].level == 20


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("power", "", Reading(None, 23.3, 312.0, 50)),
        ("power", None, Reading(None, 23.3, 312.0, 50)),
        ("power", "NaN", Reading(None, 23.3, 312.0, 50)),
        ("power", True, Reading(None, 23.3, 312.0, 50)),
        ("power", [], Reading(None, 23.3, 312.0, 50)),
        ("temperature", "hot", Reading(69.07, None, 312.0, 50)),
        ("temperature", {}, Reading(69.07, None, 312.0, 50)),
        ("temperature", "32", Reading(69.07, 0.0, 312.0, 50)),
        ("lightLevel", "1e999", Reading(69.07, 23.3, None, 50)),
        ("avgDimLevel", "101", Reading(69.07, 23.3, 312.0, 100)),
        ("avgDimLevel", "49.6", Reading(69.07, 23.3, 312.0, 50)),
        ("avgDimLevel", [7], Reading(69.07, 23.3, 312.0, None)),
    ],
)
def test_a_field_of_the_wrong_type_is_unknown(name: str, value: object, expected: Reading) -> None:
    found = read([row("28", "05", **{name: value}), row("29", "05")])
    assert found.readings == {28: expected, 29: SEEN}


@pytest.mark.parametrize(
    "odd",
    [
        row("x", "05"),
        row(None, "05"),
        row([], "05"),
        row({"id": 1}, "05"),
        row("30", "05", captureTime=["2024"]),
        row("30", "05", captureTime=None),
        {"id": "30"},
        {},
        {"captureTime": "2024-02-12 10:05"},
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_row_that_cannot_be_read_costs_that_row_alone(odd: Any, *, is_first: bool) -> None:
    usual = [row("28", "05"), row("29", "05")]
    found = read([odd, *usual] if is_first else [*usual, odd])
    expected = {28: SEEN, 29: SEEN}
    assert {number: found.readings[number] for number in expected} == expected
    assert found.readings.keys() <= {28, 29, 30}


@pytest.mark.parametrize("is_first", [True, False])
def test_a_row_that_lacks_what_others_have(*, is_first: bool) -> None:
    """Jersey leaves out what is null."""
    short = row("30", "05")
    for name in ("avgDimLevel", "lastCommunicationtime", "power"):
        del short[name]
    rows = [short, row("28", "05")] if is_first else [row("28", "05"), short]
    found = read(rows)
    assert found.readings == {28: SEEN, 30: Reading(None, 23.3, 312.0, None)}
    assert found.seen[30] == at("2024-02-12T18:05")


def test_the_hour_that_autumn_has_twice() -> None:
    """Gotcha 20: 01:55 was before 01:00, and the newest is still found."""
    first, second, third = (
        row("28", "", captureTime=f"2024-11-03 {text}", lastCommunicationtime=None)
        for text in ("01:50", "01:55", "01:00")
    )
    found = read([third, second], near=at("2024-11-03T09:02"))
    assert found.captured == {28: at("2024-11-03T09:00")}
    found = read([second, first], near=at("2024-11-03T08:58"))
    assert found.captured == {28: at("2024-11-03T08:55")}
    found = read([second, first], near=at("2024-11-03T09:58"))
    assert found.captured == {28: at("2024-11-03T09:55")}


def test_no_rows() -> None:
    assert read([]) == FloorReadings({}, {}, {})


@pytest.mark.parametrize(
    ("fahrenheit", "expected"), [(32.0, 0.0), (212.0, 100.0), (74.0, 23.3), (None, None)]
)
def test_temperatures(fahrenheit: float | None, expected: float | None) -> None:
    """Section 4.8."""
    assert celsius(fahrenheit) == expected


# Through the client


async def test_a_floor_of_the_simulated_manager(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    await client.dim([LIGHT, OTHER], 60, 60)
    manager.clock.advance(600)
    await client.get_company()
    found = await client.get_readings(1)
    assert len(found.readings) == 24
    assert found.readings[LIGHT].level == found.readings[OTHER].level == 60
    assert found.readings[FIXTURELESS].level is found.readings[DESK].level is None
    assert found.readings[FIXTURELESS].power == 0.0
    assert set(found.captured.values()) == {at("2024-02-12T18:15")}
    # At minute 18 of the manager's own zone (gotcha 21), of twelve minutes (gotcha 22).
    assert manager.requests[-1].path.endswith("/floor/1/202402121006/202402121018")
    assert manager.world.mistakes == []


async def test_it_is_the_managers_clock_that_is_asked_for(
    session: aiohttp.ClientSession, manager: EnlightedSimulator
) -> None:
    """Gotcha 21."""
    manager.faults.clock_offset = 86400.0
    client = client_of(session, manager)
    await client.get_company()
    found = await client.get_readings(1)
    assert found.captured[LIGHT] == at("2024-02-13T18:05")
    assert manager.requests[-1].path.endswith("/202402130956/202402131008")


async def test_a_silent_sensor(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    """Gotcha 24."""
    manager.world.set_online(LIGHT, online=False)
    manager.clock.advance(1800)
    await client.get_company()
    found = await client.get_readings(1)
    assert found.seen[LIGHT] <= NOON
    assert found.seen[OTHER] >= at("2024-02-12T18:35")
    manager.faults.repeat_silent = False
    manager.clock.advance(300)
    await client.get_company()
    assert LIGHT not in (await client.get_readings(1)).readings


async def test_floors_are_read_apart(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    await client.get_company()
    first = await client.get_readings(1)
    assert not first.readings.keys() & (await client.get_readings(2)).readings.keys()
    again = await client.get_readings(1)
    assert all(again.readings[number] is reading for number, reading in first.readings.items())
    manager.world.enter(OFFICE)
    manager.clock.advance(600)
    await client.get_company()
    later = await client.get_readings(1)
    assert later.readings[LIGHT] is not first.readings[LIGHT]


@pytest.mark.parametrize(
    "body", [{"status": "1", "msg": "x"}, {"sensor": [{"id": "1"}]}, {"sensor": "x"}, "x"]
)
async def test_an_answer_of_which_nothing_can_be_read(
    stub: StubManager, stub_client: EnlightedClient, body: object
) -> None:
    stub.otherwise = Answer(body)
    with pytest.raises(EnlightedResponseError):
        await stub_client.get_readings(1)
