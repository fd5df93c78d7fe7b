"""The pictures of a camera: stills, streams that are renewed, and what may be commanded."""

import asyncio
from datetime import UTC, datetime, timedelta
import io
import logging
from unittest.mock import Mock

from PIL import Image
import pytest

from homeassistant.components.camera import DOMAIN, async_get_image
from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from custom_components.gatehouse.systems.vxg import camera as camera_module
from custom_components.gatehouse.systems.vxg.camera import VxgCamera
from custom_components.gatehouse.systems.vxg.client import LiveUrls
from custom_components.gatehouse.systems.vxg.options import StreamKind
from custom_components.gatehouse.systems.vxg.video import TicketFilter, choose, renewal

from ..watching import eventually
from .site import Site

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
URLS = LiveUrls(
    hls="https://cdn.example.test/a.m3u8?ticket=media.x",
    rtsp="rtsp://192.0.2.9:554/live/a?ticket=media.y",
    rtmp="rtmp://192.0.2.9:1935/live/a?ticket=media.y",
    expire=NOW + timedelta(minutes=5),
    expire_hls=NOW + timedelta(hours=1),
)


def entity_of(hass: HomeAssistant, site: Site, camera: int) -> VxgCamera:
    found = get_camera_from_entity_id(hass, site.entity_id("camera", "main", camera))
    assert isinstance(found, VxgCamera)
    return found


@pytest.mark.parametrize(
    ("kind", "urls", "url"),
    [
        (StreamKind.HLS, URLS, URLS.hls),
        (StreamKind.RTSP, URLS, URLS.rtsp),
        (StreamKind.RTMP, URLS, URLS.rtmp),
        (StreamKind.AUTO, URLS, URLS.rtsp),  # 192.0.2.0/24 is nobody's public network
        (StreamKind.AUTO, LiveUrls(hls=URLS.hls, rtsp="rtsp://8.8.8.8/a"), URLS.hls),
        (StreamKind.AUTO, LiveUrls(hls=URLS.hls, rtsp="rtsp://media.example.test/a"), URLS.hls),
        (StreamKind.HLS, LiveUrls(rtsp=URLS.rtsp), URLS.rtsp),
        (StreamKind.RTSP, LiveUrls(hls=URLS.hls), URLS.hls),
        (StreamKind.AUTO, LiveUrls(), None),
    ],
)
def test_the_stream_is_the_wanted_one_or_the_next_best(
    kind: StreamKind, urls: LiveUrls, url: str | None
) -> None:
    assert choose(urls, kind) == url


def test_a_ticket_is_renewed_before_it_ends() -> None:
    assert URLS.hls
    assert URLS.rtsp
    assert renewal(URLS, URLS.hls, NOW) == NOW + timedelta(minutes=59)
    assert renewal(URLS, URLS.rtsp, NOW) == NOW + timedelta(minutes=4, seconds=30)
    assert renewal(LiveUrls(hls="a"), "a", NOW) is None


def test_tickets_stay_out_of_the_streams_log(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("a stream")
    logger.addFilter(TicketFilter())
    logger.warning("Error opening %s", URLS.hls)
    logger.warning("Error opening https://cdn/live/media.AAA.123.BBB/hls/a.m3u8?ticket=secret&b=1")
    assert "media.x" not in caplog.text
    assert "secret" not in caplog.text
    assert "AAA" not in caplog.text
    assert "b=1" in caplog.text


async def test_a_still_is_of_now_and_kept_for_a_moment(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    entity_id = site.entity_id("camera", "main", camera)
    picture = await async_get_image(hass, entity_id)
    assert Image.open(io.BytesIO(picture.content)).size == (1280, 720)
    seen = len(site.cloud.media.requests)
    assert (await async_get_image(hass, entity_id)).content == picture.content
    assert len(site.cloud.media.requests) == seen


async def test_a_camera_that_is_away_shows_its_last_preview(
    hass: HomeAssistant, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_module, "_STILL_LIFE", 0.0)
    camera = site.cameras[0]
    entity = entity_of(hass, site, camera)
    site.cloud.world.set_status(camera, "inactive")
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    picture = await entity.async_camera_image()
    assert picture
    assert Image.open(io.BytesIO(picture)).size == (640, 360)


async def test_a_source_is_got_anew_each_time_and_warmed_up(
    hass: HomeAssistant, site: Site
) -> None:
    camera = site.cameras[0]
    site.cloud.faults.warm_up = 1.0
    site.cloud.faults.busy_starts = 1
    entity = entity_of(hass, site, camera)
    first = await entity.stream_source()
    assert first
    assert first.startswith("rtsp://")
    site.cloud.clock.advance(5)
    assert await entity.stream_source() != first


async def test_a_camera_that_sends_nothing_has_no_source(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    entity = entity_of(hass, site, camera)
    site.cloud.world.set_status(camera, "offline")
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    with pytest.raises(HomeAssistantError, match="no picture now"):
        await entity.stream_source()
    assert site.state("camera", "main", camera).state == "unavailable"


async def test_a_cloud_that_offers_nothing_to_play_says_so(hass: HomeAssistant, site: Site) -> None:
    site.cloud.faults.missing_live_keys = ["hls", "rtsp", "rtmp"]
    with pytest.raises(HomeAssistantError, match="no live stream"):
        await entity_of(hass, site, site.cameras[0]).stream_source()


class FakeStream:
    """A stream of Home Assistant's, as far as the camera touches it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.available = True
        self.playing = True
        self.updates: list[str] = []
        self.on_update = Mock()

    def outputs(self) -> dict[str, object]:
        return {"hls": object()} if self.playing else {}

    def update_source(self, source: str) -> None:
        self.updates.append(source)
        self.source = source

    def set_update_callback(self, on_update: Mock) -> None:
        self.on_update = on_update

    async def stop(self) -> None:
        self.playing = False


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> list[FakeStream]:
    """Keep Home Assistant from playing; the browser tests play."""
    made: list[FakeStream] = []

    def make(_hass: HomeAssistant, source: str, **_options: object) -> FakeStream:
        made.append(FakeStream(source))
        return made[-1]

    monkeypatch.setattr("homeassistant.components.camera.create_stream", make)
    return made


async def test_who_comes_back_to_a_stream_that_stands_still_gets_a_new_ticket(
    hass: HomeAssistant, site: Site, streams: list[FakeStream]
) -> None:
    site.cloud.faults.rtsp_life = 1.0
    entity = entity_of(hass, site, site.cameras[0])
    await entity.async_create_stream()
    [stream] = streams
    first = stream.source
    await asyncio.sleep(1)
    # Somebody watches: what plays goes on without its ticket.
    await entity.async_create_stream()
    assert stream.source == first
    stream.playing = False
    await entity.async_create_stream()
    assert stream.source != first
    assert stream.updates == []
    assert len(streams) == 1


async def test_what_broke_off_gets_another_source_for_its_next_try(
    hass: HomeAssistant, site: Site, streams: list[FakeStream]
) -> None:
    entity = entity_of(hass, site, site.cameras[0])
    await entity.async_create_stream()
    [stream] = streams
    first = stream.source
    site.cloud.clock.advance(2)
    stream.available = False
    stream.on_update()
    await eventually(lambda: stream.source != first)
    # A restart is left to Home Assistant: told while it waits, it would give up.
    assert stream.updates == []


@pytest.mark.parametrize(
    "case",
    [
        ("active", "on", "turn_off", "off"),
        ("active", "schedule", "turn_off", "off_till_sched"),
        ("active", "on_till_sched", "turn_off", "off_till_sched"),
        ("inactive", "off", "turn_on", "on"),
        ("inactive", "off_till_sched", "turn_on", "on_till_sched"),
        ("inactive_by_scheduler", "schedule", "turn_on", "on_till_sched"),
        ("active", "on", "turn_on", None),
        ("inactive", "off", "turn_off", None),
    ],
)
async def test_power_is_switched_around_the_schedule(
    hass: HomeAssistant, site: Site, case: tuple[str, str, str, str | None]
) -> None:
    status, mode, service, written = case
    camera = site.cameras[0]
    site.cloud.world.set_status(camera, status)
    site.cloud.world.set_field(camera, "mode", mode)
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    await site.call(DOMAIN, service, entity_id=site.entity_id("camera", "main", camera))
    assert site.told("change_camera") == ([{"mode": written}] if written else [])


async def test_a_camera_that_refuses_the_login_is_never_switched(
    hass: HomeAssistant, site: Site
) -> None:
    camera = site.cameras[0]
    entity = entity_of(hass, site, camera)
    site.cloud.world.set_status(camera, "unauthorized")
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError):
        await entity.async_turn_on()
    assert site.told("change_camera") == []


async def test_motion_detection_is_switched_in_every_region_and_its_map_stays(
    hass: HomeAssistant, site: Site
) -> None:
    camera = site.cameras[0]
    before = dict(site.cloud.world.cameras[camera].regions[0])
    entity_id = site.entity_id("camera", "main", camera)
    assert site.state("camera", "main", camera).attributes["motion_detection"] is True
    await site.call(DOMAIN, "disable_motion_detection", entity_id=entity_id)
    assert site.cloud.world.cameras[camera].regions == [{**before, "enabled": False}]
    assert "motion_detection" not in site.state("camera", "main", camera).attributes
    await site.call(DOMAIN, "enable_motion_detection", entity_id=entity_id)
    assert site.cloud.world.cameras[camera].regions == [before]


async def test_the_small_picture_is_another_stream_and_off_at_first(
    hass: HomeAssistant, site: Site
) -> None:
    registry = er.async_get(hass)
    entity_id = site.entity_id("camera", "sub", site.cameras[0])
    entry = registry.async_get(entity_id)
    assert entry
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(site.entry.entry_id)
    await site.settled()
    source = await get_camera_from_entity_id(hass, entity_id).stream_source()
    assert source
    assert "_secondary" in source
