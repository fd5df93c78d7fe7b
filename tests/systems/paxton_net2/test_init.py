"""An entry's life: loaded, unloaded, loaded again, removed."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from custom_components.gatehouse import async_remove_config_entry_device
from custom_components.gatehouse.const import DOMAIN
from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually


async def test_load_unload_load(hass: HomeAssistant, site: Site) -> None:
    """The socket is closed in between, and everything works again after."""
    door = site.doors[0]
    assert site.simulator.connections
    await hass.config_entries.async_unload(site.entry.entry_id)
    assert site.entry.state is ConfigEntryState.NOT_LOADED
    await eventually(lambda: not site.simulator.connections, "the end of the socket")
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    site.simulator.world.swipe(door)
    await eventually(lambda: site.state("lock", "lock", door).state == "unlocked")
    assert site.simulator.commands == []


async def test_devices(site: Site) -> None:
    """The server, and the doors below it."""
    registry = dr.async_get(site.hass)
    server = registry.async_get_device_by_identifier(
        (DOMAIN, site.entry.entry_id), site.entry.entry_id
    )
    assert server is not None
    assert (server.manufacturer, server.sw_version) == ("Paxton", "6.9")
    door = site.device(site.doors[0])
    assert door is not None
    assert door.via_device_id == server.id
    assert (door.name, door.model) == ("Main Entrance", "Net2 door")
    assert door.serial_number == str(site.doors[0])


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ({"invalid_client": True}, ConfigEntryState.SETUP_RETRY),
        ({"service_down": True}, ConfigEntryState.SETUP_RETRY),
        ({"mfa_required": True}, ConfigEntryState.SETUP_ERROR),
    ],
)
async def test_setup_that_fails(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    entry: MockConfigEntry,
    fault: dict[str, bool],
    state: ConfigEntryState,
) -> None:
    """What time mends is retried; what a person has to mend is said."""
    for name, value in fault.items():
        setattr(simulator.faults, name, value)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is state
    assert bool(hass.config_entries.flow.async_progress()) is (
        state is ConfigEntryState.SETUP_ERROR
    )


async def test_removing_an_entry_removes_its_journal(
    hass: HomeAssistant, site: Site, hass_storage: dict[str, object]
) -> None:
    """Nothing stays behind in the storage folder."""
    key = f"{DOMAIN}.{site.entry.entry_id}"
    site.simulator.world.swipe(site.doors[0])
    await eventually(lambda: site.fired)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=10))
    await eventually(lambda: key in hass_storage, "the journal")
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert key not in hass_storage


async def test_the_stored_journal_holds_no_card_and_no_name(
    hass: HomeAssistant, site: Site, hass_storage: dict[str, object]
) -> None:
    """A live event is stored by its key alone, until its id is known."""
    site.simulator.world.swipe(site.doors[0])
    await eventually(lambda: site.fired)
    await hass.config_entries.async_unload(site.entry.entry_id)
    stored = str(hass_storage[f"{DOMAIN}.{site.entry.entry_id}"])
    user = site.simulator.world.users[8]
    assert "told" in stored
    for secret in (str(user.card_number), user.first_name, user.last_name, site.simulator.password):
        assert secret not in stored


async def test_only_doors_that_are_gone_may_be_deleted_by_hand(
    hass: HomeAssistant, site: Site
) -> None:
    """The server and its doors stay."""
    door = site.device(site.doors[0])
    assert door is not None
    assert not await async_remove_config_entry_device(hass, site.entry, door)
    gone = dr.async_get(hass).async_get_or_create(
        config_entry_id=site.entry.entry_id, identifiers={(DOMAIN, "paxton_net2-999")}
    )
    assert await async_remove_config_entry_device(hass, site.entry, gone)
