"""The actions of Net2: who may do them and where, what they do at doors, what they refuse."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import device_registry as dr

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.paxton_net2 import control
from custom_components.gatehouse.systems.paxton_net2.actions import ACTIONS
from simulators.paxton_net2 import Net2Simulator

from .acting import DOORS, FOR_ALL, VALID, act, quiet, refused, writes
from .site import Site, eventually

CODE = {"control_code": "8642"}


@pytest.fixture
async def site(site: Site) -> Site:
    """Return the site once nothing but the live stream is at work."""
    return await quiet(site)


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


def test_every_action_is_tested() -> None:
    assert {action.name for action in ACTIONS} == VALID.keys()


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
        (lambda faults: faults.fail(401, times=2, path="/users"), "cannot_connect"),
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
