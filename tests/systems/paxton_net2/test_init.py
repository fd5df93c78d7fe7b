"""An entry's life."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .site import Site, eventually


async def test_a_swipe_shows(hass: HomeAssistant, site: Site) -> None:
    """Everything in one."""
    door = site.doors[0]
    site.simulator.world.swipe(door, user_id=8)
    await eventually(lambda: site.fired)
    await eventually(lambda: site.state("lock", "lock", door).state == "unlocked")
    for state in hass.states.async_all():
        print(state.entity_id, state.state)
    print(site.fired)
    await hass.config_entries.async_unload(site.entry.entry_id)
    assert site.entry.state is ConfigEntryState.NOT_LOADED
