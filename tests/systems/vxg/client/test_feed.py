"""Events as they come, by asking again and again (section 6.3)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    OVERLAP,
    CameraEvent,
    EventFeed,
    Picture,
    VxgAuthError,
    VxgClient,
    VxgConnectionError,
    VxgForbiddenError,
    VxgNotFoundError,
    Window,
    feed as feed_module,
)
from simulators.vxg import VxgSimulator

from .support import CAMERA, SECOND, client_of

CAMERAS = (CAMERA, SECOND, SECOND + 1, SECOND + 2)
NOON = datetime(2024, 5, 2, 12, tzinfo=UTC)
PICTURE = Picture("https://bucket.example.test/1.jpg")


@pytest.fixture
async def feed(client: VxgClient, cloud: VxgSimulator) -> EventFeed:
    """Return a feed that knows where its news begin."""
    feed = EventFeed(client)
    await feed.look(CAMERAS)
    return feed


def event(number: int, seconds: float, picture: Picture | None = None) -> CameraEvent:
    return CameraEvent(
        id=str(number),
        camera_id=CAMERA,
        name="motion",
        time=NOON + timedelta(seconds=seconds),
        picture=picture,
    )


def ids(events: tuple[CameraEvent, ...]) -> list[int]:
    return [int(event.id) for event in events]


async def test_the_first_look_only_learns_where_the_news_begin(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.world.happen(CAMERA, ago=1)
    feed = EventFeed(client)
    assert (await feed.look(CAMERAS)).events == ()
    assert (await feed.look(CAMERAS)).events == ()


async def test_what_happens_is_told_once_and_in_its_order(
    feed: EventFeed, cloud: VxgSimulator
) -> None:
    cloud.world.happen(SECOND, "sound", ago=2)
    cloud.world.happen(CAMERA, "motion", ago=1)
    cloud.world.happen(SECOND, "intrusion", ago=3)
    news = await feed.look(CAMERAS)
    assert [each.name for each in news.events] == ["intrusion", "sound", "motion"]
    assert (await feed.look(CAMERAS)).events == ()


async def test_what_comes_late_and_backdated_is_told(feed: EventFeed, cloud: VxgSimulator) -> None:
    cloud.world.happen(CAMERA)
    await feed.look(CAMERAS)
    late = cloud.world.happen(SECOND, ago=OVERLAP.total_seconds() - 5)
    cloud.world.happen(SECOND, ago=OVERLAP.total_seconds() + 60)
    assert ids((await feed.look(CAMERAS)).events) == [late]
    assert (await feed.look(CAMERAS)).events == ()


async def test_two_events_of_the_same_instant_are_two(feed: EventFeed, cloud: VxgSimulator) -> None:
    first = cloud.world.happen(CAMERA, ago=1)
    moment = cloud.world.storage.events[first].time
    await feed.look(CAMERAS)
    second = cloud.world.happen(CAMERA)
    cloud.world.storage.events[second].time = moment
    assert ids((await feed.look(CAMERAS)).events) == [second]


async def test_a_picture_that_comes_later_is_told_once(
    feed: EventFeed, cloud: VxgSimulator
) -> None:
    number = cloud.world.happen(CAMERA)
    news = await feed.look(CAMERAS)
    assert news.events[0].picture is None
    assert news.pictures == ()
    cloud.world.storage.events[number].thumb_at = 0
    news = await feed.look(CAMERAS)
    assert news.events == ()
    assert ids(news.pictures) == [number]
    assert news.pictures[0].picture
    assert (await feed.look(CAMERAS)).pictures == ()


async def test_a_picture_that_was_there_from_the_first_is_no_news(
    feed: EventFeed, cloud: VxgSimulator
) -> None:
    cloud.faults.thumb_delay = 0
    cloud.world.happen(CAMERA)
    news = await feed.look(CAMERAS)
    assert news.events[0].picture
    assert (await feed.look(CAMERAS)).pictures == ()


async def test_a_storm_is_told_once_and_memory_stays_bounded(
    feed: EventFeed, cloud: VxgSimulator
) -> None:
    cloud.world.storm(10_000)
    told = Counter[str]()
    for _ in range(3):
        told.update(each.id for each in (await feed.look(CAMERAS)).events)
        assert len(feed.windows[None].seen) <= feed_module._REMEMBERED
    assert len(told) == 10_000
    assert set(told.values()) == {1}
    after = cloud.world.happen(CAMERA)
    assert ids((await feed.look(CAMERAS)).events) == [after]


async def test_more_than_one_look_can_carry_is_told_by_the_next(
    feed: EventFeed, cloud: VxgSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "_MOST", 700)
    cloud.world.storm(3000)
    told = Counter[str]()
    for _ in range(14):
        told.update(each.id for each in (await feed.look(CAMERAS)).events)
    assert len(told) == 3000
    assert set(told.values()) == {1}


async def test_a_camera_whose_clock_is_ahead_hides_nothing_of_the_others(
    feed: EventFeed, cloud: VxgSimulator
) -> None:
    ahead = cloud.world.happen(CAMERA, ago=-3600)
    assert ids((await feed.look(CAMERAS)).events) == [ahead]
    for _ in range(3):
        number = cloud.world.happen(SECOND)
        assert ids((await feed.look(CAMERAS)).events) == [number]


async def test_not_even_a_storm_of_a_camera_whose_clock_is_ahead_hides_the_others(
    feed: EventFeed, cloud: VxgSimulator
) -> None:
    told = Counter[int]()
    for number in range(2 * feed_module._REMEMBERED):
        cloud.world.happen(CAMERA, ago=-3600 - number / 100)
    told.update(ids((await feed.look(CAMERAS)).events))
    for _ in range(3):
        number = cloud.world.happen(SECOND)
        news = ids((await feed.look(CAMERAS)).events)
        assert number in news
        told.update(news)
        assert len(feed.windows[None].seen) <= feed_module._REMEMBERED
    assert set(told.values()) == {1}


async def test_a_failed_look_loses_nothing(feed: EventFeed, cloud: VxgSimulator) -> None:
    number = cloud.world.happen(CAMERA)
    for status in (502, 503, 429):
        cloud.faults.fail(status)
        with pytest.raises(VxgConnectionError):
            await feed.look(CAMERAS)
    cloud.clock.advance(600)
    assert ids((await feed.look(CAMERAS)).events) == [number]


async def test_a_feed_goes_on_where_an_earlier_one_ended(
    client: VxgClient, feed: EventFeed, cloud: VxgSimulator
) -> None:
    known = cloud.world.happen(CAMERA)
    assert ids((await feed.look(CAMERAS)).events) == [known]
    missed = cloud.world.happen(CAMERA)
    later = EventFeed(client)
    later.resume(feed.windows)
    assert ids((await later.look(CAMERAS)).events) == [missed]


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_one_request_tells_of_everything_that_a_token_opens(
    session: aiohttp.ClientSession, cloud: VxgSimulator, kind: str
) -> None:
    world = cloud.world
    token = world.group_token() if kind == "group" else world.channel_token(CAMERA)
    feed = EventFeed(client_of(session, cloud, token))
    await feed.look(CAMERAS)
    cloud.requests.clear()
    numbers = [world.happen(camera) for camera in CAMERAS]
    news = ids((await feed.look(CAMERAS)).events)
    assert news == (numbers if kind == "group" else numbers[:1])
    assert len(cloud.requests) == 1
    assert feed.is_per_camera is False


async def test_a_token_that_may_not_see_events_is_told(
    session: aiohttp.ClientSession, cloud: VxgSimulator
) -> None:
    cloud.faults.watch_reads_events = False
    token = cloud.world.channel_token(CAMERA, "watch")
    with pytest.raises(VxgForbiddenError):
        await EventFeed(client_of(session, cloud, token)).look([CAMERA])


# A licence that has to name a camera


async def test_a_licence_that_must_name_a_camera_asks_for_each(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.key_reads_all_events = False
    feed = EventFeed(client)
    assert (await feed.look(CAMERAS)).events == ()
    assert feed.is_per_camera is True
    numbers = [cloud.world.happen(camera) for camera in CAMERAS]
    assert ids((await feed.look(CAMERAS)).events) == numbers
    assert (await feed.look(CAMERAS)).events == ()
    assert (await feed.look([])).events == ()


async def test_cameras_take_turns(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.faults.key_reads_all_events = False
    feed = EventFeed(client)
    await feed.look(CAMERAS)
    for camera in CAMERAS:
        cloud.world.happen(camera)
    turns = []
    for _ in range(4):
        cloud.requests.clear()
        news = await feed.look(CAMERAS, share=0.25)
        assert len(cloud.requests) == 1
        turns.append([each.camera_id for each in news.events])
    assert turns == [[camera] for camera in CAMERAS]
    cloud.requests.clear()
    await feed.look(CAMERAS, share=0.001)
    assert len(cloud.requests) == 1


async def test_a_failure_at_one_camera_loses_nothing_of_those_before(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.faults.key_reads_all_events = False
    feed = EventFeed(client)
    await feed.look(CAMERAS)
    numbers = [cloud.world.happen(camera) for camera in CAMERAS]
    cloud.world.cameras[CAMERAS[2]].owner = cloud.world.keys.add_account().key
    with pytest.raises(VxgNotFoundError):
        await feed.look(CAMERAS)
    cloud.world.cameras[CAMERAS[2]].owner = cloud.world.account.key
    news = ids((await feed.look(CAMERAS)).events)
    assert sorted(news) == numbers
    assert (await feed.look(CAMERAS)).events == ()


async def test_a_licence_that_has_ended_is_told(client: VxgClient, cloud: VxgSimulator) -> None:
    cloud.world.replace_key()
    with pytest.raises(VxgAuthError):
        await EventFeed(client).look(CAMERAS)


async def test_a_failure_does_not_pass_for_having_to_name_a_camera(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    feed = EventFeed(client)
    cloud.faults.fail(503)
    with pytest.raises(VxgConnectionError):
        await feed.look(CAMERAS)
    assert feed.is_per_camera is None
    await feed.look(CAMERAS)
    assert feed.is_per_camera is False


# The window itself


def test_what_was_before_a_window_is_never_new() -> None:
    window = Window(NOON, NOON)
    news = window.take([event(1, -1), event(2, 0), event(3, 1)], NOON + timedelta(seconds=5))
    assert ids(news.events) == [3]
    assert window.start == NOON


def test_a_window_moves_with_the_newest_event_and_keeps_its_overlap() -> None:
    window = Window(NOON, NOON)
    window.take([event(1, 1000)], NOON + timedelta(seconds=1001))
    assert window.start == NOON + timedelta(seconds=1000) - OVERLAP
    window.take([], NOON + timedelta(seconds=5000))
    assert window.start == NOON + timedelta(seconds=1000) - OVERLAP


def test_the_same_event_twice_in_one_answer_is_one() -> None:
    window = Window(NOON, NOON)
    news = window.take([event(1, 1), event(1, 1), event(1, 1, PICTURE)], NOON)
    assert ids(news.events) == [1]
    assert ids(news.pictures) == [1]


def test_a_picture_that_vanishes_and_comes_again_is_told_once() -> None:
    window = Window(NOON, NOON)
    window.take([event(1, 1, PICTURE)], NOON)
    window.take([event(1, 1)], NOON)
    assert window.take([event(1, 1, PICTURE)], NOON).pictures == ()
