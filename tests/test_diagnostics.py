"""Diagnostics of an entry, whatever its system and its state."""

from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant

from simulators.paxton_net2 import Net2Simulator

from .systems.paxton_net2.site import Site


async def test_a_loaded_entry_tells_what_its_system_knows(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, site: Site
) -> None:
    dump = await get_diagnostics_for_config_entry(hass, hass_client, site.entry)
    assert (dump["system"], dump["state"]) == ("paxton_net2", "loaded")
    assert len(dump) > 2


async def test_an_entry_that_cannot_load_tells_its_state_alone(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Net2Simulator,
    entry: MockConfigEntry,
) -> None:
    await simulator.stop()
    await hass.config_entries.async_setup(entry.entry_id)
    dump = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert dump == {"system": "paxton_net2", "state": "setup_retry"}


async def test_an_entry_that_was_unloaded_tells_its_state_alone(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, site: Site
) -> None:
    await hass.config_entries.async_unload(site.entry.entry_id)
    dump = await get_diagnostics_for_config_entry(hass, hass_client, site.entry)
    assert dump == {"system": "paxton_net2", "state": "not_loaded"}
