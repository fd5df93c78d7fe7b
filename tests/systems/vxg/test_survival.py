"""What an account survives: outages, renames, replaced tokens, and answers that are none."""

import asyncio
import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.gatehouse import async_remove_config_entry_device
from custom_components.gatehouse.systems.vxg.snapshot import Kind
from simulators.vxg import VxgSimulator

from ..watching import eventually
from .site import Site


async def test_load_unload_load(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    for _ in range(2):
        assert await hass.config_entries.async_unload(site.entry.entry_id)
        assert site.state("camera", "main", camera).state == "unavailable"
        assert await hass.config_entries.async_setup(site.entry.entry_id)
        await site.settled()
        assert site.state("camera", "main", camera).state == "recording"
    assert site.fired == []
    assert site.missed == []
    assert {each.method for each in site.cloud.requests} == {"GET"}


async def test_a_cloud_that_is_away_is_tried_again(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    await cloud.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await cloud.start()
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_an_outage_is_told_once_and_ends_by_itself(
    hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    camera = site.cameras[0]
    caplog.set_level(logging.INFO)
    caplog.clear()
    await site.cloud.stop()
    await eventually(lambda: site.state("camera", "main", camera).state == "unavailable")
    for _ in range(3):
        await site.coordinator.async_refresh()
    await site.cloud.start()
    await eventually(lambda: site.coordinator.is_live, "the events")
    await site.coordinator.async_refresh()
    await site.shows("recording", "camera", "main", camera)
    own = "custom_components.gatehouse.systems.vxg"
    told = [each.levelname for each in caplog.records if each.name == own and each.levelno > 10]
    assert told == ["ERROR", "INFO"]


async def test_cameras_come_go_and_are_renamed_without_a_reload(
    hass: HomeAssistant, site: Site
) -> None:
    world = site.cloud.world
    gone, renamed, *_ = site.cameras
    identifier = site.identifier(gone)
    world.remove_camera(gone)
    world.rename_camera(renamed, "Yard")
    new = world.add_camera("Tower")
    await site.coordinator.async_refresh()
    await site.settled()
    assert site.device_of(identifier) is None
    device = site.device_of(site.identifier(renamed))
    assert device
    assert device.name == "Yard"
    await site.shows("recording", "camera", "main", new)
    world.happen(new)
    await site.shows("on", "binary_sensor", "motion", new)


async def test_a_camera_that_was_away_at_the_start_is_read_when_it_comes(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    camera = next(iter(cloud.world.cameras))
    cloud.world.set_status(camera, "offline")
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    assert not site.has("select", "tdn", camera)
    assert site.state("binary_sensor", "online", camera).state == "off"
    cloud.world.set_status(camera, "active")
    await site.coordinator.async_refresh()
    await site.settled()
    assert site.state("select", "tdn", camera).state == "auto"
    assert site.state("binary_sensor", "person", camera).state == "off"


async def test_one_dead_camera_leaves_the_others_alone(hass: HomeAssistant, site: Site) -> None:
    dead, other, *_ = site.cameras
    site.cloud.world.set_status(dead, "offline")
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert site.state("camera", "main", dead).state == "unavailable"
    assert site.state("binary_sensor", "motion", dead).state == "unavailable"
    assert site.state("sensor", "status", dead).state == "offline"
    assert site.state("camera", "main", other).state == "recording"
    assert site.state("sensor", "cameras_online").state == "3"


async def test_a_token_that_was_replaced_is_read_anew(site: Site) -> None:
    """For one camera alone: the account is still good."""
    camera = site.cameras[0]
    site.cloud.world.end_share(camera)
    await site.call(
        "select",
        "select_option",
        entity_id=site.entity_id("select", "tdn", camera),
        option="night",
    )
    assert site.state("select", "tdn", camera).state == "night"
    assert site.told("set_video") == [{"tdn": "night"}]


@pytest.mark.parametrize("credential", ["key"], indirect=True)
async def test_a_key_that_is_refused_asks_for_another_and_stops_asking_the_cloud(
    hass: HomeAssistant, site: Site
) -> None:
    site.cloud.world.replace_key()
    await eventually(hass.config_entries.flow.async_progress, "the question")
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    await asyncio.sleep(0.3)
    before = len(site.cloud.requests)
    await asyncio.sleep(1)
    assert len(site.cloud.requests) == before


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (502, "<html>Bad Gateway</html>", "text/html"),
        (500, "", "text/plain"),
        (200, "<html>Maintenance</html>", "text/html"),
        (200, '{"objects": 7}', "application/json"),
        (200, "[", "application/json"),
    ],
)
async def test_an_answer_that_is_none_is_an_outage_and_no_end(
    hass: HomeAssistant, site: Site, status: int, body: str, content_type: str
) -> None:
    camera = site.cameras[0]
    site.cloud.faults.fail(status, path="/cameras/", body=body, content_type=content_type)
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert site.state("camera", "main", camera).state == "unavailable"
    await site.coordinator.async_refresh()
    await site.shows("recording", "camera", "main", camera)
    assert site.device_of(site.identifier(camera))


async def test_unknown_words_are_unknown_and_break_nothing(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    for name, value in {"mode": "dreaming", "rec_mode": "sometimes", "status": "active"}.items():
        site.cloud.world.set_field(camera, name, value)
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert site.state("select", "power_mode", camera).state == "unknown"
    assert site.state("select", "recording_mode", camera).state == "unknown"
    assert site.state("camera", "main", camera).state == "streaming"


async def test_a_slow_cloud_and_half_an_answer(hass: HomeAssistant, site: Site) -> None:
    site.cloud.faults.truncate_answers(path="/storage/events/")
    await eventually(lambda: not site.coordinator.is_live, "the loss")
    await eventually(lambda: site.coordinator.is_live, "the events")
    site.cloud.faults.set("delay", 0.3)
    await site.coordinator.async_refresh()
    assert site.coordinator.last_update_success


async def test_a_poll_without_change_writes_no_state(hass: HomeAssistant, site: Site) -> None:
    written: list[str] = []
    hass.bus.async_listen("state_changed", lambda event: written.append(event.data["entity_id"]))
    hass.bus.async_listen(
        "state_reported",
        callback(lambda event: written.append(event.data["entity_id"])),
        event_filter=callback(lambda _data: True),
    )
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert written == []


async def test_secrets_stay_out_of_logs_states_and_attributes(
    hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="custom_components.gatehouse")
    world, camera = site.cloud.world, site.cameras[0]
    world.happen(camera)
    await site.shows("on", "binary_sensor", "motion", camera)
    for path in ("/cameras/", "/events/", "/live/"):
        site.cloud.faults.fail(500, path=path)
    await site.coordinator.async_refresh()
    await site.coordinator.async_refresh()
    await site.cloud.stop()
    await site.coordinator.async_refresh()
    await site.cloud.start()
    shown = " ".join(str(state.as_dict()) for state in hass.states.async_all())
    own = [each for each in caplog.records if each.name.startswith("custom_components.gatehouse")]
    logged = " ".join(each.getMessage() + str(each.exc_info) for each in own)
    secrets = [
        world.group_token(),
        world.licence_key(),
        world.channel_token(camera),
        "share.",
        "ticket=",
        "X-Amz",
        "camera-password",
    ]
    assert not [secret for secret in secrets if secret in shown + logged]


async def test_a_device_may_be_deleted_once_its_camera_is_gone(
    hass: HomeAssistant, site: Site
) -> None:
    camera = site.cameras[0]
    device = site.device_of(site.identifier(camera))
    assert device
    assert not await async_remove_config_entry_device(hass, site.entry, device)
    registry = dr.async_get(hass)
    old = registry.async_get_or_create(
        config_entry_id=site.entry.entry_id, identifiers={("gatehouse", "vxg-1-1")}, name="Old"
    )
    assert await async_remove_config_entry_device(hass, site.entry, old)
    assert er.async_entries_for_device(er.async_get(hass), old.id) == []


async def test_a_region_that_is_gone_leaves_no_entities(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    owner = f"{site.identifier(camera)}-region-1"
    assert site.entity_id_of("switch", f"{owner}-enabled")
    site.cloud.world.cameras[camera].regions.clear()
    await site.coordinator.async_read_again(camera, Kind.REGION)
    await hass.async_block_till_done()
    assert site.entity_id_of("switch", f"{owner}-enabled") is None
    assert site.entity_id_of("number", f"{owner}-sensitivity") is None
    assert site.has("camera", "main", camera)


async def test_a_cloud_that_lists_nothing_keeps_the_devices(
    hass: HomeAssistant, site: Site
) -> None:
    camera = site.cameras[0]
    empty = '{"meta": {"next": null}, "objects": []}'
    site.cloud.faults.fail(200, path="/cameras/", body=empty, content_type="application/json")
    await site.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert site.state("camera", "main", camera).state == "unavailable"
    assert site.device_of(site.identifier(camera))
    await site.coordinator.async_refresh()
    await site.settled()
    await site.shows("recording", "camera", "main", camera)


async def test_a_camera_that_knows_no_stop_is_not_told_to(site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.world.set_setting(camera, "ptz", "actions", ["left"])
    await site.coordinator.async_read_again(camera, Kind.PTZ)
    await site.call("button", "press", entity_id=site.entity_id("button", "left", camera))
    assert site.told("move") == [{"action": "left", "timeout": 1000}]


async def test_one_token_that_is_refused_does_not_keep_the_others_waiting(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    refused, other, *_ = cloud.world.cameras
    cloud.faults.fail(401, times=1000, path=f"/cameras/{refused}/")
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    assert not site.has("select", "tdn", refused)
    assert site.state("select", "tdn", other).state == "auto"
    assert hass.config_entries.flow.async_progress() == []
