"""The media browser's shelf: camera, then day, then recordings, events, clips and images."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, override
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    PlayMedia,
    Unresolvable,
)

from ...const import DOMAIN
from ...media import MediaShelf, OpenMedia, view_url
from .client import Camera, CameraEvent, ClipStatus, Download, VxgError, VxgNotFoundError
from .coordinator import VxgConfigEntry, VxgCoordinator
from .errors import ERRORS
from .events import Sight, sights_of

_FILM: Final = "video/mp4"
_PICTURE: Final = "image/jpeg"
#: What is looked at to find the film of an event (section 4.8).
_BEFORE, _AFTER = timedelta(seconds=5), timedelta(seconds=15)
#: Thumbnails are downloads, and downloads are metered (section 7.23).
_MOST: Final = 500
_CHUNK: Final = 64 * 1024
#: The kinds of a day's shelf, by the word in the path.
_RECORDINGS: Final = "recordings"
_EVENTS: Final = "events"
_IMAGES: Final = "images"
_CLIPS: Final = "clips"
_TITLES: Final = {
    _RECORDINGS: "Recordings",
    _EVENTS: "Events",
    _IMAGES: "Images",
    _CLIPS: "Clips",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a site somebody looks."""

    entry: VxgConfigEntry
    camera: Camera
    #: The pieces of the path so far, the camera first.
    pieces: tuple[str, ...]

    @property
    def coordinator(self) -> VxgCoordinator:
        """The site's coordinator."""
        return self.entry.runtime_data

    @property
    def zone(self) -> tzinfo:
        """The camera's own zone: a day there is a day of the camera's."""
        try:
            return ZoneInfo(self.camera.time_zone or "UTC")
        except ZoneInfoNotFoundError, ValueError:
            return UTC

    def day(self, text: str) -> tuple[datetime, datetime]:
        """Return when a day begins and ends.

        Raises:
            BrowseError: It is no day.
        """
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise _nothing() from None
        start = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        following = day + timedelta(days=1)
        end = datetime(following.year, following.month, following.day, tzinfo=self.zone)
        return start.astimezone(UTC), end.astimezone(UTC)

    def clock(self, moment: datetime) -> str:
        """Return the time of day, as the camera's clock shows it."""
        return f"{moment.astimezone(self.zone):%H:%M:%S}"

    def folder(self, piece: str, title: str) -> BrowseMediaSource:
        """Return something to open."""
        return _node(self.entry, (*self.pieces, piece), title, MediaClass.DIRECTORY)

    def film(self, item: str, title: str, thumbnail: str | None = None) -> BrowseMediaSource:
        """Return something to play."""
        return self._leaf(item, title, MediaClass.VIDEO, _FILM, thumbnail)

    def picture(self, item: str, title: str) -> BrowseMediaSource:
        """Return something to look at."""
        return self._leaf(item, title, MediaClass.IMAGE, _PICTURE, item)

    def _leaf(
        self, item: str, title: str, media_class: MediaClass, kind: str, thumbnail: str | None
    ) -> BrowseMediaSource:
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=f"{self.entry.entry_id}/{item}",
            media_class=media_class,
            media_content_type=kind,
            title=title,
            can_play=True,
            can_expand=False,
            thumbnail=view_url(self.entry, thumbnail) if thumbnail else None,
        )


def _node(
    entry: VxgConfigEntry, pieces: Iterable[str], title: str, media_class: MediaClass
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier="/".join((entry.entry_id, *pieces)),
        media_class=media_class,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
    )


def _nothing() -> BrowseError:
    return BrowseError(translation_domain=DOMAIN, translation_key="no_media")


class VxgLibrary(MediaShelf):
    """Films and pictures of an account's cameras.

    Folders are `camera/day/kind[/type]`, with `camera/clips` beside the days. What can be played
    is an item, `kind/camera/what`: it names no file, which is found when it is played (7.4).
    """

    @override
    async def async_browse(self, entry: VxgConfigEntry, path: str) -> BrowseMediaSource:
        """Return what is at a path."""
        pieces = tuple(piece for piece in path.split("/") if piece)
        try:
            if not pieces:
                return self._site(entry)
            place = Place(entry, _camera(entry, pieces[0]), pieces)
            title, children = await self._open_folder(place)
        except VxgError as err:
            raise BrowseError(
                translation_domain=DOMAIN, translation_key=ERRORS.key_of(err)
            ) from err
        folder = _node(entry, pieces, title, MediaClass.DIRECTORY)
        folder.children = children
        return folder

    @staticmethod
    def _site(entry: VxgConfigEntry) -> BrowseMediaSource:
        cameras = sorted(entry.runtime_data.cameras, key=lambda each: each.name.lower())
        site = _node(entry, (), entry.title, MediaClass.DIRECTORY)
        site.children = [
            _node(entry, (str(camera.id),), camera.name, MediaClass.DIRECTORY) for camera in cameras
        ]
        return site

    async def _open_folder(self, place: Place) -> tuple[str, list[BrowseMediaSource]]:
        """Return the title of a folder, and what is in it."""
        match place.pieces[1:]:
            case ():
                return place.camera.name, await self._days(place)
            case (kind,) if kind == _CLIPS:
                return _TITLES[_CLIPS], await self._clips(place)
            case (day,):
                place.day(day)
                kinds = [_RECORDINGS, _EVENTS] + ([_IMAGES] if place.camera.is_full else [])
                return day, [place.folder(kind, _TITLES[kind]) for kind in kinds]
            case (day, kind):
                return _TITLES.get(kind, kind), await self._of_day(place, day, kind)
            case (day, kind, wanted) if kind == _EVENTS:
                return wanted, await self._events(place, day, wanted)
        raise _nothing()

    async def _days(self, place: Place) -> list[BrowseMediaSource]:
        coordinator = place.coordinator
        today = coordinator.client.now().astimezone(place.zone).date()
        every = [today - timedelta(days=n) for n in range(coordinator.options.media_days)]
        try:
            days: Iterable[date] = await coordinator.client.get_days(place.camera.id)
        except VxgNotFoundError:
            # A server that cannot tell: then every day may have something.
            days = every
        folders = [place.folder(day.isoformat(), day.isoformat()) for day in days if day in every]
        if place.camera.is_full:
            folders.insert(0, place.folder(_CLIPS, _TITLES[_CLIPS]))
        return folders

    async def _of_day(self, place: Place, day: str, kind: str) -> list[BrowseMediaSource]:
        shelves: Mapping[str, Callable[[], Awaitable[list[BrowseMediaSource]]]] = {
            _RECORDINGS: lambda: self._recordings(place, day),
            _EVENTS: lambda: self._event_types(place, day),
            _IMAGES: lambda: self._images(place, day),
        }
        if kind not in shelves:
            raise _nothing()
        return await shelves[kind]()

    async def _recordings(self, place: Place, day: str) -> list[BrowseMediaSource]:
        start, end = place.day(day)
        camera = place.camera.id
        found = await place.coordinator.client.get_recordings(camera, start, end)
        return [
            place.film(
                f"{_RECORDINGS}/{camera}/{each.start.timestamp():.6f}",
                f"{place.clock(each.start)}–{place.clock(each.end)}",
            )
            for each in reversed(found)
        ]

    async def _event_types(self, place: Place, day: str) -> list[BrowseMediaSource]:
        events = await self._events_of(place, day)
        counts = dict.fromkeys(Sight, 0)
        for event in events:
            for sight in sights_of(event):
                counts[sight] += 1
        return [
            place.folder(sight.value, f"{_word(sight)} ({count})")
            for sight, count in counts.items()
            if count
        ]

    async def _events(self, place: Place, day: str, wanted: str) -> list[BrowseMediaSource]:
        events = [
            event
            for event in await self._events_of(place, day)
            if any(sight.value == wanted for sight in sights_of(event))
        ]
        camera = place.camera.id
        return [
            place.film(
                f"{_EVENTS}/{camera}/{event.time.timestamp():.6f}",
                place.clock(event.time),
                f"thumbs/{camera}/{event.id}" if event.picture else None,
            )
            for event in events
        ]

    @staticmethod
    async def _events_of(place: Place, day: str) -> tuple[CameraEvent, ...]:
        start, end = place.day(day)
        return await place.coordinator.client.get_events(
            camera_id=place.camera.id, start=start, end=end, newest_first=True, most=_MOST
        )

    async def _images(self, place: Place, day: str) -> list[BrowseMediaSource]:
        start, end = place.day(day)
        camera = place.camera.id
        images = await place.coordinator.client.get_images(camera, start, end, most=_MOST)
        return [
            place.picture(f"{_IMAGES}/{camera}/{each.time.timestamp():.6f}", place.clock(each.time))
            for each in images
        ]

    async def _clips(self, place: Place) -> list[BrowseMediaSource]:
        camera = place.camera.id
        clips = await place.coordinator.client.get_clips(camera)
        return [
            place.film(
                f"{_CLIPS}/{camera}/{clip.id}",
                clip.title or f"{clip.start.astimezone(place.zone):%Y-%m-%d %H:%M:%S}",
                f"clipthumbs/{camera}/{clip.id}" if clip.picture else None,
            )
            for clip in clips
            if clip.status is ClipStatus.DONE
        ]

    @override
    async def async_resolve(self, entry: VxgConfigEntry, path: str) -> PlayMedia:
        """Return how to play an item: through the view."""
        kind, _, rest = path.partition("/")
        if kind not in _TITLES or "/" not in rest:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="no_media")
        return PlayMedia(view_url(entry, path), _PICTURE if kind == _IMAGES else _FILM)

    @override
    @asynccontextmanager
    async def open(
        self, entry: VxgConfigEntry, item: str, headers: Mapping[str, str]
    ) -> AsyncGenerator[OpenMedia | None]:
        """Open an item, or the piece of it that is asked for."""
        kind, _, rest = item.partition("/")
        number, _, what = rest.partition("/")
        client = entry.runtime_data.client
        with ERRORS.translated():
            try:
                url = await self._find(entry, kind, _camera(entry, number).id, what)
            except BrowseError, ValueError, OverflowError, VxgNotFoundError:
                url = None
            if url is None:
                yield None
                return
            async with client.open_film(url, headers) as film:
                is_there = film.status < 300 or film.status == 416
                yield _opened(film) if is_there else None

    async def _find(self, entry: VxgConfigEntry, kind: str, camera: int, what: str) -> str | None:
        """Return where a file is right now."""
        client = entry.runtime_data.client
        match kind:
            case "thumbs":
                event = await client.get_event(camera, what)
                return event.picture.url if event and event.picture else None
            case "clips":
                return (await client.get_clip(camera, what)).url
            case "clipthumbs":
                clip = await client.get_clip(camera, what)
                return clip.picture.url if clip.picture else None
        moment = datetime.fromtimestamp(float(what), UTC)
        if kind == _IMAGES:
            span = moment, moment + timedelta(seconds=1)
            images = await client.get_images(camera, *span)
            return next((each.url for each in images if each.time == moment), None)
        start, end = (
            (moment - _BEFORE, moment + _AFTER)
            if kind == _EVENTS
            else (moment, moment + timedelta(seconds=1))
        )
        found = await client.get_recordings(camera, start, end)
        # The one that holds the moment, or begins soonest after it.
        return next((each.url for each in found if each.end > moment), None)


def _opened(film: Download) -> OpenMedia:
    async def chunks() -> AsyncGenerator[bytes]:
        async for chunk in film.content.iter_chunked(_CHUNK):
            yield chunk

    return OpenMedia(film.status, film.headers, chunks())


def _camera(entry: VxgConfigEntry, number: str) -> Camera:
    for camera in entry.runtime_data.cameras:
        if str(camera.id) == number:
            return camera
    raise _nothing()


def _word(sight: Sight) -> str:
    return sight.value.replace("_", " ").capitalize()
