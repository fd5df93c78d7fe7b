"""Deleting a device by hand: only what the vendor surely no longer has."""

import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.const import DOMAIN

from .systems.paxton_net2.site import Site


async def is_deleted(
    site: Site, hass_ws_client: WebSocketGenerator, device: dr.DeviceEntry
) -> bool:
    """Delete a device as its page does; return whether that was allowed."""
    assert await async_setup_component(site.hass, "config", {})
    client = await hass_ws_client(site.hass)
    answer = await client.remove_device(device.id)
    registry = dr.async_get(site.hass)
    assert (registry.async_get(device.id) is None) is answer["success"]
    return bool(answer["success"])


async def test_a_door_that_there_is_stays(site: Site, hass_ws_client: WebSocketGenerator) -> None:
    device = site.device(site.doors[0])
    assert device
    assert not await is_deleted(site, hass_ws_client, device)


async def test_the_server_stays(site: Site, hass_ws_client: WebSocketGenerator) -> None:
    server = dr.async_get(site.hass).async_get_device_by_identifier(
        (DOMAIN, site.entry.entry_id), site.entry.entry_id
    )
    assert server
    assert not await is_deleted(site, hass_ws_client, server)


@pytest.mark.parametrize("is_away", [False, True])
async def test_a_door_of_another_time_goes_once_the_server_says_so(
    hass: HomeAssistant, site: Site, hass_ws_client: WebSocketGenerator, is_away: bool
) -> None:
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=site.entry.entry_id, identifiers={(DOMAIN, "paxton_net2-1")}
    )
    if is_away:
        await hass.config_entries.async_unload(site.entry.entry_id)
    assert await is_deleted(site, hass_ws_client, device) is not is_away
