"""What a site has to survive: nothing invented, nothing lost, nothing fired or told twice."""

import asyncio
from collections import Counter
from datetime import timedelta
import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, STATE_UNAVAILABLE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.paxton_net2 import journal, missed
from custom_components.gatehouse.systems.paxton_net2.const import POLL_WITH_STREAM
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
    monkeypatch.setattr("custom_components.gatehouse.live._back_off", lambda _failures: 0.1)


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
    site = Site(hass, entry, simulator=simulator)
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


async def test_half_open_socket_is_noticed_by_its_silence(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    entry: MockConfigEntry,
) -> None:
    """Without keep-alives a socket counts as dead, although nobody closed it."""
    simulator.faults.disconnect_timeout = 3.0
    await simulator.restart()
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    simulator.faults.silent = True
    await _lost(site)
    door = site.doors[0]
    simulator.world.emit(20, door, 8)
    simulator.faults.silent = False
    await site.connected()
    await eventually(lambda: site.missed, "what the deaf stream did not tell")
    assert site.fired == []
    simulator.world.emit(20, door, 9)
    await eventually(lambda: site.fired, "a live event after it")
    assert [state.attributes["user_id"] for state in site.fired] == [9]
    assert len(site.missed) == 1


async def test_token_expiry_is_invisible(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """A token that expires, with or without its refresh token, costs one sign-in and no more."""
    caplog.clear()
    for refresh_tokens in (False, True):
        site.simulator.expire_tokens(refresh_tokens=refresh_tokens)
        await site.coordinator.async_refresh()
        assert site.coordinator.last_update_success
    site.simulator.clock.advance(30 * 60 + 1)
    await site.coordinator.async_refresh()
    assert site.state("lock", "lock", site.doors[0]).state == "locked"
    assert _lines(caplog) == []


async def test_revoked_operator_asks_for_reauthentication(hass: HomeAssistant, site: Site) -> None:
    """Entities become unavailable and one flow asks for credentials, however often it fails."""
    site.simulator.revoke_operator()
    site.simulator.cut_streams()
    door = site.doors[0]
    await eventually(
        lambda: site.state("lock", "lock", door).state == STATE_UNAVAILABLE, "unavailable"
    )
    await eventually(hass.config_entries.flow.async_progress, "the flow")
    await site.coordinator.async_refresh()
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert flows[0]["step_id"] == "reauth_confirm"


async def test_a_server_that_refuses_its_own_token_is_no_reason_to_ask_for_a_password(
    hass: HomeAssistant, site: Site
) -> None:
    """It is still starting: the credentials were good a moment ago."""
    site.simulator.faults.fail(401, path="/doors", times=2)
    await site.coordinator.async_refresh()
    assert not site.coordinator.last_update_success
    await site.coordinator.async_refresh()
    assert site.coordinator.last_update_success
    assert hass.config_entries.flow.async_progress() == []


async def test_rate_limit_is_no_reason_to_ask_for_a_password(
    hass: HomeAssistant, site: Site
) -> None:
    """429 on the token route is waited out."""
    site.simulator.expire_tokens(refresh_tokens=True)
    site.simulator.faults.fail(429, path="/authorization", times=3)
    await site.coordinator.async_refresh()
    assert not site.coordinator.last_update_success
    await site.coordinator.async_refresh()
    await site.coordinator.async_refresh()
    assert site.coordinator.last_update_success
    assert hass.config_entries.flow.async_progress() == []


@pytest.mark.parametrize(
    "fault",
    [
        lambda faults: faults.fail(502, path="/doors/status"),
        lambda faults: faults.fail(200, path="/doors/status", body="<html>Net2</html>"),
        lambda faults: faults.truncate_answers(path="/doors/status"),
        lambda faults: faults.fail(500, path="/events"),
        lambda faults: faults.fail(
            200, path="/doors/status", body='{"a": 1}', content_type="application/json"
        ),
    ],
)
async def test_bad_answers_make_unavailable_until_the_next_good_one(
    site: Site, fault: object, caplog: pytest.LogCaptureFixture
) -> None:
    """HTML with any status, half a body or another body: honest, logged once, over by itself."""
    door = site.doors[0]
    assert callable(fault)
    caplog.clear()
    fault(site.simulator.faults)
    await site.coordinator.async_refresh()
    assert site.state("lock", "lock", door).state == STATE_UNAVAILABLE
    await site.coordinator.async_refresh()
    assert site.state("lock", "lock", door).state == "locked"
    assert len(_lines(caplog)) == 2
    assert site.device(door) is not None


async def test_a_new_door_appears_by_itself(site: Site) -> None:
    """Without a reload, and its events are heard."""
    door = site.simulator.world.add_door("Annexe")
    await site.coordinator.async_refresh()
    await eventually(lambda: site.has("lock", "lock", door), "the lock")
    device = site.device(door)
    assert device is not None
    assert (device.name, device.serial_number) == ("Annexe", str(door))

    def opened() -> bool:
        site.simulator.world.press_bell(door)
        return bool(site.fired)

    await eventually(opened, "its events")


async def test_a_removed_door_goes_with_its_device(site: Site) -> None:
    """After a full read that no longer holds it; the others stay."""
    gone, kept = site.doors[1], site.doors[0]
    site.simulator.world.remove_door(gone)
    await site.coordinator.async_refresh()
    await eventually(lambda: site.device(gone) is None, "the removal")
    assert not site.has("lock", "lock", gone)
    assert site.device(kept) is not None
    assert site.state("lock", "lock", kept).state == "locked"


async def test_a_door_comes_back(site: Site) -> None:
    """A door that was removed and returns has its entities again."""
    door = site.doors[1]
    world = site.simulator.world
    removed = world.doors[door]
    world.remove_door(door)
    await site.coordinator.async_refresh()
    await eventually(lambda: not site.has("lock", "lock", door), "the removal")
    world.doors[door] = removed
    await site.coordinator.async_refresh()
    await eventually(lambda: site.has("lock", "lock", door), "the return")
    assert site.state("lock", "lock", door).state == "locked"


async def test_an_empty_list_of_doors_removes_nothing(site: Site) -> None:
    """An operator who lost the right to see doors sees none; that is not their end."""
    doors = site.doors
    site.simulator.world.doors.clear()
    await site.coordinator.async_read_all()
    assert all(site.device(door) for door in doors)


async def test_a_renamed_door_keeps_its_entities(site: Site) -> None:
    """The id is the door; the name is only what people call it."""
    door = site.doors[0]
    before = site.entity_id("lock", "lock", door)
    site.simulator.world.rename_door(door, "Reception - ACU 01234567")
    await site.coordinator.async_read_all()
    device = site.device(door)
    assert device is not None
    assert device.name == "Reception"
    assert site.entity_id("lock", "lock", door) == before


async def test_a_late_event_is_told_but_not_acted_out(site: Site) -> None:
    """A controller uploads what it stored: hours old, on the live stream."""
    door = site.doors[0]
    site.simulator.world.press_bell(door)
    await eventually(lambda: site.fired, "an event of now")
    await site.coordinator.async_refresh()
    site.fired.clear()
    site.simulator.world.emit(92, door, seconds_ago=3600)
    await eventually(lambda: site.missed, "the late event")
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    assert [event.data["event_type"] for event in site.missed] == ["door_forced"]
    assert site.fired == []


async def test_a_controller_that_was_away_is_read_back(site: Site) -> None:
    """Unavailable alone while it is away; what it stored is told once when it is back."""
    door, other = site.doors[0], site.doors[1]
    world = site.simulator.world
    world.take_offline(door)
    await site.coordinator.async_refresh()
    assert site.state("lock", "lock", door).state == STATE_UNAVAILABLE
    assert site.state("lock", "lock", other).state == "locked"
    world.emit(20, door, 8, seconds_ago=1800)
    world.bring_online(door)
    await site.coordinator.async_refresh()
    await eventually(lambda: site.state("lock", "lock", door).state == "locked", "back")
    await eventually(lambda: len(site.missed) >= 3, "what it stored")
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    kinds = sorted(event.data["event_type"] for event in site.missed)
    assert kinds == ["access_granted", "controller_offline", "controller_online"]
    assert site.fired == []


async def test_duplicated_frames_fire_once(site: Site) -> None:
    """Every frame comes twice."""
    site.simulator.faults.duplicate_frames = True
    door = site.doors[0]
    for user_id in (8, 9, 10):
        site.simulator.world.emit(20, door, user_id)
    await eventually(lambda: len(site.fired) >= 3, "the events")
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    assert [state.attributes["user_id"] for state in site.fired] == [8, 9, 10]
    assert site.missed == []


async def test_events_out_of_order_all_fire(site: Site) -> None:
    """Order is not guaranteed; the sensors follow the time of the event."""
    site.simulator.faults.out_of_order = True
    door = site.doors[0]
    site.simulator.world.emit(20, door, 8, seconds_ago=2)
    site.simulator.world.emit(20, door, 9)
    await eventually(lambda: len(site.fired) == 2, "both events")
    newest = site.simulator.world.users[9]
    name = f"{newest.first_name} {newest.last_name}"
    await eventually(lambda: site.state("sensor", "last_user", door).state == name, "the newest")


async def test_a_storm_of_ten_thousand_events_loses_none(site: Site) -> None:
    """Each fires once, at its door."""
    await site.simulator.world.storm(10_000)
    await eventually(lambda: len(site.fired) >= 10_000, "the storm")
    per_door = Counter(state.entity_id for state in site.fired)
    assert set(per_door.values()) == {10_000 // len(site.doors)}
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    assert len(site.fired) == 10_000
    assert site.missed == []


async def test_doors_that_cannot_be_subscribed_are_polled(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """One door's refusal breaks nothing for the others, and its status is polled for."""
    refused = next(iter(simulator.world.doors))
    simulator.faults.refused_doors.append(refused)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    simulator.world.swipe(refused)
    await eventually(lambda: site.fired, "the live event, which is not the door's own stream")
    assert site.coordinator.update_interval == timedelta(seconds=20)
    await site.coordinator.async_refresh()
    assert site.state("lock", "lock", refused).state == "unlocked"


@pytest.mark.parametrize(
    "quirk",
    ["pascal_case", "numbers_as_text", "camel_case_names", "flat_arguments", "door_id_key"],
)
async def test_every_variant_of_the_protocol_is_understood(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry, quirk: str
) -> None:
    """The rarer variants work as the certain one does."""
    setattr(simulator.faults, quirk, True)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    door = site.doors[0]
    simulator.world.swipe(door)
    await eventually(lambda: site.state("lock", "lock", door).state == "unlocked", "the status")
    await eventually(lambda: site.fired, "the event")
    assert site.fired[0].attributes["user_id"] == 8


async def test_a_server_without_door_status_still_serves(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """Before 6.6 SR5: unknown until the stream tells, and commands go through unconfirmed."""
    simulator.faults.no_door_status = True
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    door = site.doors[0]
    assert site.state("binary_sensor", "contact", door).state == "unknown"
    await site.call("button", "press", entity_id=site.entity_id("button", "release", door))
    assert [command.name for command in simulator.commands] == ["OpenDoor"]


async def test_quiet_costs_two_requests_a_minute_at_most(hass: HomeAssistant, site: Site) -> None:
    """Ten polls by the timer that drives them in life, with the stream up."""
    coordinator = site.coordinator
    before, polls = coordinator.client.request_count, 10
    for poll in range(1, polls + 1):
        async_fire_time_changed(hass, dt_util.utcnow() + POLL_WITH_STREAM + timedelta(seconds=2))
        done = before + 2 * poll
        await eventually(lambda: coordinator.client.request_count >= done, "the poll")  # noqa: B023  # awaited within the turn
        # Behind the lock that polls share, the next one is scheduled.
        async with coordinator._debounced_refresh.async_lock():  # see above
            pass
    minutes = polls * POLL_WITH_STREAM.total_seconds() / 60
    assert (coordinator.client.request_count - before) / minutes < 2


async def test_the_books_of_the_server_are_no_news(site: Site) -> None:
    """Backups and changed records never come live, and nobody misses them; a lost battery is."""
    site.simulator.world.emit(552)
    site.simulator.world.emit(568)
    site.simulator.world.emit(722, site.doors[3])
    await site.coordinator.async_refresh()
    await eventually(lambda: site.missed, "the battery")
    await asyncio.sleep(0.5)
    assert [event.data["event_type"] for event in site.missed] == ["battery_low"]


async def test_what_was_missed_waits_for_those_who_want_to_hear_it(
    hass: HomeAssistant, site: Site
) -> None:
    """While Home Assistant starts, the automations are not there yet."""
    await hass.config_entries.async_unload(site.entry.entry_id)
    site.simulator.world.emit(92, site.doors[0])
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    await asyncio.sleep(0.5)
    assert site.missed == []
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await eventually(lambda: site.missed, "the missed event")
    assert [event.data["event_type"] for event in site.missed] == ["door_forced"]


async def test_what_was_missed_survives_a_stop_before_anybody_heard_it(
    hass: HomeAssistant, site: Site
) -> None:
    """Read back but not told yet: the next start tells it, once."""
    await hass.config_entries.async_unload(site.entry.entry_id)
    site.simulator.world.emit(92, site.doors[0])
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    await hass.config_entries.async_unload(site.entry.entry_id)
    assert site.missed == []
    hass.set_state(CoreState.running)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await eventually(lambda: site.missed, "the missed event")
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    assert len(site.missed) == 1


async def test_a_long_absence_is_read_back_whole(hass: HomeAssistant, site: Site) -> None:
    """More than one answer of the server holds, and more than one turn of the loop."""
    await hass.config_entries.async_unload(site.entry.entry_id)
    for index in range(2_300):
        site.simulator.world.emit(20, site.doors[index % 4], 8, card_number=30_000_000 + index)
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await eventually(lambda: len(site.missed) >= 2_300, "all of them")
    await site.coordinator.async_refresh()
    await asyncio.sleep(0.5)
    assert len({event.data["event_id"] for event in site.missed}) == len(site.missed) == 2_300
    assert site.fired == []


async def test_an_operator_without_the_right_to_events_still_has_doors(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """Live events come all the same, and the refusal is asked for no second time."""
    simulator.faults.fail(403, path="/events", times=1000)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    await site.coordinator.async_refresh()
    asked = [request for request in simulator.requests if request.path.endswith("/events")]
    assert len(asked) == 2, "once at the start and once after connecting"
    simulator.world.swipe(site.doors[0])
    await eventually(lambda: site.fired, "the live event")
    assert site.missed == []


async def test_the_first_sign_of_a_new_door_has_the_doors_read(site: Site) -> None:
    """Without waiting for the next poll."""
    door = site.simulator.world.add_door("Annexe")
    site.simulator.world.press_bell(door)
    await eventually(lambda: site.has("lock", "lock", door), "the lock")


async def test_one_refused_sign_in_does_not_end_the_stream(
    hass: HomeAssistant, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is starting may refuse once; the poll right after proves it wrong."""
    monkeypatch.setattr("custom_components.gatehouse.live._LONGEST_DELAY", 0.1)
    site.simulator.expire_tokens(refresh_tokens=True)
    site.simulator.faults.fail(401, path="/authorization")
    site.simulator.cut_streams()
    await _lost(site)
    await site.connected()
    site.simulator.world.swipe(site.doors[0])
    await eventually(lambda: site.fired, "a live event")
    assert hass.config_entries.flow.async_progress() == []


async def test_an_event_fires_although_a_poll_failed_before(site: Site) -> None:
    """The stream is up: the event entity stays there, whatever the poll met."""
    door = site.doors[0]
    site.simulator.faults.fail(503, path="/doors")
    await site.coordinator.async_refresh()
    assert site.state("lock", "lock", door).state == STATE_UNAVAILABLE
    site.simulator.world.press_bell(door)
    await eventually(lambda: site.fired, "the bell")
    assert site.missed == []


async def test_the_first_event_after_an_outage_of_the_controller_fires(site: Site) -> None:
    """Its entity is there again a moment before, since none is taken out of unavailable."""
    door = site.doors[0]
    site.simulator.world.take_offline(door)
    await site.coordinator.async_refresh()
    assert site.state("event", "doorbell", door).state == STATE_UNAVAILABLE
    site.simulator.world.bring_online(door)
    site.simulator.world.press_bell(door)
    await eventually(lambda: site.fired, "the bell")


async def test_the_first_event_of_a_new_door_is_told_as_missed(site: Site) -> None:
    """No entity could hear it yet."""
    door = site.simulator.world.add_door("Annexe")
    site.simulator.world.emit(92, door)
    await eventually(lambda: site.missed, "the missed event")
    assert [event.data["door_id"] for event in site.missed] == [door]
    assert site.missed[0].data["device_id"] is not None
    assert site.fired == []


async def test_an_empty_list_at_the_start_removes_nothing(hass: HomeAssistant, site: Site) -> None:
    """A server that is starting, or an operator who lost a right."""
    doors = site.doors
    await hass.config_entries.async_unload(site.entry.entry_id)
    site.simulator.world.doors.clear()
    assert await hass.config_entries.async_setup(site.entry.entry_id)
    await site.connected()
    assert all(site.device(door) for door in doors)


async def test_a_right_that_is_granted_later_tells_no_old_event(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """What was there before is history, not missed."""
    for index in range(20):
        simulator.world.emit(92, next(iter(simulator.world.doors)), seconds_ago=9000 + index)
    simulator.faults.fail(403, path="/events", times=2)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    await site.coordinator.async_read_all()
    await asyncio.sleep(0.5)
    assert site.missed == []
    await hass.config_entries.async_unload(entry.entry_id)
    simulator.world.emit(92, site.doors[0])
    assert await hass.config_entries.async_setup(entry.entry_id)
    await eventually(lambda: site.missed, "what came after")
    assert len(site.missed) == 1


async def test_a_broken_roll_call_does_not_take_the_doors_down(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    """Whatever is optional may fail for good."""
    simulator.faults.fail(500, path="/rollcallreports", times=1000)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    assert site.state("lock", "lock", site.doors[0]).state == "locked"


async def test_nothing_is_told_by_an_entry_that_was_unloaded(
    hass: HomeAssistant, site: Site
) -> None:
    """A poll that ends after it leaves journal and bus alone."""
    coordinator = site.coordinator
    await hass.config_entries.async_unload(site.entry.entry_id)
    site.simulator.world.emit(92, site.doors[0])
    reading = await coordinator.client.get_events()
    assert coordinator.missed.read(reading) == []
    await asyncio.sleep(0.5)
    assert site.missed == []
