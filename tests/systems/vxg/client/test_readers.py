"""Whatever comes over the wire, no reader fails, and nothing but a VxgError comes out (7.16)."""

from collections.abc import Awaitable, Callable
import contextlib
from datetime import UTC, datetime, timedelta
import json
import random

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    CameraStatus,
    EventFeed,
    PowerMode,
    RecordingMode,
    VxgClient,
    VxgError,
    parse,
    readers,
    setting_readers,
    times,
)

from .support import (
    CAMERA,
    CHANNEL_TOKEN,
    GROUP_TOKEN,
    KEY,
    StubCloud,
    settings_for,
)

ODDITIES: list[object] = [
    None,
    True,
    False,
    -7,
    0,
    1,
    2**63,
    2**64 - 1,
    1e308,
    0.5,
    "",
    " ",
    "on",
    "all",
    "9" * 5000,
    "1e999",
    "nan",
    "http://[",
    "rtsp://]@[",
    "https://h/x",
    "\u0000\ud7ff",
    "0001-01-01T00:00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2024-07-24T12:13:52",
    "2024-W30-3",
    "done",
    "pending",
    [],
    {},
    [[]],
    [1, 2],
    [5, 5],
    ["off", "on"],
    {"min": 0, "max": 100},
    {"a": {"b": [None]}},
]
#: Every key that any reader knows.
KEYS = [
    "id",
    "camid",
    "cmngrid",
    "name",
    "status",
    "mode",
    "rec_mode",
    "rec_status",
    "recording",
    "access",
    "timezone",
    "created",
    "brand",
    "model",
    "fw_version",
    "serial_number",
    "led",
    "memorycard_recording",
    "meta",
    "gateway",
    "gateway_id",
    "isstorage",
    "location",
    "group",
    "url",
    "time",
    "hls",
    "rtsp",
    "rtmp",
    "expire",
    "expire_hls",
    "thumb",
    "start",
    "end",
    "size",
    "title",
    "origin",
    "caps",
    "values",
    "tdn",
    "brightness",
    "pwr_frequency",
    "mic_gain",
    "mic_mute",
    "spkr_vol",
    "spkr_mute",
    "mic",
    "spkr",
    "fps",
    "vbr",
    "vbr_bitrate",
    "cbr_bitrate",
    "live_ms_id",
    "rec_ms_id",
    "mstreams_supported",
    "vs_id",
    "actions",
    "enabled",
    "sensitivity",
    "map",
    "receive",
    "record",
    "snapshot",
    "notify",
    "generate_images",
    "period",
    "custom",
    "can_be_triggered",
    "free",
    "records_max_age",
    "expected_bitrate",
    "image_generation_period",
    "version",
    "objects",
    "next",
    "token",
    "access_tokens",
    "all",
    "watch",
    "utc",
    "monday",
    "error_code",
    "limit",
]
READERS: list[Callable[[parse.JsonObject], object]] = [
    readers.read_camera,
    readers.read_picture,
    readers.read_live,
    readers.read_event,
    readers.read_recording,
    readers.read_clip,
    readers.read_image,
    setting_readers.read_video,
    setting_readers.read_audio,
    setting_readers.read_encoder,
    setting_readers.read_streams,
    setting_readers.read_preset,
    lambda fields: setting_readers.read_ptz(fields, ()),
    setting_readers.read_region,
    setting_readers.read_event_type,
    setting_readers.read_card,
    setting_readers.read_plan,
    setting_readers.read_usage,
    setting_readers.read_period,
    lambda fields: setting_readers.read_firmwares([fields, None, 7]),
    lambda fields: setting_readers.bitrate_field(setting_readers.read_encoder(fields)),
]


def anything(rng: random.Random, depth: int = 3) -> object:
    """Return some JSON, most of it of keys that mean something."""
    kind = rng.random()
    if depth and kind < 0.35:
        names = rng.sample(KEYS, rng.randint(0, 12))
        return {name: anything(rng, depth - 1) for name in names}
    if depth and kind < 0.5:
        return [anything(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    return rng.choice(ODDITIES)


def some_object(rng: random.Random) -> parse.JsonObject:
    names = rng.sample(KEYS, rng.randint(0, len(KEYS)))
    written = json.dumps({name: anything(rng) for name in names})
    fields = parse.load(written)
    assert fields is not None
    return fields


@pytest.mark.parametrize("number", range(len(READERS)))
def test_no_reader_fails_whatever_it_reads(number: int) -> None:
    rng = random.Random(number)
    for _ in range(80):
        READERS[number](some_object(rng))


type Call = Callable[[VxgClient], Awaitable[object]]

NOW = datetime(2024, 7, 24, 12, 0, tzinfo=UTC)
CALLS: list[Call] = [
    lambda client: client.get_server_time(),
    lambda client: client.get_cameras(),
    lambda client: client.get_live_urls(CAMERA),
    lambda client: client.wait_for_live(CAMERA, None, limit=0.05),
    lambda client: client.get_still(CAMERA, is_full=True),
    lambda client: client.get_events(),
    lambda client: client.get_event(CAMERA, "1"),
    lambda client: client.create_event(CAMERA, "x", NOW, {}),
    lambda client: client.get_recordings(CAMERA, NOW, NOW + timedelta(hours=1)),
    lambda client: client.get_days(CAMERA),
    lambda client: client.get_clips(CAMERA),
    lambda client: client.get_clip(CAMERA, "1"),
    lambda client: client.share_clip(CAMERA, "1", NOW),
    lambda client: client.get_images(CAMERA, NOW, NOW),
    lambda client: client.get_ptz(CAMERA),
    lambda client: client.save_preset(CAMERA, "x"),
    lambda client: client.get_video(CAMERA),
    lambda client: client.get_audio(CAMERA),
    lambda client: client.get_streams(CAMERA),
    lambda client: client.get_encoder(CAMERA, "vs_1"),
    lambda client: client.get_regions(CAMERA),
    lambda client: client.set_motion(CAMERA, on=True),
    lambda client: client.get_event_types(CAMERA),
    lambda client: client.get_schedule(CAMERA),
    lambda client: client.get_card(CAMERA),
    lambda client: client.get_plan(CAMERA),
    lambda client: client.get_firmwares(CAMERA),
    lambda client: client.get_image_period(CAMERA),
    lambda client: client.get_usage(),
    lambda client: EventFeed(client).look([CAMERA]),
]


@pytest.mark.parametrize(
    "secret", [KEY, GROUP_TOKEN, CHANNEL_TOKEN], ids=["licence", "group", "channel"]
)
async def test_nothing_but_the_clients_own_errors_comes_out(
    session: aiohttp.ClientSession, stub: StubCloud, secret: str
) -> None:
    rng = random.Random(secret)

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        fields = some_object(rng)
        if rng.random() < 0.6:
            fields["objects"] = [anything(rng) for _ in range(3)]
        return web.json_response(fields, status=rng.choice((200, 200, 200, 201, 404, 503)))

    stub.otherwise = answer
    for _ in range(4):
        for call in CALLS:
            client = VxgClient(session, settings_for(stub.port, secret))
            with contextlib.suppress(VxgError):
                await call(client)
            assert client.now() - NOW < timedelta(days=365 * 7000)


# Single readers


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-07-24T12:13:52", datetime(2024, 7, 24, 12, 13, 52, tzinfo=UTC)),
        ("2024-07-24T12:13:52.347031", datetime(2024, 7, 24, 12, 13, 52, 347031, tzinfo=UTC)),
        ("2024-07-24T12:13:52Z", datetime(2024, 7, 24, 12, 13, 52, tzinfo=UTC)),
        ("2024-07-24T14:13:52+02:00", datetime(2024, 7, 24, 12, 13, 52, tzinfo=UTC)),
        ("2024-07-24", datetime(2024, 7, 24, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("noon", None),
        ("1721823532", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59", None),
    ],
)
def test_a_time_without_a_zone_is_utc(text: str | None, moment: datetime | None) -> None:
    assert times.read_time(text) == moment
    if moment is not None:
        assert times.read_time(times.write_time(moment)) == moment


def test_every_word_that_the_vendor_uses_is_known() -> None:
    for status in CameraStatus:
        camera = readers.read_camera({"id": 1, "status": status.value})
        assert camera
        assert camera.status is status
    for mode in PowerMode:
        camera = readers.read_camera({"id": 1, "mode": mode.value})
        assert camera
        assert camera.mode is mode
    for recording in RecordingMode:
        for prefix in ("", "server_"):
            camera = readers.read_camera({"id": 1, "rec_mode": f"{prefix}{recording.value}"})
            assert camera
            assert camera.recording_mode is recording


@pytest.mark.parametrize(
    ("cap", "found"),
    [
        (True, (0.0, 100.0)),
        (False, None),
        (None, None),
        ([0, 255], (0.0, 255.0)),
        ([64, 8192, 64], (64.0, 8192.0)),
        (["-4", "4"], (-4.0, 4.0)),
        ({"min": 1, "max": 9, "step": 2}, (1.0, 9.0)),
        ({"min": 1}, None),
        ([5], None),
        ([5, 5], None),
        ([9, 1], None),
        ("0..100", None),
    ],
)
def test_a_range_may_be_written_in_many_ways(
    cap: parse.Json, found: tuple[float, float] | None
) -> None:
    video = setting_readers.read_video({"brightness": 50, "caps": {"brightness": cap}})
    assert video.ranges.get("brightness") == found


def test_what_the_caps_name_but_a_camera_lacks_is_not_offered() -> None:
    fields: parse.JsonObject = {"caps": {"tdn": ["day"], "contrast": True, "vert_flip": True}}
    video = setting_readers.read_video(fields | {"vert_flip": "off"})
    assert video.choices == {}
    assert video.ranges == {}


def test_an_encoder_without_caps_offers_nothing() -> None:
    for caps in (None, [], {}, [None], [{"fps": []}]):
        encoder = setting_readers.read_encoder({"fps": 10, "cbr_bitrate": 64, "caps": caps})
        assert (encoder.choices, encoder.ranges) == ({}, {})
        assert "bitrate" not in encoder.values


def test_values_of_events_are_text_also_where_they_are_numbers() -> None:
    row: parse.JsonObject = {"id": 7, "camid": "12", "name": "x", "time": "2024-07-24T12:13:52"}
    meta: parse.JsonObject = {"Person": 2, "Car": "1", "odd": None, "list": [1], "share": 0.5}
    event = readers.read_event(row | {"meta": meta, "thumb": {"url": ""}})
    assert event
    assert event.meta == {"Person": "2", "Car": "1", "share": "0.5"}
    assert (event.id, event.camera_id, event.picture) == ("7", 12, None)


@pytest.mark.parametrize("missing", ["id", "camid", "name", "time"])
def test_an_event_without_what_makes_it_one_is_none(missing: str) -> None:
    row: parse.JsonObject = {"id": 7, "camid": 12, "name": "x", "time": "2024-07-24T12:13:52"}
    assert readers.read_event(row)
    assert readers.read_event(row | {missing: None}) is None


@pytest.mark.parametrize(
    ("value", "truth"),
    [(True, True), ("on", True), ("OFF", False), ("false", False), (1, None), ("yes", None)],
)
def test_a_truth_may_be_a_word(value: parse.Json, truth: bool | None) -> None:
    assert parse.as_boolean(value) is truth
