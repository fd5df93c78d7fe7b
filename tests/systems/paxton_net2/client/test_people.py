"""People: what is changed, what is left alone, and what is undone."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
import json
from zoneinfo import ZoneInfo

from aiohttp import web
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    NamedItem,
    Net2Client,
    Net2Error,
    Net2NotFoundError,
    Net2OutcomeUnknownError,
    Net2RejectedError,
    Net2ResponseError,
    NewUser,
    User,
    UserToken,
)
from simulators.paxton_net2 import Net2Simulator

from .support import Answer, StubServer, until

EXPIRES = datetime(2027, 3, 1, 17, 30, tzinfo=UTC)
VISITOR = NewUser(
    first_name="Vera",
    last_name="Visitor",
    access_levels=(1,),
    department_id=4,
    activates=datetime(2027, 3, 1, 8, tzinfo=UTC),
    expires=EXPIRES,
    pin="7788",
    card_number="99887766",
)


async def test_users_are_read(client: Net2Client, simulator: Net2Simulator) -> None:
    users = await client.get_users()
    assert [user.id for user in users] == list(simulator.world.users)
    assert {user.name for user in users} >= {"Ada Example", "Björn Beispiel"}
    assert await client.get_user(8) == User(8, "Ada", "Example")
    with pytest.raises(Net2NotFoundError):
        await client.get_user(999)


@pytest.mark.parametrize("body", [[], [1, 2], {"name": "no id"}, "x", [{}]])
async def test_a_user_that_cannot_be_read_is_a_response_error(
    stub: StubServer, stub_client: Net2Client, body: object
) -> None:
    stub.answers["GET /api/v1/users/8"] = Answer(body)
    with pytest.raises(Net2ResponseError):
        await stub_client.get_user(8)


async def test_a_visitor_is_created_whole(client: Net2Client, simulator: Net2Simulator) -> None:
    user = await client.create_user(VISITOR)
    assert user == User(
        user.id, "Vera", "Visitor", activates=VISITOR.activates, expires=VISITOR.expires
    )
    made = simulator.world.users[user.id]
    assert (made.pin, made.access_levels, made.department_id) == ("7788", [1], 4)
    assert [token.value for token in made.tokens.values()] == ["99887766"]


async def test_a_person_may_have_but_a_name(client: Net2Client, simulator: Net2Simulator) -> None:
    user = await client.create_user(NewUser("Nemo", "Nobody"))
    made = simulator.world.users[user.id]
    assert (made.pin, made.access_levels, made.department_id, made.tokens) == (None, [], None, {})
    assert (user.activates, user.expires) == (None, None)


@pytest.mark.parametrize(
    "refused",
    [
        replace(VISITOR, access_levels=(1, 77)),
        replace(VISITOR, department_id=77),
        replace(VISITOR, card_number="12345678"),
    ],
)
async def test_nothing_half_written_stays(
    client: Net2Client, simulator: Net2Simulator, refused: NewUser
) -> None:
    before = dict(simulator.world.users)
    with pytest.raises(Net2RejectedError) as caught:
        await client.create_user(refused)
    assert simulator.world.users == before
    assert "12345678" not in str(caught.value)


async def test_a_step_whose_answer_is_lost_undoes_the_user_as_well(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    before = dict(simulator.world.users)
    simulator.faults.lose_answers(path="/users/13/tokens")
    with pytest.raises(Net2OutcomeUnknownError):
        await client.create_user(VISITOR)
    assert simulator.world.users == before


async def test_giving_up_in_the_middle_undoes_the_user_as_well(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    before = set(simulator.world.users)
    task = asyncio.create_task(client.create_user(VISITOR))
    await until(lambda: set(simulator.world.users) != before)
    simulator.faults.delay = 0.2
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert set(simulator.world.users) == before


async def test_a_user_that_cannot_be_undone_is_an_unknown_outcome(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    simulator.faults.fail(400, path="/doorpermissionset")
    simulator.faults.fail(500, path="/users/13")
    with pytest.raises(Net2OutcomeUnknownError, match="13"):
        await client.create_user(replace(VISITOR, department_id=None))


async def test_a_creation_whose_answer_is_lost_is_not_repeated(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    await client.sign_in()
    before = len(simulator.world.users)
    simulator.faults.lose_answers(path="/users")
    with pytest.raises(Net2OutcomeUnknownError):
        await client.create_user(VISITOR)
    assert len(simulator.world.users) == before + 1


@pytest.mark.parametrize("answer", [Answer({"hello": 1}), Answer("", 201), Answer([13])])
async def test_a_creation_that_names_nobody_is_an_unknown_outcome(
    stub: StubServer, stub_client: Net2Client, answer: Answer
) -> None:
    stub.answers["POST /api/v1/users"] = answer
    with pytest.raises(Net2OutcomeUnknownError):
        await stub_client.create_user(NewUser("A", "B"))


async def test_a_creation_may_answer_the_bare_id(stub: StubServer, stub_client: Net2Client) -> None:
    stub.answers["POST /api/v1/users"] = Answer("13", 201)
    stub.answers["GET /api/v1/users/13"] = Answer({"id": 13, "firstName": "A", "lastName": "B"})
    assert await stub_client.create_user(NewUser("A", "B")) == User(13, "A", "B")


async def test_dates_are_written_in_the_servers_own_time(
    stub: StubServer, stub_client: Net2Client
) -> None:
    stub.answers["POST /api/v1/users"] = Answer("13", 201)
    stub.answers["GET /api/v1/users/13"] = Answer({"id": 13})
    summer = datetime(2027, 7, 1, 12, 0, 0, 500, tzinfo=ZoneInfo("Asia/Tokyo"))
    await stub_client.create_user(NewUser("A", "B", expires=summer))
    body = json.loads(stub.bodies[stub.requests.index("POST /api/v1/users")])
    assert body == {"firstName": "A", "lastName": "B", "expiryDate": "2027-07-01T04:00:00+01:00"}


async def test_an_update_leaves_all_the_rest_alone(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    ada = simulator.world.users[8]
    ada.custom_fields = {9: "ada@example.org"}
    ada.activates = datetime(2020, 1, 1, tzinfo=UTC)
    before = replace(ada)
    await client.update_user(8, expires=EXPIRES)
    assert simulator.world.users[8] == replace(before, expires=EXPIRES)
    await client.update_user(8, activates=None, expires=None)
    assert simulator.world.users[8] == replace(before, activates=None)
    await client.update_user(8)
    assert simulator.world.users[8] == replace(before, activates=None)


@pytest.mark.parametrize("fault", ["pascal_case", "extra_fields"])
async def test_an_update_keeps_to_the_servers_spelling(
    client: Net2Client, simulator: Net2Simulator, fault: str
) -> None:
    setattr(simulator.faults, fault, True)
    simulator.world.users[8].expires = datetime(2026, 1, 1, tzinfo=UTC)
    before = replace(simulator.world.users[8])
    await client.update_user(8, expires=EXPIRES)
    assert simulator.world.users[8] == replace(before, expires=EXPIRES)


async def test_levels_are_replaced_and_individual_permissions_stay(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    simulator.world.users[8].individual_permissions = [(2, 1)]
    await client.set_access_levels(8, [2, 3])
    ada = simulator.world.users[8]
    assert (ada.access_levels, ada.individual_permissions) == ([2, 3], [(2, 1)])
    await client.set_access_levels(8, [])
    assert (ada.access_levels, ada.individual_permissions) == ([], [(2, 1)])


async def test_a_user_without_permissions_can_be_given_some(
    stub: StubServer, stub_client: Net2Client
) -> None:
    path = "/api/v1/users/8/doorpermissionset"
    bodies: list[object] = []

    async def put(request: web.Request) -> Answer:
        bodies.append(await request.json())
        return Answer("", 204)

    stub.answers[f"GET {path}"] = Answer("", 204)
    stub.answers[f"PUT {path}"] = put
    await stub_client.set_access_levels(8, (1,))
    assert bodies == [{"accessLevels": [1]}]


async def test_a_user_is_deleted(client: Net2Client, simulator: Net2Simulator) -> None:
    await client.delete_user(8)
    assert 8 not in simulator.world.users
    with pytest.raises(Net2NotFoundError):
        await client.delete_user(8)


async def test_a_card_is_blocked_and_given_back(
    client: Net2Client, simulator: Net2Simulator
) -> None:
    assert await client.get_user_tokens(8) == (UserToken(0, "Keyfob", is_lost=False),)
    number = simulator.world.users[8].tokens[0].value
    await client.set_token_lost(8, 0, lost=True)
    assert simulator.world.users[8].tokens[0].lost
    assert simulator.world.users[8].tokens[0].value == number
    assert await client.get_user_tokens(8) == (UserToken(0, "Keyfob", is_lost=True),)
    await client.set_token_lost(8, 0, lost=False)
    assert not simulator.world.users[8].tokens[0].lost
    with pytest.raises(Net2NotFoundError):
        await client.set_token_lost(8, 5, lost=True)


async def test_anti_passback_is_forgiven(client: Net2Client, simulator: Net2Simulator) -> None:
    await client.reset_antipassback(8)
    assert [(c.name, c.user_id) for c in simulator.commands] == [("ResetAntiPassback", 8)]


async def test_operators_are_users(client: Net2Client) -> None:
    assert [user.name for user in await client.get_operators()] == [
        "System Engineer",
        "Home Assistant",
    ]


async def test_what_has_a_name_is_listed(client: Net2Client) -> None:
    assert NamedItem(1, "All hours, all doors") in await client.get_access_levels()
    assert NamedItem(3, "Sales") in await client.get_departments()
    assert NamedItem(0, "Outside") in await client.get_areas()
    assert NamedItem(2, "Working hours") in await client.get_timezones()


async def test_lists_may_be_empty(stub: StubServer, stub_client: Net2Client) -> None:
    for name in ("accesslevels", "departments", "accesslevels/areas", "timezones"):
        stub.answers[f"GET /api/v1/{name}"] = Answer("", 204)
    stub.answers["GET /api/v1/users/8/tokens"] = Answer("")
    assert await stub_client.get_access_levels() == ()
    assert await stub_client.get_departments() == ()
    assert await stub_client.get_areas() == ()
    assert await stub_client.get_timezones() == ()
    assert await stub_client.get_user_tokens(8) == ()


async def test_ten_thousand_users_are_read(client: Net2Client, simulator: Net2Simulator) -> None:
    ada = simulator.world.users[8]
    for number in range(100, 10_100):
        simulator.world.users[number] = replace(ada, id=number)
    assert len(await client.get_users()) == 10_007


async def test_errors_are_of_the_family(client: Net2Client, simulator: Net2Simulator) -> None:
    simulator.faults.fail(404, path="/users/8")
    with pytest.raises(Net2Error):
        await client.update_user(8, expires=None)
