"""Cameras: which there are, how they are, and their live pictures (sections 3.2, 3.5, 3.6)."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from .access import V2, V4, V5, CloudAccess
from .credential import CredentialKind
from .errors import (
    VxgAuthError,
    VxgBusyError,
    VxgError,
    VxgForbiddenError,
    VxgNotFoundError,
    VxgResponseError,
)
from .link import CloudLink
from .models import Camera, LiveUrls, Picture, PowerMode, RecordingMode
from .parse import Json, JsonObject, as_text, rows
from .readers import read_camera, read_live, read_picture
from .rest import SLOW
from .times import read_time

_LIST: Final = {"detail": "detail", "include_meta": "true", "meta_not": "isstorage"}
#: Seconds between looks at a stream that is starting (section 5.2).
_WARM_UP_STEP: Final = 1.0
#: A preview that is older than this is asked for anew (section 5.2, 9).
_STALE: Final = timedelta(seconds=60)
#: Seconds that a camera gets to send a new preview.
_PREVIEW_WAIT: Final = 3.0


class CameraApi:
    """What there is to see."""

    _access: CloudAccess
    _link: CloudLink
    #: Server time minus ours, as last read.
    clock_offset: timedelta
    #: Whether a group's token may read the lists of v2, which tell more than v5's.
    _reads_v2: bool = True

    async def get_server_time(self) -> datetime:
        """Read the server's clock, and keep how far off it is; needs no credential.

        Raises:
            VxgResponseError: What answers is no VXG server.

        """
        before = datetime.now(UTC)
        try:
            fields = await self._access.rest.get(None, f"{V2}/server/time/")
        except VxgNotFoundError, VxgForbiddenError, VxgAuthError:
            raise VxgResponseError("What answers is no VXG server") from None
        time = read_time(as_text(fields.get("utc")))
        if time is None:
            raise VxgResponseError("What answers is no VXG server")
        self.clock_offset = time - (before + (datetime.now(UTC) - before) / 2)
        return time

    async def get_cameras(self) -> tuple[Camera, ...]:
        """Return all cameras, and the gateways that carry some.

        One request, whatever the credential: the list of v2 tells most. A group's tokens are read
        before the first.
        """
        if (number := self._access.credential.camera_id) is not None:
            return (await self._get_one(number),)
        if self._access.kind is CredentialKind.GROUP and not self._access.has_tokens:
            # They tell what may be done at each camera, and are needed for it.
            await self._access.read_tokens()
        if self._reads_v2:
            try:
                listed = await self._access.rest.get_all(
                    self._access.header, f"{V2}/cameras/", _LIST
                )
            except VxgAuthError, VxgForbiddenError, VxgNotFoundError:
                if self._access.kind is not CredentialKind.GROUP:
                    raise
                # Not every cloud lets a group's token read these; v5 it surely may.
                await self._access.get(f"{V5}/channels/", {"limit": "1"})
                self._reads_v2 = False
            else:
                return self._with_rights(listed)
        return self._with_rights(await self._access.read_tokens())

    def _with_rights(self, listed: list[Json]) -> tuple[Camera, ...]:
        cameras = rows(listed, read_camera)
        return tuple(
            replace(camera, is_full=camera.is_full and self._access.is_full(camera.id))
            for camera in cameras
        )

    async def _get_one(self, number: int) -> Camera:
        """Return the camera of a channel token."""
        fields: JsonObject = {}
        with suppress(VxgNotFoundError, VxgForbiddenError):
            fields = await self._access.send(number, "GET", f"{V2}/cameras/{number}/", params=_LIST)
        if not fields:
            fields = await self._access.send(number, "GET", f"{V4}/channel/")
        cameras = self._with_rights([{"id": number, **fields}])
        if not cameras:
            raise VxgNotFoundError("The token is for no camera")
        return cameras[0]

    # Live pictures

    async def get_live_urls(self, camera_id: int, stream_id: str | None = None) -> LiveUrls:
        """Return where a camera's picture is to be had right now, for some minutes.

        Raises:
            VxgBusyError: The camera is starting: ask again in a second (section 10.4).
            VxgNotFoundError: It sends nothing now.

        """
        params = {"stream_id": stream_id} if stream_id else None
        if await self._access.has_v4(camera_id):
            path = f"{V4}/live/watch/"
        else:
            path = f"{V2}/cameras/{camera_id}/live_urls/"
        return read_live(await self._access.send(camera_id, "GET", path, params=params))

    async def wait_for_live(
        self, camera_id: int, stream_id: str | None, *, limit: float
    ) -> LiveUrls:
        """Return live URLs once their playlist is there, or when the time is up.

        The cloud pulls a camera when somebody asks for it; its playlist is 404 until then.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + limit
        urls = None
        while urls is None:
            try:
                urls = await self.get_live_urls(camera_id, stream_id)
            except VxgBusyError:
                if loop.time() + _WARM_UP_STEP >= until:
                    raise
                await asyncio.sleep(_WARM_UP_STEP)
        while urls.hls and (left := until - loop.time()) > 0:
            try:
                if await self._link.status_of(urls.hls, limit=left) < 300:
                    break
            except VxgError:
                # Not there at all: the player will say what is wrong with it.
                break
            await asyncio.sleep(min(_WARM_UP_STEP, max(until - loop.time(), 0)))
        return urls

    async def get_still(self, camera_id: int, *, is_full: bool) -> bytes | None:
        """Return a picture of now, or the newest that there is; None if there is none."""
        picture = await self._live_picture(camera_id) if is_full else None
        picture = picture or await self._preview(camera_id, is_full=is_full)
        return await self.fetch(picture.url) if picture else None

    async def _live_picture(self, camera_id: int) -> Picture | None:
        with suppress(VxgNotFoundError, VxgForbiddenError, VxgBusyError):
            if await self._access.has_v4(camera_id):
                return read_picture(await self._access.send(camera_id, "GET", f"{V4}/live/image/"))
        return None

    async def _preview(self, camera_id: int, *, is_full: bool) -> Picture | None:
        picture = await self._stored_preview(camera_id)
        is_stale = picture is None or (
            picture.time is not None and self.now() - picture.time > _STALE
        )
        if is_stale and is_full:
            # Whatever becomes of that, an old picture is better than none.
            with suppress(VxgError):
                await self.update_preview(camera_id)
                await asyncio.sleep(_PREVIEW_WAIT)
                picture = await self._stored_preview(camera_id) or picture
        return picture

    async def _stored_preview(self, camera_id: int) -> Picture | None:
        path = f"{V2}/cameras/{camera_id}/preview/"
        with suppress(VxgNotFoundError, VxgForbiddenError, VxgBusyError):
            return read_picture(await self._access.send(camera_id, "GET", path))
        return None

    async def update_preview(self, camera_id: int) -> None:
        """Have a camera send a new preview."""
        await self._access.send(camera_id, "POST", f"{V2}/cameras/{camera_id}/preview/update/")

    def now(self) -> datetime:
        """Return the time by the server's clock."""
        return datetime.now(UTC) + self.clock_offset

    async def fetch(self, url: str) -> bytes:
        """Return a picture of a media host."""
        return await self._link.fetch(url)

    # What may be changed of a camera itself

    async def set_power(self, camera_id: int, mode: PowerMode) -> None:
        """Turn a camera on or off."""
        await self._change(camera_id, {"mode": mode.value})

    async def set_recording(self, camera_id: int, mode: RecordingMode) -> None:
        """Say when a camera's picture is to be kept."""
        await self._change(camera_id, {"rec_mode": mode.value})

    async def set_led(self, camera_id: int, *, on: bool) -> None:
        """Turn the light on a camera on or off."""
        await self._change(camera_id, {"led": on})

    async def set_card_recording(self, camera_id: int, *, on: bool) -> None:
        """Have a camera record onto its memory card, or not."""
        await self._change(camera_id, {"memorycard_recording": on})

    async def _change(self, camera_id: int, body: JsonObject) -> None:
        path = f"{V2}/cameras/{camera_id}/"
        await self._access.send(camera_id, "PUT", path, body=body, limit=SLOW)

    async def reboot(self, camera: Camera) -> None:
        """Restart the device that a camera is, or hangs on."""
        await self._access.send(camera.id, "POST", f"{V2}/cmngrs/{camera.manager_id}/reset/")
