"""What the cloud keeps: events, recordings, clips, images, and a camera's card (section 3.3)."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    ClipStatus,
    VxgBusyError,
    VxgClient,
    VxgConnectionError,
    VxgFailedError,
    VxgNotFoundError,
    VxgOutcomeUnknownError,
    VxgRejectedError,
    VxgResponseError,
    storage_api,
)
from simulators.vxg import VxgSimulator

from .support import (
    CAMERA,
    CHANNEL_TOKEN,
    SECOND,
    Answer,
    StubCloud,
    client_of,
    listing,
    refusal,
    settings_for,
)

START = datetime(2024, 7, 24, 12, 0, 10, tzinfo=UTC)
END = START + timedelta(seconds=40)
CLIPS = "/api/v2/storage/clips/"
CLIP = {"id": 3301, "camid": CAMERA, "start": "2024-07-24T12:00:10", "end": "2024-07-24T12:00:50"}
CARD = f"/api/v2/storage/memory_card/{CAMERA}/synchronize/"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_api, "_POLL_LIMIT", 0.1)


# Events


async def test_events_are_told_with_their_picture(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.faults.thumb_delay = 0
    number = cloud.world.happen(CAMERA, "plate_recognition", meta={"license_plate": "AA00AA"})
    event = await client.get_event(CAMERA, str(number))
    assert event
    assert (event.id, event.camera_id, event.name) == (str(number), CAMERA, "plate_recognition")
    assert event.meta == {"license_plate": "AA00AA"}
    assert event.time.tzinfo is UTC
    assert event.picture
    assert await client.fetch(event.picture.url)
    assert "X-Amz" not in repr(event)


async def test_events_are_asked_for_by_camera_name_and_time(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.world.storage.events.clear()
    for camera in (CAMERA, SECOND):
        for name in ("motion", "sound", "intrusion"):
            cloud.world.happen(camera, name, ago=60)
            cloud.world.happen(camera, name, ago=600)
    now = client.now()
    assert len(await client.get_events()) == 12
    assert len(await client.get_events(camera_id=CAMERA)) == 6
    assert len(await client.get_events(names=("motion", "sound"))) == 8
    recent = await client.get_events(camera_id=SECOND, start=now - timedelta(seconds=300))
    assert {(event.camera_id, event.name) for event in recent} == {
        (SECOND, name) for name in ("motion", "sound", "intrusion")
    }
    assert len(await client.get_events(end=now - timedelta(seconds=300))) == 6
    newest = await client.get_events(newest_first=True)
    assert [event.time for event in newest] == sorted((e.time for e in newest), reverse=True)


async def test_times_are_sent_in_utc_without_saying_so(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.otherwise = Answer(listing())
    zone = datetime.fromisoformat("2024-07-24T14:00:10.500000+02:00")
    await stub_client.get_events(start=zone, end=zone)
    query = stub.requests[0].query
    assert query["start"] == query["end"] == "2024-07-24T12:00:10.500000"


async def test_an_event_that_is_gone_is_none(client: VxgClient, cloud: VxgSimulator) -> None:
    number = cloud.world.happen(CAMERA)
    cloud.world.forget_event(number)
    assert await client.get_event(CAMERA, str(number)) is None
    assert await client.get_event(CAMERA, "?") is None


async def test_an_event_is_added(client: VxgClient, cloud: VxgSimulator) -> None:
    moment = client.now().replace(microsecond=250000)
    event = await client.create_event(CAMERA, "motion", moment, {"door": "A"})
    assert (event.camera_id, event.name, event.time) == (CAMERA, "motion", moment)
    assert event.meta == {"door": "A"}
    assert await client.get_event(CAMERA, event.id)
    with pytest.raises(VxgRejectedError):
        await client.create_event(CAMERA, "nonsense", moment, {})


async def test_an_event_may_be_added_with_few_words_but_not_with_none(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.answers["POST /api/v2/storage/events/"] = Answer({"id": 7}, 201)
    event = await stub_client.create_event(CAMERA, "motion", START, {})
    assert (event.id, event.time) == ("7", START)
    stub.answers["POST /api/v2/storage/events/"] = Answer("", 201)
    with pytest.raises(VxgResponseError):
        await stub_client.create_event(CAMERA, "motion", START, {})


# Recordings


async def test_recordings_come_in_their_order_and_can_be_played(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    end = client.now() - timedelta(minutes=5)
    start = end - timedelta(minutes=10)
    found = await client.get_recordings(CAMERA, start, end)
    assert len(found) in {20, 21}
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(each.end > start and each.start < end for each in found)
    assert found[0].start <= start < found[0].end
    assert "X-Amz" not in repr(found)
    async with client.open_film(found[0].url, {"Range": "bytes=0-99"}) as download:
        assert download.status == 206
        assert len(await download.content.read()) == 100
    assert len(await client.get_recordings(CAMERA, start, end, most=3)) == 3


async def test_a_recording_needs_no_id_and_is_told_once(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.recordless_ids = True
    end = client.now() - timedelta(minutes=5)
    found = await client.get_recordings(CAMERA, end - timedelta(minutes=1), end)
    assert len({each.start for each in found}) == len(found) > 1


async def test_what_is_listed_twice_or_beyond_is_told_once_or_not(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    row = {"camid": CAMERA, "url": "https://h/1.mp4"}
    inside = row | {"start": "2024-07-24T12:00:20", "end": "2024-07-24T12:00:50"}
    before = row | {"start": "2024-07-24T11:00:00", "end": "2024-07-24T12:00:10"}
    after = row | {"start": "2024-07-24T12:00:50", "end": "2024-07-24T12:01:20"}
    stub.otherwise = Answer(listing(before, inside, inside, after, row, None))
    (found,) = await stub_client.get_recordings(CAMERA, START, END)
    assert found.start == START + timedelta(seconds=10)
    assert found.size is None


async def test_without_a_plan_there_is_nothing_and_no_failure(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.plan_expired = True
    end = client.now()
    assert await client.get_recordings(CAMERA, end - timedelta(hours=1), end) == ()
    assert await client.get_events() == ()


async def test_days_are_told_latest_first(client: VxgClient, cloud: VxgSimulator) -> None:
    days = await client.get_days(CAMERA)
    assert list(days) == sorted(days, reverse=True)
    assert len(days) in {2, 3, 4}


async def test_a_day_that_is_none_is_left_out(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.otherwise = Answer({"objects": ["2024-07-23", "2024-07-24", "2024-07-23", "x", 7, None]})
    assert await stub_client.get_days(CAMERA) == (date(2024, 7, 24), date(2024, 7, 23))
    stub.otherwise = refusal(404)
    with pytest.raises(VxgNotFoundError):
        await stub_client.get_days(CAMERA)


# Clips


async def test_a_clip_is_waited_for_and_can_be_played(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    end = client.now().replace(microsecond=0) - timedelta(minutes=5)
    clip = await client.create_clip(CAMERA, "Delivery", end - timedelta(seconds=10), end)
    assert clip.status is ClipStatus.DONE
    assert clip.title == "Delivery"
    assert clip.end == end
    assert clip.url
    assert clip.picture
    assert "X-Amz" not in repr(clip)
    async with client.open_film(clip.url) as download:
        assert download.headers["Content-Type"] == "video/mp4"
    (listed,) = await client.get_clips(CAMERA)
    assert listed.id == clip.id
    (command,) = cloud.commands
    assert command.name == "create_clip"
    assert command.body["wait_for_data"] is True


async def test_clips_are_told_latest_first_and_by_time(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    end = client.now() - timedelta(minutes=5)
    for minutes in (60, 30, 10):
        moment = end - timedelta(minutes=minutes)
        await client.create_clip(CAMERA, f"{minutes}", moment, moment + timedelta(seconds=20))
        cloud.clock.advance(1)
    assert [clip.title for clip in await client.get_clips(CAMERA)] == ["10", "30", "60"]
    assert await client.get_clips(SECOND) == ()
    some = await client.get_clips(CAMERA, start=end - timedelta(minutes=40), end=end)
    assert [clip.title for clip in some] == ["10", "30"]


async def test_a_clip_that_fails_is_told(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.faults.clips_fail = True
    end = client.now() - timedelta(minutes=5)
    with pytest.raises(VxgFailedError):
        await client.create_clip(CAMERA, "Delivery", end - timedelta(seconds=10), end)
    assert len(cloud.world.storage.clips) == 1


@pytest.mark.parametrize("status", ["failed", "error", None, 7, "anything"])
async def test_whatever_is_neither_pending_nor_done_has_failed(
    stub: StubCloud, stub_client: VxgClient, status: object
) -> None:
    stub.answers[f"POST {CLIPS}"] = Answer(CLIP | {"status": status}, 201)
    with pytest.raises(VxgFailedError):
        await stub_client.create_clip(CAMERA, "x", START, END)


@pytest.mark.usefixtures("impatient")
async def test_a_clip_that_takes_too_long_is_given_up(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.clip_polls = 10_000
    begin = asyncio.get_running_loop().time()
    with pytest.raises(VxgFailedError):
        await client.create_clip(CAMERA, "x", START, END)
    assert asyncio.get_running_loop().time() - begin < 5


@pytest.mark.usefixtures("impatient")
async def test_a_look_that_hangs_is_given_up_too(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.faults.delay = 0.08
    with pytest.raises(VxgFailedError):
        await client.create_clip(CAMERA, "x", START, END)


async def test_a_clip_whose_beginning_is_lost_is_not_begun_again(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.lose_answers()
    with pytest.raises(VxgOutcomeUnknownError):
        await client.create_clip(CAMERA, "x", START, END)
    assert len(cloud.world.storage.clips) == 1


@pytest.mark.parametrize("status", [429, 502, 503])
async def test_a_look_that_fails_is_not_the_end_of_a_clip(
    client: VxgClient, cloud: VxgSimulator, status: int
) -> None:
    cloud.faults.fail(status, path=f"{CLIPS}7")
    assert (await client.create_clip(CAMERA, "x", START, END)).status is ClipStatus.DONE


async def test_clips_of_other_cameras_are_left_out(stub: StubCloud, stub_client: VxgClient) -> None:
    own, other = CLIP, CLIP | {"id": 2, "camid": SECOND}
    nobodys = {key: value for key, value in CLIP.items() if key != "camid"} | {"id": 3}
    stub.otherwise = Answer(listing(own, other, nobodys))
    assert [clip.id for clip in await stub_client.get_clips(CAMERA)] == ["3301", "3"]


async def test_a_clip_is_shared_for_a_while(client: VxgClient, cloud: VxgSimulator) -> None:
    clip = await client.create_clip(CAMERA, "x", START, END)
    until = client.now().replace(microsecond=0) + timedelta(hours=1)
    token, expire = await client.share_clip(CAMERA, clip.id, until)
    assert expire == until
    assert cloud.world.keys.shares[token].expire == until.timestamp()
    with pytest.raises(VxgNotFoundError):
        await client.share_clip(CAMERA, "999", until)


async def test_a_share_without_a_token_is_none(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.otherwise = Answer({}, 201)
    with pytest.raises(VxgResponseError):
        await stub_client.share_clip(CAMERA, "1", START)


# Images


async def test_images_are_made_of_recordings_and_waited_for(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    end = client.now().replace(microsecond=0) - timedelta(minutes=5)
    images = await client.generate_images(CAMERA, end - timedelta(seconds=40), end, 10)
    assert [image.time for image in images] == [
        end - timedelta(seconds=seconds) for seconds in (10, 20, 30, 40)
    ]
    assert {image.origin for image in images} == {"generated_from_records"}
    assert await client.fetch(images[0].url)
    assert "X-Amz" not in repr(images)
    assert cloud.commands[-1].body["period"] == "10"


async def test_images_are_told_latest_first_and_up_to_a_number(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    await client.set_image_period(CAMERA, 10)
    await client.get_images(CAMERA, client.now() - timedelta(hours=1), client.now())
    cloud.clock.advance(100)
    end = client.now() + timedelta(seconds=110)
    images = await client.get_images(CAMERA, end - timedelta(hours=1), end)
    assert len(images) in {10, 11}
    assert [each.time for each in images] == sorted((e.time for e in images), reverse=True)
    assert len(await client.get_images(CAMERA, end - timedelta(hours=1), end, most=3)) == 3


@pytest.mark.usefixtures("impatient")
async def test_images_that_take_too_long_are_given_up(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.task_polls = 10_000
    with pytest.raises(VxgFailedError):
        await client.generate_images(CAMERA, START, END, 10)


async def test_a_task_without_a_number_is_told(
    session: aiohttp.ClientSession, stub: StubCloud
) -> None:
    client = VxgClient(session, settings_for(stub.port, CHANNEL_TOKEN))
    stub.otherwise = Answer({"status": "pending"}, 201)
    with pytest.raises(VxgResponseError):
        await client.generate_images(CAMERA, START, END, 10)


# The card


async def test_a_card_is_copied(client: VxgClient, cloud: VxgSimulator) -> None:
    await client.sync_card(CAMERA, START, END)
    (command,) = cloud.commands
    assert command.name == "sync_card"
    assert command.body["start"] == "2024-07-24T12:00:10"
    assert {task.status for task in cloud.world.storage.tasks.values()} == {"done"}
    with pytest.raises(VxgNotFoundError):
        await client.sync_card(SECOND, START, END)


@pytest.mark.parametrize(
    "end", [{"status": "error"}, {"status": "failed"}, {"status": "pending", "error_code": "7"}]
)
async def test_a_copy_that_fails_is_told(
    stub: StubCloud, stub_client: VxgClient, end: dict[str, object]
) -> None:
    stub.answers[f"POST {CARD}"] = Answer({"id": "a1", "status": "pending"}, 201)
    stub.answers[f"GET {CARD}a1/"] = [Answer({"id": "a1", "status": "pending"}), Answer(end)]
    with pytest.raises(VxgFailedError):
        await stub_client.sync_card(CAMERA, START, END)
    assert len(stub.requests) == 3


@pytest.mark.usefixtures("impatient")
async def test_a_copy_that_takes_too_long_is_given_up(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.task_polls = 10_000
    with pytest.raises(VxgFailedError):
        await client.sync_card(CAMERA, START, END)


@pytest.mark.usefixtures("impatient")
async def test_a_cloud_that_is_gone_meanwhile_is_told_in_time(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.fail(503, times=10_000, path="/synchronize/7")
    with pytest.raises((VxgFailedError, VxgBusyError, VxgConnectionError)):
        await client.sync_card(CAMERA, START, END)


async def test_storage_can_be_read_with_a_channels_own_token(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA))
    end = client.now() - timedelta(minutes=5)
    assert await client.get_recordings(CAMERA, end - timedelta(minutes=2), end)
    assert {event.camera_id for event in await client.get_events()} == {CAMERA}
    assert await client.get_days(CAMERA)
