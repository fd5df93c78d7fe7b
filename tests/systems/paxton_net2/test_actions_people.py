"""The actions of Net2 about events, people and roll calls."""

from datetime import UTC, datetime, timedelta
import json
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.const import DOMAIN
from simulators.paxton_net2 import Net2Simulator

from .acting import READS, act, quiet, refused
from .site import Site


@pytest.fixture
async def site(site: Site) -> Site:
    """Return the site once nothing but the live stream is at work."""
    return await quiet(site)


async def test_events_are_read_back(site: Site) -> None:
    world, (door, other, *_) = site.simulator.world, site.doors
    old = world.emit(23, other, card_number=87654321, direction="in", seconds_ago=7200)
    world.swipe(door, user_id=8, direction="out")
    now = datetime.now(UTC)

    newest, *_ = (await act(site, "get_events", start=now - timedelta(hours=1)))["events"][1:]
    assert newest == {
        "event_type": "access_granted",
        "door_id": door,
        "event_time": newest["event_time"],
        "user_id": 8,
        "user_name": "Ada Example",
        "credential": "token",
        "direction": "out",
        "code": 20,
        "sub_code": 0,
        "event_id": newest["event_id"],
    }
    assert abs(datetime.fromisoformat(newest["event_time"]) - now) < timedelta(minutes=1)

    # A time without a zone is Home Assistant's.
    await site.hass.config.async_set_time_zone("Pacific/Auckland")
    local = dt_util.as_local(now - timedelta(hours=1)).replace(tzinfo=None)
    answer = await act(site, "get_events", end=local)
    assert [event["event_id"] for event in answer["events"]] == [old.id]
    assert "87654321" not in json.dumps(answer)

    assert len((await act(site, "get_events", limit=2))["events"]) == 2


async def test_users_are_listed_without_their_secrets(site: Site) -> None:
    ada = site.simulator.world.users[8]
    ada.expires = datetime(2030, 1, 31, 17, tzinfo=UTC)
    answer = await act(site, "get_users")

    told = {user["user_id"]: user for user in answer["users"]}
    assert told.keys() == site.simulator.world.users.keys()
    assert told[8] | {"expires": datetime.fromisoformat(told[8]["expires"])} == {
        "user_id": 8,
        "name": "Ada Example",
        "activates": None,
        "expires": ada.expires,
    }
    assert ada.pin
    assert ada.pin not in json.dumps(answer)
    assert str(ada.card_number) not in json.dumps(answer)


@pytest.mark.parametrize("options", [{"hide_names": True}])
async def test_hidden_names_are_in_no_answer(site: Site) -> None:
    site.simulator.world.swipe(site.doors[0], user_id=8)
    answers = [await act(site, action) for action in READS]
    assert "user_id" in str(answers)
    assert "Ada" not in str(answers)


VISITOR = {
    "first_name": "Vera",
    "last_name": "Visitor",
    "access_levels": ["main building", "2"],
    "department": "Workshop",
    "activates": "2026-12-01 09:00:00+01:00",
    "expires": "2026-12-01T18:00:00",
    "pin": "97531",
    "card_number": "24681357",
}


async def test_a_visitor_is_created(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await site.hass.config.async_set_time_zone("America/New_York")
    answer = await act(site, "create_user", **VISITOR)

    assert answer.keys() == {"user_id"}
    user = site.simulator.world.users[answer["user_id"]]
    assert user.name == "Vera Visitor"
    assert (user.access_levels, user.department_id) == ([3, 2], 4)
    assert user.activates == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert user.expires == datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert user.pin == "97531"
    assert [token.value for token in user.tokens.values()] == ["24681357"]
    assert told_secrets(caplog) == []


def told_secrets(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return which of a visitor's secrets the log tells."""
    secrets = ("97531", "24681357", "12345678", "4008")
    return [secret for secret in secrets if secret in caplog.text]


async def test_a_name_is_enough(site: Site) -> None:
    user_id = (await act(site, "create_user"))["user_id"]
    user = site.simulator.world.users[user_id]
    assert user.name.strip() == "Visitor"
    assert (user.access_levels, user.tokens, user.pin, user.expires) == ([], {}, None, None)


@pytest.mark.parametrize(
    ("problem", "key"),
    [
        ({"card_number": "12345678"}, "rejected"),
        ({"pin": "4008"}, "rejected"),
        ({"access_levels": ["Roof"]}, "not_in_net2"),
        ({"department": "Roof"}, "not_in_net2"),
    ],
    ids=["card", "pin", "level", "department"],
)
async def test_nothing_stays_of_a_visitor_who_is_refused(
    site: Site, caplog: pytest.LogCaptureFixture, problem: dict[str, Any], key: str
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await refused(site, "create_user", **{**VISITOR, **problem}) == key
    assert told_secrets(caplog) == []


async def test_what_net2_has_not_is_named(site: Site) -> None:
    with pytest.raises(ServiceValidationError) as error:
        await act(site, "create_user", access_levels=["Roof"])
    assert error.value.translation_placeholders == {"field": "access_levels", "value": "Roof"}


async def test_a_card_that_is_taken_is_not_told(site: Site) -> None:
    with pytest.raises(HomeAssistantError) as error:
        await act(site, "create_user", card_number="12345678")
    told: BaseException | None = error.value
    while told:
        assert "12345678" not in f"{told} {told!r}"
        told = told.__cause__ or told.__context__


async def test_access_is_changed_and_all_else_kept(site: Site) -> None:
    ada = site.simulator.world.users[8]
    ada.individual_permissions, ada.telephone = [(2, 1)], "555"
    before = repr(ada)

    await act(site, "update_user_access", access_levels=["Working hours", 3])
    assert ada.access_levels == [2, 3]
    ada.access_levels = [1]
    assert repr(ada) == before

    expires = datetime(2026, 12, 24, 12, tzinfo=UTC)
    await act(site, "update_user_access", access_levels=[1], expires=expires)
    assert ada.expires == expires
    ada.expires = None
    assert repr(ada) == before

    await site.hass.services.async_call(
        DOMAIN, "update_user_access", {"user_id": 8, "activates": expires}, blocking=True
    )
    assert ada.activates == expires
    ada.activates = None
    assert repr(ada) == before


async def test_a_level_that_is_unknown_changes_nothing(site: Site) -> None:
    more = {"expires": "2026-12-24 12:00:00", "access_levels": ["Main building", "Roof"]}
    assert await refused(site, "update_user_access", **more) == "not_in_net2"


async def test_levels_that_are_refused_change_nothing(site: Site) -> None:
    site.simulator.faults.lite = True
    more = {"expires": "2026-12-24 12:00:00", "access_levels": [1, 2]}
    assert await refused(site, "update_user_access", **more) == "rejected"
    assert await refused(site, "create_user", access_levels=[1, 2]) == "rejected"


async def test_a_user_is_deleted(site: Site) -> None:
    await act(site, "delete_user")
    assert 8 not in site.simulator.world.users


@pytest.mark.parametrize("chosen", [{}, {"token_id": 0}])
async def test_a_card_is_blocked_and_freed(site: Site, chosen: dict[str, int]) -> None:
    token = site.simulator.world.users[8].tokens[0]
    number = token.value
    await act(site, "block_token", **chosen)
    assert site.simulator.world.users[8].tokens[0].lost
    await act(site, "block_token", blocked=False, **chosen)
    freed = site.simulator.world.users[8].tokens[0]
    assert (freed.lost, freed.value, freed.type) == (False, number, token.type)


async def test_all_cards_are_blocked_or_the_one_that_is_named(site: Site) -> None:
    tokens = site.simulator.world.users[8].tokens
    tokens[5] = type(tokens[0])(5, "Keyfob", "999")
    await act(site, "block_token", token_id=5)
    assert [token.lost for token in tokens.values()] == [False, True]
    await act(site, "block_token")
    assert [token.lost for token in tokens.values()] == [True, True]


async def test_a_card_has_to_be_the_users(site: Site) -> None:
    assert await refused(site, "block_token", token_id=7) == "no_token"
    assert await refused(site, "block_token", user_id=1) == "no_token"


async def test_anti_passback_is_reset(site: Site) -> None:
    await act(site, "reset_antipassback")
    (command,) = site.simulator.commands
    assert (command.name, command.user_id) == ("ResetAntiPassback", 8)


@pytest.mark.parametrize(
    "action", ["update_user_access", "delete_user", "block_token", "reset_antipassback"]
)
async def test_a_user_has_to_be_there(site: Site, action: str) -> None:
    assert await refused(site, action, user_id=4711) == "not_found"


# Roll calls


async def test_a_roll_call_is_started_and_people_marked_safe(site: Site) -> None:
    world = site.simulator.world
    world.swipe(site.doors[0], user_id=8)
    answer = await act(site, "start_roll_call", name="Drill")
    report = world.roll_calls.reports[answer["report_id"]]
    assert (report.name, report.members) == ("Drill", [8])
    assert site.state("sensor", "roll_call_missing").state == "1"

    await act(site, "mark_safe")
    assert report.safe.keys() == {8}
    assert site.state("sensor", "roll_call_missing").state == "0"
    assert site.state("sensor", "roll_call_safe").state == "1"

    await act(site, "mark_safe", report_id=1, user_id=9)
    assert world.roll_calls.reports[1].safe.keys() == {9}


async def test_a_roll_call_has_to_be_there(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    simulator.world.roll_calls.reports.clear()
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    assert await refused(site, "mark_safe") == "no_roll_call"
    assert await refused(site, "mark_safe", report_id=7) == "not_found"
