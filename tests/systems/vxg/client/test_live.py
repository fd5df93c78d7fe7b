"""Live pictures: streams that take a while to start, and stills (sections 4.3, 5.2, 7.6, 7.7)."""

import asyncio
from datetime import UTC, datetime, timedelta
import io
import itertools

import aiohttp
from aiohttp import web
from PIL import Image
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    LiveUrls,
    VxgBusyError,
    VxgClient,
    VxgNotFoundError,
    camera_api,
)
from simulators.vxg import VxgSimulator

from .support import (
    CAMERA,
    CHANNEL_TOKEN,
    Answer,
    StubCloud,
    client_of,
    refusal,
    settings_for,
)

WATCH = "GET /api/v4/live/watch/"
PREVIEW = f"GET /api/v2/cameras/{CAMERA}/preview/"
UPDATE = f"POST /api/v2/cameras/{CAMERA}/preview/update/"
IMAGE = "GET /api/v4/live/image/"


def size_of(picture: bytes | None) -> tuple[int, int]:
    assert picture
    return Image.open(io.BytesIO(picture)).size


async def test_urls_are_told_with_their_ends(client: VxgClient, cloud: VxgSimulator) -> None:
    urls = await client.get_live_urls(CAMERA)
    now = datetime.now(UTC)
    assert urls.hls
    assert urls.rtsp
    assert urls.rtmp
    assert urls.expire
    assert urls.expire_hls
    assert timedelta(minutes=4) < urls.expire - now < timedelta(minutes=6)
    assert timedelta(minutes=59) < urls.expire_hls - now < timedelta(minutes=61)
    assert "ticket" not in repr(urls)


async def test_each_call_brings_fresh_tickets(client: VxgClient, cloud: VxgSimulator) -> None:
    first = await client.get_live_urls(CAMERA)
    cloud.clock.advance(10)
    assert (await client.get_live_urls(CAMERA)).rtsp != first.rtsp


async def test_a_stream_is_named(client: VxgClient, cloud: VxgSimulator) -> None:
    main, second = [await client.get_live_urls(CAMERA, each) for each in ("Main", "Second")]
    assert main.hls
    assert second.hls
    assert "primary" in main.hls
    assert "secondary" in second.hls


@pytest.mark.parametrize("missing", ["hls", "rtsp", "rtmp", "webrtc", "expire", "expire_hls"])
async def test_any_key_may_be_missing(client: VxgClient, cloud: VxgSimulator, missing: str) -> None:
    cloud.faults.missing_live_keys = [missing]
    cloud.faults.warm_up = 0
    urls = await client.wait_for_live(CAMERA, None, limit=5)
    if missing != "webrtc":
        assert getattr(urls, missing) is None
    assert urls.rtsp or missing == "rtsp"


async def test_nothing_at_all_is_no_failure(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.answers["GET /api/v4/channel/"] = Answer({"name": "x"})
    stub.answers[WATCH] = Answer({})
    assert await client.wait_for_live(CAMERA, None, limit=1) == LiveUrls()


async def test_a_url_of_another_kind_than_its_name_is_left_out(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.answers["GET /api/v4/channel/"] = Answer({"name": "x"})
    stub.answers[WATCH] = Answer(
        {"hls": "file:///etc/passwd", "rtsp": "http://h/", "rtmp": ["rtmp://h"], "expire": 7}
    )
    assert await client.get_live_urls(CAMERA) == LiveUrls()
    stub.answers[WATCH] = Answer({"hls": "http://[", "rtsp": "rtsp://]@[", "rtmp": "rtmp://["})
    await client.get_live_urls(CAMERA)


# Starting


async def test_a_camera_that_starts_is_asked_again_until_it_streams(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.busy_starts = 3
    cloud.faults.warm_up = 0
    assert (await client.wait_for_live(CAMERA, None, limit=20)).hls
    paths = [request.path for request in cloud.requests]
    assert paths.count("/api/v4/live/watch/") == 4


async def test_one_call_does_not_wait(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.faults.busy_starts = 1
    with pytest.raises(VxgBusyError):
        await client.get_live_urls(CAMERA)
    assert (await client.get_live_urls(CAMERA)).hls


async def test_a_camera_that_never_starts_is_given_up_in_time(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.busy_starts = 10_000
    begin = asyncio.get_running_loop().time()
    with pytest.raises(VxgBusyError):
        await client.wait_for_live(CAMERA, None, limit=0.2)
    assert asyncio.get_running_loop().time() - begin < 5


async def test_a_playlist_is_waited_for_by_asking_the_media_host(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.warm_up = 0.2
    urls = await client.wait_for_live(CAMERA, None, limit=20)
    assert urls.hls
    assert await client._link.status_of(urls.hls, limit=5) == 200
    assert cloud.media.requests.count("live") > 2
    assert [request.path for request in cloud.requests].count("/api/v4/live/watch/") == 1


async def test_a_playlist_that_never_comes_is_left_to_the_player(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.warm_up = 3600
    begin = asyncio.get_running_loop().time()
    assert (await client.wait_for_live(CAMERA, None, limit=0.2)).hls
    assert asyncio.get_running_loop().time() - begin < 5


async def test_a_media_host_that_is_not_there_is_left_to_the_player(
    session: aiohttp.ClientSession, stub: StubCloud, unused_tcp_port: int
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.answers["GET /api/v4/channel/"] = Answer({"name": "x"})
    stub.answers[WATCH] = Answer({"hls": f"http://127.0.0.1:{unused_tcp_port}/index.m3u8"})
    assert (await client.wait_for_live(CAMERA, None, limit=5)).hls
    assert len(stub.requests) == 2


async def test_a_media_host_that_hangs_is_not_waited_for_longer_than_told(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    async def hang(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError

    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.answers["GET /api/v4/channel/"] = Answer({"name": "x"})
    stub.answers[WATCH] = Answer({"hls": f"{stub.url}/index.m3u8"})
    stub.answers["GET /index.m3u8"] = hang
    begin = asyncio.get_running_loop().time()
    assert (await client.wait_for_live(CAMERA, None, limit=0.2)).hls
    assert asyncio.get_running_loop().time() - begin < 5


@pytest.mark.parametrize("status", ["offline", "inactive", "unauthorized"])
async def test_a_camera_that_sends_nothing_is_told_at_once(
    client: VxgClient, cloud: VxgSimulator, status: str
) -> None:
    cloud.world.set_status(CAMERA, status)
    with pytest.raises(VxgNotFoundError):
        await client.wait_for_live(CAMERA, None, limit=60)


# Stills


async def test_a_still_is_of_now(client: VxgClient, cloud: VxgSimulator) -> None:
    assert size_of(await client.get_still(CAMERA, is_full=True)) == (1280, 720)


async def test_a_token_for_looking_gets_the_preview(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA, "watch"))
    cloud.faults.preview_age = 3600
    assert size_of(await client.get_still(CAMERA, is_full=False)) == (640, 360)
    paths = [request.path for request in cloud.requests]
    assert paths == [f"/api/v2/cameras/{CAMERA}/preview/"]


@pytest.mark.parametrize("status", [403, 404, 503])
async def test_without_a_live_image_there_is_the_preview(
    client: VxgClient, cloud: VxgSimulator, status: int
) -> None:
    cloud.faults.fail(status, path="/live/image/")
    assert size_of(await client.get_still(CAMERA, is_full=True)) == (640, 360)
    assert not [each for each in cloud.requests if "update" in each.path]


async def test_a_preview_that_is_old_is_asked_for_anew(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.preview_age = 3600
    cloud.faults.fail(404, path="/live/image/")
    assert size_of(await client.get_still(CAMERA, is_full=True)) == (640, 360)
    paths = [request.path.removeprefix(f"/api/v2/cameras/{CAMERA}/") for request in cloud.requests]
    assert paths[-3:] == ["preview/", "preview/update/", "preview/"]


async def test_the_age_of_a_preview_is_told_by_the_clouds_clock(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.world.skew(3600)
    await client.get_server_time()
    cloud.faults.fail(404, path="/live/image/")
    assert await client.get_still(CAMERA, is_full=True)
    assert not [each for each in cloud.requests if "update" in each.path]


@pytest.mark.parametrize("status", [403, 404, 500, 503])
async def test_an_old_preview_is_better_than_none(
    client: VxgClient, cloud: VxgSimulator, status: int
) -> None:
    cloud.faults.preview_age = 3600
    cloud.world.set_status(CAMERA, "offline")
    cloud.faults.fail(status, path="/preview/update/")
    assert size_of(await client.get_still(CAMERA, is_full=True)) == (640, 360)


async def test_an_old_preview_is_kept_where_the_new_one_does_not_come(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    old = Answer({"url": f"{stub.url}/old.jpg", "time": "2024-05-02T12:00:00"})
    stub.answers[UPDATE] = Answer("")
    stub.answers["GET /old.jpg"] = Answer(b"old")
    for after in (Answer({}), Answer({"url": None}), refusal(404), refusal(503)):
        stub.answers[PREVIEW] = [old, after]
        assert await client.get_still(CAMERA, is_full=True) == b"old"


async def test_there_may_be_no_picture_at_all(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    assert await client.get_still(CAMERA, is_full=True) is None
    assert await client.get_still(CAMERA, is_full=False) is None
    stub.answers[PREVIEW] = Answer({"url": "", "time": None})
    assert await client.get_still(CAMERA, is_full=False) is None


async def test_a_live_image_without_a_url_is_none(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.answers["GET /api/v4/channel/"] = Answer({"name": "x"})
    stub.answers[IMAGE] = Answer({"time": "2024-05-02T12:00:00"})
    stub.answers[PREVIEW] = Answer({"url": f"{stub.url}/p.jpg"})
    stub.answers["GET /p.jpg"] = Answer(b"preview")
    assert await client.get_still(CAMERA, is_full=True) == b"preview"


async def test_a_picture_whose_url_has_ended_is_not_there(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.file_life = 0
    with pytest.raises(VxgNotFoundError):
        await client.get_still(CAMERA, is_full=True)


async def test_a_new_preview_gets_its_time(
    client: VxgClient, cloud: VxgSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The camera needs a moment to send it."""
    monkeypatch.setattr(camera_api, "_PREVIEW_WAIT", 0.1)
    cloud.faults.preview_age = 3600
    cloud.faults.fail(404, path="/live/image/")
    await client.get_still(CAMERA, is_full=True)
    times = [request.time for request in cloud.requests if "preview" in request.path]
    asked, updated, again = times
    assert again - updated >= 0.1
    assert all(earlier <= later for earlier, later in itertools.pairwise((asked, updated, again)))
