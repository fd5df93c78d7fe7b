"""What was missed is told once, to those who are there; what is known survives a restart."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.const import DOMAIN, EVENT_MISSED
from custom_components.gatehouse.missed import (
    Memory,
    async_load_memory,
    async_remove_memory,
    async_tell_missed,
)


@pytest.fixture
def mine(hass: HomeAssistant) -> MockConfigEntry:
    """Return an entry of some system."""
    entry = MockConfigEntry(domain=DOMAIN, data={"system": "bells"})
    entry.add_to_hass(hass)
    return entry


async def test_a_missed_event_tells_where_it_happened(
    hass: HomeAssistant, mine: MockConfigEntry
) -> None:
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=mine.entry_id, identifiers={(DOMAIN, "bells-1")}
    )
    heard = async_capture_events(hass, EVENT_MISSED)
    for part in ("bells-1", "bells-2", None):
        async_tell_missed(hass, mine, part, "rung", {"event_time": "then"})
    assert [event.data["device_id"] for event in heard] == [device.id, None, None]
    [data, *_] = [dict(event.data) for event in heard]
    assert dt_util.parse_datetime(data.pop("missed_at"), raise_on_error=True).tzinfo
    assert data == {
        "system": "bells",
        "entry_id": mine.entry_id,
        "device_id": device.id,
        "event_type": "rung",
        "event_time": "then",
    }


async def test_nothing_is_told_before_there_is_somebody_to_hear_it(
    hass: HomeAssistant, mine: MockConfigEntry
) -> None:
    heard = async_capture_events(hass, EVENT_MISSED)
    hass.set_state(CoreState.starting)
    async_tell_missed(hass, mine, None, "rung", {})
    await hass.async_block_till_done()
    assert heard == []
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert [event.data["event_type"] for event in heard] == ["rung"]


async def test_a_memory_is_written_once_for_a_storm(
    hass: HomeAssistant, mine: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    written: list[int] = []

    def content() -> dict[str, Any]:
        written.append(len(written) + 1)
        return {"writes": len(written)}

    memory = Memory(hass, mine, content)
    for _ in range(100):
        memory.save_soon()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=2))
    await hass.async_block_till_done()
    assert written == []
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=7))
    await hass.async_block_till_done()
    assert written == [1]
    memory.save_soon()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=14))
    await hass.async_block_till_done()
    assert written == [1, 2]
    assert hass_storage[f"gatehouse.{mine.entry_id}"]["data"] == {"writes": 2}
    assert await async_load_memory(hass, mine) == {"writes": 2}


async def test_a_closed_memory_is_written_for_the_last_time(
    hass: HomeAssistant, mine: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    content = {"known": ["a"]}
    memory = Memory(hass, mine, lambda: dict(content))
    memory.save_soon()
    await memory.async_close()
    assert memory.is_closed
    assert await async_load_memory(hass, mine) == {"known": ["a"]}
    content["known"] = ["a", "b"]
    memory.save_soon()
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=60))
    await hass.async_block_till_done()
    assert hass_storage[f"gatehouse.{mine.entry_id}"]["data"] == {"known": ["a"]}


async def test_home_assistant_may_stop_before_it_was_time_to_write(
    hass: HomeAssistant, mine: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    Memory(hass, mine, lambda: {"known": ["a"]}).save_soon()
    hass.set_state(CoreState.final_write)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert hass_storage[f"gatehouse.{mine.entry_id}"]["data"] == {"known": ["a"]}


async def test_a_deleted_entry_is_forgotten(
    hass: HomeAssistant, mine: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    await Memory(hass, mine, lambda: {"known": []}).async_close()
    await async_remove_memory(hass, mine)
    assert await async_load_memory(hass, mine) is None
    assert f"gatehouse.{mine.entry_id}" not in hass_storage
