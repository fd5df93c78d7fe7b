"""The options of an account: each is stored, and in force at once."""

from datetime import timedelta
from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.components.media_source import async_browse_media
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import config_validation as cv
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from ..watching import eventually
from .site import Site

#: What the form has when nobody chose anything.
USUAL = {"poll_interval": 10, "motion_hold": 30, "stream": "auto", "media_days": 30}


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the entry's options: none was ever chosen."""
    return {}


async def open_form(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Open the options."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "account")
    return form


async def choose(hass: HomeAssistant, entry: MockConfigEntry, **chosen: object) -> None:
    """Walk through the options; what is not chosen is as the form has it."""
    form = await open_form(hass, entry)
    result = await hass.config_entries.options.async_configure(form["flow_id"], {**USUAL, **chosen})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def hurry(hass: HomeAssistant, site: Site) -> None:
    """Have events asked for more often than any person may choose."""
    hass.config_entries.async_update_entry(
        site.entry, options={**site.entry.options, "poll_interval": 0.05}
    )
    await hass.config_entries.async_reload(site.entry.entry_id)
    await site.settled()


def cameras_of(form: ConfigFlowResult) -> dict[str, str] | None:
    """Return the cameras that a form offers to leave out, by what it stores of them."""
    fields = probatio.to_field_list(form["data_schema"], custom_serializer=cv.custom_serializer)
    for field in fields:
        if field["name"] == "excluded_cameras":
            options = field["selector"]["select"]["options"]
            return {each["value"]: each["label"] for each in options}
    return None


async def test_what_nobody_chose_is_as_the_form_says(hass: HomeAssistant, site: Site) -> None:
    form = await open_form(hass, site.entry)
    assert form["data_schema"]({}) == {**USUAL, "excluded_cameras": []}
    before = site.coordinator.options
    await choose(hass, site.entry)
    assert site.entry.options == {**USUAL, "excluded_cameras": []}
    assert site.coordinator.options == before


async def test_everything_chosen_is_stored_and_offered_again(
    hass: HomeAssistant, site: Site
) -> None:
    chosen = {
        "poll_interval": 5,
        "motion_hold": 90,
        "stream": "hls",
        "media_days": 7,
        "excluded_cameras": [str(site.cameras[1])],
    }
    await choose(hass, site.entry, **chosen)
    assert site.entry.options == chosen
    form = await open_form(hass, site.entry)
    suggested = {str(key): key.description["suggested_value"] for key in form["data_schema"].schema}
    assert suggested == chosen


@pytest.mark.parametrize(
    "chosen",
    [
        {"poll_interval": 4},
        {"poll_interval": 301},
        {"motion_hold": 4},
        {"motion_hold": 3601},
        {"media_days": 0},
        {"media_days": 366},
        {"stream": "webrtc"},
        {"excluded_cameras": ["7"]},
    ],
    ids=str,
)
async def test_what_cannot_be_chosen_is_refused(
    hass: HomeAssistant, site: Site, chosen: dict[str, Any]
) -> None:
    form = await open_form(hass, site.entry)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(form["flow_id"], {**USUAL, **chosen})
    assert site.entry.options == {}


async def test_events_are_asked_for_as_often_as_was_chosen(hass: HomeAssistant, site: Site) -> None:
    await choose(hass, site.entry, poll_interval=5)
    await site.settled()

    def looks() -> list[float]:
        return [each.time for each in site.cloud.requests if each.path.endswith("/events/")]

    # The first finds where the news begin, and the second is the first of the regular ones.
    seen = len(looks())
    await eventually(lambda: len(looks()) == seen + 1)
    *_, before, after = looks()
    assert after - before == pytest.approx(5, abs=1)


async def test_a_detection_is_held_as_long_as_was_chosen(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    await choose(hass, site.entry, motion_hold=5)
    await hurry(hass, site)
    site.cloud.world.happen(camera)
    await site.shows("on", "binary_sensor", "motion", camera)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6))
    await site.shows("off", "binary_sensor", "motion", camera)


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("auto", "rtsp"), ("hls", "http"), ("rtsp", "rtsp"), ("rtmp", "rtmp")],
)
async def test_the_stream_is_the_chosen_one(
    hass: HomeAssistant, site: Site, kind: str, scheme: str
) -> None:
    await choose(hass, site.entry, stream=kind)
    await site.settled()
    camera = get_camera_from_entity_id(hass, site.entity_id("camera", "main", site.cameras[0]))
    source = await camera.stream_source()
    assert source
    assert source.partition("://")[0] == scheme


async def test_the_media_browser_goes_back_as_far_as_was_chosen(
    hass: HomeAssistant, site: Site
) -> None:
    assert await async_setup_component(hass, "media_source", {})
    path = f"media-source://gatehouse/{site.entry.entry_id}/{site.cameras[0]}"

    async def days() -> list[str]:
        shelf = await async_browse_media(hass, path)
        return [each.title for each in shelf.children or () if each.title != "Clips"]

    whole = await days()
    assert len(whole) >= 3
    await choose(hass, site.entry, media_days=2)
    assert await days() == whole[:2]


async def test_a_camera_that_is_left_out_loses_its_device_and_may_come_back(
    hass: HomeAssistant, site: Site
) -> None:
    camera, other = site.cameras[:2]
    identifier, names = (
        site.identifier(camera),
        [each.name for each in site.cloud.world.cameras.values()],
    )
    numbers = [str(each) for each in site.cameras]
    assert cameras_of(await open_form(hass, site.entry)) == dict(zip(numbers, names, strict=True))
    await choose(hass, site.entry, excluded_cameras=[str(camera)])
    await site.settled()
    assert site.device_of(identifier) is None
    assert not site.has("camera", "main", camera)
    assert site.state("camera", "main", other).state == "recording"
    assert site.state("sensor", "cameras_online").state == "3"
    # It is nobody's business any more what it sees, nor how it is.
    await hurry(hass, site)
    site.cloud.world.happen(camera)
    site.cloud.world.happen(other)
    await site.shows("on", "binary_sensor", "motion", other)
    assert (site.fired[-1].entity_id, site.missed) == (site.entity_id("event", "sights", other), [])
    # It can be chosen by its name to come back.
    assert cameras_of(await open_form(hass, site.entry)) == dict(zip(numbers, names, strict=True))
    await choose(hass, site.entry, excluded_cameras=[])
    await site.settled()
    assert site.device_of(identifier)
    assert site.state("camera", "main", camera).state == "recording"


async def test_an_entry_that_is_not_loaded_has_options_too(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    await choose(hass, site.entry, excluded_cameras=[str(camera)])
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    # Without the cloud the names are not known.
    assert cameras_of(await open_form(hass, site.entry)) == {str(camera): str(camera)}
    await choose(hass, site.entry, excluded_cameras=[], media_days=3)
    assert site.entry.options["media_days"] == 3
    assert site.entry.state is ConfigEntryState.LOADED
    await site.settled()
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    await site.cloud.stop()
    assert cameras_of(await open_form(hass, site.entry)) is None
    await choose(hass, site.entry, media_days=4)
    assert site.entry.options == {**USUAL, "media_days": 4}
    assert site.entry.state is ConfigEntryState.SETUP_RETRY


async def test_a_camera_that_is_gone_can_still_be_taken_off_the_list(
    hass: HomeAssistant, site: Site
) -> None:
    camera = site.cameras[0]
    await choose(hass, site.entry, excluded_cameras=[str(camera)])
    site.cloud.world.remove_camera(camera)
    await site.coordinator.async_refresh()
    offered = cameras_of(await open_form(hass, site.entry))
    assert offered
    assert offered[str(camera)] == str(camera)
    assert len(offered) == 4
