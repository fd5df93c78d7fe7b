"""The system health page: a line for each system that is set up."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.const import DOMAIN
from simulators.paxton_net2 import Net2Simulator

from .systems.paxton_net2.site import Site


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page shows of Gatehouse."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    return await get_system_health_info(hass, DOMAIN)


async def test_a_site_with_a_live_stream(hass: HomeAssistant, site: Site) -> None:
    assert await health(hass) == {"paxton_net2": "4 doors, live"}


async def test_a_site_without_its_live_stream(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    simulator.faults.fail(503, times=1000, path="/signalr")
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert await health(hass) == {"paxton_net2": "4 doors, polling"}


async def test_a_site_that_went_away(hass: HomeAssistant, site: Site) -> None:
    site.simulator.faults.service_down = True
    await site.coordinator.async_refresh()
    assert await health(hass) == {"paxton_net2": "unreachable"}


async def test_every_site_has_its_part_of_the_line(hass: HomeAssistant, site: Site) -> None:
    MockConfigEntry(domain=DOMAIN, data={"system": "paxton_net2"}).add_to_hass(hass)
    assert await health(hass) == {"paxton_net2": "4 doors, live; not_loaded"}


async def test_no_site_has_no_line(hass: HomeAssistant, site: Site) -> None:
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert await health(hass) == {}
