"""Locks, buttons and switches: each command once, confirmed by the relay or refused."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.paxton_net2 import control
from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually

CODE = "2468"
#: The first door of the simulator with its default seed.
MAIN_ENTRANCE = 2127128


@pytest.fixture(autouse=True)
def _short_confirmation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for a door that does not move."""
    monkeypatch.setattr(control, "CONFIRM_TIMEOUT", 0.5)
    monkeypatch.setattr(control, "_POLL", 0.1)


def _sent(simulator: Net2Simulator) -> list[str]:
    return [command.name for command in simulator.commands]


async def _lock(site: Site, service: str, door: int, **data: Any) -> None:
    await site.call("lock", service, entity_id=site.entity_id("lock", "lock", door), **data)


@pytest.mark.parametrize("service", ["unlock", "open"])
async def test_releasing_a_latched_door(site: Site, service: str) -> None:
    """Once, for the configured time; it locks again by itself."""
    door = site.doors[0]
    await _lock(site, service, door)
    assert _sent(site.simulator) == ["OpenDoor"]
    assert site.state("lock", "lock", door).state == "unlocked"
    site.simulator.clock.advance(60)
    await eventually(lambda: site.state("lock", "lock", door).state == "locked", "the relock")
    assert _sent(site.simulator) == ["OpenDoor"]


async def test_holding_open_and_closing(site: Site) -> None:
    """The switch follows, and the lock ends the hold."""
    door = site.doors[0]
    switch = site.entity_id("switch", "hold_open", door)
    await site.call("switch", "turn_on", entity_id=switch)
    assert site.state("switch", "hold_open", door).state == "on"
    assert site.state("lock", "lock", door).state == "unlocked"
    site.simulator.clock.advance(3600)
    assert site.simulator.world.doors[door].relay_open
    await _lock(site, "lock", door)
    assert site.state("switch", "hold_open", door).state == "off"
    assert site.state("lock", "lock", door).state == "locked"
    await site.call("switch", "turn_on", entity_id=switch)
    await site.call("switch", "turn_off", entity_id=switch)
    assert _sent(site.simulator) == ["HoldDoorOpen", "CloseDoor", "HoldDoorOpen", "CloseDoor"]


@pytest.mark.parametrize(
    "options",
    [{"doors": {str(MAIN_ENTRANCE): {"mode": "latched", "unlock_action": "hold_open"}}}],
)
async def test_unlocking_may_hold_open(site: Site) -> None:
    """Where the door's options say so; opening still releases once."""
    door = MAIN_ENTRANCE
    await _lock(site, "unlock", door)
    await _lock(site, "lock", door)
    await _lock(site, "open", door)
    assert _sent(site.simulator) == ["HoldDoorOpen", "CloseDoor", "OpenDoor"]


async def test_pressing_release(site: Site) -> None:
    """A button releases once."""
    door = site.doors[2]
    await site.call("button", "press", entity_id=site.entity_id("button", "release", door))
    assert [(command.name, command.door_id) for command in site.simulator.commands] == [
        ("OpenDoor", door)
    ]


async def test_a_lock_that_does_not_move_is_said(site: Site) -> None:
    """A wireless lock takes the command and stays; nobody hears that it is open."""
    door = site.doors[3]
    with pytest.raises(HomeAssistantError) as raised:
        await _lock(site, "unlock", door)
    assert raised.value.translation_key == "not_confirmed"
    assert _sent(site.simulator) == ["OpenDoor"]
    assert site.state("lock", "lock", door).state == "locked"


async def test_a_lost_answer_is_never_sent_again(site: Site) -> None:
    """In doubt the answer is that nobody knows."""
    site.simulator.faults.lose_answers(path="/commands")
    with pytest.raises(HomeAssistantError) as raised:
        await _lock(site, "unlock", site.doors[0])
    assert raised.value.translation_key == "outcome_unknown"
    assert _sent(site.simulator) == ["OpenDoor"]


async def test_a_refusal_is_said(site: Site) -> None:
    """The server's `output.errors`, and a missing right."""
    site.simulator.faults.command_errors = "Door is in fire mode"
    with pytest.raises(HomeAssistantError) as raised:
        await _lock(site, "unlock", site.doors[0])
    assert raised.value.translation_key == "rejected"
    site.simulator.faults.command_errors = None
    site.simulator.faults.fail(403, path="/commands")
    with pytest.raises(HomeAssistantError) as raised:
        await _lock(site, "unlock", site.doors[0])
    assert raised.value.translation_key == "no_permission"


async def test_one_command_at_a_time_per_door(site: Site) -> None:
    """A second unlock is refused at once instead of coming later."""
    first, other = site.doors[0], site.doors[1]
    site.simulator.faults.delay = 0.3
    running = asyncio.gather(
        *(site.coordinator.control.async_release(door) for door in (first, other))
    )
    await asyncio.sleep(0)
    with pytest.raises(HomeAssistantError) as raised:
        await site.coordinator.control.async_release(first)
    assert raised.value.translation_key == "door_busy"
    await running
    assert sorted(command.door_id or 0 for command in site.simulator.commands) == sorted(
        (first, other)
    )


async def test_confirmation_without_the_live_stream(site: Site) -> None:
    """The poll confirms then; it only reads."""
    site.simulator.faults.fail(503, path="/signalr", times=1000)
    site.simulator.cut_streams()
    await eventually(lambda: not site.coordinator.data.server.live_stream, "the loss")
    await _lock(site, "unlock", site.doors[0])
    assert site.state("lock", "lock", site.doors[0]).state == "unlocked"
    assert _sent(site.simulator) == ["OpenDoor"]


@pytest.mark.parametrize("options", [{"control_code": CODE}])
async def test_a_control_code_is_asked_for(site: Site) -> None:
    """By the lock; what cannot ask is not there."""
    door = site.doors[0]
    assert site.state("lock", "lock", door).attributes["code_format"]
    for code in ({"code": "1"}, {"code": "é"}):
        with pytest.raises(ServiceValidationError) as raised:
            await _lock(site, "unlock", door, **code)
        assert raised.value.translation_key == "wrong_code"
    with pytest.raises(ServiceValidationError):
        await _lock(site, "unlock", door)
    assert _sent(site.simulator) == []
    await _lock(site, "unlock", door, code=CODE)
    assert _sent(site.simulator) == ["OpenDoor"]
    assert not site.has("button", "release", door)
    assert not site.has("switch", "hold_open", door)


@pytest.mark.parametrize(
    ("options", "there", "not_there"),
    [
        (
            {"doors": {str(MAIN_ENTRANCE): {"mode": "momentary", "unlock_action": "release"}}},
            {("button", "release"), ("binary_sensor", "relay")},
            {("lock", "lock"), ("switch", "hold_open")},
        ),
        (
            {"doors": {str(MAIN_ENTRANCE): {"mode": "monitor", "unlock_action": "release"}}},
            {("binary_sensor", "relay")},
            {("lock", "lock"), ("switch", "hold_open"), ("button", "release")},
        ),
        (
            {},
            {("lock", "lock"), ("switch", "hold_open"), ("button", "release")},
            {("binary_sensor", "relay")},
        ),
    ],
)
async def test_what_a_mode_offers(
    site: Site, there: set[tuple[str, str]], not_there: set[tuple[str, str]]
) -> None:
    """Exactly the controls that make sense."""
    assert all(site.has(*one, MAIN_ENTRANCE) for one in there)
    assert not any(site.has(*one, MAIN_ENTRANCE) for one in not_there)


@pytest.mark.parametrize(
    "options", [{"doors": {str(MAIN_ENTRANCE): {"mode": "momentary", "unlock_action": "release"}}}]
)
async def test_a_gate_is_never_held_or_closed(site: Site) -> None:
    """Every command moves it, so only the release goes out."""
    for command in (site.coordinator.control.async_hold_open, site.coordinator.control.async_close):
        with pytest.raises(ServiceValidationError) as raised:
            await command(MAIN_ENTRANCE)
        assert raised.value.translation_key == "door_is_momentary"
    assert _sent(site.simulator) == []


async def test_lockdown(hass: HomeAssistant, site: Site) -> None:
    """Unknown until an event tells; then on, then off."""
    switch = site.entity_id("switch", "lockdown")
    assert site.state("switch", "lockdown").state == "unknown"
    await site.call("switch", "turn_on", entity_id=switch)
    assert site.state("switch", "lockdown").state == "on"
    await site.call("switch", "turn_off", entity_id=switch)
    assert site.state("switch", "lockdown").state == "off"
    assert [command.lockdown for command in site.simulator.commands] == [True, False]
    assert not ir.async_get(hass).issues


async def test_lockdown_by_somebody_else(site: Site) -> None:
    """The switch follows the events."""
    site.simulator.world.set_lockdown(active=True)
    await eventually(lambda: site.state("switch", "lockdown").state == "on", "the lockdown")
    site.simulator.world.set_lockdown(active=False)
    await eventually(lambda: site.state("switch", "lockdown").state == "off", "its end")


async def test_lockdown_that_is_not_configured(hass: HomeAssistant, site: Site) -> None:
    """No event follows: an error now, an issue that stays, and no state is made up."""
    site.simulator.world.lockdown_configured = False
    switch = site.entity_id("switch", "lockdown")
    with pytest.raises(HomeAssistantError) as raised:
        await site.call("switch", "turn_on", entity_id=switch)
    assert raised.value.translation_key == "lockdown_not_confirmed"
    issue_id = f"lockdown_not_configured_{site.entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    site.simulator.world.lockdown_configured = True
    await site.call("switch", "turn_on", entity_id=switch)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_a_relay_that_stays_open_is_perhaps_held(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody held it by Net2 itself: unknown, and off once it closes."""
    coordinator = "custom_components.gatehouse.systems.paxton_net2.coordinator"
    monkeypatch.setattr(f"{coordinator}.LONG_RELEASE", timedelta(0))
    door = site.doors[0]
    site.simulator.world.doors[door].hold()
    await eventually(lambda: site.state("lock", "lock", door).state == "unlocked", "the relay")
    assert site.state("switch", "hold_open", door).state == "off"
    await site.coordinator.async_refresh()
    assert site.state("switch", "hold_open", door).state == "unknown"
    site.simulator.world.doors[door].relock()
    await eventually(lambda: site.state("switch", "hold_open", door).state == "off", "its end")


async def test_a_second_press_is_refused_and_another_door_does_not_wait(site: Site) -> None:
    """Through the actions that people use: nothing queues, least of all behind a stuck door."""
    stuck, gate = site.doors[3], site.doors[2]

    def press(door: int) -> Any:
        entity_id = site.entity_id("button", "release", door)
        return site.call("button", "press", entity_id=entity_id)

    first, second, other = await asyncio.gather(
        press(stuck), press(stuck), press(gate), return_exceptions=True
    )
    assert isinstance(first, HomeAssistantError)
    assert first.translation_key == "not_confirmed"
    assert isinstance(second, HomeAssistantError)
    assert second.translation_key == "door_busy"
    assert other is None
    assert sorted(command.door_id or 0 for command in site.simulator.commands) == sorted(
        (stuck, gate)
    )


async def test_a_short_pulse_of_a_door_that_is_not_pushed_is_seen(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """Polled for at once, not when it is over."""
    door = next(iter(simulator.world.doors))
    simulator.faults.refused_doors.append(door)
    simulator.world.doors[door].open_seconds = 0.4
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    await _lock(site, "unlock", door)
    assert _sent(simulator) == ["OpenDoor"]


async def test_a_door_without_a_status_is_held_as_long_as_we_hold_it(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """No relay tells of the end, the command does."""
    simulator.faults.no_door_status = True
    door = next(iter(simulator.world.doors))
    simulator.faults.refused_doors.append(door)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    switch = site.entity_id("switch", "hold_open", door)
    await site.call("switch", "turn_on", entity_id=switch)
    assert site.state("switch", "hold_open", door).state == "on"
    await site.call("switch", "turn_off", entity_id=switch)
    assert site.state("switch", "hold_open", door).state == "off"
