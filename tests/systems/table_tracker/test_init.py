"""Loading, leaving, coming back: nothing is left over and nothing is told."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .site import Site


async def test_load_unload_load(hass: HomeAssistant, site: Site) -> None:
    gateway = site.gateway
    gateway.move_to_table("5", "8")
    await site.shows("on", "binary_sensor", "occupancy", "table-8")
    fired = list(site.fired)
    for _ in range(2):
        assert await hass.config_entries.async_unload(site.entry.entry_id)
        await eventually(lambda: gateway.sockets == 0)
        assert site.state("binary_sensor", "occupancy", "table-8").state == "unavailable"
        assert await hass.config_entries.async_setup(site.entry.entry_id)
        await site.connected()
        assert site.state("binary_sensor", "occupancy", "table-8").state == "on"
    assert site.fired == fired
    assert site.missed == []
    assert gateway.commands == []


async def test_a_gateway_that_is_away_is_tried_again(
    hass: HomeAssistant, gateway: TableTrackerSimulator, entry: MockConfigEntry
) -> None:
    await gateway.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await gateway.start()
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_reading_never_writes(site: Site) -> None:
    gateway = site.gateway
    for number in ("1", "2", "3"):
        gateway.move_to_table(number, number)
    site.coordinator.reader.expect_changes()
    await site.coordinator.async_refresh()
    gateway.cut_sockets()
    await site.lost()
    await site.connected()
    assert gateway.commands == []
    assert not [each for each in gateway.requests if each.method != "GET"]


async def test_a_gateway_that_lists_no_repeaters_any_more_keeps_their_devices(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    addresses = list(gateway.world.repeaters)
    gateway.world.repeaters.clear()
    site.coordinator.reader.expect_changes("repeaters")
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert all(site.device_of(f"table_tracker-{address}") for address in addresses)
