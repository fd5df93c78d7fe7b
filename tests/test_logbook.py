"""What the logbook says of events that were missed and read back."""

from collections.abc import Callable

import pytest

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr

from custom_components.gatehouse import logbook
from custom_components.gatehouse.const import DOMAIN, EVENT_MISSED

from .systems.paxton_net2.site import Site, eventually


def described(hass: HomeAssistant, event: Event) -> tuple[str, str]:
    """Return the name and the message that the logbook shows for an event."""
    descriptions: dict[tuple[str, str], Callable[[Event], dict[str, str]]] = {}

    def note(domain: str, kind: str, describe: Callable[[Event], dict[str, str]]) -> None:
        descriptions[domain, kind] = describe

    logbook.async_describe_events(hass, note)
    entry = descriptions[DOMAIN, event.event_type](event)
    return entry["name"], entry["message"]


def missed(device_id: str | None) -> Event:
    """Return an event as it is on the bus."""
    data = {
        "device_id": device_id,
        "event_type": "door_held_open",
        "event_time": "2026-11-25T22:15:04+00:00",
    }
    return Event(EVENT_MISSED, data)


async def test_a_door_is_called_as_its_owner_calls_it(hass: HomeAssistant, site: Site) -> None:
    device = site.device(site.doors[0])
    assert device
    await hass.config.async_set_time_zone("Europe/Berlin")
    message = "door held open at 23:15:04, read back later"
    assert described(hass, missed(device.id)) == ("Main Entrance", message)

    dr.async_get(hass).async_update_device(device.id, name_by_user="Front")
    assert described(hass, missed(device.id)) == ("Front", message)


@pytest.mark.parametrize("device_id", [None, "of a door that is gone"])
async def test_what_has_no_device_is_told_all_the_same(
    hass: HomeAssistant, device_id: str | None
) -> None:
    name, message = described(hass, missed(device_id))
    assert name == "Gatehouse"
    assert message.startswith("door held open at ")


async def test_what_is_really_missed_can_be_described(hass: HomeAssistant, site: Site) -> None:
    # The server's zone is known once an event of now was read back.
    site.simulator.world.press_bell(site.doors[1])
    await site.coordinator.async_refresh()
    site.simulator.world.emit(93, site.doors[0], seconds_ago=3600)
    await eventually(lambda: site.missed, "the missed event")
    name, message = described(hass, site.missed[0])
    assert name == "Main Entrance"
    assert message.startswith("door held open at ")
