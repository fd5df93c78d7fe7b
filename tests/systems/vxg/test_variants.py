"""Servers and credentials of every kind: what each can serve is there, and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.core import HomeAssistant

from simulators.vxg import VxgSimulator

from ..watching import eventually
from .site import Site

type Twist = Callable[[VxgSimulator], None]


async def set_up(hass: HomeAssistant, entry: MockConfigEntry, cloud: VxgSimulator) -> Site:
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    return site


async def serves_everything(hass: HomeAssistant, site: Site, camera: int) -> None:
    """Check what a camera is for: it plays, shows, remembers, reports and can be set."""
    entity = get_camera_from_entity_id(hass, site.entity_id("camera", "main", camera))
    assert await entity.stream_source()
    assert await entity.async_camera_image()
    client = site.coordinator.client
    now = client.now()
    recordings = await client.get_recordings(camera, now - timedelta(minutes=10), now)
    assert len(recordings) >= 19
    site.cloud.world.happen(camera)
    await site.shows("on", "binary_sensor", "motion", camera)
    await site.call(
        "select",
        "select_option",
        entity_id=site.entity_id("select", "tdn", camera),
        option="night",
    )
    assert site.state("select", "tdn", camera).state == "night"
    assert site.state("camera", "main", camera).attributes["model_name"] == "C100"


def _old(cloud: VxgSimulator) -> None:
    cloud.faults.old_server = True


def _v5_alone(cloud: VxgSimulator) -> None:
    cloud.faults.group_reads_v2 = False


def _nothing(_cloud: VxgSimulator) -> None: ...


@pytest.mark.parametrize(
    ("credential", "twist"),
    [
        pytest.param("key", _nothing, id="licence key"),
        pytest.param("key", _old, id="licence key of an old server"),
        pytest.param("group", _nothing, id="group"),
        pytest.param("channel", _nothing, id="channel"),
        pytest.param("channel", _old, id="channel of an old server"),
    ],
    indirect=["credential"],
)
async def test_a_full_credential_serves_everything(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry, twist: Twist
) -> None:
    twist(cloud)
    # The vendor's own servers redirect what lacks its slash; nothing here may need that (7.2).
    cloud.faults.redirect_slash = True
    site = await set_up(hass, entry, cloud)
    await serves_everything(hass, site, site.cameras[0])


async def test_a_group_that_may_not_read_v2_has_what_v5_tells(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    _v5_alone(cloud)
    site = await set_up(hass, entry, cloud)
    assert site.state("sensor", "cameras_online").state == "4"
    [camera, *_] = site.cameras
    [device] = [
        each
        for each in (site.device_of(name) for name in site.coordinator._identifiers().values())
        if each and each.name == "Gatehouse"
    ]
    assert device
    state = site.coordinator.data.cameras[camera]
    assert (state.status, state.mode, state.recording_mode) == ("active", None, None)


async def test_a_channel_without_a_name_has_its_number(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    _v5_alone(cloud)
    cloud.faults.nameless_channels = True
    site = await set_up(hass, entry, cloud)
    names = {each.name for each in site.coordinator.cameras}
    assert names == {f"Camera {number}" for number in site.cameras}


@pytest.mark.parametrize("credential", ["watch"], indirect=True)
async def test_a_token_for_watching_serves_what_can_be_watched(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    site = await set_up(hass, entry, cloud)
    camera = site.cameras[0]
    entity = get_camera_from_entity_id(hass, site.entity_id("camera", "main", camera))
    assert await entity.stream_source()
    assert await entity.async_camera_image()
    cloud.world.happen(camera)
    await site.shows("on", "binary_sensor", "motion", camera)
    for platform, key in (
        ("select", "recording_mode"),
        ("switch", "led"),
        ("button", "restart"),
        ("select", "tdn"),
        ("button", "left"),
        ("update", "firmware"),
    ):
        assert not site.has(platform, key, camera)
    # What would be refused was not even asked for.
    assert not [each for each in cloud.requests if each.path.endswith("/ptz/")]


async def test_counts_that_are_numbers_and_recordings_without_ids_are_read_all_the_same(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    cloud.faults.numeric_meta = True
    cloud.faults.recordless_ids = True
    site = await set_up(hass, entry, cloud)
    camera = site.cameras[0]
    cloud.world.happen(camera, "object_and_scene_detection", meta={"Person": "2", "total": "2"})
    await eventually(lambda: site.sights(camera) == ["person"])
    assert site.state("sensor", "persons", camera).state == "2"
    client = site.coordinator.client
    now = client.now()
    assert await client.get_recordings(camera, now - timedelta(minutes=5), now)


async def test_a_clock_that_is_off_takes_nothing_away(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    """An hour ahead: its events are fresh by its own clock, and its tickets good."""
    cloud.world.skew(3600)
    site = await set_up(hass, entry, cloud)
    camera = site.cameras[0]
    cloud.world.happen(camera)
    await eventually(lambda: site.sights(camera) == ["motion"])
    assert site.missed == []
    entity = get_camera_from_entity_id(hass, site.entity_id("camera", "main", camera))
    assert await entity.stream_source()
