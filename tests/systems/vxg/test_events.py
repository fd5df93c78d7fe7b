"""What cameras see: told once, held for a while, and never made up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.vxg.client import CameraEvent
from custom_components.gatehouse.systems.vxg.events import Sight, fields_of, sights_of
from simulators.vxg import VxgSimulator

from ..watching import eventually
from .site import Site, data_of

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def event(name: str, **meta: str) -> CameraEvent:
    return CameraEvent(id="7", camera_id=1, name=name, time=NOON, meta=meta)


@pytest.mark.parametrize(
    ("name", "meta", "sights"),
    [
        ("motion", {}, (Sight.MOTION,)),
        ("audio", {}, (Sight.SOUND,)),
        ("network", {}, (Sight.CONNECTION,)),
        ("linecross", {}, (Sight.LINE_CROSSING,)),
        ("facial_analysis", {}, (Sight.FACE,)),
        ("plate_recognition", {"license_plate": "AA00AA"}, (Sight.PLATE,)),
        (
            "object_and_scene_detection",
            {"Person": "2", "Car": "1", "total": "3"},
            (Sight.PERSON, Sight.VEHICLE),
        ),
        ("object_and_scene_detection", {"Person": "0", "Car": "1"}, (Sight.VEHICLE,)),
        ("yolov4_detection", {"Dog": "1"}, (Sight.OTHER,)),
        ("yolov4_detection", {"Person": "many"}, (Sight.OTHER,)),
        ("gate_forced", {}, (Sight.OTHER,)),
    ],
)
def test_a_name_of_the_vendors_means_something(
    name: str, meta: dict[str, str], sights: tuple[Sight, ...]
) -> None:
    assert sights_of(event(name, **meta)) == sights


def test_an_event_tells_its_counts_and_its_plate() -> None:
    assert fields_of(event("object_and_scene_detection", Person="2", total="2")) == {
        "event_id": "7",
        "event_time": "2026-11-01T12:00:00+00:00",
        "name": "object_and_scene_detection",
        "counts": {"person": 2, "total": 2},
    }
    assert fields_of(event("plate_recognition", license_plate="AA00AA"))["plate"] == "AA00AA"


async def test_motion_fires_once_and_is_held(hass: HomeAssistant, site: Site) -> None:
    camera, other = site.cameras[:2]
    number = site.cloud.world.happen(camera)
    await site.shows("on", "binary_sensor", "motion", camera)
    assert site.sights(camera) == ["motion"]
    state = site.state("event", "sights", camera)
    assert state.attributes["event_id"] == str(number)
    assert site.state("binary_sensor", "motion", other).state == "off"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=25))
    assert site.state("binary_sensor", "motion", camera).state == "on"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
    await site.shows("off", "binary_sensor", "motion", camera)
    assert site.sights(camera) == ["motion"]
    assert site.missed_events == []


async def test_an_event_of_analytics_may_mean_two_things(site: Site) -> None:
    camera = site.cameras[0]
    meta: Any = {"Person": "2", "Car": "1", "total": "3"}
    site.cloud.world.happen(camera, "object_and_scene_detection", meta=meta)
    await eventually(lambda: len(site.sights(camera)) == 2)
    assert sorted(site.sights(camera)) == ["person", "vehicle"]
    for key in ("person", "vehicle"):
        assert site.state("binary_sensor", key, camera).state == "on"
    assert site.state("sensor", "persons", camera).state == "2"
    assert site.state("sensor", "vehicles", camera).state == "1"


async def test_a_plate_is_kept_until_the_next_one(site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.world.happen(camera, "plate_recognition", meta={"license_plate": "AA00AA"})
    await site.shows("AA00AA", "sensor", "last_plate", camera)
    site.cloud.world.happen(camera)
    await site.shows("motion", "sensor", "last_event_type", camera)
    assert site.state("sensor", "last_plate", camera).state == "AA00AA"


async def test_what_happened_before_anybody_listened_is_silent(site: Site) -> None:
    """The first look only learns where the news begin."""
    assert site.fired == []
    assert site.missed == []


async def test_a_late_event_fires_and_a_very_late_one_is_told_as_missed(site: Site) -> None:
    camera = site.cameras[0]
    world = site.cloud.world
    # So that it happened while somebody listened.
    world.clock.advance(100)
    site.coordinator.client.clock_offset += timedelta(seconds=100)
    world.happen(camera, ago=60)
    await eventually(lambda: site.sights(camera) == ["motion"])
    world.happen(camera, ago=119.9)
    await eventually(lambda: len(site.missed) == 1)
    [missed] = site.missed
    assert missed.data["system"] == "vxg"
    assert missed.data["event_type"] == "motion"
    device = site.device_of(site.identifier(camera))
    assert device
    assert missed.data["device_id"] == device.id
    assert site.sights(camera) == ["motion"]
    # It tells what was, but nothing is there any more.
    assert len(site.fired) == 1


async def test_the_same_event_is_not_told_twice(site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.world.happen(camera)
    await eventually(lambda: site.sights(camera))
    seen = len(site.cloud.requests)
    await eventually(lambda: len(site.cloud.requests) > seen + 5)
    assert site.sights(camera) == ["motion"]
    assert site.missed == []


async def test_events_of_an_outage_are_told_when_it_is_over(
    hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    camera = site.cameras[0]
    await site.cloud.stop()
    await eventually(lambda: not site.coordinator.is_live, "the loss")
    site.cloud.world.happen(camera)
    caplog.clear()
    await site.cloud.start()
    await eventually(lambda: site.coordinator.is_live, "the events")
    await eventually(lambda: site.sights(camera) == ["motion"])
    assert site.missed == []
    assert [each for each in caplog.records if each.levelname == "WARNING"] == []


async def test_what_happened_while_home_assistant_was_away_is_missed_once(
    hass: HomeAssistant, site: Site
) -> None:
    camera = site.cameras[0]
    site.cloud.world.happen(camera)
    await eventually(lambda: site.sights(camera))
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    fired = list(site.fired)
    site.cloud.world.happen(camera, "sound")
    for _ in range(2):
        assert await hass.config_entries.async_setup(site.entry.entry_id)
        await site.settled()
        assert site.missed_events == ["sound"]
        assert await hass.config_entries.async_unload(site.entry.entry_id)
    assert site.fired == fired


async def test_a_storm_of_ten_thousand_loses_nothing(site: Site) -> None:
    """A camera fires so many in one look; what is beyond is told as missed."""
    site.cloud.world.storm(10_000, seconds=20)
    await eventually(
        lambda: len(site.missed) + sum(len(site.sights(each)) for each in site.cameras) >= 10_000
    )
    told = [each.data["event_id"] for each in site.missed]
    told += [state.attributes["event_id"] for state in site.fired]
    assert len(told) == len(set(told)) == 10_000
    assert all(len(site.sights(each)) <= 20 for each in site.cameras)
    [window] = site.coordinator._feed.windows.values()
    assert len(window.seen) <= 500


async def test_a_picture_comes_after_its_event(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.faults.thumb_delay = 0.5
    before = site.state("image", "last_picture", camera).state
    site.cloud.world.happen(camera)
    await eventually(lambda: site.sights(camera))
    assert site.state("image", "last_picture", camera).state == before
    await eventually(lambda: site.state("image", "last_picture", camera).state != before)
    state = site.state("image", "last_picture", camera)
    assert "url" not in str(state.attributes).lower().replace("entity_picture", "")


@pytest.mark.parametrize("options", [{"poll_interval": 0.05, "motion_hold": 3600}])
async def test_a_hold_ends_with_the_entry(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.world.happen(camera)
    await site.shows("on", "binary_sensor", "motion", camera)
    # A timer that lingers would fail this test when it ends.
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    assert site.state("binary_sensor", "motion", camera).state == "unavailable"


async def test_a_key_that_has_to_name_the_camera_asks_for_each_in_turn(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    cloud.faults.key_reads_all_events = False
    entry = MockConfigEntry(
        domain="gatehouse",
        unique_id="vxg-key",
        data=data_of(cloud, cloud.world.licence_key()),
        options={"poll_interval": 0.05},
    )
    entry.add_to_hass(hass)
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    # Each camera has to have been asked once: only then is something news.
    await eventually(lambda: len(site.coordinator._feed.windows) == 4)
    for camera in site.cameras:
        cloud.world.happen(camera)
    for camera in site.cameras:
        await site.shows("on", "binary_sensor", "motion", camera)
        assert site.sights(camera) == ["motion"]


@pytest.mark.parametrize("credential", ["watch"], indirect=True)
async def test_a_token_that_may_not_see_events_has_no_entities_for_them(
    hass: HomeAssistant, cloud: VxgSimulator, credential: str
) -> None:
    cloud.faults.watch_reads_events = False
    entry = MockConfigEntry(
        domain="gatehouse", unique_id="vxg-watch", data=data_of(cloud, credential)
    )
    entry.add_to_hass(hass)
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    camera = site.cameras[0]
    assert not site.has("event", "sights", camera)
    assert not site.has("binary_sensor", "motion", camera)
    assert site.state("camera", "main", camera).state == "recording"


async def test_what_a_camera_reports_before_it_was_read_is_not_lost(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    """It has no event entity yet; that comes once the camera has told what it can report."""
    camera = next(iter(cloud.world.cameras))
    cloud.world.set_status(camera, "offline")
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    assert not site.has("event", "sights", camera)
    cloud.world.happen(camera)
    await eventually(lambda: site.missed_events == ["motion"])
    cloud.world.set_status(camera, "active")
    await site.coordinator.async_refresh()
    await site.settled()
    cloud.world.happen(camera, "sound")
    await eventually(lambda: site.sights(camera) == ["sound"])
    assert site.missed_events == ["motion"]


async def test_the_last_picture_is_fetched_when_somebody_looks(
    hass: HomeAssistant, site: Site, hass_client: ClientSessionGenerator
) -> None:
    """Its address ends; then the event is asked for another one."""
    camera = site.cameras[0]
    client = await hass_client()
    site.cloud.world.happen(camera)
    await eventually(lambda: site.state("image", "last_picture", camera).state != "unknown")
    path = f"/api/image_proxy/{site.entity_id('image', 'last_picture', camera)}"
    site.cloud.world.keys._secret = b"another"  # every address of before is void now
    picture = await client.get(path)
    assert picture.status == 200
    assert (await picture.read())[:2] == b"\xff\xd8"
    seen = len(site.cloud.media.requests)
    assert (await client.get(path)).status == 200
    assert len(site.cloud.media.requests) == seen
    number = site.cloud.world.happen(camera, "sound")
    await eventually(lambda: "sound" in site.sights(camera))
    site.cloud.world.keys._secret = b"yet another"
    site.cloud.world.forget_event(number)
    assert (await client.get(path)).status == 500
