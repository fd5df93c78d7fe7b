"""The picture of who was at a door last: taken for live events alone, and never in their way."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
import logging
from typing import Any, override

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components.camera import DATA_COMPONENT, Camera
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import restore_state
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.paxton_net2 import image
from simulators.paxton_net2 import Net2Simulator
from simulators.paxton_net2.world import World

from .site import Site, eventually

OUT = (STATE_UNAVAILABLE, STATE_UNKNOWN)
SECRET = "rtsp://viewer:opensesame@192.0.2.7"


class Lobby(Camera):
    """A camera whose pictures are numbered, and which can be told how to fail."""

    _attr_name = "Lobby"
    _attr_is_on = True

    def __init__(self) -> None:
        """Deliver at once."""
        super().__init__()
        self.content_type = "image/png"
        self.asked = 0
        self.at_once = 0
        self.most_at_once = 0
        self.error: Exception | None = None
        self.is_empty = False
        self.delivers = asyncio.Event()
        self.delivers.set()

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Deliver what was there when it was asked."""
        self.asked += 1
        picture = None if self.is_empty else b"picture %d" % self.asked
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.delivers.wait()
        finally:
            self.at_once -= 1
        if self.error:
            raise self.error
        return picture

    def fail(self, how: str) -> None:
        """Begin to fail, or end it."""
        self.error = OSError(SECRET) if how == "raises" else None
        self.is_empty = how == "empty"
        self._attr_available = how != "unavailable"
        self._attr_is_on = how != "off"
        (self.delivers.clear if how == "slow" else self.delivers.set)()
        self.async_write_ha_state()


@pytest.fixture
async def lobby(hass: HomeAssistant) -> Lobby:
    """Return the camera that the first door has."""
    camera = Lobby()
    assert await async_setup_component(hass, "camera", {})
    await hass.data[DATA_COMPONENT].async_add_entities([camera])
    return camera


@pytest.fixture
def options(simulator: Net2Simulator) -> dict[str, Any]:
    """Return options that give the first door a camera, where all may come at any hour."""
    for user in simulator.world.site.users.values():
        user.access_levels = [1]
    door = next(iter(simulator.world.doors))
    driven = {"mode": "latched", "unlock_action": "release"}
    return {"doors": {str(door): {**driven, "camera": "camera.lobby"}}}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for a camera."""
    monkeypatch.setattr(image, "_LONGEST_TAKE", 0.05)


def shown(site: Site) -> State:
    """Return the state of the first door's picture."""
    return site.state("image", "last_access", site.doors[0])


async def served(site: Site, hass_client: ClientSessionGenerator) -> bytes | None:
    """Return the picture as a browser gets it."""
    client = await hass_client()
    response = await client.get(shown(site).attributes["entity_picture"])
    if response.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    assert response.content_type == "image/png"
    return await response.read()


async def swipe(site: Site, user_id: int = 8) -> None:
    """Let somebody in at the first door, and wait for the event."""
    before = len(site.fired)
    site.simulator.world.swipe(site.doors[0], user_id)
    await eventually(
        lambda: any(
            state.attributes.get("user_id") == user_id
            and state.attributes["event_type"] == "access_granted"
            for state in site.fired[before:]
        ),
        "the event",
    )


async def taken(site: Site, than: str = STATE_UNKNOWN) -> None:
    """Wait for another picture."""
    await eventually(lambda: shown(site).state != than, "the picture")


@pytest.mark.parametrize(
    ("event_type", "happen"),
    [
        ("access_granted", World.swipe),
        ("access_denied", World.swipe_unknown),
        ("duress", World.duress),
        ("ring", World.press_bell),
    ],
)
async def test_who_is_at_the_door_is_seen(
    site: Site,
    lobby: Lobby,
    hass_client: ClientSessionGenerator,
    event_type: str,
    happen: Callable[[World, int], object],
) -> None:
    before = dt_util.utcnow()
    happen(site.simulator.world, site.doors[0])
    await taken(site)
    time = dt_util.parse_datetime(shown(site).state, raise_on_error=True)
    assert before <= time <= dt_util.utcnow()
    assert await served(site, hass_client) == b"picture 1"
    fired = {state.attributes["event_type"]: state.attributes for state in site.fired}
    assert fired[event_type]["camera_entity_id"] == "camera.lobby"
    # Nothing that tells who it was.
    assert shown(site).attributes.keys() == {"access_token", "entity_picture", "friendly_name"}


@pytest.mark.parametrize(
    ("event_type", "happen"),
    [
        ("door_opened", World.open_leaf),
        ("door_forced", World.force),
        ("keypad_hacker", World.keypad_hacker),
    ],
)
async def test_what_else_happens_takes_no_picture(
    site: Site, lobby: Lobby, event_type: str, happen: Callable[[World, int], object]
) -> None:
    happen(site.simulator.world, site.doors[0])
    await eventually(lambda: site.fired, "the event")
    await asyncio.sleep(0.1)
    assert site.fired[0].attributes["event_type"] == event_type
    assert "camera_entity_id" not in site.fired[0].attributes
    assert (lobby.asked, shown(site).state) == (0, STATE_UNKNOWN)


async def test_a_door_without_a_camera_has_no_picture(site: Site, lobby: Lobby) -> None:
    other = site.doors[1]
    assert not site.has("image", "last_access", other)
    site.simulator.world.swipe(other)
    await eventually(lambda: site.fired, "the event")
    await asyncio.sleep(0.1)
    assert all("camera_entity_id" not in state.attributes for state in site.fired)
    assert lobby.asked == 0


async def test_nothing_but_a_live_event_takes_a_picture(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry, lobby: Lobby
) -> None:
    door = next(iter(simulator.world.doors))
    simulator.world.emit(20, door, 9, seconds_ago=7200)
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    await site.coordinator.async_refresh()
    await async_setup_component(hass, "homeassistant", {})
    await site.call("homeassistant", "update_entity", entity_id=[shown(site).entity_id])
    simulator.cut_streams()
    await eventually(lambda: not site.coordinator.data.server.live_stream, "the loss")
    await site.connected()
    await hass.config_entries.async_reload(entry.entry_id)
    await site.connected()
    await asyncio.sleep(0.1)
    assert (lobby.asked, shown(site).state) == (0, STATE_UNKNOWN)


async def test_a_missed_event_names_the_camera_and_takes_no_picture(
    site: Site, lobby: Lobby
) -> None:
    # The first event of all is taken for one of now.
    site.simulator.world.swipe(site.doors[2])
    await eventually(lambda: site.fired, "the live event")
    site.simulator.world.emit(20, site.doors[0], 9, seconds_ago=3600)
    site.simulator.world.emit(20, site.doors[1], 9, seconds_ago=3600)
    site.simulator.world.emit(46, site.doors[0], seconds_ago=3600)
    await eventually(lambda: len(site.missed) == 3, "the missed events")
    await asyncio.sleep(0.1)
    cameras = {
        (event.data["door_id"], event.data["event_type"]): event.data.get("camera_entity_id")
        for event in site.missed
    }
    assert cameras == {
        (site.doors[0], "access_granted"): "camera.lobby",
        (site.doors[1], "access_granted"): None,
        (site.doors[0], "door_opened"): None,
    }
    assert (lobby.asked, shown(site).state) == (0, STATE_UNKNOWN)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("how", ["raises", "empty", "unavailable", "off", "slow"])
async def test_a_camera_that_fails_leaves_the_old_picture(
    site: Site,
    lobby: Lobby,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
    how: str,
) -> None:
    """With one line in the log, however often somebody comes, and no secret in it."""
    await swipe(site)
    await taken(site)
    old = shown(site).state
    lobby.fail(how)
    caplog.clear()
    await swipe(site, 9)
    await eventually(lambda: "No picture" in caplog.text, "the failure")
    await swipe(site, 10)
    await asyncio.sleep(0.2)
    assert shown(site).state == old
    assert await served(site, hass_client) == b"picture 1"
    lines = [
        record.getMessage()
        for record in caplog.records
        if "gatehouse" in record.name and record.levelno >= logging.WARNING
    ]
    assert len(lines) == 1
    assert "opensesame" not in caplog.text

    lobby.fail("not at all")
    await swipe(site, 11)
    await taken(site, old)
    lobby.fail(how)
    caplog.clear()
    await swipe(site, 12)
    await eventually(lambda: "No picture" in caplog.text, "the next failure")


async def test_a_camera_may_be_absent(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    await swipe(site)
    await eventually(lambda: "No picture" in caplog.text, "the failure")
    assert shown(site).state == STATE_UNKNOWN
    assert site.fired[0].attributes["camera_entity_id"] == "camera.lobby"


async def test_people_in_quick_succession_share_the_last_picture(
    site: Site, lobby: Lobby, hass_client: ClientSessionGenerator
) -> None:
    """One take at a time; no event waits for it."""
    lobby.fail("slow")
    await swipe(site)
    await eventually(lambda: lobby.asked == 1, "the first take")
    for user_id in (9, 10, 11):
        await swipe(site, user_id)
    assert (lobby.asked, shown(site).state) == (1, STATE_UNKNOWN)
    lobby.fail("not at all")
    await eventually(lambda: lobby.asked == 2, "the second take")
    await asyncio.sleep(0.1)
    assert (lobby.asked, lobby.most_at_once) == (2, 1)
    assert await served(site, hass_client) == b"picture 2"


async def test_a_restart_forgets_the_picture(
    hass: HomeAssistant, site: Site, lobby: Lobby, hass_client: ClientSessionGenerator
) -> None:
    await swipe(site)
    await taken(site)
    # What is to be restored goes to the disk.
    assert shown(site).entity_id not in restore_state.async_get(hass).entities
    await hass.config_entries.async_reload(site.entry.entry_id)
    await site.connected()
    assert shown(site).state == STATE_UNKNOWN
    assert await served(site, hass_client) is None


async def test_leaving_does_not_wait_for_a_camera(
    hass: HomeAssistant, site: Site, lobby: Lobby, caplog: pytest.LogCaptureFixture
) -> None:
    """Home Assistant's own camera code swallows being cancelled."""
    lobby.fail("slow")
    await swipe(site)
    await eventually(lambda: lobby.asked == 1, "the take")
    tasks = list(site.entry._background_tasks)
    before = dt_util.utcnow()
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    assert dt_util.utcnow() - before < timedelta(seconds=5)
    assert all(task.done() for task in tasks)
    assert (lobby.at_once, "No picture" in caplog.text) == (0, False)


async def test_a_door_that_is_gone_takes_no_picture(site: Site, lobby: Lobby) -> None:
    await swipe(site)
    await taken(site)
    entity_id = shown(site).entity_id
    site.simulator.world.remove_door(site.doors[0])
    await site.coordinator.async_read_all()
    await site.hass.async_block_till_done()
    assert site.hass.states.get(entity_id) is None
    tasks = site.entry._background_tasks
    await eventually(lambda: not any(entity_id in task.get_name() for task in tasks), "the end")


async def test_the_picture_is_there_as_long_as_events_are(site: Site, lobby: Lobby) -> None:
    """A failed poll takes neither away while the stream is up; a dead controller does."""
    site.simulator.faults.service_down = True
    await site.coordinator.async_refresh()
    assert not site.coordinator.last_update_success
    assert shown(site).state == STATE_UNKNOWN
    site.simulator.faults.service_down = False
    await site.coordinator.async_refresh()
    site.simulator.world.take_offline(site.doors[0])
    await site.coordinator.async_refresh()
    assert shown(site).state == STATE_UNAVAILABLE
    site.simulator.world.bring_online(site.doors[0])
    await swipe(site)
    await eventually(lambda: shown(site).state not in OUT, "the picture")
    assert lobby.asked == 1
