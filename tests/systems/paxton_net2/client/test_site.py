"""The server itself, alarms and roll calls."""

import json

import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    NamedItem,
    Net2Client,
    Net2ConnectionError,
    Net2RejectedError,
    Net2ResponseError,
    RollCallItem,
    ServerInfo,
)
from simulators.paxton_net2 import Net2Simulator

from .support import HTML, Answer, StubServer

VERSION = "GET /api/v1/serversettings/version"
PRODUCT = "GET /api/v1/serversettings/productType"


async def test_the_server_tells_its_version_and_product(client: Net2Client) -> None:
    info = await client.get_server_info()
    assert info.version == "6.9"
    assert info.product


@pytest.mark.parametrize(
    ("body", "version"),
    [
        ('"6.9.1234"', "6.9.1234"),
        ("6.9", "6.9"),
        ({"version": "6.9"}, "6.9"),
        ({"Data": {"value": "6.9"}}, "6.9"),
        ([{"version": "6.9"}], "6.9"),
        ([], None),
        ({}, None),
        ("null", None),
        ("", None),
        ("oops", None),
        (HTML.body, None),
    ],
)
async def test_a_version_comes_in_many_shapes(
    stub: StubServer, stub_client: Net2Client, body: object, version: str | None
) -> None:
    stub.answers[VERSION] = Answer(body)
    assert await stub_client.get_server_info() == ServerInfo(version, None)


@pytest.mark.parametrize("status", [403, 404])
async def test_an_older_server_tells_neither(
    stub: StubServer, stub_client: Net2Client, status: int
) -> None:
    stub.answers[VERSION] = stub.answers[PRODUCT] = Answer("", status)
    assert await stub_client.get_server_info() == ServerInfo()


async def test_a_server_that_is_down_is_no_older_server(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.answers[VERSION] = Answer("", 502)
    with pytest.raises(Net2ConnectionError):
        await stub_client.get_server_info()


async def test_alarms_of_a_door_are_acknowledged(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    first, second, *_ = simulator.world.doors
    simulator.world.force(first)
    simulator.world.force(second)
    await client.acknowledge_alarm(door_id=first)
    assert not simulator.world.doors[first].alarm
    assert simulator.world.doors[second].alarm
    event = next(e for e in simulator.world.events if e.door_id == second and e.code == 92)
    await client.acknowledge_alarm(event_id=event.id)
    assert not simulator.world.doors[second].alarm
    with pytest.raises(Net2RejectedError):
        await client.acknowledge_alarm(event_id=1)


async def test_a_roll_call_is_started_read_and_answered(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    assert await client.get_roll_call_reports() == (NamedItem(1, "Head office"),)
    items = await client.get_roll_call_items(1)
    assert [(item.user_id, item.safe) for item in items] == [(8, False), (9, False), (10, False)]
    assert items[0].name == "Ada Example"
    await client.mark_safe(1, 9)
    items = await client.get_roll_call_items(1)
    assert [(item.user_id, item.safe) for item in items] == [(8, False), (9, True), (10, False)]
    simulator.world.swipe(next(iter(simulator.world.doors)), 8)
    report = await client.create_roll_call("Fire drill")
    assert report.name == "Fire drill"
    assert [item.user_id for item in await client.get_roll_call_items(report.id)] == [8]


REPORTS = "POST /api/v1/rollcallreports"


@pytest.mark.parametrize(
    ("body", "item"),
    [
        ({"id": 4, "name": "Drill"}, NamedItem(4, "Drill")),
        ({"Id": 4}, NamedItem(4, "Drill")),
        ("4", NamedItem(4, "Drill")),
    ],
)
async def test_a_new_roll_call_is_named_in_any_shape(
    stub: StubServer, stub_client: Net2Client, body: object, item: NamedItem
) -> None:
    stub.answers[REPORTS] = Answer(body)
    assert await stub_client.create_roll_call("Drill") == item
    assert json.loads(stub.bodies[-1]) == {"name": "Drill"}


@pytest.mark.parametrize("body", ["", [], {}, "true"])
async def test_a_new_roll_call_without_an_id_is_a_response_error(
    stub: StubServer, stub_client: Net2Client, body: object
) -> None:
    stub.answers[REPORTS] = Answer(body)
    with pytest.raises(Net2ResponseError):
        await stub_client.create_roll_call("Drill")


async def test_nobody_in_a_roll_call_is_an_empty_answer(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.answers["GET /api/v1/rollcallreports/1/reportitems"] = Answer("", 204)
    stub.answers["GET /api/v1/rollcallreports"] = Answer("", 204)
    assert await stub_client.get_roll_call_items(1) == ()
    assert await stub_client.get_roll_call_reports() == ()


async def test_people_in_a_roll_call_may_be_named_in_one(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.answers["GET /api/v1/rollcallreports/1/reportitems"] = Answer([{"id": 8, "name": "A. E."}])
    assert await stub_client.get_roll_call_items(1) == (RollCallItem(8, "A. E."),)
