"""Which cameras there are, what each of them is, and what may be changed of it (section 3.2)."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    CameraStatus,
    PowerMode,
    RecordingMode,
    VxgAuthError,
    VxgBusyError,
    VxgClient,
    VxgForbiddenError,
    VxgNotFoundError,
    VxgRejectedError,
    VxgResponseError,
)
from simulators.vxg import VxgSimulator

from .support import (
    CAMERA,
    CHANNEL_TOKEN,
    GROUP_TOKEN,
    SECOND,
    Answer,
    StubCloud,
    client_of,
    listing,
    refusal,
    settings_for,
    token_of,
)

LIST = "GET /api/v2/cameras/"
TIME = "GET /api/v2/server/time/"


async def test_a_licence_tells_everything_of_a_camera(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    camera = (await client.get_cameras())[0]
    assert camera.id == CAMERA
    assert camera.name == "Gatehouse"
    assert camera.status is CameraStatus.ACTIVE
    assert camera.mode is PowerMode.ON
    assert camera.recording_mode is RecordingMode.ON
    assert camera.is_recording is True
    assert camera.is_full
    assert camera.is_online
    assert camera.manager_id == cloud.world.cameras[CAMERA].manager
    assert camera.time_zone == "Europe/Lisbon"
    assert (camera.brand, camera.model, camera.firmware) == ("Acme", "C100", "1.2.3")
    assert camera.serial == "SN100101"
    assert camera.led is True
    assert camera.card_recording is False
    assert camera.created is not None
    assert camera.created.tzinfo is UTC
    assert camera.area == cloud.world.cameras[CAMERA].meta["location"]
    assert not camera.is_gateway


async def test_all_credentials_tell_the_same_of_a_camera(
    session: aiohttp.ClientSession, client: VxgClient, cloud: VxgSimulator
) -> None:
    (by_licence, *_) = await client.get_cameras()
    group = client_of(session, cloud, cloud.world.group_token())
    channel = client_of(session, cloud, cloud.world.channel_token(CAMERA))
    assert (await group.get_cameras())[0] == by_licence
    assert await channel.get_cameras() == (by_licence,)


async def test_a_token_for_looking_makes_no_full_cameras(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA, "watch"))
    (camera,) = await client.get_cameras()
    assert not camera.is_full
    assert camera.name == "Gatehouse"


async def test_a_group_for_looking_makes_no_full_cameras(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    share = cloud.world.keys.share(("watch",), group=cloud.world.group.id)
    for reads_v2 in (True, False):
        cloud.faults.group_reads_v2 = reads_v2
        client = client_of(session, cloud, cloud.world.keys.access_token(share))
        cameras = await client.get_cameras()
        assert len(cameras) == 4
        assert not any(camera.is_full for camera in cameras)


async def test_the_rights_of_a_share_are_told_by_the_absence_of_all(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.answers[LIST] = Answer(
        listing(
            {"id": 1, "access": ["all"]},
            {"id": 2, "access": ["live", "play", "clipsplay"]},
            {"id": 3, "access": []},
            {"id": 4},
        )
    )
    rights = {camera.id: camera.is_full for camera in await stub_client.get_cameras()}
    assert rights == {1: True, 2: False, 3: True, 4: True}


async def test_archives_are_hidden_whoever_asks(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    archive = cloud.world.add_archive()
    for secret in (cloud.world.licence_key(), cloud.world.group_token()):
        for reads_v2 in (True, False):
            cloud.faults.group_reads_v2 = reads_v2
            cameras = await client_of(session, cloud, secret).get_cameras()
            assert archive not in [camera.id for camera in cameras]
            assert len(cameras) == 4
    client = client_of(session, cloud, cloud.world.channel_token(archive))
    with pytest.raises(VxgNotFoundError):
        await client.get_cameras()


async def test_an_archive_is_known_by_tag_or_by_name(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    """A server may not know the filter."""
    stub.answers[LIST] = Answer(
        listing({"id": 1, "meta": {"isstorage": ""}}, {"id": 2, "name": "#StorageFor1"}, {"id": 3})
    )
    assert [camera.id for camera in await stub_client.get_cameras()] == [3]


async def test_a_gateway_and_the_cameras_behind_it_share_its_id(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    number = cloud.world.add_gateway(cameras=2)
    found = {camera.id: camera for camera in await client.get_cameras()}
    gateway = found[number]
    assert gateway.is_gateway
    children = [camera for camera in found.values() if camera.gateway and not camera.is_gateway]
    assert len(children) == 2
    assert {camera.gateway for camera in children} == {gateway.gateway}
    assert "gateway-password" not in repr(children)


async def test_channels_of_v5_may_come_without_a_name(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    cloud.faults.group_reads_v2 = False
    cloud.faults.nameless_channels = True
    cameras = await client_of(session, cloud, cloud.world.group_token()).get_cameras()
    assert cameras[0].name == f"Camera {CAMERA}"


@pytest.mark.parametrize("status", ["offline", "unauthorized", "inactive", "anything"])
async def test_how_a_camera_is_doing_is_told(
    client: VxgClient, cloud: VxgSimulator, status: str
) -> None:
    cloud.world.set_status(CAMERA, status)
    camera = (await client.get_cameras())[0]
    assert camera.status == (None if status == "anything" else CameraStatus(status))
    assert camera.is_online == (status == "inactive")


async def test_recording_by_event_may_read_back_otherwise(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    for renamed in (False, True):
        cloud.faults.server_by_event = renamed
        await client.set_recording(CAMERA, RecordingMode.BY_EVENT)
        assert (await client.get_cameras())[0].recording_mode is RecordingMode.BY_EVENT
        assert cloud.world.cameras[CAMERA].rec_mode == "by_event"


async def test_what_may_be_changed_is_changed(client: VxgClient, cloud: VxgSimulator) -> None:
    await client.set_power(CAMERA, PowerMode.OFF)
    await client.set_recording(CAMERA, RecordingMode.OFF)
    await client.set_led(CAMERA, on=False)
    await client.set_card_recording(CAMERA, on=True)
    camera, other = (await client.get_cameras())[:2]
    assert camera.status is CameraStatus.INACTIVE
    assert camera.mode is PowerMode.OFF
    assert camera.recording_mode is RecordingMode.OFF
    assert camera.is_recording is False
    assert camera.led is False
    assert camera.card_recording is True
    assert other.mode is PowerMode.ON
    assert [dict(command.body) for command in cloud.commands] == [
        {"mode": "off"},
        {"rec_mode": "off"},
        {"led": False},
        {"memorycard_recording": True},
    ]


async def test_a_camera_is_rebooted_by_its_manager(client: VxgClient, cloud: VxgSimulator) -> None:
    camera = (await client.get_cameras())[1]
    await client.reboot(camera)
    assert [(each.name, each.camera) for each in cloud.commands] == [("reboot", SECOND)]


async def test_a_token_for_looking_changes_nothing(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA, "watch"))
    with pytest.raises(VxgForbiddenError):
        await client.set_power(CAMERA, PowerMode.OFF)
    assert cloud.world.cameras[CAMERA].mode == "on"


async def test_a_camera_of_somebody_else_is_not_there(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.world.cameras[CAMERA].owner = cloud.world.keys.add_account().key
    assert CAMERA not in [camera.id for camera in await client.get_cameras()]
    with pytest.raises(VxgNotFoundError):
        await client.set_led(CAMERA, on=False)


async def test_a_mode_that_a_server_does_not_know_is_refused(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.answers[f"PUT /api/v2/cameras/{CAMERA}/"] = refusal(400)
    with pytest.raises(VxgRejectedError):
        await stub_client.set_power(CAMERA, PowerMode.ON_TILL_SCHEDULE)


# One camera, by its own token


async def test_v4_tells_of_a_camera_where_v2_is_refused(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.answers["GET /api/v4/channel/"] = Answer({"name": "Gate", "recording": True})
    for status in (403, 404):
        stub.answers[f"GET /api/v2/cameras/{CAMERA}/"] = refusal(status)
        (camera,) = await client.get_cameras()
        assert (camera.id, camera.name, camera.is_recording) == (CAMERA, "Gate", True)


async def test_a_token_that_was_replaced_is_refused(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA))
    await client.get_cameras()
    cloud.world.end_share(CAMERA)
    with pytest.raises(VxgAuthError):
        await client.get_cameras()


async def test_a_camera_behind_a_busy_cloud_is_no_other_camera(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.otherwise = refusal(503)
    with pytest.raises(VxgBusyError):
        await client.get_cameras()


# The clock


@pytest.mark.parametrize("seconds", [0.0, 90.0, -3600.0])
async def test_the_clock_of_the_cloud_is_kept(
    client: VxgClient, cloud: VxgSimulator, seconds: float
) -> None:
    cloud.world.skew(seconds)
    time = await client.get_server_time()
    assert abs(client.clock_offset - timedelta(seconds=seconds)) < timedelta(seconds=2)
    assert abs(client.now() - time) < timedelta(seconds=2)
    assert abs(datetime.now(UTC) + timedelta(seconds=seconds) - time) < timedelta(seconds=2)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(401),
        refusal(403),
        refusal(404),
        Answer({}),
        Answer({"utc": 7}),
        Answer({"utc": "noon"}),
        Answer({"utc": "0001-01-01T00:00:00"}),
        Answer({"utc": "9999-12-31T23:59:59"}),
        Answer("<html>Router</html>"),
    ],
)
async def test_what_tells_no_time_is_no_vxg_server(
    stub: StubCloud, stub_client: VxgClient, answer: Answer
) -> None:
    stub.answers[TIME] = answer
    with pytest.raises(VxgResponseError):
        await stub_client.get_server_time()
    assert abs(stub_client.now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_a_group_that_names_its_cameras_tokens_tells_their_rights(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, GROUP_TOKEN))
    stub.answers[LIST] = refusal(401)
    stub.answers["GET /api/v5/channels/"] = Answer(
        listing(
            {"id": 1, "token": token_of(camid=1, token="share.a", access="all")},
            {"id": 2, "token": token_of(camid=2, token="share.b", access="watch")},
            {"id": 3},
        )
    )
    rights = {camera.id: camera.is_full for camera in await client.get_cameras()}
    assert rights == {1: True, 2: False, 3: True}
