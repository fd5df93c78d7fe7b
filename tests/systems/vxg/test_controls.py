"""What is set on a camera, and what it is told to do: one command each, shown when it was done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any

import pytest

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity import Entity

from custom_components import gatehouse
from custom_components.gatehouse.systems.vxg import button
from simulators.vxg import VxgSimulator
from simulators.vxg.cameras import motion_map

from .site import Site


@pytest.fixture(autouse=True)
def _everything_is_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have also the entities that are off at first."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@dataclass(frozen=True)
class Command:
    """What a person does to an entity, what the cloud is told then, and what is shown at last."""

    platform: str
    key: str
    value: Any
    name: str
    body: dict[str, Any]
    #: Buttons show nothing.
    shown: str = ""

    def __str__(self) -> str:
        return f"{self.platform} {self.key} {self.value}"


#: The region that a camera has, as the cloud tells it.
REGION = {"id": 1, "name": "Drive", "enabled": True, "sensitivity": 50, "map": motion_map()}

COMMANDS = [
    Command("switch", "led", False, "change_camera", {"led": False}, "off"),
    Command(
        "switch", "card_recording", True, "change_camera", {"memorycard_recording": True}, "on"
    ),
    Command("switch", "mic_mute", True, "set_audio", {"mic_mute": True}, "on"),
    Command("switch", "spkr_mute", True, "set_audio", {"spkr_mute": True}, "on"),
    Command("switch", "event-motion-receive", False, "set_event_type", {"receive": False}, "off"),
    Command("switch", "event-motion-record", False, "set_event_type", {"record": False}, "off"),
    Command("switch", "event-sound-snapshot", False, "set_event_type", {"snapshot": False}, "off"),
    Command("switch", "event-net-notify", False, "set_event_type", {"notify": False}, "off"),
    Command(
        "switch",
        "periodic_images",
        True,
        "set_image_period",
        {"image_generation_period": "60"},
        "on",
    ),
    Command(
        "switch",
        "region-1-enabled",
        False,
        "set_regions",
        {"objects": [{**REGION, "enabled": False}]},
        "off",
    ),
    Command("select", "recording_mode", "off", "change_camera", {"rec_mode": "off"}, "off"),
    Command(
        "select",
        "recording_mode",
        "by_event",
        "change_camera",
        {"rec_mode": "by_event"},
        "by_event",
    ),
    Command("select", "power_mode", "schedule", "change_camera", {"mode": "schedule"}, "schedule"),
    Command(
        "select",
        "power_mode",
        "on_till_sched",
        "change_camera",
        {"mode": "on_till_sched"},
        "on_till_sched",
    ),
    Command("select", "tdn", "night", "set_video", {"tdn": "night"}, "night"),
    Command("select", "ir_light", "off", "set_video", {"ir_light": "off"}, "off"),
    Command("select", "vert_flip", "on", "set_video", {"vert_flip": "on"}, "on"),
    Command("select", "horz_flip", "on", "set_video", {"horz_flip": "on"}, "on"),
    Command("select", "wb_type", "indoor", "set_video", {"wb_type": "indoor"}, "indoor"),
    Command("select", "pwr_frequency", "60", "set_video", {"pwr_frequency": 60}, "60"),
    Command(
        "select", "live_stream", "Second", "set_media_streams", {"live_ms_id": "Second"}, "Second"
    ),
    Command("select", "encoder-vs_2-fps", "25", "set_encoder", {"fps": 25}, "25"),
    # No camera tells where it looks.
    Command("select", "preset", "Drive", "go_to_preset", {"id": "2"}, "unknown"),
    Command("number", "brightness", 70, "set_video", {"brightness": 70}, "70"),
    Command("number", "contrast", 10, "set_video", {"contrast": 10}, "10"),
    Command("number", "saturation", 0, "set_video", {"saturation": 0}, "0"),
    Command("number", "sharpness", 100, "set_video", {"sharpness": 100}, "100"),
    Command("number", "mic_gain", 30, "set_audio", {"mic_gain": 30}, "30"),
    Command("number", "spkr_vol", 31, "set_audio", {"spkr_vol": 31}, "31"),
    Command(
        "number",
        "region-1-sensitivity",
        80,
        "set_regions",
        {"objects": [{**REGION, "sensitivity": 80}]},
        "80.0",
    ),
    Command("number", "encoder-vs_1-bitrate", 1000, "set_encoder", {"vbr_bitrate": 1000}, "1000"),
    Command(
        "number",
        "image_period",
        120,
        "set_image_period",
        {"image_generation_period": "120"},
        "120",
    ),
    Command("update", "firmware", None, "upgrade", {"version": "1.3.0"}, "off"),
    Command("button", "restart", None, "reboot", {}),
]


async def do(site: Site, platform: str, key: str, value: Any, camera: int = 0) -> None:
    """Do to an entity what a person does."""
    service, data = {
        "switch": (f"turn_{'on' if value else 'off'}", {}),
        "select": ("select_option", {"option": value}),
        "number": ("set_value", {"value": value}),
        "update": ("install", {}),
        "button": ("press", {}),
    }[platform]
    entity_id = site.entity_id(platform, key, camera or site.cameras[0])
    await site.call(platform, service, entity_id=entity_id, **data)


def writes(cloud: VxgSimulator) -> list[str]:
    """Return the requests that may have changed something."""
    return [f"{each.method} {each.path}" for each in cloud.requests if each.method != "GET"]


def words_of(error: HomeAssistantError) -> str:
    """Return the sentence that a person reads; a key that has none fails the test."""
    assert error.translation_domain == "gatehouse"
    file = Path(gatehouse.__file__).parent / "translations" / "en.json"
    words: str = json.loads(file.read_text())["exceptions"][error.translation_key]["message"]
    return words


@pytest.mark.parametrize("command", COMMANDS, ids=str)
async def test_a_command_is_sent_once_and_its_outcome_shown(site: Site, command: Command) -> None:
    camera = site.cameras[0]
    await do(site, command.platform, command.key, command.value)
    assert [(each.name, each.camera) for each in site.cloud.commands] == [(command.name, camera)]
    # What the camera can do is never sent back to it, and neither is what was not changed.
    assert site.told(command.name) == [command.body]
    assert len(writes(site.cloud)) == 1
    if command.shown:
        assert site.state(command.platform, command.key, camera).state == command.shown


async def test_two_regions_go_back_together(site: Site) -> None:
    """What is not sent is gone."""
    camera = site.cameras[0]
    other = {**REGION, "id": 2, "name": "Gate"}
    site.cloud.world.cameras[camera].regions.append(dict(other))
    await do(site, "switch", "region-1-enabled", False)
    assert site.told("set_regions") == [{"objects": [{**REGION, "enabled": False}, other]}]
    assert site.state("switch", "region-2-enabled", camera).state == "on"


async def test_periodic_images_are_switched_off_by_naming_no_period(site: Site) -> None:
    camera = site.cameras[0]
    await do(site, "number", "image_period", 30)
    assert site.state("switch", "periodic_images", camera).state == "on"
    await do(site, "switch", "periodic_images", False)
    assert site.told("set_image_period")[1:] == [{"image_generation_period": None}]
    assert site.state("switch", "periodic_images", camera).state == "off"
    assert site.state("number", "image_period", camera).state == "unknown"


async def test_the_bitrate_is_the_one_in_use(site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.world.cameras[camera].encoders["vs_1"]["vbr"] = False
    await do(site, "select", "encoder-vs_1-fps", "5")
    assert site.state("number", "encoder-vs_1-bitrate", camera).state == "2048"
    await do(site, "number", "encoder-vs_1-bitrate", 4096)
    assert site.told("set_encoder") == [{"fps": 5}, {"cbr_bitrate": 4096}]


async def test_what_may_be_set_is_what_the_camera_says(site: Site) -> None:
    camera = site.cameras[0]
    for platform, key, value in (("select", "tdn", "dusk"), ("number", "brightness", 101)):
        with pytest.raises(ServiceValidationError):
            await do(site, platform, key, value)
    state = site.state("number", "encoder-vs_1-bitrate", camera)
    assert (state.attributes["min"], state.attributes["max"]) == (64, 8192)
    assert writes(site.cloud) == []


async def test_an_update_is_offered_and_installed_when_somebody_says_so(site: Site) -> None:
    camera = site.cameras[0]
    state = site.state("update", "firmware", camera)
    assert state.state == "on"
    assert state.attributes["installed_version"] == "1.2.3"
    assert state.attributes["latest_version"] == "1.3.0"
    await do(site, "update", "firmware", None)
    state = site.state("update", "firmware", camera)
    assert state.attributes["installed_version"] == "1.3.0"
    assert state.state == "off"
    device = site.device_of(site.identifier(camera))
    assert device
    assert device.sw_version == "1.3.0"
    # Nothing came by itself.
    assert site.state("update", "firmware", site.cameras[1]).state == "on"


async def test_a_preview_is_taken(site: Site) -> None:
    await do(site, "button", "update_preview", None)
    assert writes(site.cloud) == [f"POST /api/v2/cameras/{site.cameras[0]}/preview/update/"]


async def test_a_camera_is_moved_for_a_second_and_stopped(site: Site) -> None:
    began = site.cloud.world.now()
    await do(site, "button", "up", None)
    body = {"action": "top", "timeout": 1000}
    assert site.told("move") == [body, {**body, "action": "stop"}]
    first, second = [each.time for each in site.cloud.requests if each.method == "POST"]
    assert second - first >= 1
    assert first >= began


async def test_each_button_moves_its_way_and_each_move_is_stopped(site: Site) -> None:
    await asyncio.gather(*(do(site, "button", key, None) for key in button.MOVES))
    actions = [each["action"] for each in site.told("move")]
    assert sorted(actions) == sorted([*button.MOVES.values(), *["stop"] * 6])
    assert actions[-1] == "stop"


# What fails


def _offline(cloud: VxgSimulator) -> None:
    cloud.world.set_status(next(iter(cloud.world.cameras)), "offline")


FAILURES: dict[str, tuple[Callable[[VxgSimulator], None], str]] = {
    "the camera is offline": (_offline, "camera_offline"),
    "the answer is lost": (
        lambda cloud: cloud.faults.lose_answers(path="/video/"),
        "outcome_unknown",
    ),
    "the cloud fails": (lambda cloud: cloud.faults.fail(500, path="/video/"), "outcome_unknown"),
    "it may not": (lambda cloud: cloud.faults.fail(403, path="/video/"), "credential_too_low"),
    "it is refused": (lambda cloud: cloud.faults.fail(400, path="/video/"), "rejected"),
    "it is not there": (lambda cloud: cloud.faults.fail(404, path="/video/"), "not_at_camera"),
    "asking is limited": (lambda cloud: cloud.faults.fail(429, path="/video/"), "rate_limited"),
}


@pytest.mark.parametrize(("strike", "key"), FAILURES.values(), ids=FAILURES)
async def test_a_command_that_fails_says_why_and_is_not_repeated(
    site: Site, strike: Callable[[VxgSimulator], None], key: str
) -> None:
    camera = site.cameras[0]
    strike(site.cloud)
    with pytest.raises(HomeAssistantError) as raised:
        await do(site, "number", "brightness", 70)
    assert raised.value.translation_key == key
    assert words_of(raised.value)
    assert writes(site.cloud) == [f"PUT /api/v2/cameras/{camera}/video/"]
    # What nobody knows to be so is not shown; the next command goes its way.
    assert site.state("number", "brightness", camera).state == "50"
    site.cloud.world.set_status(camera, "active")
    await do(site, "number", "brightness", 60)
    assert site.state("number", "brightness", camera).state == "60"


async def test_a_cloud_that_is_away_takes_no_command(site: Site) -> None:
    await site.cloud.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await do(site, "switch", "led", False)
    assert raised.value.translation_key == "cannot_connect"
    assert writes(site.cloud) == []


@pytest.mark.parametrize(
    ("platform", "key", "value", "path"),
    [
        ("switch", "led", False, "/cameras/{camera}/"),
        ("switch", "periodic_images", True, "/images/generation/live/"),
        ("select", "live_stream", "Second", "/media_streams/"),
        ("select", "preset", "Gate", "/ptz/presets/goto/"),
        ("button", "restart", None, "/reset/"),
        ("button", "update_preview", None, "/preview/update/"),
        ("update", "firmware", None, "/firmwares/upgrade/"),
    ],
)
async def test_a_lost_answer_is_an_unknown_outcome_whatever_was_done(
    site: Site, platform: str, key: str, value: Any, path: str
) -> None:
    site.cloud.faults.lose_answers(path=path.format(camera=site.cameras[0]))
    with pytest.raises(HomeAssistantError) as raised:
        await do(site, platform, key, value)
    assert raised.value.translation_key == "outcome_unknown"
    assert len(writes(site.cloud)) == 1


async def test_regions_that_were_not_read_are_not_written(site: Site) -> None:
    site.cloud.faults.fail(500, path="/motion_detection/regions/")
    with pytest.raises(HomeAssistantError) as raised:
        await do(site, "switch", "region-1-enabled", False)
    assert raised.value.translation_key == "cannot_connect"
    assert writes(site.cloud) == []


async def test_a_move_that_may_have_begun_is_not_begun_again(site: Site) -> None:
    site.cloud.faults.lose_answers(path="/ptz/execute/")
    with pytest.raises(HomeAssistantError) as raised:
        await do(site, "button", "left", None)
    assert raised.value.translation_key == "outcome_unknown"
    lefts = [each for each in site.told("move") if each["action"] == "left"]
    assert len(lefts) == 1


async def test_what_was_set_elsewhere_shows_when_it_is_read(site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.world.set_setting(camera, "video", "contrast", 20)
    assert site.state("number", "contrast", camera).state == "50"
    await do(site, "number", "brightness", 70)
    assert site.state("number", "contrast", camera).state == "20"


async def test_a_change_that_could_not_be_read_back_was_made_all_the_same(site: Site) -> None:
    camera = site.cameras[0]
    # The write comes first, so that it is the read that fails.
    site.cloud.faults.truncate_answers(path="/video/", times=2)
    await do(site, "number", "brightness", 70)
    assert site.told("set_video") == [{"brightness": 70}]
    assert site.state("number", "brightness", camera).state == "50"
    await do(site, "number", "contrast", 70)
    assert site.state("number", "brightness", camera).state == "70"


@pytest.mark.parametrize("credential", ["key", "channel"], indirect=True)
async def test_every_credential_with_all_rights_sets_the_same(site: Site) -> None:
    await do(site, "select", "tdn", "night")
    await do(site, "switch", "periodic_images", True)
    await do(site, "switch", "led", False)
    assert [each.name for each in site.cloud.commands] == [
        "set_video",
        "set_image_period",
        "change_camera",
    ]
    assert site.state("select", "tdn", site.cameras[0]).state == "night"
