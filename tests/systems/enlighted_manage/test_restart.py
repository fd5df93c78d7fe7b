"""What a manager's entry knows after a restart, and that it tells the manager nothing by itself."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from .site import SITE, Site


async def restart(site: Site, *, minutes: float = 0) -> None:
    """Unload the entry, let some time go by at the manager, and set it up again."""
    assert await site.hass.config_entries.async_unload(site.entry.entry_id)
    site.manager.clock.advance(minutes * 60)
    assert await site.hass.config_entries.async_setup(site.entry.entry_id)
    await site.settled()


def registered(site: Site) -> dict[str, tuple[str, bool]]:
    """Return all devices and entities of the entry by what identifies them."""
    entities, devices = er.async_get(site.hass), dr.async_get(site.hass)
    entry = site.entry.entry_id
    return {
        **{
            each.unique_id: (each.entity_id, each.disabled)
            for each in er.async_entries_for_config_entry(entities, entry)
        },
        **{
            each.id: (str(each.name), False)
            for each in dr.async_entries_for_config_entry(devices, entry)
        },
    }


def writes(manager: EnlightedSimulator) -> list[str]:
    """Return what was not only read."""
    return [each.path for each in manager.requests if each.method != "GET"]


async def test_all_is_there_again_and_nothing_was_sent(site: Site) -> None:
    before = registered(site)
    for _ in range(2):
        assert await site.hass.config_entries.async_unload(site.entry.entry_id)
        assert site.state("light", "light", "area", 9).state == "unavailable"
        assert await site.hass.config_entries.async_setup(site.entry.entry_id)
        await site.settled()
        assert site.state("light", "light", "area", 9).state in {"on", "off"}
    assert registered(site) == before
    assert (site.manager.commands, writes(site.manager)) == ([], [])
    assert (site.fired, site.missed) == ([], [])
    assert site.manager.world.mistakes == []


@pytest.mark.parametrize("minutes", [0, 20])
async def test_what_a_light_was_told_is_known_until_it_ends(site: Site, minutes: float) -> None:
    light = site.entity_id("light", "light", "fixture", 366)
    await site.call("light", "turn_on", entity_id=light, brightness_pct=40, color_temp_kelvin=4000)
    sent = len(site.manager.commands)
    before = site.state("light", "light", "fixture", 366)
    assert before.attributes["override_until"]
    await restart(site, minutes=minutes)
    after = site.state("light", "light", "fixture", 366)
    for name in ("brightness", "color_temp_kelvin", "override_until"):
        assert after.attributes[name] == before.attributes[name]
    assert len(site.manager.commands) == sent


async def test_what_ended_while_home_assistant_was_off_is_not_known_any_more(site: Site) -> None:
    light = site.entity_id("light", "light", "fixture", 361)
    await site.call("light", "turn_on", entity_id=light, brightness_pct=40)
    sent = len(site.manager.commands)
    await restart(site, minutes=75)
    after = site.state("light", "light", "fixture", 361)
    assert (after.state, after.attributes["override_until"]) == ("off", None)
    assert len(site.manager.commands) == sent


async def test_energy_goes_on_where_it_was_and_counts_what_was_missed(site: Site) -> None:
    def total() -> float:
        return float(site.state("sensor", "energy_lighting", "floor", 1).state)

    assert total() == 0
    site.manager.clock.advance(3600)
    # The next answer tells of the manager's time, the one after that of what has passed.
    await site.coordinator.async_refresh()
    await site.read(Tier.ENERGY)
    before = total()
    assert before > 0
    await restart(site)
    # Nothing was counted twice.
    assert total() == before
    await restart(site, minutes=60)
    assert total() > before
    # The manager takes about the same in each hour of a quiet building.
    assert total() == pytest.approx(2 * before, rel=0.5)


async def test_the_scheme_that_worked_is_tried_first(hass: HomeAssistant, old: Site) -> None:
    assert old.manager.requests[0].scheme == "new"
    seen = len(old.manager.requests)
    await restart(old)
    assert {each.scheme for each in old.manager.requests[seen:]} == {"old"}


@pytest.fixture
async def old(hass: HomeAssistant, socket_enabled: None) -> AsyncGenerator[Site]:
    """Run a manager of an older version, and its entry."""
    async with EnlightedSimulator(version="4.4") as manager:
        details = manager.details()
        data = {
            "system": "enlighted_manage",
            "host": manager.host,
            "port": manager.port,
            "username": details["username"],
            "api_key": details["api_key"],
            "auth_scheme": "auto",
            "use_https": False,
            "floors": [],
        }
        entry = MockConfigEntry(domain="gatehouse", title="Manager", unique_id=SITE, data=data)
        entry.add_to_hass(hass)
        site = Site(hass, entry, manager=manager)
        await site.set_up()
        yield site


async def test_minutes_are_kept(site: Site) -> None:
    number = site.entity_id("number", "override_minutes")
    await site.call("number", "set_value", entity_id=number, value=25)
    await restart(site)
    assert site.state("number", "override_minutes").state == "25"
    light = site.entity_id("light", "light", "fixture", 361)
    await site.call("light", "turn_on", entity_id=light)
    assert site.manager.commands[-1].values["seconds"] == 25 * 60


async def test_an_override_ends_by_itself(site: Site) -> None:
    light = site.entity_id("light", "light", "fixture", 361)
    await site.call("light", "turn_on", entity_id=light, brightness_pct=40)
    until = site.state("light", "light", "fixture", 361).attributes["override_until"]
    assert isinstance(until, datetime)
    left = until - site.coordinator.client.now()
    assert timedelta(minutes=59, seconds=50) < left <= timedelta(hours=1)
    site.manager.clock.advance(3700)
    await site.read(Tier.STATISTICS)
    assert site.state("light", "light", "fixture", 361).attributes["override_until"] is None


async def test_a_manager_that_is_away_at_the_start_is_tried_again(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry
) -> None:
    await manager.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await manager.start()
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_what_is_remembered_goes_with_the_entry(
    hass: HomeAssistant, site: Site, hass_storage: dict[str, Any]
) -> None:
    name = f"gatehouse.{site.entry.entry_id}"
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    stored = hass_storage[name]["data"]
    assert stored["scheme"] == "v4_5"
    assert set(stored) == {"scheme", "meters", "overrides", "minutes", "history"}
    assert site.entry.data["api_key"] not in str(stored)
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert name not in hass_storage
