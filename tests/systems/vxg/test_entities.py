"""Which entities there are, for whom, and what they show."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, entity_registry as er

from custom_components.gatehouse.systems.vxg import reader
from custom_components.gatehouse.systems.vxg.snapshot import Kind
from custom_components.gatehouse.systems.vxg.update import newest
from simulators.vxg import VxgSimulator

from .site import Site

#: What every camera has, whatever opens it.
LOOKING = {
    "binary_sensor": "login_refused motion online recording",
    "camera": "main",
    "event": "sights",
    "image": "last_picture",
    "sensor": "last_event last_event_type status",
}
#: What one has besides that is pulled by RTSP, for a credential with all rights.
PLAIN = {
    "button": "restart update_preview",
    "number": "image_period*",
    "select": "power_mode recording_mode",
    "sensor": "plan_end retention",
    "switch": "card_recording event-motion-receive* event-motion-record* event-motion-snapshot*"
    " event-motion-notify* led periodic_images*",
}
#: What one has besides with the vendor's software inside; the last two are not for all.
FULL = {
    "binary_sensor": "face intrusion line_crossing person plate sound vehicle",
    "camera": "sub*",
    "number": "brightness contrast encoder-vs_1-bitrate* encoder-vs_2-bitrate* mic_gain"
    " region-1-sensitivity saturation sharpness spkr_vol",
    "select": "encoder-vs_1-fps* encoder-vs_2-fps* horz_flip ir_light live_stream pwr_frequency"
    " tdn vert_flip wb_type",
    "sensor": "last_plate persons vehicles",
    "switch": "mic_mute region-1-enabled spkr_mute",
    "update": "firmware",
}
MOVES = {"button": "down left right up zoom_in zoom_out", "select": "preset"}
CARD = {"binary_sensor": "card_problem", "sensor": "card_free"}


def rows(*tables: dict[str, str]) -> set[str]:
    """Return all entities of some tables; a star stands behind one that is off at first."""
    return {
        f"{domain}.{key}" for table in tables for domain in table for key in table[domain].split()
    }


def found(site: Site, owner: str) -> set[str]:
    """Return the entities of a camera or the account, as the tables name them."""
    registry = er.async_get(site.hass)
    return {
        f"{each.domain}.{each.unique_id.removeprefix(f'{owner}-')}{'*' if each.disabled_by else ''}"
        for each in er.async_entries_for_config_entry(registry, site.entry.entry_id)
        if each.unique_id.startswith(f"{owner}-")
    }


def of_types(entities: set[str]) -> set[str]:
    """Return the entities without those of the many other kinds of events."""
    return {each for each in entities if "event-" not in each or "event-motion-" in each}


async def test_a_camera_with_everything(site: Site) -> None:
    camera = site.identifier(site.cameras[0])
    assert of_types(found(site, camera)) == rows(LOOKING, PLAIN, FULL, MOVES, CARD)
    types = {each.split("-")[1] for each in found(site, camera) if "event-" in each}
    assert types == {each.name for each in site.cloud.world.cameras[site.cameras[0]].event_types}
    # Nothing can be done about the network's going away.
    flags = {each for each in found(site, camera) if "event-net-" in each}
    assert flags == {"switch.event-net-receive*", "switch.event-net-notify*"}


async def test_a_camera_that_neither_moves_nor_has_a_card(site: Site) -> None:
    camera = site.identifier(site.cameras[1])
    assert of_types(found(site, camera)) == rows(LOOKING, PLAIN, FULL)


async def test_a_camera_that_is_pulled_has_no_settings(site: Site) -> None:
    camera = site.cloud.world.add_camera(plain=True)
    await site.coordinator.async_refresh()
    await site.settled()
    assert found(site, site.identifier(camera)) == rows(LOOKING, PLAIN)
    device = site.device_of(site.identifier(camera))
    assert device
    assert (device.manufacturer, device.model, device.sw_version) == ("VXG", "Camera", None)


@pytest.mark.parametrize("credential", ["watch"], indirect=True)
async def test_a_token_for_watching_has_what_it_may_look_at(site: Site) -> None:
    assert found(site, site.identifier(site.cameras[0])) == rows(LOOKING)
    requests = site.cloud.requests
    assert not [each for each in requests if each.path.endswith(("/video/", "/ptz/", "/limits/"))]


@pytest.mark.parametrize(
    ("credential", "usage"),
    [
        ("group", ""),
        (
            "key",
            "records_size clips_size images_size downloaded_size live_size live_duration",
        ),
    ],
    indirect=["credential"],
)
async def test_an_account_tells_what_its_key_may_know(site: Site, usage: str) -> None:
    expected = rows({"binary_sensor": "events", "sensor": f"cameras_online {usage}"})
    assert found(site, f"vxg-{site.entry.entry_id}") == expected
    assert site.state("sensor", "cameras_online").state == "4"
    assert site.state("binary_sensor", "events").state == "on"
    if usage:
        assert float(site.state("sensor", "records_size").state) == pytest.approx(0.123456789)
        assert site.state("sensor", "live_duration").state == "0.5"


async def test_a_gateway_stands_between_the_account_and_its_cameras(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    gateway = cloud.world.add_gateway("Attic", cameras=2)
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    assert found(site, site.identifier(gateway)) == rows({"binary_sensor": "online"})
    hub = site.device_of(entry.entry_id)
    box = site.device_of(site.identifier(gateway))
    assert hub
    assert box
    assert (box.name, box.model, box.via_device_id) == ("Attic", "Gateway", hub.id)
    behind = [site.device_of(site.identifier(gateway + number)) for number in (1, 2)]
    assert [device and device.via_device_id for device in behind] == [box.id, box.id]
    beside = site.device_of(site.identifier(site.cameras[0]))
    assert beside
    assert beside.via_device_id == hub.id
    assert hub.via_device_id is None
    # It is no camera.
    assert site.state("sensor", "cameras_online").state == "6"
    cloud.world.set_status(gateway, "offline")
    await site.coordinator.async_refresh()
    assert site.state("binary_sensor", "online", gateway).state == "off"


async def test_a_gateway_that_comes_later_is_found_before_its_cameras(site: Site) -> None:
    gateway = site.cloud.world.add_gateway()
    await site.coordinator.async_refresh()
    await site.settled()
    box, camera = (site.device_of(site.identifier(gateway + number)) for number in (0, 1))
    assert box
    assert camera
    assert camera.via_device_id == box.id


@pytest.mark.parametrize("credential", ["group", "key"], indirect=True)
async def test_a_channel_that_only_stores_is_nobodys_camera(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    archive = cloud.world.add_archive()
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    assert site.device_of(site.identifier(archive)) is None
    assert site.state("sensor", "cameras_online").state == "4"
    assert not [each for each in cloud.requests if f"/{archive}/" in each.path]


async def test_a_device_tells_what_the_camera_is(hass: HomeAssistant, site: Site) -> None:
    device = site.device_of(site.identifier(site.cameras[0]))
    assert device
    assert (device.name, device.manufacturer, device.model) == ("Gatehouse", "Acme", "C100")
    assert (device.sw_version, device.serial_number) == ("1.2.3", f"SN{site.cameras[0]:06d}")
    area = ar.async_get(hass).async_get_area(device.area_id or "")
    assert area
    assert area.name == "Outside"


async def test_a_camera_that_tells_no_moment_is_known_by_its_host(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    cloud.faults.group_reads_v2 = False
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    identifiers = [
        identifier.rpartition("-")[0]
        for device in er.async_get(hass).entities.values()
        if device.domain == "camera"
        for identifier in [device.unique_id.removesuffix("-main")]
        if not identifier.endswith("-sub")
    ]
    assert sorted(identifiers) == [f"vxg-{number}" for number in site.cameras]


# What they show


async def test_what_a_camera_shows_of_how_it_is(site: Site) -> None:
    camera, world = site.cameras[0], site.cloud.world

    def shown(*keys: str) -> list[str]:
        return [site.state("binary_sensor", key, camera).state for key in keys]

    assert site.state("sensor", "status", camera).state == "active"
    assert shown("online", "recording", "login_refused") == ["on", "on", "off"]
    for status, online, recording, refused in (
        ("inactive", "on", "off", "off"),
        ("inactive_by_scheduler", "on", "off", "off"),
        ("offline", "off", "unavailable", "off"),
        ("unauthorized", "off", "unavailable", "on"),
        ("active", "on", "on", "off"),
    ):
        world.set_status(camera, status)
        await site.coordinator.async_refresh()
        assert site.state("sensor", "status", camera).state == status
        assert shown("online", "recording", "login_refused") == [online, recording, refused]
        # What can be set is of use while somebody is there to hear it.
        is_there = site.state("number", "brightness", camera).state != "unavailable"
        assert is_there is (online == "on")
    assert site.state("sensor", "last_event", camera).state != "unavailable"


async def test_what_a_camera_shows_of_its_card_and_its_plan(site: Site) -> None:
    camera, world = site.cameras[0], site.cloud.world
    assert float(site.state("sensor", "card_free", camera).state) == pytest.approx(1.204)
    assert site.state("binary_sensor", "card_problem", camera).state == "off"
    world.set_setting(camera, "memory_card", "status", "need-format")
    world.set_setting(camera, "memory_card", "free", None)
    await site.coordinator.async_read_again(camera, Kind.CARD)
    assert site.state("binary_sensor", "card_problem", camera).state == "on"
    assert site.state("sensor", "card_free", camera).state == "unknown"
    assert site.state("sensor", "retention", camera).state == "30.0"
    end = datetime.fromisoformat(site.state("sensor", "plan_end", camera).state)
    assert 175 < (end - datetime.now(UTC)).days < 181


async def test_by_event_reads_back_under_another_name(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    cloud.faults.server_by_event = True
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    camera = site.cameras[0]
    await site.call(
        "select",
        "select_option",
        entity_id=site.entity_id("select", "recording_mode", camera),
        option="by_event",
    )
    assert site.told("change_camera") == [{"rec_mode": "by_event"}]
    assert cloud.world.cameras[camera].rec_mode == "by_event"
    assert site.state("select", "recording_mode", camera).state == "by_event"


async def test_what_there_is_to_choose_follows_the_camera(site: Site) -> None:
    camera = site.cameras[0]
    options: Any = site.state("select", "tdn", camera).attributes["options"]
    assert options == ["day", "night", "auto"]
    caps = site.cloud.world.cameras[camera].settings["video"]["caps"]
    assert isinstance(caps, dict)
    caps["tdn"] = ["day", "night", "auto", "schedule"]
    caps["contrast"] = {"min": 10, "max": 60}
    site.cloud.world.set_setting(camera, "video", "tdn", "schedule")
    await site.coordinator.async_read_again(camera, Kind.VIDEO)
    state = site.state("select", "tdn", camera)
    assert (state.state, state.attributes["options"]) == ("schedule", [*options, "schedule"])


async def test_what_is_unsupported_is_asked_once_and_has_no_entities(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    camera = next(iter(cloud.world.cameras))
    for document in ("video", "audio", "media_streams", "ptz", "motion_detection"):
        cloud.world.drop_setting(camera, document)
    cloud.world.cameras[camera].firmwares.clear()
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    for _ in range(3):
        await site.coordinator.async_refresh()
        await site.settled()
    expected = rows(LOOKING, PLAIN, CARD) | rows({"binary_sensor": FULL["binary_sensor"]})
    expected |= rows({"sensor": FULL["sensor"]})
    assert of_types(found(site, site.identifier(camera))) == expected
    for document in (
        "video",
        "audio",
        "media_streams",
        "ptz",
        "motion_detection/regions",
        "firmwares",
    ):
        path = f"/api/v2/cameras/{camera}/{document}/"
        assert [each.path for each in cloud.requests].count(path) == 1, document


async def test_a_camera_whose_motors_do_nothing_has_no_buttons_for_them(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    camera = next(iter(cloud.world.cameras))
    cloud.world.set_setting(camera, "ptz", "actions", ["left", "stop"])
    cloud.world.cameras[camera].presets.clear()
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    assert site.has("button", "left", camera)
    assert not site.has("button", "right", camera)
    assert not site.has("select", "preset", camera)
    cloud.world.set_setting(camera, "ptz", "actions", [])
    await site.coordinator.async_read_again(camera, Kind.PTZ)
    assert site.state("button", "left", camera).state == "unavailable"


@pytest.mark.parametrize("credential", ["channel"], indirect=True)
async def test_a_setting_that_is_refused_once_is_read_the_next_time(
    hass: HomeAssistant,
    cloud: VxgSimulator,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "_RETRY", 0.0)
    cloud.faults.fail(401, path="/video/")
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    await site.coordinator.async_refresh()
    await site.settled()
    camera = site.cameras[0]
    assert site.state("number", "brightness", camera).state == "50"
    assert site.state("number", "mic_gain", camera).state == "50"
    assert hass.config_entries.flow.async_progress() == []


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        (("1.2.3", "1.10.0", "1.9"), "1.10.0"),
        (("1.2.3", "something else", "1.3"), "1.3"),
        # Whoever has what is no version is offered nothing.
        (("something else", "1.3"), "something else"),
        ((), None),
    ],
)
def test_the_newest_version_is_found_among_words(
    versions: tuple[str, ...], wanted: str | None
) -> None:
    assert newest(versions) == wanted
