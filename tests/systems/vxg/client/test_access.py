"""Which secret opens what, for every kind of credential and of server (sections 2.6, 7.24)."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    VxgAuthError,
    VxgClient,
    VxgForbiddenError,
    VxgNotFoundError,
    VxgResponseError,
)
from simulators.vxg import VxgSimulator

from .support import (
    CAMERA,
    CHANNEL_TOKEN,
    GROUP_TOKEN,
    KEY,
    SECOND,
    Answer,
    StubCloud,
    client_of,
    listing,
    refusal,
    settings_for,
    token_of,
)

CREDENTIALS = ("licence", "group", "channel")
WATCH = "GET /api/v4/live/watch/"
CHANNEL = "GET /api/v4/channel/"


def secret_of(cloud: VxgSimulator, kind: str) -> str:
    world = cloud.world
    return {
        "licence": world.licence_key(),
        "group": world.group_token(),
        "channel": world.channel_token(CAMERA),
    }[kind]


def kinds_used(cloud: VxgSimulator, path: str) -> list[str]:
    return [request.kind for request in cloud.requests if request.path == path]


@pytest.mark.parametrize("kind", CREDENTIALS)
async def test_every_credential_reads_settings_streams_and_storage(
    session: aiohttp.ClientSession, cloud: VxgSimulator, kind: str
) -> None:
    client = client_of(session, cloud, secret_of(cloud, kind))
    end = datetime.now(UTC)
    assert (await client.get_video(CAMERA)).values["brightness"] == 50
    assert (await client.get_live_urls(CAMERA)).hls
    assert await client.get_recordings(CAMERA, end - timedelta(minutes=5), end)
    assert await client.get_events(camera_id=CAMERA, most=3)
    assert await client.get_regions(CAMERA)
    assert await client.get_clips(CAMERA) == ()
    await client.set_led(CAMERA, on=False)
    assert cloud.world.cameras[CAMERA].led is False


async def test_a_licence_opens_v2_by_itself_and_v4_by_the_cameras_token(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    await client.get_video(CAMERA)
    assert kinds_used(cloud, f"/api/v2/cameras/{CAMERA}/video/") == ["LKey"]
    await client.get_live_urls(CAMERA)
    assert kinds_used(cloud, "/api/v4/live/watch/") == ["Acc"]
    assert kinds_used(cloud, "/api/v3/channels/") == ["LKey"]


async def test_a_group_opens_settings_by_the_cameras_token(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.group_token())
    await client.get_video(CAMERA)
    await client.get_video(SECOND)
    assert kinds_used(cloud, f"/api/v2/cameras/{CAMERA}/video/") == ["Acc"]
    assert kinds_used(cloud, "/api/v5/channels/") == ["SI"]


async def test_tokens_are_read_once_for_all_cameras(client: VxgClient, cloud: VxgSimulator) -> None:
    for camera in cloud.world.cameras:
        await client.get_live_urls(camera)
    assert len(kinds_used(cloud, "/api/v3/channels/")) == 1
    assert len(kinds_used(cloud, "/api/v4/channel/")) == 1


async def test_a_channel_token_opens_its_own_camera_only(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA))
    with pytest.raises(VxgNotFoundError):
        await client.get_video(SECOND)
    assert cloud.requests == []


@pytest.mark.parametrize("kind", ["licence", "group"])
async def test_a_replaced_token_is_read_anew_and_the_command_then_runs_once(
    session: aiohttp.ClientSession, cloud: VxgSimulator, kind: str
) -> None:
    client = client_of(session, cloud, secret_of(cloud, kind))
    await client.get_live_urls(CAMERA)
    cloud.world.end_share(CAMERA)
    cloud.requests.clear()
    await client.set_image_period(CAMERA, 10)
    paths = [request.path for request in cloud.requests]
    channels = "/api/v3/channels/" if kind == "licence" else "/api/v5/channels/"
    live = "/api/v4/images/generation/live/"
    assert paths == [live, channels, live]
    assert cloud.world.cameras[CAMERA].image_period == 10
    assert [each.name for each in cloud.commands].count("set_image_period") == 1


@pytest.mark.parametrize("kind", ["licence", "group"])
async def test_a_replaced_token_is_read_anew_for_a_list_as_well(
    session: aiohttp.ClientSession, cloud: VxgSimulator, kind: str
) -> None:
    client = client_of(session, cloud, secret_of(cloud, kind))
    end = datetime.now(UTC)
    await client.get_live_urls(CAMERA)
    cloud.world.end_share(CAMERA)
    assert await client.get_images(CAMERA, end - timedelta(hours=1), end) == ()
    cloud.world.end_share(CAMERA)
    assert await client.get_events(camera_id=CAMERA, most=1)
    cloud.world.end_share(CAMERA)
    assert await client.get_recordings(CAMERA, end - timedelta(minutes=5), end)


async def test_a_token_that_stays_the_same_is_not_tried_again(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port))
    tokens = {"all": CHANNEL_TOKEN, "watch": "x"}
    stub.answers["GET /api/v3/channels/"] = Answer(listing({"id": CAMERA, "access_tokens": tokens}))
    stub.answers[CHANNEL] = Answer({"name": "x"})
    stub.answers[WATCH] = refusal(401)
    with pytest.raises(VxgAuthError):
        await client.get_live_urls(CAMERA)
    assert stub.routes == [
        "GET /api/v3/channels/",
        CHANNEL,
        WATCH,
        "GET /api/v3/channels/",
    ]


async def test_a_new_token_that_is_refused_too_is_the_end_of_it(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, GROUP_TOKEN))
    stub.answers["GET /api/v5/channels/"] = [
        Answer(listing({"id": CAMERA, "token": token_of(camid=CAMERA, token=f"share.{number}")}))
        for number in range(9)
    ]
    stub.otherwise = refusal(401)
    with pytest.raises(VxgAuthError):
        await client.get_video(CAMERA)
    assert len(stub.requests) == 4


@pytest.mark.parametrize("kind", CREDENTIALS)
async def test_a_credential_that_has_ended_is_told_at_once(
    session: aiohttp.ClientSession, cloud: VxgSimulator, kind: str
) -> None:
    client = client_of(session, cloud, secret_of(cloud, kind))
    cloud.world.replace_key()
    cloud.world.group.share.is_enabled = False
    cloud.world.end_share(CAMERA)
    for question in (client.get_cameras(), client.get_events(most=1), client.get_video(CAMERA)):
        with pytest.raises(VxgAuthError):
            await question


async def test_a_server_without_v3_is_used_by_v2_alone(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.licence_key())
    cloud.faults.fail(404, times=99, path="/api/v3/")
    assert len(await client.get_cameras()) == 4
    assert (await client.get_live_urls(CAMERA)).hls
    assert "/api/v2/cameras/100101/live_urls/" in [each.path for each in cloud.requests]
    assert not [each for each in cloud.requests if each.path.startswith("/api/v4")]


@pytest.mark.parametrize("kind", ["licence", "channel"])
async def test_an_old_server_is_used_by_v2_alone(
    session: aiohttp.ClientSession, cloud: VxgSimulator, kind: str
) -> None:
    cloud.faults.old_server = True
    client = client_of(session, cloud, secret_of(cloud, kind))
    assert CAMERA in [camera.id for camera in await client.get_cameras()]
    assert (await client.get_live_urls(CAMERA)).hls
    assert await client.get_still(CAMERA, is_full=True)
    end = datetime.now(UTC)
    assert await client.get_images(CAMERA, end - timedelta(hours=1), end) == ()
    newer = [each.path for each in cloud.requests if each.path.startswith("/api/v4")]
    assert newer == ["/api/v4/channel/"]
    with pytest.raises(VxgNotFoundError):
        await client.get_image_period(CAMERA)


async def test_a_group_that_may_not_read_v2_reads_v5_from_then_on(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    cloud.faults.group_reads_v2 = False
    client = client_of(session, cloud, cloud.world.group_token())
    cameras = await client.get_cameras()
    assert [camera.id for camera in cameras] == list(cloud.world.cameras)
    assert {camera.is_recording for camera in cameras} == {True}
    cloud.requests.clear()
    assert len(await client.get_cameras()) == 4
    assert [request.path for request in cloud.requests] == ["/api/v5/channels/"]


async def test_a_group_on_a_server_that_has_nothing_for_it_is_refused(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    cloud.faults.group_reads_v2 = False
    cloud.faults.old_server = True
    client = client_of(session, cloud, cloud.world.group_token())
    with pytest.raises(VxgNotFoundError):
        await client.get_cameras()


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_licence_that_may_not_read_v2_is_refused(
    stub: StubCloud, stub_client: VxgClient, status: int
) -> None:
    stub.otherwise = refusal(status)
    with pytest.raises((VxgAuthError, VxgForbiddenError, VxgNotFoundError)):
        await stub_client.get_cameras()
    assert len(stub.requests) == 1


async def test_whether_there_is_v4_is_found_out_once(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.answers[CHANNEL] = refusal(403)
    stub.answers[WATCH] = Answer({"hls": "https://cdn.example.test/x.m3u8"})
    assert (await client.get_live_urls(CAMERA)).hls
    assert (await client.get_live_urls(CAMERA)).hls
    assert stub.routes == [CHANNEL, WATCH, WATCH]


async def test_a_failure_does_not_pass_for_an_old_server(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA))
    cloud.faults.truncate_answers()
    with pytest.raises(VxgResponseError):
        await client.get_live_urls(CAMERA)
    assert (await client.get_live_urls(CAMERA)).hls
    assert cloud.requests[-1].path == "/api/v4/live/watch/"


async def test_a_camera_that_is_gone_does_not_pass_for_an_old_server(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    with pytest.raises(VxgNotFoundError):
        await client.get_live_urls(999)
    assert (await client.get_live_urls(CAMERA)).hls
    assert cloud.requests[-1].path == "/api/v4/live/watch/"


async def test_channels_of_no_use_bring_no_tokens(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, GROUP_TOKEN))
    stub.answers["GET /api/v5/channels/"] = Answer(
        listing(None, 7, {}, {"id": "x", "token": "t"}, {"id": CAMERA}, {"id": 3, "token": {}})
    )
    with pytest.raises(VxgNotFoundError):
        await client.get_video(CAMERA)


async def test_only_a_token_for_looking_is_used_where_there_is_no_other(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, KEY))
    watch = token_of(camid=CAMERA, token="share.watch", access="watch")
    channel = {"id": CAMERA, "access_tokens": {"watch": watch}}
    stub.answers["GET /api/v3/channels/"] = Answer(listing(channel))
    stub.answers[CHANNEL] = Answer({"name": "x"})
    stub.answers[WATCH] = Answer({})
    await client.get_live_urls(CAMERA)
    assert stub.requests[-1].headers["authorization"] == f"Acc {watch}"
