"""The media browser: camera, day, recordings, events, clips, images; played through our own view."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .site import Site

ROOT = "media-source://gatehouse"

type Get = Callable[..., Awaitable[aiohttp.ClientResponse]]


@pytest.fixture(autouse=True)
async def media(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "media_source", {})


@pytest.fixture
async def get(hass: HomeAssistant, site: Site, hass_client: ClientSessionGenerator) -> Get:
    """Return a function that gets what an item plays, as a browser does."""
    client = await hass_client()

    async def get(item: str, **headers: str) -> aiohttp.ClientResponse:
        played = await async_resolve_media(hass, f"{ROOT}/{item}", None)
        response: aiohttp.ClientResponse = await client.get(played.url, headers=headers)
        return response

    return get


async def browse(hass: HomeAssistant, *pieces: object) -> BrowseMediaSource:
    """Return what is at a path below the site."""
    return await async_browse_media(hass, "/".join((ROOT, *map(str, pieces))))


def titles(folder: BrowseMediaSource) -> list[str]:
    return [child.title for child in folder.children or ()]


def items(folder: BrowseMediaSource) -> list[str]:
    return [child.identifier or "" for child in folder.children or ()]


async def test_a_camera_is_found_below_its_site(hass: HomeAssistant, site: Site) -> None:
    top = await browse(hass)
    assert titles(top) == ["Cloud"]
    folder = await browse(hass, site.entry.entry_id)
    assert titles(folder) == ["Car park", "Gatehouse", "Loading bay", "Lobby"]
    days = await browse(hass, site.entry.entry_id, site.cameras[0])
    assert titles(days)[0] == "Clips"
    today = datetime.now(UTC).date()
    # A day there is a day of the camera's own zone.
    assert titles(days)[1] in {today.isoformat(), (today + timedelta(days=1)).isoformat()}
    day = await browse(hass, site.entry.entry_id, site.cameras[0], titles(days)[1])
    assert titles(day) == ["Recordings", "Events", "Images"]


async def day_of(hass: HomeAssistant, site: Site, number: int = 2) -> str:
    """Return a day that surely has recordings: yesterday's."""
    return titles(await browse(hass, site.entry.entry_id, site.cameras[0]))[number]


async def test_a_recording_plays_and_can_be_wound(
    hass: HomeAssistant, site: Site, get: Get
) -> None:
    path = (site.entry.entry_id, site.cameras[0], await day_of(hass, site), "recordings")
    folder = await browse(hass, *path)
    # Further than one page of the cloud's, and the latest first.
    assert len(items(folder)) > 1000
    assert titles(folder) == sorted(titles(folder), reverse=True)
    response = await get(items(folder)[0])
    assert response.status == 200
    assert response.content_type == "video/mp4"
    whole = await response.read()
    assert whole[4:8] == b"ftyp"
    response = await get(items(folder)[0], Range="bytes=100-199")
    assert response.status == 206
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert await response.read() == whole[100:200]
    response = await get(items(folder)[0], Range="bytes=999999999-")
    assert response.status == 416


async def test_no_ticket_and_no_host_of_the_clouds_gets_to_the_browser(
    hass: HomeAssistant, site: Site, get: Get
) -> None:
    path = (site.entry.entry_id, site.cameras[0], await day_of(hass, site), "recordings")
    folder = await browse(hass, *path)
    item = items(folder)[0]
    played = await async_resolve_media(hass, f"{ROOT}/{item}", None)
    response = await get(item, Range="bytes=0-1")
    shown = " ".join((str(folder.as_dict()), played.url, str(response.headers)))
    for secret in ("X-Amz", "ticket", "share.", "127.0.0.1:", site.cloud.world.group_token()):
        assert secret not in shown


async def test_a_film_is_for_those_who_are_signed_in(
    hass: HomeAssistant, site: Site, hass_client_no_auth: ClientSessionGenerator
) -> None:
    client = await hass_client_no_auth()
    url = f"/api/gatehouse/media/{site.entry.entry_id}/recordings/{site.cameras[0]}/1.0"
    assert (await client.get(url)).status == 401


async def test_events_are_sorted_by_type_with_thumbnails(
    hass: HomeAssistant, site: Site, get: Get, hass_client: ClientSessionGenerator
) -> None:
    camera = site.cameras[0]
    path = (site.entry.entry_id, camera, await day_of(hass, site, 1), "events")
    site.cloud.world.happen(camera, ago=600)
    site.cloud.world.happen(
        camera, "object_and_scene_detection", ago=900, meta={"Person": "1", "Car": "1"}
    )
    kinds = await browse(hass, *path)
    names = [title.partition(" (")[0] for title in titles(kinds)]
    assert {"Motion", "Person", "Vehicle"} <= set(names)
    motions = await browse(hass, *path, "motion")
    [first, *_] = motions.children or ()
    assert first.thumbnail
    client = await hass_client()
    picture = await client.get(first.thumbnail)
    assert picture.content_type == "image/jpeg"
    film = await get(str(first.identifier))
    assert film.status == 200
    assert film.content_type == "video/mp4"


async def test_clips_are_listed_once_they_are_done(
    hass: HomeAssistant, site: Site, get: Get, hass_client: ClientSessionGenerator
) -> None:
    camera, storage = site.cameras[0], site.cloud.world.storage
    now = site.cloud.world.now()
    clip = storage.add_clip(camera, "Delivery", now - 60, now - 30, None)
    folder = await browse(hass, site.entry.entry_id, camera, "clips")
    assert titles(folder) == []
    clip.status = "done"
    folder = await browse(hass, site.entry.entry_id, camera, "clips")
    assert titles(folder) == ["Delivery"]
    assert (await get(items(folder)[0])).status == 200
    client = await hass_client()
    [child] = folder.children or ()
    assert child.thumbnail
    assert (await client.get(child.thumbnail)).content_type == "image/jpeg"


async def test_images_are_to_be_looked_at(hass: HomeAssistant, site: Site, get: Get) -> None:
    camera = site.cameras[0]
    client = site.coordinator.client
    start = client.now() - timedelta(minutes=30)
    await client.generate_images(camera, start, start + timedelta(seconds=30), 10)
    zone_day = start.astimezone().date()
    for day in {zone_day, start.date()}:
        folder = await browse(hass, site.entry.entry_id, camera, day.isoformat(), "images")
        for item in items(folder):
            response = await get(item)
            assert response.content_type == "image/jpeg"
            return
    pytest.fail("there were no images")


async def test_a_day_is_the_cameras_own(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[0]
    site.cloud.world.set_field(camera, "time_zone", "Pacific/Kiritimati")
    await site.coordinator.async_refresh()
    day = (datetime.now(UTC) + timedelta(hours=14)).date() - timedelta(days=1)
    path = (site.entry.entry_id, camera, day.isoformat(), "recordings")
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=14)
    folder = await browse(hass, *path)
    first = items(folder)[-1].rpartition("/")[2]
    assert abs(float(first) - midnight.timestamp()) < 30
    assert titles(folder)[-1].startswith("00:00")


async def test_a_server_that_cannot_tell_the_days_shows_all(
    hass: HomeAssistant, site: Site
) -> None:
    site.cloud.faults.fail(404, times=1, path="/storage/activity/")
    folder = await browse(hass, site.entry.entry_id, site.cameras[0])
    assert len(titles(folder)) == 1 + 30


@pytest.mark.parametrize("options", [{"poll_interval": 0.05, "media_days": 1}])
async def test_it_goes_back_as_far_as_the_options_say(hass: HomeAssistant, site: Site) -> None:
    folder = await browse(hass, site.entry.entry_id, site.cameras[0])
    assert 2 <= len(titles(folder)) <= 3


@pytest.mark.parametrize("credential", ["watch"], indirect=True)
async def test_a_token_for_watching_has_recordings_and_no_clips(
    hass: HomeAssistant, site: Site, get: Get
) -> None:
    camera = site.cameras[0]
    folder = await browse(hass, site.entry.entry_id, camera)
    assert "Clips" not in titles(folder)
    day = titles(folder)[1]
    assert titles(await browse(hass, site.entry.entry_id, camera, day)) == ["Recordings", "Events"]
    recordings = await browse(hass, site.entry.entry_id, camera, day, "recordings")
    assert (await get(items(recordings)[0])).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "nobody",
        "{entry}/999",
        "{entry}/{camera}/not-a-day",
        "{entry}/{camera}/2026-11-01/films",
        "{entry}/{camera}/2026-11-01/events/motion/more",
    ],
)
async def test_what_is_not_there_is_told_so(hass: HomeAssistant, site: Site, path: str) -> None:
    named = path.format(entry=site.entry.entry_id, camera=site.cameras[0])
    with pytest.raises(BrowseError):
        await browse(hass, named)


@pytest.mark.parametrize("path", ["nobody/recordings/1/1.0", "{entry}/films/1/1.0", "{entry}"])
async def test_what_cannot_be_played_is_told_so(hass: HomeAssistant, site: Site, path: str) -> None:
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, f"{ROOT}/{path.format(entry=site.entry.entry_id)}", None)


@pytest.mark.parametrize(
    "item",
    [
        "recordings/{camera}/1.0",
        "recordings/{camera}/soon",
        "recordings/{camera}/1e99",
        "recordings/1/1.0",
        "events/{camera}/nan",
        "clips/{camera}/7",
        "images/{camera}/1.0",
    ],
)
async def test_an_item_that_is_gone_is_not_found(site: Site, get: Get, item: str) -> None:
    path = f"{site.entry.entry_id}/{item.format(camera=site.cameras[0])}"
    assert (await get(path)).status == 404


async def test_a_cloud_that_is_away_is_told_so(hass: HomeAssistant, site: Site, get: Get) -> None:
    entry, camera = site.entry.entry_id, site.cameras[0]
    await site.cloud.stop()
    with pytest.raises(BrowseError):
        await browse(hass, entry, camera)
    assert (await get(f"{entry}/recordings/{camera}/1.0")).status == 502
    await site.cloud.start()


async def test_an_entry_that_is_not_loaded_has_no_media(
    hass: HomeAssistant, site: Site, get: Get
) -> None:
    item = f"{site.entry.entry_id}/recordings/{site.cameras[0]}/1.0"
    played = await async_resolve_media(hass, f"{ROOT}/{item}", None)
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    assert titles(await browse(hass)) == []
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, f"{ROOT}/{item}", None)
    assert played.url
