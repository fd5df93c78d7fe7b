"""What the cloud keeps: events, recordings, clips, images, cards (sections 3.3, 4.4 to 4.8)."""

from datetime import UTC, datetime
import itertools

import pytest

from simulators.vxg import VxgSimulator

from .support import CAMERA, SECOND, Api

EVENTS = "/api/v2/storage/events/"
CLIPS = "/api/v2/storage/clips/"
DATA = "/api/v2/storage/data/"


def stamp(cloud: VxgSimulator, ago: float = 0.0) -> str:
    moment = datetime.fromtimestamp(cloud.world.now() - ago, UTC)
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


# Events


async def test_events_are_found_by_camera_name_time_and_tag(api: Api, cloud: VxgSimulator) -> None:
    cloud.world.storage.events.clear()
    old = cloud.world.happen(CAMERA, ago=600)
    plate = cloud.world.happen(CAMERA, "plate_recognition", meta={"license_plate": "AA00AA"})
    other = cloud.world.happen(SECOND, "sound")

    async def found(**params: str | int) -> list[int]:
        return [each["id"] for each in (await api.get(EVENTS, **params)).objects]

    assert await found(order_by="time") == [old, plate, other]
    assert await found(order_by="-time") == [other, plate, old]
    assert await found(camid=CAMERA) == [old, plate]
    assert await found(events="sound,motion") == [old, other]
    assert await found(start=stamp(cloud, 300)) == [plate, other]
    assert await found(end=stamp(cloud, 300)) == [old]
    assert await found(meta="license_plate") == [plate]
    assert await found(meta_not="license_plate") == [old, other]


async def test_a_licence_may_have_to_name_a_camera(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.key_reads_all_events = False
    assert (await api.get(EVENTS)).status == 400
    assert (await api.get(EVENTS, camid=CAMERA)).status == 200
    assert (await api.get(EVENTS, header=api.group)).status == 200


async def test_a_picture_comes_after_its_event(api: Api, cloud: VxgSimulator) -> None:
    number = cloud.world.happen(CAMERA)
    bare = cloud.world.happen(CAMERA, picture=False)
    assert (await api.get(f"{EVENTS}{number}/")).fields["thumb"] is None
    cloud.clock.advance(cloud.faults.thumb_delay + 0.1)
    thumb = (await api.get(f"{EVENTS}{number}/")).fields["thumb"]
    assert (await api.fetch(thumb["url"])).status == 200
    assert (await api.get(f"{EVENTS}{bare}/")).fields["thumb"] is None


async def test_values_of_meta_may_be_numbers(api: Api, cloud: VxgSimulator) -> None:
    number = cloud.world.happen(CAMERA, meta={"Person": "2", "kind": "any"})
    for is_numeric, value in ((False, "2"), (True, 2)):
        cloud.faults.numeric_meta = is_numeric
        event = (await api.get(f"{EVENTS}{number}/", include_meta="true")).fields
        assert event["meta"] == {"Person": value, "kind": "any"}
    event = (await api.get(f"{EVENTS}{number}/", include_filemeta_download="true")).fields
    assert (await api.fetch(event["filemeta"]["download"]["url"])).fields == {"Labels": []}


async def test_an_event_is_added_and_tagged(api: Api, cloud: VxgSimulator) -> None:
    body = {"camid": CAMERA, "name": "motion", "time": stamp(cloud), "meta": {"door": "A"}}
    answer = await api.ask("POST", EVENTS, body)
    assert answer.status == 201
    assert answer.fields["meta"] == {"door": "A"}
    path = f"{EVENTS}{answer.fields['id']}/"
    assert (await api.ask("POST", f"{path}meta/", {"tag": "t", "data": "1"})).status == 201
    assert (await api.ask("POST", f"{path}meta/", {"tag": "t", "data": "2"})).status == 400
    await api.ask("PUT", f"{path}meta/t", {"data": "3"})
    event = (await api.get(path, include_meta="true")).fields
    assert event["meta"] == {"door": "A", "t": "3"}
    assert (await api.ask("DELETE", f"{path}meta/t")).status == 204
    assert (await api.ask("POST", EVENTS, body | {"name": "nonsense"})).status == 400
    assert (await api.ask("POST", EVENTS, body | {"time": "noon"})).status == 400


# Recordings


async def test_recordings_overlap_the_span_and_follow_each_other(
    api: Api, cloud: VxgSimulator
) -> None:
    start, end = stamp(cloud, 600), stamp(cloud, 300)
    for path, header in ((DATA, api.key), ("/api/v4/storage/records/", api.channel())):
        answer = await api.get(path, header=header, camid=CAMERA, start=start, end=end)
        records = answer.objects
        assert len(records) in {10, 11, 12}
        assert all(each["end"] > start and each["start"] < f"{end}.999" for each in records)
        assert all(one["end"] == two["start"] for one, two in itertools.pairwise(records))
        assert answer.fields["meta"]["expire"]
    answer = await api.get(DATA, camid=CAMERA, start=start, end=end, order_by="-time")
    assert [each["id"] for each in answer.objects] == [each["id"] for each in records[::-1]]


async def test_records_may_lack_their_ids(api: Api, cloud: VxgSimulator) -> None:
    cloud.faults.recordless_ids = True
    assert "id" not in (await api.get(DATA, camid=CAMERA)).objects[0]


async def test_only_what_is_to_be_recorded_is(api: Api, cloud: VxgSimulator) -> None:
    span = {"camid": CAMERA, "start": stamp(cloud, 1800), "end": stamp(cloud, 60), "limit": 1000}
    always = len((await api.get(DATA, **span)).objects)
    path = f"/api/v2/cameras/{CAMERA}/"
    await api.ask("PUT", path, {"rec_mode": "by_event"})
    cloud.world.happen(CAMERA, ago=900)
    assert 0 < len((await api.get(DATA, **span)).objects) < always
    await api.ask("PUT", path, {"rec_mode": "off"})
    assert (await api.get(DATA, **span)).objects == []


async def test_a_timeline_is_keyed_by_what_was_asked_for(api: Api, cloud: VxgSimulator) -> None:
    path = f"/api/v2/storage/timeline/{CAMERA}/"
    span = {"start": stamp(cloud, 7200), "end": stamp(cloud, 3600)}
    (document,) = (await api.get(path, slices=3, **span)).objects
    ((start, seconds),) = document["3"]
    assert start <= span["start"]
    assert seconds >= 3600


async def test_days_are_those_of_the_camera(api: Api, cloud: VxgSimulator) -> None:
    path = "/api/v2/storage/activity/"
    days = (await api.get(path, camid=CAMERA, daysincamtz="")).objects
    assert days == sorted(days)
    assert len(days) in {2, 3, 4}
    assert (await api.get("/api/v4/storage/calendar/", header=api.channel())).objects


# Clips


@pytest.mark.parametrize("fails", [False, True])
async def test_a_clip_is_pending_for_some_looks(
    api: Api, cloud: VxgSimulator, *, fails: bool
) -> None:
    cloud.faults.clips_fail = fails
    body = {"camid": CAMERA, "title": "x", "start": stamp(cloud, 90), "end": stamp(cloud, 80)}
    answer = await api.ask("POST", CLIPS, body)
    assert answer.status == 201
    clip = answer.fields
    assert clip["status"] == "pending"
    assert "url" not in clip
    path = f"{CLIPS}{clip['id']}/"
    statuses = [(await api.get(path)).fields["status"] for _ in range(4)]
    last = "error" if fails else "done"
    assert statuses == ["pending", "pending", last, last]
    clip = (await api.get(path)).fields
    assert ("url" in clip) is not fails
    assert clip["duration"] == 10
    if not fails:
        assert (await api.fetch(clip["url"])).headers["Content-Type"] == "video/mp4"


async def test_clips_are_named_anew_found_shared_and_deleted(api: Api, cloud: VxgSimulator) -> None:
    body = {"title": "x", "start": stamp(cloud, 90), "end": stamp(cloud, 80)}
    number = (await api.ask("POST", "/api/v4/clips/", body, header=api.channel())).fields["id"]
    path = f"{CLIPS}{number}/"
    assert (await api.ask("PUT", path, {"title": "y"})).fields["title"] == "y"
    assert [each["id"] for each in (await api.get(CLIPS, camid=CAMERA)).objects] == [number]
    assert (await api.get(CLIPS, camid=SECOND)).objects == []
    assert (await api.get(CLIPS, ids=str(number + 1))).objects == []
    share = await api.ask("POST", f"{path}sharings/", {"expire": stamp(cloud, -60)})
    assert share.status == 201
    token = share.fields["token"]
    assert (await api.get(path, header=None, token=token)).status == 200
    assert (await api.get("/api/v2/cameras/", header=None, token=token)).status == 403
    cloud.clock.advance(61)
    assert (await api.get(path, header=None, token=token)).status == 401
    assert (await api.ask("DELETE", path)).status == 204
    assert (await api.get(path)).status == 404


@pytest.mark.parametrize(("start", "end"), [(80, 90), (80, 80)])
async def test_a_clip_of_no_length_is_refused(
    api: Api, cloud: VxgSimulator, start: int, end: int
) -> None:
    body = {"camid": CAMERA, "start": stamp(cloud, start), "end": stamp(cloud, end)}
    assert (await api.ask("POST", CLIPS, body)).status == 400
    assert (await api.ask("POST", CLIPS, {"camid": CAMERA})).status == 400


# Images and the card


async def test_images_are_made_of_the_live_picture_while_it_is_wanted(
    api: Api, cloud: VxgSimulator
) -> None:
    period, images = "/api/v4/images/generation/live/", "/api/v4/storage/images/"
    channel = api.channel()
    answer = await api.ask("PUT", period, {"image_generation_period": "10"}, header=channel)
    assert answer.fields == {"image_generation_period": 10}
    await api.get(images, header=channel)
    cloud.clock.advance(60)
    found = await api.get(images, header=channel, origin="generated_from_live")
    assert len(found.objects) in {6, 7}
    assert (await api.fetch(found.objects[0]["url"])).status == 200
    answer = await api.ask("PUT", period, {"image_generation_period": None}, header=channel)
    assert answer.fields == {"image_generation_period": None}


async def test_images_are_made_of_recordings_by_a_task(api: Api, cloud: VxgSimulator) -> None:
    path, channel = "/api/v4/images/generation/tasks/", api.channel()
    body = {"period": "10", "start": stamp(cloud, 90), "end": stamp(cloud, 60)}
    answer = await api.ask("POST", path, body, header=channel)
    assert answer.status == 201
    task = answer.fields["id"]
    looks = [(await api.get(f"{path}{task}/", header=channel)).fields["status"] for _ in range(3)]
    assert looks == ["pending", "pending", "done"]
    images = await api.get("/api/v4/storage/images/", header=channel, origin_ids=task)
    assert len(images.objects) == 3
    assert {each["origin"] for each in images.objects} == {"generated_from_records"}
    assert (await api.ask("POST", path, {"period": "0"}, header=channel)).status == 400
    assert (await api.get(f"{path}9/", header=channel)).status == 404


@pytest.mark.parametrize("what", ["synchronize", "timeline"])
async def test_a_card_is_read_by_a_task(api: Api, cloud: VxgSimulator, what: str) -> None:
    path = f"/api/v2/storage/memory_card/{CAMERA}/{what}/"
    span = {"start": stamp(cloud, 90), "end": stamp(cloud, 60)}
    task = (await api.ask("POST", path, span)).fields
    assert task["status"] == "pending"
    looks = [(await api.get(f"{path}{task['id']}/")).fields for _ in range(3)]
    assert [each["status"] for each in looks] == ["pending", "pending", "done"]
    if what == "timeline":
        assert looks[-1]["objects"] == [{"3": [[span["start"], 30]]}]
    assert (await api.ask("POST", path, {})).status == 400
    bare = path.replace(str(CAMERA), str(SECOND))
    assert (await api.ask("POST", bare, span)).status == 404
