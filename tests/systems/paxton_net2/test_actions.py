"""The actions of Net2: what they do at the server, and what they refuse."""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
import json
import logging
from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.paxton_net2 import control
from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually

#: What each action needs, besides the door that those of `DOORS` are about.
VALID: dict[str, dict[str, Any]] = {
    "open_door": {},
    "hold_door_open": {},
    "close_door": {},
    "acknowledge_alarm": {},
    "get_events": {},
    "get_users": {},
    "create_user": {"last_name": "Visitor"},
    "update_user_access": {"user_id": 8, "access_levels": []},
    "delete_user": {"user_id": 8},
    "block_token": {"user_id": 8},
    "reset_antipassback": {"user_id": 8},
    "start_roll_call": {"name": "Drill"},
    "mark_safe": {"user_id": 8},
}
DOORS = ("open_door", "hold_door_open", "close_door", "acknowledge_alarm")
READS = ("get_events", "get_users")
#: What everybody in the building may do when the alarm rings.
FOR_ALL = ("acknowledge_alarm", "start_roll_call", "mark_safe")
CODE = {"control_code": "8642"}


@pytest.fixture
async def another(
    hass: HomeAssistant, socket_enabled: None
) -> AsyncGenerator[tuple[Net2Simulator, MockConfigEntry]]:
    """Set up a second site."""
    async with Net2Simulator(seed=2) as simulator:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Warehouse",
            data={
                "system": "paxton_net2",
                "host": "127.0.0.1",
                "port": simulator.port,
                "use_https": True,
                "username": simulator.username,
                "password": simulator.password,
                "client_id": simulator.client_id,
                "fingerprint": simulator.fingerprint,
            },
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        yield simulator, entry
        await hass.config_entries.async_unload(entry.entry_id)


def valid(site: Site, action: str) -> dict[str, Any]:
    """Return data that an action takes."""
    door = {"device_id": device_of(site)} if action in DOORS else {}
    return {**VALID[action], **door}


def device_of(site: Site, index: int = 0) -> str:
    """Return the id of a door's device."""
    device = site.device(site.doors[index])
    assert device
    return device.id


async def act(site: Site, action: str, *, user: MockUser | None = None, **data: Any) -> Any:
    """Do an action with some data in place of the valid one; return its response, if it has one."""
    has_response = action in (*READS, "create_user", "start_roll_call")
    return await site.hass.services.async_call(
        DOMAIN,
        action,
        {**valid(site, action), **data},
        blocking=True,
        return_response=has_response,
        context=Context(user_id=user.id if user else None),
    )


async def refused(site: Site, action: str, **data: Any) -> str | None:
    """Return why an action is refused: the key of its sentence, with the site left as it was."""
    before, commands = repr(site.simulator.world.site), list(site.simulator.commands)
    with pytest.raises(HomeAssistantError) as error:
        await act(site, action, **data)
    assert repr(site.simulator.world.site) == before
    assert site.simulator.commands == commands
    return error.value.translation_key


def writes(simulator: Net2Simulator) -> list[str]:
    """Return the paths of all requests that may have changed something."""
    seen = (each for each in simulator.requests if each.method != "GET")
    return [each.path for each in seen if "tokens" not in each.path or "users" in each.path]


# Who may, and where


@pytest.mark.parametrize("action", VALID)
async def test_actions_for_administrators_refuse_everybody_else(
    site: Site, hass_read_only_user: MockUser, action: str
) -> None:
    if action in FOR_ALL:
        await act(site, action, user=hass_read_only_user)
        return
    before = len(site.simulator.requests)
    with pytest.raises(Unauthorized):
        await act(site, action, user=hass_read_only_user)
    assert len(site.simulator.requests) == before


@pytest.mark.parametrize("action", VALID)
async def test_automations_and_administrators_may_do_everything(
    site: Site, hass_admin_user: MockUser, action: str
) -> None:
    await act(site, action, user=hass_admin_user)
    if action != "delete_user":
        await act(site, action)


async def test_every_action_is_tested(hass: HomeAssistant, site: Site) -> None:
    assert hass.services.async_services()[DOMAIN].keys() == VALID.keys()


@pytest.mark.parametrize("action", [action for action in VALID if action not in DOORS])
async def test_a_site_is_named_where_there_are_two(
    site: Site, another: tuple[Net2Simulator, MockConfigEntry], action: str
) -> None:
    assert await refused(site, action) == "which_site"
    simulator, entry = another
    seen = len(site.simulator.requests), len(simulator.requests)
    await act(site, action, config_entry_id=entry.entry_id)
    assert len(simulator.requests) > seen[1]
    assert len(site.simulator.requests) == seen[0]


@pytest.mark.parametrize("action", ["get_users", "mark_safe"])
async def test_a_site_has_to_be_there(hass: HomeAssistant, site: Site, action: str) -> None:
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    assert await refused(site, action, config_entry_id="x") == "service_config_entry_not_found"
    named = {"config_entry_id": other.entry_id}
    assert await refused(site, action, **named) == "service_config_entry_wrong_domain"

    await hass.config_entries.async_unload(site.entry.entry_id)
    assert await refused(site, action) == "which_site"
    named = {"config_entry_id": site.entry.entry_id}
    assert await refused(site, action, **named) == "service_config_entry_not_loaded"


@pytest.mark.parametrize("action", DOORS)
async def test_a_door_has_to_be_one(hass: HomeAssistant, site: Site, action: str) -> None:
    registry = dr.async_get(hass)
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    stranger = registry.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}
    )
    server = registry.async_get_device_by_identifier(
        (DOMAIN, site.entry.entry_id), site.entry.entry_id
    )
    assert server
    assert await refused(site, action, device_id="x") == "service_device_not_found"
    assert await refused(site, action, device_id=stranger.id) == "service_device_wrong_domain"
    assert await refused(site, action, device_id=server.id) == "no_door"


# Doors


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        ({}, ("OpenDoor", None, None)),
        ({"relay": 1}, ("OpenDoor", None, None)),
        ({"seconds": 2.5}, ("ControlDoor", "Relay1", 2.5)),
        ({"relay": "2"}, ("ControlDoor", "Relay2", 1.0)),
        ({"relay": "2", "seconds": "30"}, ("ControlDoor", "Relay2", 30.0)),
    ],
)
async def test_open_door_releases_it_once(
    site: Site, data: dict[str, Any], sent: tuple[str, str | None, float | None]
) -> None:
    await act(site, "open_door", **data)
    (command,) = site.simulator.commands
    assert command.door_id == site.doors[0]
    assert (command.name, command.relay, command.seconds) == sent


async def test_a_door_is_held_open_and_closed(site: Site) -> None:
    door = site.doors[0]
    await act(site, "hold_door_open")
    assert site.simulator.world.doors[door].held
    assert site.state("switch", "hold_open", door).state == "on"

    await act(site, "close_door")
    assert not site.simulator.world.doors[door].relay_open
    assert site.state("switch", "hold_open", door).state == "off"
    assert [command.name for command in site.simulator.commands] == ["HoldDoorOpen", "CloseDoor"]


async def test_an_alarm_is_acknowledged(site: Site) -> None:
    door = site.doors[0]
    site.simulator.world.force(door)
    await eventually(lambda: site.state("binary_sensor", "alarm", door).state == "on", "the alarm")
    await act(site, "acknowledge_alarm")
    assert not site.simulator.world.doors[door].alarm
    await eventually(lambda: site.state("binary_sensor", "alarm", door).state == "off", "its end")


@pytest.mark.parametrize("options", [CODE])
@pytest.mark.parametrize("action", ["open_door", "hold_door_open"])
async def test_a_control_code_is_asked_for(site: Site, action: str) -> None:
    assert await refused(site, action) == "wrong_code"
    assert await refused(site, action, code="8643") == "wrong_code"
    await act(site, action, code="8642")
    assert len(site.simulator.commands) == 1
    # Closing a door is always safe.
    await act(site, "close_door")
    assert len(site.simulator.commands) == 2


@pytest.mark.parametrize(
    ("mode", "refusals"),
    [
        ("momentary", {"hold_door_open", "close_door"}),
        ("monitor", {"open_door", "hold_door_open", "close_door"}),
    ],
)
async def test_a_door_does_what_its_mode_allows(
    hass: HomeAssistant, site: Site, mode: str, refusals: set[str]
) -> None:
    door = str(site.doors[0])
    doors = {"doors": {door: {"mode": mode, "unlock_action": "release"}}}
    hass.config_entries.async_update_entry(site.entry, options=doors)
    await hass.config_entries.async_reload(site.entry.entry_id)
    for action in DOORS:
        if action in refusals:
            assert await refused(site, action) == f"door_is_{mode}"
        else:
            await act(site, action)


async def test_a_door_that_does_not_move_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "CONFIRM_TIMEOUT", 0.2)
    site.simulator.world.doors[site.doors[0]].online = False
    with pytest.raises(HomeAssistantError) as error:
        await act(site, "open_door")
    assert error.value.translation_key == "not_confirmed"
    assert error.value.translation_placeholders == {"door": "Main Entrance"}
    assert len(site.simulator.commands) == 1


# Events and people


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
    site = Site(hass, simulator, entry)
    await site.set_up()
    assert await refused(site, "mark_safe") == "no_roll_call"
    assert await refused(site, "mark_safe", report_id=7) == "not_found"


# Trouble


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("open_door", {"seconds": 0.4}),
        ("open_door", {"seconds": 3601}),
        ("open_door", {"seconds": "long"}),
        ("open_door", {"relay": "3"}),
        ("get_events", {"limit": 0}),
        ("get_events", {"limit": 1001}),
        ("get_events", {"start": "yesterday"}),
        ("create_user", {"pin": "123"}),
        ("create_user", {"pin": "123456789"}),
        ("create_user", {"pin": "12a4"}),
        ("create_user", {"pin": "1234\n"}),
        ("create_user", {"card_number": "12-34"}),
        ("create_user", {"token": "1234"}),
        ("delete_user", {"user_id": -1}),
        ("block_token", {"token_id": -1}),
        ("mark_safe", {"report_id": "newest"}),
    ],
)
async def test_data_that_cannot_be_right_is_not_sent(
    site: Site, action: str, data: dict[str, Any]
) -> None:
    seen = len(site.simulator.requests)
    with pytest.raises(probatio.Invalid) as error:
        await act(site, action, **data)
    assert len(site.simulator.requests) == seen
    if data.keys() & {"pin", "card_number"}:
        assert not any(value in str(error.value) for value in data.values())


@pytest.mark.parametrize(
    ("strike", "key"),
    [
        (lambda faults: faults.fail(403, path="/users"), "no_permission"),
        (lambda faults: faults.fail(404, path="/users"), "not_found"),
        (lambda faults: faults.fail(400, path="/users"), "rejected"),
        (lambda faults: faults.fail(302, path="/users"), "wrong_system"),
        (lambda faults: faults.fail(200, path="/users"), "wrong_system"),
        (lambda faults: faults.truncate_answers(path="/users"), "wrong_system"),
        (lambda faults: faults.fail(502, path="/users"), "cannot_connect"),
        (lambda faults: faults.lose_answers(times=2, path="/users"), "cannot_connect"),
        (lambda faults: faults.fail(429, path="/users"), "rate_limited"),
        (lambda faults: faults.fail(401, times=2, path="/users"), "invalid_auth"),
    ],
)
async def test_trouble_at_the_server_is_told_in_words(
    site: Site, strike: Callable[[Any], None], key: str
) -> None:
    strike(site.simulator.faults)
    assert await refused(site, "get_users") == key
    assert (await act(site, "get_users"))["users"]


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ("open_door", "/commands/door/open"),
        ("hold_door_open", "/commands/door/holdopen"),
        ("close_door", "/commands/door/close"),
        ("acknowledge_alarm", "/alarms/acknowledge"),
        ("create_user", "/users"),
        ("reset_antipassback", "/antipassback/reset"),
        ("start_roll_call", "/rollcallreports"),
        ("mark_safe", "/safeupdates"),
    ],
)
@pytest.mark.parametrize("happens", [True, False], ids=["after all", "or not"])
async def test_what_may_have_happened_is_told_and_not_done_again(
    site: Site, action: str, path: str, happens: bool
) -> None:
    faults = site.simulator.faults
    seen = len(writes(site.simulator))
    if happens:
        faults.lose_answers(path=path)
    else:
        faults.fail(500, path=path)
    with pytest.raises(HomeAssistantError) as error:
        await act(site, action)
    assert error.value.translation_key == "outcome_unknown"
    assert len(writes(site.simulator)) == seen + 1


@pytest.mark.parametrize("action", ["open_door", "hold_door_open", "close_door"])
async def test_a_command_that_net2_refuses_is_told(site: Site, action: str) -> None:
    site.simulator.faults.command_errors = "No such door"
    with pytest.raises(HomeAssistantError) as error:
        await act(site, action)
    assert error.value.translation_key == "rejected"
    assert len(site.simulator.commands) == 1
