"""What a building survives: outages, floors that fail, nonsense for an answer, clocks, new keys."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.client.link import ManagerLink
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from ..watching import eventually
from .acting import REPORTED, act, device, happened, later, level, light, refused, sent
from .site import SITE, Site, data_of

OWN = "custom_components.gatehouse"
#: Paths of the first floor alone, by what is read there.
PATHS = {
    Tier.OCCUPANCY: "/getOccupancyStateofFloorAreas/1",
    Tier.STATISTICS: "/org/sensor/v2/stats/floor/1/",
    Tier.STRUCTURE: "/org/area/v2/list/1",
}


def is_away(site: Site, floor: int) -> bool:
    """Tell whether a floor is unavailable, which all of it is or nothing."""
    first = {1: (9, 361, 3, 1301), 2: (13, 385, 5, 1304)}[floor]
    parts = list(zip(("area", "fixture", "group"), first, strict=False))
    states = {site.state("light", "light", *part).state for part in parts}
    states.add(site.state("switch", "outlet", "plugload", first[3]).state)
    states.add(site.state("sensor", "power", "floor", floor).state)
    return states == {"unavailable"}


async def lose(site: Site) -> None:
    """Stop the manager, and wait until that is noticed."""
    await site.manager.stop()
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: is_away(site, 1) and is_away(site, 2), "the loss")


async def regain(site: Site) -> None:
    """Start the manager, and wait until all of it is back."""
    await site.manager.start()
    await eventually(lambda: site.coordinator.is_live, "the manager")
    await eventually(lambda: not (is_away(site, 1) or is_away(site, 2)), "the floors")


async def fail_floor(site: Site, floor: int = 1) -> None:
    site.manager.faults.failing_floors = [floor]
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: is_away(site, floor), "the floor's loss")


async def mend_floors(site: Site) -> None:
    site.manager.faults.failing_floors = []
    site.coordinator.hurry(*Tier)
    await eventually(lambda: not (is_away(site, 1) or is_away(site, 2)), "the floor's return")


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what tells the levels of the lines that a person sees in the log."""
    caplog.set_level(logging.INFO)

    def levels() -> list[str]:
        return [
            each.levelname
            for each in caplog.records
            if each.name.startswith(OWN) and each.levelno >= logging.INFO
        ]

    return levels


# The whole manager


async def test_load_unload_load(hass: HomeAssistant, site: Site) -> None:
    for _ in range(2):
        assert await hass.config_entries.async_unload(site.entry.entry_id)
        assert is_away(site, 1)
        assert await hass.config_entries.async_setup(site.entry.entry_id)
        await site.settled()
        assert not is_away(site, 1)
    assert site.fired == []
    assert {each.method for each in site.manager.requests} == {"GET"}


async def test_a_manager_that_is_away_at_the_start_is_tried_again(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry
) -> None:
    await manager.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await manager.start()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await Site(hass, entry, manager=manager).settled()


async def test_an_outage_is_told_once_and_ends_by_itself(
    site: Site, told: Callable[[], list[str]]
) -> None:
    assert told() == []
    await lose(site)
    assert site.state("binary_sensor", "connected").state == "off"
    for _ in range(3):
        await site.coordinator.async_refresh()
    await regain(site)
    await site.coordinator.async_refresh()
    await site.shows("on", "binary_sensor", "connected")
    await later(site, 0)
    assert told() == ["ERROR", "INFO"]
    assert site.fired == []


async def test_after_a_day_away_everything_is_as_it_is_now(site: Site) -> None:
    await light(site, "turn_on", "area", 9, brightness=128)
    await lose(site)
    site.manager.clock.advance(24 * 3600)
    site.manager.world.wall_switch(1, 159)
    site.manager.clock.advance(REPORTED)
    await regain(site)
    await later(site, 0)
    assert level(site, "area", 9) == ("on", 76)
    state = site.state("light", "light", "area", 9)
    assert state.attributes["override_until"] is None
    assert len(sent(site)) == 1
    assert happened(site) == []


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_a_manager_that_only_fails_is_away(site: Site, status: int) -> None:
    site.manager.faults.fail(status, times=10_000)
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: is_away(site, 1) and is_away(site, 2), "the loss")
    site.manager.faults.failures.clear()
    await eventually(lambda: not is_away(site, 1), "the return")


async def test_a_slow_manager_is_waited_for(site: Site) -> None:
    site.manager.faults.delay = 0.3
    site.manager.world.enter(9)
    await later(site, 0, Tier.OCCUPANCY)
    assert site.state("binary_sensor", "occupancy", "area", 9).state == "on"
    await light(site, "turn_on", "fixture", 361)
    assert level(site, "fixture", 361) == ("on", 255)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for answers a little less long."""
    send = ManagerLink.send

    async def send_soon(self: ManagerLink, *args: Any, limit: float, **kwargs: Any) -> Any:
        return await send(self, *args, limit=min(limit, 0.4), **kwargs)

    monkeypatch.setattr(ManagerLink, "send", send_soon)


async def test_a_manager_that_takes_connections_and_never_answers(
    impatient: None, site: Site
) -> None:
    site.manager.faults.delay = 1.5
    await refused(light(site, "turn_on", "fixture", 361), "outcome_unknown")
    assert level(site, "fixture", 361) == ("off", None)
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: is_away(site, 1) and is_away(site, 2), "the loss")
    site.manager.faults.delay = 0
    await eventually(lambda: not (is_away(site, 1) or is_away(site, 2)), "the return")
    assert sum(each.method == "POST" for each in site.manager.requests) == 1
    # Requests that nobody waits for any more still run at the manager: that is no flood of ours.
    await asyncio.sleep(1.6)
    site.manager.world.mistakes.clear()


# One floor


async def test_a_floor_that_fails_leaves_the_other_alone(
    site: Site, told: Callable[[], list[str]]
) -> None:
    await fail_floor(site)
    assert not is_away(site, 2)
    assert site.state("binary_sensor", "connected").state == "on"
    for _ in range(3):
        await site.read(*Tier)
    site.manager.world.enter(13)
    await later(site, 0, Tier.OCCUPANCY)
    assert site.state("binary_sensor", "occupancy", "area", 13).state == "on"
    assert is_away(site, 1)
    assert told() == ["WARNING"]
    await mend_floors(site)
    await site.read(*Tier)
    assert told() == ["WARNING", "INFO"]


async def test_a_floor_that_fails_at_the_start_comes_later(
    hass: HomeAssistant,
    manager: EnlightedSimulator,
    entry: MockConfigEntry,
    told: Callable[[], list[str]],
) -> None:
    manager.faults.failing_floors = [1]
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    assert not site.has("light", "light", "area", 9)
    assert not is_away(site, 2)
    assert told() == ["WARNING"]
    manager.faults.failing_floors = []
    site.coordinator.hurry(*Tier)
    await site.shows("off", "light", "light", "area", 9)
    await site.read(*Tier)
    assert told() == ["WARNING", "INFO"]


async def test_a_floor_that_is_still_failing_after_an_outage_is_told(
    site: Site, told: Callable[[], list[str]]
) -> None:
    await lose(site)
    site.manager.faults.failing_floors = [1]
    await site.manager.start()
    await eventually(lambda: not is_away(site, 2), "the other floor")
    await site.read(Tier.OCCUPANCY, Tier.STATISTICS)
    await site.coordinator.async_refresh()
    assert is_away(site, 1)
    assert sorted(told()) == ["ERROR", "INFO", "WARNING"]
    await mend_floors(site)
    await site.read(*Tier)
    assert sorted(told()) == ["ERROR", "INFO", "INFO", "WARNING"]


@pytest.mark.parametrize("tier", PATHS)
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, "<html><body>NullPointerException</body></html>", "text/html"),
        (502, "", "text/plain"),
        (200, '{"area": [{"id": "9", "na', "application/json"),
        (200, '{"area": 7, "sensor": "x"}', "application/json"),
        (200, "[[[7]]]", "application/json"),
        (200, "\xff\xfe", "application/json"),
        (200, "<areas><area></areas>", "application/xml"),
    ],
)
async def test_an_answer_that_is_none_costs_one_floor_and_no_device(
    site: Site, tier: Tier, status: int, body: str, kind: str
) -> None:
    site.manager.faults.fail(status, times=100, path=PATHS[tier], body=body, content_type=kind)
    site.coordinator.hurry(tier)
    await eventually(lambda: is_away(site, 1), "the loss")
    assert not is_away(site, 2)
    site.manager.faults.failures.clear()
    await site.read(tier)
    assert not is_away(site, 1)
    assert level(site, "area", 11) == ("on", 51)
    assert site.device_of(f"{SITE}-area-9")
    assert site.fired == []


@pytest.mark.parametrize("tier", PATHS)
async def test_half_an_answer_is_none(site: Site, tier: Tier) -> None:
    site.manager.faults.truncate_answers(times=100, path=PATHS[tier])
    site.coordinator.hurry(tier)
    await eventually(lambda: is_away(site, 1), "the loss")
    site.manager.faults.truncations.clear()
    await site.read(tier)
    assert not is_away(site, 1)


async def test_rows_that_are_wrong_cost_nothing_but_themselves(site: Site) -> None:
    body = (
        '{"area": [7, null, {}, {"id": null}, {"id": "9", "occupancyState": []},'
        ' {"id": "10", "occupancyState": "1", "mood": {"good": true}}]}'
    )
    kind = "application/json"
    path = PATHS[Tier.OCCUPANCY]
    site.manager.faults.fail(200, path=path, body=body, content_type=kind)
    await site.read(Tier.OCCUPANCY)
    states = [site.state("binary_sensor", "occupancy", "area", each).state for each in (9, 10, 11)]
    assert states == ["unknown", "on", "unknown"]
    assert not is_away(site, 1)


async def test_what_is_less_vital_costs_no_floor(site: Site) -> None:
    faults = site.manager.faults
    for path in ("/gateways", "/plugload/", "/energy", "listdr", "/bacnet/"):
        faults.fail(500, times=100, path=path)
    await site.read(Tier.DEVICES, Tier.ENERGY, Tier.MANAGER)
    assert not is_away(site, 1)
    assert site.state("binary_sensor", "connected").state == "on"


# Keys


@pytest.mark.parametrize("kind", ["key", "user"])
async def test_a_key_that_is_no_more_asks_for_another_and_for_nothing_else(
    hass: HomeAssistant, site: Site, kind: str
) -> None:
    if kind == "key":
        site.manager.world.rotate_key("integration")
    else:
        site.manager.world.set_active("integration", False)
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(hass.config_entries.flow.async_progress, "the question")
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    await eventually(lambda: is_away(site, 1) and is_away(site, 2), "the loss")
    assert site.state("binary_sensor", "connected").state == "off"
    await asyncio.sleep(0.3)
    before = len(site.manager.requests)
    site.coordinator.hurry(*Tier)
    await asyncio.sleep(1)
    # Trying on may lock the account.
    assert len(site.manager.requests) == before
    assert site.fired == []


async def test_a_new_key_brings_everything_back(hass: HomeAssistant, site: Site) -> None:
    key = site.manager.world.rotate_key("integration")
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(hass.config_entries.flow.async_progress, "the question")
    hass.config_entries.async_update_entry(site.entry, data={**site.entry.data, "api_key": key})
    assert await hass.config_entries.async_reload(site.entry.entry_id)
    await site.settled()
    assert not is_away(site, 1)


# Clocks


@pytest.mark.parametrize("hours", [-48, -1, 1, 48])
async def test_a_clock_that_jumps_stops_nothing(site: Site, hours: int) -> None:
    clock, world = site.manager.clock, site.manager.world
    clock.set(datetime.fromtimestamp(clock.time(), UTC) + timedelta(hours=hours))
    # The next answer tells it.
    await site.coordinator.async_refresh()
    await later(site, 0)
    assert abs(site.coordinator.client.now().timestamp() - clock.time()) < 2
    world.enter(9)
    await later(site, 0, Tier.OCCUPANCY)
    assert site.state("binary_sensor", "occupancy", "area", 9).state == "on"
    # Whatever is due next is not due when the clock has caught up, but soon.
    now = site.coordinator.client.now()
    job = site.coordinator.rounds.next(now)
    assert job
    assert job.due - now <= timedelta(seconds=61)
    await light(site, "turn_on", "area", 11, brightness=128)
    await later(site, REPORTED)
    assert level(site, "area", 11) == ("on", 128)
    assert not is_away(site, 1)
    assert not is_away(site, 2)
    states = {
        site.state("binary_sensor", "connected", "fixture", each).state for each in (361, 385)
    }
    assert states == {"on"}


@pytest.mark.parametrize("offset", [-7200.0, 7200.0])
async def test_a_clock_that_is_wrong_is_the_managers_own(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry, offset: float
) -> None:
    manager.faults.clock_offset = offset
    manager.faults.ts_window = 60
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    assert site.state("binary_sensor", "connected", "fixture", 361).state == "on"
    await light(site, "turn_on", "area", 9, brightness=128)
    until = site.state("light", "light", "area", 9).attributes["override_until"]
    assert until.timestamp() - manager.clock.time() == pytest.approx(3600 + offset, abs=5)
    await later(site, 3700)
    assert site.state("light", "light", "area", 9).attributes["override_until"] is None


# Kindness, and silence


async def test_never_more_than_two_requests_at_once(hass: HomeAssistant, site: Site) -> None:
    site.manager.faults.delay = 0.05
    site.coordinator.hurry(*Tier)
    tasks = [light(site, "turn_on", "fixture", each, brightness=128) for each in range(361, 373)]
    tasks += [act(hass, "get_emergency_status", device_id=device(site, "fixture", 380))]
    await asyncio.gather(*tasks, site.coordinator.async_refresh())
    assert len(sent(site, "dim")) == 12
    assert {level(site, "fixture", each) for each in range(361, 373)} == {("on", 128)}
    # That the manager never saw more is what its fixture looks at.


@pytest.fixture
def porter(hass: HomeAssistant, manager: EnlightedSimulator) -> MockConfigEntry:
    """Return an entry of a user whose name is no word of any sentence."""
    key = manager.world.add_user("porter-zx81", "Administrator", [], [])
    data = {**data_of(manager), "username": "porter-zx81", "api_key": key}
    entry = MockConfigEntry(domain=DOMAIN, title="Manager", unique_id=SITE, data=data)
    entry.add_to_hass(hass)
    return entry


async def test_no_secret_user_or_host_is_in_a_log_line_a_state_or_an_error(
    hass: HomeAssistant,
    manager: EnlightedSimulator,
    porter: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    site = Site(hass, porter, manager=manager)
    await site.set_up()
    faults = manager.faults
    await light(site, "turn_on", "area", 9, brightness=128)
    errors: list[str] = []
    hurts: list[Callable[[], None]] = [
        lambda: faults.lose_answers(path="/op/dim"),
        lambda: faults.fail(500, path="/op/dim"),
        lambda: faults.fail(403, path="/op/dim"),
        lambda: faults.truncate_answers(path="/op/dim"),
    ]
    for hurt in hurts:
        hurt()
        with pytest.raises(HomeAssistantError) as caught:
            await light(site, "turn_on", "area", 9, brightness=128)
        errors += [repr(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)]
    await fail_floor(site)
    await mend_floors(site)
    await lose(site)
    await regain(site)
    manager.world.rotate_key("porter-zx81")
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(hass.config_entries.flow.async_progress, "the question")
    own = [each for each in caplog.records if each.name.startswith((OWN, "homeassistant."))]
    assert len([each for each in own if each.name.startswith(OWN)]) > 10
    logged = " ".join(each.getMessage() + str(each.exc_info) for each in own)
    shown = " ".join(str(state.as_dict()) for state in hass.states.async_all())
    secrets = [porter.data["api_key"], "porter-zx81", manager.host, str(manager.port), "JSESSION"]
    everything = logged + shown + " ".join(errors)
    assert [secret for secret in secrets if secret in everything] == []
