"""REST: what a status means, and what is never sent twice."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    Net2AuthError,
    Net2Client,
    Net2ConnectionError,
    Net2Error,
    Net2NotFoundError,
    Net2OutcomeUnknownError,
    Net2PermissionError,
    Net2RateLimitedError,
    Net2RejectedError,
    Net2ResponseError,
    Net2Settings,
    Relay,
)
from simulators.paxton_net2 import Net2Simulator

from .support import CLIENT_ID, HTML, PASSWORD, Answer, StubServer, until

DOORS = "GET /api/v1/doors"
OPEN = "POST /api/v1/commands/door/open"

type Command = Callable[[Net2Client, int], Awaitable[None]]

COMMANDS: dict[str, Command] = {
    "open_door": lambda client, door: client.open_door(door),
    "hold_door_open": lambda client, door: client.hold_door_open(door),
    "close_door": lambda client, door: client.close_door(door),
    "release_relay": lambda client, door: client.release_relay(door, seconds=3),
    "set_lockdown": lambda client, door: client.set_lockdown(True),
}


def html(status: int) -> Answer:
    return Answer(HTML.body, status, HTML.headers)


@pytest.fixture
def door(simulator: Net2Simulator) -> int:
    return next(iter(simulator.world.doors))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"message": "denied"}, 401), Net2ConnectionError),
        (Answer("", 403), Net2PermissionError),
        (html(403), Net2PermissionError),
        (Answer({"message": "Not found."}, 404), Net2NotFoundError),
        (html(404), Net2NotFoundError),
        (html(429), Net2RateLimitedError),
        (Answer({"message": "bad"}, 400), Net2RejectedError),
        (html(413), Net2RejectedError),
        (Answer("[]", 409), Net2RejectedError),
        (html(500), Net2ConnectionError),
        (html(502), Net2ConnectionError),
        (Answer({}, 503), Net2ConnectionError),
        (html(504), Net2ConnectionError),
        (Answer("", 302, {"Location": "/login"}), Net2ResponseError),
        (HTML, Net2ResponseError),
        (Answer("<html>", 200, {"Content-Type": "application/json"}), Net2ResponseError),
        (Answer("", 204), Net2ResponseError),
        (Answer(""), Net2ResponseError),
        (Answer('[{"id":1'), Net2ResponseError),
        (Answer({"doors": []}), Net2ResponseError),
        (Answer("7"), Net2ResponseError),
        (Answer([{"name": "without an id"}]), Net2ResponseError),
        (Answer([{"id": 1}, 7]), Net2ResponseError),
    ],
)
async def test_every_answer_to_a_question_has_its_meaning(
    stub: StubServer, stub_client: Net2Client, answer: Answer, error: type[Net2Error]
) -> None:
    stub.answers[DOORS] = answer
    with pytest.raises(Net2Error) as caught:
        await stub_client.get_doors()
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({}, 401), Net2ConnectionError),
        (Answer("", 403), Net2PermissionError),
        (Answer("", 404), Net2NotFoundError),
        (html(429), Net2RateLimitedError),
        (Answer({"message": "bad"}, 400), Net2RejectedError),
        (html(500), Net2OutcomeUnknownError),
        (html(502), Net2OutcomeUnknownError),
        (html(503), Net2ConnectionError),
        (html(504), Net2OutcomeUnknownError),
        (HTML, Net2ResponseError),
        (Answer('{"commandName":'), Net2OutcomeUnknownError),
        (Answer({"output": {"status": "FireAndForget", "errors": ["No."]}}), Net2RejectedError),
        (Answer({"Output": {"Errors": "No."}}), Net2RejectedError),
        (Answer({"output": {"errors": [{"code": 1}]}}), Net2RejectedError),
    ],
)
async def test_every_answer_to_a_command_has_its_meaning(
    stub: StubServer, stub_client: Net2Client, answer: Answer, error: type[Net2Error]
) -> None:
    stub.answers[OPEN] = answer
    with pytest.raises(Net2Error) as caught:
        await stub_client.open_door(7)
    assert type(caught.value) is error
    assert stub.requests.count(OPEN) == (2 if answer.status == 401 else 1)


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"commandName": "OpenDoor", "output": {"status": "FireAndForget", "errors": None}}),
        Answer({"output": {"errors": []}}, 202),
        Answer({"output": None}),
        Answer({}),
        Answer("", 204),
        Answer(" "),
        Answer("true"),
    ],
)
async def test_a_command_that_was_queued_succeeds(
    stub: StubServer, stub_client: Net2Client, answer: Answer
) -> None:
    stub.answers[OPEN] = answer
    await stub_client.open_door(7)
    assert stub.requests.count(OPEN) == 1


async def test_commands_arrive_as_meant(
    client: Net2Client, simulator: Net2Simulator, door: int
) -> None:
    await client.open_door(door)
    await client.hold_door_open(door)
    await client.close_door(door)
    await client.release_relay(door, relay=Relay.TWO, seconds=2.5)
    await client.set_lockdown(True)
    await client.set_lockdown(False)
    told = [
        (c.name, c.door_id, c.relay, c.action, c.seconds, c.lockdown) for c in simulator.commands
    ]
    assert told == [
        ("OpenDoor", door, None, None, None, None),
        ("HoldDoorOpen", door, None, None, None, None),
        ("CloseDoor", door, None, None, None, None),
        ("ControlDoor", door, "Relay2", "TimedOpen", 2.5, None),
        ("ControlLockdown", None, None, None, None, True),
        ("ControlLockdown", None, None, None, None, False),
    ]


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_whose_answer_is_lost_is_not_repeated(
    client: Net2Client, simulator: Net2Simulator, door: int, name: str
) -> None:
    await client.sign_in()
    simulator.faults.lose_answers()
    with pytest.raises(Net2OutcomeUnknownError):
        await COMMANDS[name](client, door)
    assert len(simulator.commands) == 1


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_whose_answer_is_cut_short_is_not_repeated(
    client: Net2Client, simulator: Net2Simulator, door: int, name: str
) -> None:
    await client.sign_in()
    simulator.faults.truncate_answers()
    with pytest.raises(Net2OutcomeUnknownError):
        await COMMANDS[name](client, door)
    assert len(simulator.commands) == 1


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_refused_for_its_token_is_sent_once_more(
    client: Net2Client, simulator: Net2Simulator, door: int, name: str
) -> None:
    await client.sign_in()
    simulator.expire_tokens()
    await COMMANDS[name](client, door)
    assert len(simulator.commands) == 1


async def test_a_command_that_is_refused_twice_is_not_sent_a_third_time(
    client: Net2Client, simulator: Net2Simulator, door: int
) -> None:
    await client.sign_in()
    simulator.faults.fail(401, times=5, path="/commands/")
    with pytest.raises(Net2ConnectionError):
        await client.open_door(door)
    paths = [request.path for request in simulator.requests]
    assert paths.count("/api/v1/commands/door/open") == 2
    assert simulator.commands == []


async def test_a_command_to_a_server_that_is_gone_was_surely_not_sent(
    client: Net2Client, simulator: Net2Simulator, door: int
) -> None:
    await client.sign_in()
    await simulator.stop()
    with pytest.raises(Net2ConnectionError) as caught:
        await client.open_door(door)
    assert type(caught.value) is Net2ConnectionError
    assert simulator.commands == []


async def test_a_command_on_a_connection_that_went_stale_is_not_sent_twice(
    stub: StubServer, stub_client: Net2Client
) -> None:
    def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    stub.answers[DOORS] = Answer([])
    stub.answers[OPEN] = hang_up
    await stub_client.get_doors()
    with pytest.raises(Net2OutcomeUnknownError):
        await stub_client.open_door(7)
    assert stub.requests.count(OPEN) == 1


async def test_a_slow_command_is_an_unknown_outcome(
    session: aiohttp.ClientSession, client: Net2Client, simulator: Net2Simulator, door: int
) -> None:
    await client.sign_in()
    simulator.faults.delay = 0.5
    task = asyncio.create_task(client.open_door(door))
    await until(lambda: len(simulator.requests) == 2)
    await session.close()
    with pytest.raises(Net2OutcomeUnknownError):
        await task
    await asyncio.sleep(0.6)
    assert len(simulator.commands) <= 1


async def test_a_command_that_the_server_refuses_tells_why(
    client: Net2Client, simulator: Net2Simulator, door: int
) -> None:
    simulator.faults.command_errors = "The door is not there"
    with pytest.raises(Net2RejectedError, match="The door is not there"):
        await client.open_door(door)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            {"message": ": Card 12345678 has already been issued."},
            ": Card … has already been issued.",
        ),
        ({"Message": f"Bad {PASSWORD} of {CLIENT_ID}"}, "Bad … of …"),
        ({"error": "no", "error_description": "Because\n of\tthis"}, "Because of this"),
        ({"error": "eyJhbGciOiJIUzI1NiIsInR5cCI6.x/y+z=="}, "…"),
        ({"message": "a b " * 200}, ("a b " * 200)[:200]),
        ({"message": ["x"]}, "Refused (400)"),
        ({}, "Refused (400)"),
        ([], "Refused (400)"),
        ("oops", "Refused (400)"),
    ],
)
async def test_the_servers_reason_is_told_without_secrets(
    stub: StubServer, stub_client: Net2Client, body: object, text: str
) -> None:
    stub.answers[OPEN] = Answer(body, 400)
    with pytest.raises(Net2RejectedError) as caught:
        await stub_client.open_door(7)
    assert str(caught.value) == text


async def test_one_refused_token_is_replaced_and_the_call_repeated(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    await client.sign_in()
    simulator.expire_tokens()
    assert len(await client.get_doors()) == 4
    paths = [request.path for request in simulator.requests]
    assert paths.count("/api/v1/doors") == 2


@pytest.mark.parametrize("fault", ["pascal_case", "numbers_as_text"])
async def test_doors_are_read_in_every_variant(
    client: Net2Client, simulator: Net2Simulator, fault: str
) -> None:
    setattr(simulator.faults, fault, True)
    doors = simulator.world.doors
    assert {door.id: door.name for door in await client.get_doors()} == {
        door.id: door.name for door in doors.values()
    }
    statuses = await client.get_door_statuses()
    assert set(statuses) == set(doors)
    assert all(report.status and report.status.contact_closed for report in statuses.values())


async def test_statuses_may_be_missing(
    client: Net2Client, simulator: Net2Simulator, door: int
) -> None:
    simulator.faults.missing_contact = True
    status = (await client.get_door_statuses())[door].status
    assert status is not None
    assert status.contact_closed is None
    simulator.faults.missing_status = True
    assert (await client.get_door_statuses())[door].status is None
    simulator.faults.no_door_status = True
    with pytest.raises(Net2NotFoundError):
        await client.get_door_statuses()


async def test_a_server_that_is_starting_is_a_connection_error(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    await client.sign_in()
    simulator.faults.service_down = True
    with pytest.raises(Net2ConnectionError):
        await client.get_doors()
    simulator.faults.service_down = False
    assert await client.get_doors()


async def test_a_cut_answer_is_a_response_error(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    await client.sign_in()
    simulator.faults.truncate_answers()
    with pytest.raises(Net2ResponseError):
        await client.get_doors()


async def test_a_revoked_operator_is_an_auth_error(
    client: Net2Client, simulator: Net2Simulator, settings: Net2Settings
) -> None:
    await client.sign_in()
    simulator.revoke_operator()
    with pytest.raises(Net2AuthError):
        await client.get_doors()
