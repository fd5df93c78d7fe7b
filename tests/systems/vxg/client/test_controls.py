"""What is set on a camera, and what it is told to do (sections 3.2, 4.9, 7.26 to 7.28)."""

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    MOVE,
    EventType,
    Firmwares,
    ImagePeriod,
    MediaStream,
    MediaStreams,
    MemoryCard,
    Preset,
    Ptz,
    VxgClient,
    VxgNotFoundError,
    VxgRejectedError,
    bitrate_field,
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
)

REGIONS = f"/api/v2/cameras/{CAMERA}/motion_detection/regions/"


def bodies(cloud: VxgSimulator, name: str) -> list[dict[str, object]]:
    """Return what cameras were told under a name."""
    return [dict(command.body) for command in cloud.commands if command.name == name]


# Motors


async def test_what_a_camera_can_do_with_its_motors_is_told(client: VxgClient) -> None:
    actions = ("left", "right", "top", "bottom", "zoom_in", "zoom_out", "stop")
    assert await client.get_ptz(CAMERA) == Ptz(actions, (Preset("1", "Gate"), Preset("2", "Drive")))


async def test_a_camera_without_motors_has_no_such_settings(client: VxgClient) -> None:
    with pytest.raises(VxgNotFoundError):
        await client.get_ptz(SECOND)


@pytest.mark.parametrize("status", [400, 404, 405])
async def test_a_camera_may_move_without_having_presets(
    stub: StubCloud, stub_client: VxgClient, status: int
) -> None:
    stub.answers[f"GET /api/v2/cameras/{CAMERA}/ptz/"] = Answer({"actions": ["left", 7, None]})
    stub.answers[f"GET /api/v2/cameras/{CAMERA}/ptz/presets/"] = refusal(status)
    assert await stub_client.get_ptz(CAMERA) == Ptz(("left", "7"))
    stub.answers[f"GET /api/v2/cameras/{CAMERA}/ptz/"] = Answer({"actions": []})
    assert await stub_client.get_ptz(CAMERA) is None


async def test_a_move_always_has_an_end(client: VxgClient, cloud: VxgSimulator) -> None:
    await client.move(CAMERA, "left")
    await client.move(CAMERA, "zoom_in", 250)
    assert bodies(cloud, "move") == [
        {"action": "left", "timeout": MOVE},
        {"action": "zoom_in", "timeout": 250},
    ]


async def test_a_move_that_a_camera_does_not_know_is_refused(client: VxgClient) -> None:
    with pytest.raises(VxgRejectedError):
        await client.move(CAMERA, "home")


async def test_presets_are_kept_visited_and_forgotten(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    preset = await client.save_preset(CAMERA, "Door")
    assert preset == Preset("3", "Door")
    await client.go_to_preset(CAMERA, "3")
    assert bodies(cloud, "go_to_preset") == [{"id": "3"}]
    await client.delete_preset(CAMERA, "3")
    assert cloud.world.cameras[CAMERA].presets == {"1": "Gate", "2": "Drive"}
    for command in (client.go_to_preset(CAMERA, "3"), client.delete_preset(CAMERA, "3")):
        with pytest.raises(VxgNotFoundError):
            await command


async def test_a_full_list_of_presets_takes_no_more(client: VxgClient, cloud: VxgSimulator) -> None:
    for number in range(6):
        await client.save_preset(CAMERA, f"Place {number}")
    with pytest.raises(VxgRejectedError):
        await client.save_preset(CAMERA, "One more")


async def test_a_preset_may_be_kept_without_a_word(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.otherwise = Answer("")
    assert await stub_client.save_preset(CAMERA, "Door") is None


# Picture and sound


async def test_only_what_the_caps_name_may_be_set(client: VxgClient) -> None:
    video = await client.get_video(CAMERA)
    assert video.values["tdn"] == "auto"
    assert video.choices == {
        "vert_flip": ("off", "on"),
        "horz_flip": ("off", "on"),
        "tdn": ("day", "night", "auto"),
        "ir_light": ("off", "on", "auto"),
        "wb_type": ("auto", "indoor", "outdoor"),
        "pwr_frequency": ("50", "60"),
    }
    assert video.ranges == dict.fromkeys(
        ("brightness", "contrast", "saturation", "sharpness"), (0.0, 100.0)
    )


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("brightness", 40.0, 40),
        ("brightness", 40, 40),
        ("tdn", "night", "night"),
        ("vert_flip", "on", "on"),
        ("pwr_frequency", "60", 60),
    ],
)
async def test_a_setting_of_the_picture_is_written_alone(
    client: VxgClient, cloud: VxgSimulator, name: str, value: str | float, sent: str | int
) -> None:
    await client.set_video(CAMERA, name, value)
    assert bodies(cloud, "set_video") == [{name: sent}]
    assert type(bodies(cloud, "set_video")[0][name]) is type(sent)
    assert (await client.get_video(CAMERA)).values[name] == sent


async def test_the_sound_is_read_and_written(client: VxgClient, cloud: VxgSimulator) -> None:
    audio = await client.get_audio(CAMERA)
    assert audio.values == {
        "mic_gain": 50,
        "mic_mute": False,
        "spkr_vol": 60,
        "spkr_mute": False,
    }
    assert set(audio.ranges) == {"mic_gain", "spkr_vol"}
    await client.set_audio(CAMERA, "spkr_vol", 30.0)
    await client.set_audio(CAMERA, "mic_mute", value=True)
    assert bodies(cloud, "set_audio") == [{"spkr_vol": 30}, {"mic_mute": True}]
    audio = await client.get_audio(CAMERA)
    assert (audio.values["spkr_vol"], audio.values["mic_mute"]) == (30, True)


async def test_a_camera_without_a_loudspeaker_has_none_to_set(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    cloud.world.set_setting(CAMERA, "audio", "caps", {"mic": True, "spkr": False})
    assert set((await client.get_audio(CAMERA)).values) == {"mic_gain", "mic_mute"}


async def test_streams_of_single_stills_are_not_offered(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    supported = (MediaStream("Main", "vs_1"), MediaStream("Second", "vs_2"))
    assert await client.get_streams(CAMERA) == MediaStreams("Main", "Main", supported)
    await client.set_live_stream(CAMERA, "Second")
    assert bodies(cloud, "set_media_streams") == [{"live_ms_id": "Second"}]
    assert (await client.get_streams(CAMERA)).live == "Second"


async def test_an_encoder_has_one_bitrate_which_is_the_one_in_use(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    encoder = await client.get_encoder(CAMERA, "vs_1")
    assert encoder.choices == {"fps": ("5", "10", "15", "25")}
    assert encoder.ranges == {"bitrate": (64.0, 8192.0)}
    assert encoder.values["bitrate"] == 3000
    assert bitrate_field(encoder) == "vbr_bitrate"
    cloud.world.cameras[CAMERA].encoders["vs_1"]["vbr"] = False
    encoder = await client.get_encoder(CAMERA, "vs_1")
    assert encoder.values["bitrate"] == 2048
    assert bitrate_field(encoder) == "cbr_bitrate"


async def test_a_setting_of_an_encoder_is_written_without_the_caps(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    await client.set_encoder(CAMERA, "vs_2", "fps", 15)
    assert bodies(cloud, "set_encoder") == [{"fps": 15}]
    assert (await client.get_encoder(CAMERA, "vs_2")).values["fps"] == 15
    assert (await client.get_encoder(CAMERA, "vs_1")).values["fps"] == 10
    with pytest.raises(VxgNotFoundError):
        await client.get_encoder(CAMERA, "vs_9")


# Motion and events


async def test_one_region_is_changed_and_all_maps_go_back_as_they_came(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    regions = cloud.world.cameras[CAMERA].regions
    regions.append({"id": 2, "name": "", "enabled": False, "map": "", "other": [1, {"a": None}]})
    regions.append({"id": 3, "name": "Odd", "map": "/+=="})
    before = [dict(region) for region in regions]
    await client.change_region(CAMERA, "2", {"enabled": True})
    assert cloud.world.cameras[CAMERA].regions == [
        before[0],
        before[1] | {"enabled": True},
        before[2],
    ]
    await client.change_region(CAMERA, "1", {"sensitivity": 70})
    drive, second = await client.get_regions(CAMERA)
    assert (drive.name, drive.enabled, drive.sensitivity) == ("Drive", True, 70.0)
    assert (second.id, second.name, second.enabled, second.sensitivity) == ("2", "2", True, None)


@pytest.mark.parametrize("on", [True, False])
async def test_motion_is_turned_on_or_off_everywhere(
    client: VxgClient, cloud: VxgSimulator, *, on: bool
) -> None:
    cloud.world.cameras[CAMERA].regions.append({"id": 2, "enabled": not on, "map": "AA=="})
    await client.set_motion(CAMERA, on=on)
    assert [region.enabled for region in await client.get_regions(CAMERA)] == [on, on]
    assert [region["map"] for region in cloud.world.cameras[CAMERA].regions][1] == "AA=="


async def test_what_is_no_region_goes_back_as_it_came(
    stub: StubCloud, stub_client: VxgClient
) -> None:
    stub.answers[f"GET {REGIONS}"] = Answer(listing(7, {"map": "AA=="}, {"id": 1}))
    stub.answers[f"PUT {REGIONS}"] = Answer("")
    await stub_client.change_region(CAMERA, "1", {"enabled": True})
    sent = b'{"objects":[7,{"map":"AA=="},{"id":1,"enabled":true}]}'
    assert stub.requests[-1].body == sent


async def test_the_kinds_of_events_are_told_with_the_flags_that_they_have(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    kinds = {kind.name: kind for kind in await client.get_event_types(CAMERA)}
    assert kinds["motion"].flags == {
        "receive": True,
        "record": True,
        "snapshot": True,
        "notify": True,
        "generate_images": False,
    }
    assert "record" not in kinds["net"].flags
    assert kinds["snapshot"].period == 0
    assert not kinds["motion"].can_be_triggered
    await client.set_event_type(CAMERA, "motion", {"receive": False})
    kinds = {kind.name: kind for kind in await client.get_event_types(CAMERA)}
    assert kinds["motion"].flags["receive"] is False
    assert kinds["motion"].flags["record"] is True
    with pytest.raises(VxgRejectedError):
        await client.set_event_type(CAMERA, "net", {"record": True})


async def test_an_event_of_ones_own_is_made_and_happens(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    await client.create_event_type(CAMERA, "gate_forced")
    kind = (await client.get_event_types(CAMERA))[-1]
    flags = {"receive": False, "notify": False}
    assert kind == EventType("gate_forced", flags, None, can_be_triggered=True, is_custom=True)
    await client.trigger_event(CAMERA, "gate_forced", {"door": "A"})
    await client.trigger_event(CAMERA, "gate_forced", {})
    happened = await client.get_events(names=("gate_forced",))
    assert [event.meta for event in happened] == [{"door": "A"}, {}]
    with pytest.raises(VxgRejectedError):
        await client.create_event_type(CAMERA, "gate_forced")
    with pytest.raises(VxgRejectedError):
        await client.trigger_event(CAMERA, "motion", {})


@pytest.mark.parametrize("name", ["a/b", "a?b", "a#b", "a b", "ä", "%2e", "../x"])
async def test_a_name_stays_one_piece_of_the_path(
    stub: StubCloud, stub_client: VxgClient, name: str
) -> None:
    stub.otherwise = Answer("")
    await stub_client.trigger_event(CAMERA, name, {})
    await stub_client.delete_preset(CAMERA, name)
    events = f"POST /api/v2/cameras/{CAMERA}/event_processing/events/{name}/trigger/"
    assert stub.routes == [events, f"DELETE /api/v2/cameras/{CAMERA}/ptz/presets/{name}/"]
    assert stub.requests[0].query == {}


async def test_the_schedule_is_read_and_written_by_days(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    week = await client.get_schedule(CAMERA)
    assert len(week) == 7
    assert week["monday"] == [{"start": "08:00", "stop": "18:00", "record": "on"}]
    await client.set_schedule(CAMERA, {"sunday": []})
    assert await client.get_schedule(CAMERA) == week | {"sunday": []}


# The rest


async def test_a_memory_card_is_told(client: VxgClient, cloud: VxgSimulator) -> None:
    assert await client.get_card(CAMERA) == MemoryCard("normal", 30436.0, 1204.0)
    cloud.world.set_setting(CAMERA, "memory_card", "status", "none")
    assert await client.get_card(CAMERA) is None
    with pytest.raises(VxgNotFoundError):
        await client.get_card(SECOND)


async def test_the_plan_tells_when_it_ends(client: VxgClient, cloud: VxgSimulator) -> None:
    plan = await client.get_plan(CAMERA)
    assert plan.records_max_age == 720
    assert plan.expected_bitrate == 1024
    assert plan.expire
    assert plan.expire > client.now()
    cloud.faults.plan_expired = True
    plan = await client.get_plan(CAMERA)
    assert plan.expire
    assert plan.expire < client.now()


async def test_another_firmware_is_installed(client: VxgClient, cloud: VxgSimulator) -> None:
    assert await client.get_firmwares(CAMERA) == Firmwares(("1.2.3", "1.3.0"))
    await client.upgrade(CAMERA, "1.3.0")
    assert cloud.world.cameras[CAMERA].firmware == "1.3.0"
    with pytest.raises(VxgRejectedError):
        await client.upgrade(CAMERA, "9.9")


async def test_a_list_of_no_firmwares_is_none(stub: StubCloud, stub_client: VxgClient) -> None:
    stub.otherwise = Answer(listing({"version": ""}, {}, 7))
    assert await stub_client.get_firmwares(CAMERA) is None


async def test_images_are_made_every_so_often_or_never(
    client: VxgClient, cloud: VxgSimulator
) -> None:
    assert await client.get_image_period(CAMERA) == ImagePeriod(None)
    await client.set_image_period(CAMERA, 30)
    assert await client.get_image_period(CAMERA) == ImagePeriod(30)
    await client.set_image_period(CAMERA, None)
    assert await client.get_image_period(CAMERA) == ImagePeriod(None)
    sent = [body["image_generation_period"] for body in bodies(cloud, "set_image_period")]
    assert sent == ["30", None]


async def test_only_a_licence_knows_what_was_used(
    session: aiohttp.ClientSession, client: VxgClient, cloud: VxgSimulator
) -> None:
    usage = await client.get_usage()
    assert usage
    assert usage.records_size == 123_456_789
    cloud.requests.clear()
    for secret in (GROUP_TOKEN, CHANNEL_TOKEN):
        assert await client_of(session, cloud, secret).get_usage() is None
    assert cloud.requests == []
