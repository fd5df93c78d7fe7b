"""The rules that protect doors, each as a test of the whole integration.

Those about commands (momentary doors, one at a time, never repeated) are in `test_control.py`,
those about events of the past in `test_survival.py`.
"""

import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually


async def test_reading_never_writes(hass: HomeAssistant, site: Site) -> None:
    """Set-up, refresh, reload, update requests and reconnection: nothing but questions."""
    await async_setup_component(hass, "homeassistant", {})
    await site.coordinator.async_refresh()
    await site.call(
        "homeassistant",
        "update_entity",
        entity_id=[state.entity_id for state in hass.states.async_all()],
    )
    site.simulator.cut_streams()
    await eventually(lambda: not site.coordinator.data.server.live_stream, "the loss")
    await site.connected()
    await hass.config_entries.async_reload(site.entry.entry_id)
    await site.connected()
    assert site.simulator.commands == []
    written = {
        request.path.lower()
        for request in site.simulator.requests
        if request.method not in ("GET", "HEAD")
    }
    assert written <= {"/api/v1/authorization/tokens", "/signalr/abort"}


async def test_only_live_messages_fire(hass: HomeAssistant, site: Site) -> None:
    """Reload, reconnection and restored states fire nothing, and move no time stamp."""
    door = site.doors[0]
    site.simulator.world.swipe(door)
    await eventually(lambda: len(site.fired) == 2, "the swipe")
    before = site.state("event", "activity", door)
    await hass.config_entries.async_reload(site.entry.entry_id)
    await site.connected()
    site.simulator.cut_streams()
    await eventually(lambda: not site.coordinator.data.server.live_stream, "the loss")
    await site.connected()
    await site.coordinator.async_refresh()
    after = site.state("event", "activity", door)
    assert (after.state, after.attributes["event_type"]) == (
        before.state,
        before.attributes["event_type"],
    )
    assert len(site.fired) == 2


async def test_no_secret_anywhere(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in a log line at the finest level, a state, an attribute or a bus event."""
    caplog.set_level(logging.DEBUG)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    door = site.doors[0]
    world = simulator.world
    world.swipe(door)
    world.enter_pin(door)
    world.swipe_unknown(door, 87654321)
    world.emit(20, door, 9, seconds_ago=3600)
    await eventually(lambda: site.missed and len(site.fired) >= 3, "the events")
    authority = simulator.authority
    tokens = [*authority._access, *authority._refresh]  # what it has issued
    await simulator.restart()
    await eventually(lambda: not site.coordinator.data.server.live_stream, "the loss")
    await site.connected()
    simulator.revoke_operator()
    await site.coordinator.async_refresh()
    told = " ".join(
        [
            caplog.text,
            *(str(state.as_dict()) for state in hass.states.async_all()),
            *(str(event.data) for event in site.missed),
        ]
    )
    user = world.users[8]
    secrets = [simulator.password, simulator.client_id, "87654321", str(user.card_number), *tokens]
    assert len(tokens) >= 2
    for secret in secrets:
        assert secret not in told
    assert user.pin is None or f"'{user.pin}'" not in told


async def test_a_dead_controller_takes_only_its_own_entities(site: Site) -> None:
    """The hub is up, the other doors work."""
    door, other = site.doors[0], site.doors[1]
    site.simulator.world.take_offline(door)
    await site.coordinator.async_refresh()
    states = {
        state.entity_id: state.state == "unavailable" for state in site.hass.states.async_all()
    }
    assert all(dead for entity_id, dead in states.items() if ".main_entrance" in entity_id)
    assert not any(dead for entity_id, dead in states.items() if ".main_entrance" not in entity_id)
    await site.call("lock", "unlock", entity_id=site.entity_id("lock", "lock", other))
    assert [command.door_id for command in site.simulator.commands] == [other]
