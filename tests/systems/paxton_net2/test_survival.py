"""What a site has to survive: nothing invented, nothing lost, nothing fired or told twice."""

import asyncio
import logging

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gatehouse.systems.paxton_net2 import journal, missed
from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for live copies that never come."""
    monkeypatch.setattr(journal, "GRACE", 0.3)
    monkeypatch.setattr(missed, "GRACE", 0.3)


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect after tenths of a second instead of seconds."""
    stream = "custom_components.gatehouse.systems.paxton_net2.client.stream"
    monkeypatch.setattr(f"{stream}._delay", lambda _failures, _error: 0.1)


async def _lost(site: Site) -> None:
    """Wait until the loss of the live stream is noticed."""
    await eventually(lambda: site.state("binary_sensor", "live_stream").state == "off", "loss")


def _lines(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    """Return what Gatehouse logged."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= level and "gatehouse" in record.name and "paxton" in record.name
    ]


async def test_three_people_let_in_during_a_cut_are_told_once(site: Site) -> None:
    """The promise of the missed event: three of them, no event entity, nothing twice."""
    door = site.doors[0]
    await site.simulator.stop()
    await _lost(site)
    for user_id in (8, 9, 10):
        site.simulator.world.emit(20, door, user_id, direction="in")
    await site.simulator.start()
    await site.connected()
    await eventually(lambda: len(site.missed) >= 3, "the missed events")
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    told = [(event.data["event_type"], event.data["user_id"]) for event in site.missed]
    assert sorted(told) == [("access_granted", user_id) for user_id in (8, 9, 10)]
    assert {event.data["system"] for event in site.missed} == {"paxton_net2"}
    assert all(event.data["missed_at"] >= event.data["event_time"] for event in site.missed)
    assert site.fired == []
    assert site.state("sensor", "last_user", door).state != "unknown"


async def test_restart_of_home_assistant_tells_what_happened_meanwhile(
    hass: HomeAssistant, site: Site
) -> None:
    """Live events of before are not told again, those of the pause are."""
    door = site.doors[0]
    site.simulator.world.emit(20, door, 8)
    await eventually(lambda: site.fired, "the live event")
    await hass.config_entries.async_unload(site.entry.entry_id)
    site.simulator.world.emit(20, door, 9)
    fired = list(site.fired)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    await eventually(lambda: site.missed, "the missed event")
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    assert [event.data["user_id"] for event in site.missed] == [9]
    assert site.fired == fired


async def test_server_away_at_start(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """The entry waits, and works once the server is there."""
    await simulator.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await simulator.start()
    site = Site(hass, simulator, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    await site.set_up()
    assert site.state("lock", "lock", site.doors[0]).state == "locked"


async def test_server_restart(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Unavailable while it is down, back by itself, one line each way, no command sent."""
    door = site.doors[0]
    caplog.clear()
    await site.simulator.stop()
    await eventually(
        lambda: site.state("lock", "lock", door).state == STATE_UNAVAILABLE, "unavailable"
    )
    assert site.state("binary_sensor", "live_stream").state == "off"
    await site.coordinator.async_refresh()
    await site.simulator.restart()
    await eventually(lambda: site.state("lock", "lock", door).state == "locked", "back")
    await site.connected()
    site.simulator.world.swipe(door)
    await eventually(lambda: site.fired, "a live event after the restart")
    assert len([line for line in _lines(caplog) if "Error" in line]) == 1
    assert len([line for line in _lines(caplog) if "recovered" in line]) == 1
    assert len(_lines(caplog)) == 2
    assert site.simulator.commands == []


async def test_sockets_cut_while_the_server_is_fine(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Entities stay available, polls go on, one line down and one up."""
    site.simulator.faults.fail(503, path="/signalr", times=2)
    caplog.clear()
    site.simulator.cut_streams()
    await _lost(site)
    await eventually(lambda: len(_lines(caplog)) == 1, "the line that says so")
    assert site.state("lock", "lock", site.doors[0]).state == "locked"
    await site.connected()
    assert ["down" in line for line in _lines(caplog)] == [True, False]
    site.simulator.world.swipe(site.doors[0])
    await eventually(lambda: site.fired, "a live event after the cut")


