"""What the cloud keeps: recordings, events, images, clips (section 3.3)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

from .access import V2, V4, CloudAccess
from .errors import (
    VxgConnectionError,
    VxgFailedError,
    VxgNotFoundError,
    VxgResponseError,
)
from .link import CloudLink, Download
from .models import CameraEvent, Clip, ClipStatus, Recording, StoredImage
from .parse import JsonObject, as_text, rows, texts
from .readers import read_clip, read_event, read_image, read_recording
from .times import write_time

_STORAGE: Final = f"{V2}/storage"
#: Seconds between looks at something that takes a while, and in all (section 7.18).
_POLL_STEP: Final = 2.0
_POLL_LIMIT: Final = 180.0
_WITH_META: Final = {"include_meta": "true"}


class StorageApi:
    """Reads what was kept, and has more of it made."""

    _access: CloudAccess
    _link: CloudLink

    # Events

    async def get_events(
        self,
        *,
        camera_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        names: tuple[str, ...] = (),
        newest_first: bool = False,
        most: int | None = None,
    ) -> tuple[CameraEvent, ...]:
        """Return events from `start` on and before `end`; of all cameras if none is named.

        Raises:
            VxgRejectedError: This credential has to name a camera (section 6.3).

        """
        params = {
            "order_by": "-time" if newest_first else "time",
            **_WITH_META,
            **_span(start, end),
        }
        if names:
            params["events"] = ",".join(names)
        path = f"{_STORAGE}/events/"
        if camera_id is None:
            items = await self._access.rest.get_all(self._access.header, path, params, most=most)
        else:
            params["camid"] = str(camera_id)
            items = await self._access.get_all(camera_id, path, params, most=most)
        return rows(items, read_event)

    async def get_event(self, camera_id: int, event_id: str) -> CameraEvent | None:
        """Return one event as it is now: its picture comes later than itself."""
        with suppress(VxgNotFoundError):
            path = f"{_STORAGE}/events/{quote(event_id, safe='')}/"
            return read_event(await self._access.send(camera_id, "GET", path, params=_WITH_META))
        return None

    async def create_event(
        self, camera_id: int, name: str, time: datetime, meta: Mapping[str, str]
    ) -> CameraEvent:
        """Add an event to what a camera reported.

        Raises:
            VxgRejectedError: The camera has no such event.
            VxgResponseError: The cloud does not say which event it made.

        """
        body: JsonObject = {
            "camid": camera_id,
            "name": name,
            "time": write_time(time),
            "meta": dict(meta),
        }
        fields = await self._access.send(camera_id, "POST", f"{_STORAGE}/events/", body=body)
        event = read_event({"camid": camera_id, "name": name, "time": write_time(time), **fields})
        if event is None:
            raise VxgResponseError("The cloud did not say which event it made")
        return event

    # Recordings

    async def get_recordings(
        self, camera_id: int, start: datetime, end: datetime, *, most: int | None = None
    ) -> tuple[Recording, ...]:
        """Return the recordings that overlap a span of time, in their order."""
        params = {"order_by": "time", "camid": str(camera_id), **_span(start, end)}
        items = await self._access.get_all(camera_id, f"{_STORAGE}/data/", params, most=most)
        found = rows(items, read_recording)
        # The neighbours of the span may come along, and a file may be listed twice.
        return tuple(
            {each.start: each for each in found if each.end > start and each.start < end}.values()
        )

    async def get_days(self, camera_id: int) -> tuple[date, ...]:
        """Return the days, in the camera's own zone, that have anything; the latest first.

        Raises:
            VxgNotFoundError: This server cannot tell.

        """
        params = {"camid": str(camera_id), "daysincamtz": ""}
        fields = await self._access.send(camera_id, "GET", f"{_STORAGE}/activity/", params=params)
        days = []
        for text in texts(fields.get("objects")):
            with suppress(ValueError):
                days.append(date.fromisoformat(text))
        return tuple(sorted(set(days), reverse=True))

    @asynccontextmanager
    async def open_film(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> AsyncGenerator[Download]:
        """Open a film, or the piece of it that `headers` ask for."""
        async with self._link.download(url, headers) as download:
            yield download

    # Clips

    async def get_clips(
        self, camera_id: int, *, start: datetime | None = None, end: datetime | None = None
    ) -> tuple[Clip, ...]:
        """Return the clips of a camera, the latest first."""
        params = {"camid": str(camera_id), "order_by": "-created", **_span(start, end)}
        items = await self._access.get_all(camera_id, f"{_STORAGE}/clips/", params)
        return tuple(clip for clip in rows(items, read_clip) if clip.camera_id in {None, camera_id})

    async def get_clip(self, camera_id: int, clip_id: str) -> Clip:
        """Return a clip as it is now."""
        fields = await self._access.send(
            camera_id, "GET", f"{_STORAGE}/clips/{quote(clip_id, safe='')}/"
        )
        return _clip(fields)

    async def create_clip(self, camera_id: int, title: str, start: datetime, end: datetime) -> Clip:
        """Have a clip made, and return it when it is done.

        Raises:
            VxgFailedError: The cloud failed at it, or took too long.

        """
        body: JsonObject = {
            "camid": camera_id,
            "source_camid": camera_id,
            "title": title,
            "start": write_time(start),
            "end": write_time(end),
            # Film that is still on the camera's own card is waited for (section 7.18).
            "wait_for_data": True,
        }
        fields = await self._access.send(camera_id, "POST", f"{_STORAGE}/clips/", body=body)
        clip = _clip(fields)
        async with _patience():
            while clip.status is ClipStatus.PENDING:
                clip = _clip(
                    await self._look(camera_id, f"{_STORAGE}/clips/{quote(clip.id, safe='')}/")
                )
        if clip.status is not ClipStatus.DONE:
            raise VxgFailedError("The cloud could not make the clip")
        return clip

    async def share_clip(
        self, camera_id: int, clip_id: str, expire: datetime
    ) -> tuple[str, datetime]:
        """Let whoever has the returned token see a clip, until `expire`."""
        path = f"{_STORAGE}/clips/{quote(clip_id, safe='')}/sharings/"
        body: JsonObject = {"expire": write_time(expire)}
        fields = await self._access.send(camera_id, "POST", path, body=body)
        token = as_text(fields.get("token"))
        if token is None:
            raise VxgResponseError("The cloud did not share the clip")
        return token, expire

    # Images

    async def get_images(
        self,
        camera_id: int,
        start: datetime,
        end: datetime,
        *,
        task: str | None = None,
        most: int | None = None,
    ) -> tuple[StoredImage, ...]:
        """Return the images that the cloud keeps of a camera, the latest first."""
        params = {"order_by": "-time", **_span(start, end)}
        if task is not None:
            params |= {"origin": "generated_from_records", "origin_ids": task}
        if await self._access.has_v4(camera_id):
            path = f"{V4}/storage/images/"
        else:
            path = f"{_STORAGE}/thumbnails/"
            params["camid"] = str(camera_id)
        items = await self._access.get_all(camera_id, path, params, most=most)
        return rows(items, read_image)

    async def generate_images(
        self, camera_id: int, start: datetime, end: datetime, period: int
    ) -> tuple[StoredImage, ...]:
        """Have images made of recordings, one every `period` seconds; return them when done.

        Raises:
            VxgFailedError: The cloud failed at it, or took too long.

        """
        path = f"{V4}/images/generation/tasks/"
        body: JsonObject = {
            # As the vendor's samples write it (section 10.16).
            "period": str(period),
            "start": write_time(start),
            "end": write_time(end),
        }
        task = await self._access.send(camera_id, "POST", path, body=body)
        number = await self._finish(camera_id, path, task)
        return await self.get_images(camera_id, start, end, task=number)

    # The camera's own card

    async def sync_card(self, camera_id: int, start: datetime, end: datetime) -> None:
        """Copy what is on a camera's card to the cloud; `end` is part of it (section 10.13).

        Raises:
            VxgFailedError: The cloud failed at it, or took too long.

        """
        path = f"{_STORAGE}/memory_card/{camera_id}/synchronize/"
        body: JsonObject = {
            "start": write_time(start),
            "end": write_time(end),
            "existing_data": "error",
        }
        task = await self._access.send(camera_id, "POST", path, body=body)
        await self._finish(camera_id, path, task)

    async def _finish(self, camera_id: int, path: str, task: JsonObject) -> str:
        """Wait until a task is done; return its number."""
        number = as_text(task.get("id"))
        if number is None:
            raise VxgResponseError("The cloud did not say which task it began")
        async with _patience():
            while (status := as_text(task.get("status"))) != "done":
                if status in {"error", "failed"} or task.get("error_code"):
                    raise VxgFailedError("The cloud failed at it")
                task = await self._look(camera_id, f"{path}{quote(number, safe='')}/")
        return number

    async def _look(self, camera_id: int, path: str) -> JsonObject:
        """Look at something that takes a while; a look that fails says nothing about it."""
        wait = _POLL_STEP
        while True:
            await asyncio.sleep(wait)
            try:
                return await self._access.send(camera_id, "GET", path)
            except VxgConnectionError as error:
                wait = max(_POLL_STEP, error.retry_after or 0.0)


def _span(start: datetime | None, end: datetime | None) -> dict[str, str]:
    given = {"start": start, "end": end}
    return {name: write_time(moment) for name, moment in given.items() if moment is not None}


def _clip(fields: JsonObject) -> Clip:
    clip = read_clip(fields)
    if clip is None:
        raise VxgResponseError("The answer is no clip")
    return clip


@asynccontextmanager
async def _patience() -> AsyncGenerator[None]:
    """Wait for something that takes a while, but not for ever."""
    try:
        async with asyncio.timeout(_POLL_LIMIT):
            yield
    except TimeoutError:
        raise VxgFailedError("The cloud did not finish in time") from None
