"""The media hosts: live playlists behind tickets, and files behind signatures (sections 4, 5)."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from aiohttp import web

from . import film
from .cameras import Camera
from .tickets import Tickets, picture_size
from .world import World

#: Seconds of a live segment, and how many of them a playlist lists.
_SEGMENT: Final = 2
_LISTED: Final = 4
#: Seconds that a live picture is behind: a segment has to be over before it is listed.
_FPS: Final = 10
_SIZES: Final = {"primary": (1280, 720), "secondary": (640, 360)}
_FILM_SIZE: Final = (640, 360)
#: How many made films are kept.
_KEPT: Final = 64


class Films:
    """Makes films in a thread, and keeps the latest: a browser asks for one in many pieces."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, asyncio.Future[bytes]] = OrderedDict()

    async def get(self, key: object, make: Callable[[], bytes]) -> bytes:
        """Return a film; those who ask meanwhile wait for the same one."""
        if key not in self._kept:
            self._kept[key] = asyncio.ensure_future(asyncio.to_thread(make))
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return await asyncio.shield(self._kept[key])


class MediaHost:
    """Serves everything that is not API. It wants no `Authorization`, and refuses one (4.4)."""

    def __init__(self, world: World, tickets: Tickets) -> None:
        #: How many requests there were for each kind of thing.
        self.requests: list[str] = []
        self._world = world
        self._tickets = tickets
        self._films = Films()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        self.requests.append(request.path.split("/")[1])
        parts = request.path.strip("/").split("/")
        if parts[0] == "live" and len(parts) == 6:
            return await self._live(parts[2], parts[4], parts[5])
        if parts[0] == "bucket" and len(parts) == 3:
            if "Authorization" in request.headers:
                return web.Response(status=400, text="Only one auth mechanism allowed")
            if not self._tickets.is_signed(request.path, request.query):
                return web.Response(status=403, text="<Error>Request has expired</Error>")
            return await self._file(request, parts[1], parts[2])
        return web.Response(status=404)

    async def _live(self, ticket: str, name: str, file: str) -> web.Response:
        if self._tickets.stream_of(ticket) != name:
            return web.Response(status=self._world.faults.expired_status)
        camera = self._tickets.camera_of(name)
        now = self._world.now()
        if camera is None or camera.status != "active":
            return web.Response(status=404)
        since = camera.pulled_since
        if since is None or now - since < self._world.faults.warm_up:
            return web.Response(status=404)
        if file == "index.m3u8":
            return self._playlist(now, ticket)
        if not (file.endswith(".ts") and file.removesuffix(".ts").isdecimal()):
            return web.Response(status=404)
        number = int(file.removesuffix(".ts"))
        size = _SIZES[name.rpartition("_")[2]]

        def make() -> bytes:
            return film.live_segment(camera.scene, number * _SEGMENT, _SEGMENT, size, _FPS)

        body = await self._films.get((name, camera.name, number), make)
        return web.Response(body=body, content_type="video/mp2t")

    @staticmethod
    def _playlist(now: float, ticket: str) -> web.Response:
        last = int(now // _SEGMENT)
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:3",
            f"#EXT-X-TARGETDURATION:{_SEGMENT}",
            f"#EXT-X-MEDIA-SEQUENCE:{last - _LISTED}",
        ]
        for number in range(last - _LISTED, last):
            lines += [f"#EXTINF:{_SEGMENT:.3f},", f"{number}.ts?ticket={ticket}"]
        return web.Response(
            text="\n".join((*lines, "")), content_type="application/vnd.apple.mpegurl"
        )

    async def _file(self, request: web.BaseRequest, kind: str, name: str) -> web.Response:
        number, moment, seconds = name.rpartition(".")[0].split("_")
        camera = self._world.cameras.get(int(number))
        if camera is None:
            return web.Response(status=404)
        if kind == "m":
            return web.json_response({"Labels": []})
        body = await self._make(camera, kind, float(moment), float(seconds))
        content_type = "video/mp4" if float(seconds) else "image/jpeg"
        return _ranged(request, body, content_type)

    async def _make(self, camera: Camera, kind: str, moment: float, seconds: float) -> bytes:
        scene = camera.scene

        def make() -> bytes:
            if seconds:
                return film.recording(scene, moment, seconds, _FILM_SIZE, _FPS)
            return scene.still(moment, picture_size(kind))

        return await self._films.get((camera.id, kind, moment, seconds), make)


def _ranged(request: web.BaseRequest, body: bytes, content_type: str) -> web.Response:
    """Answer with a file, or with the piece of it that was asked for."""
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{len(body):x}"'}
    try:
        wanted = request.http_range
    except ValueError:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=body, content_type=content_type, headers=headers)
    start, stop, _ = slice(wanted.start, wanted.stop).indices(len(body))
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(body)}"
    return web.Response(
        status=206, body=body[start:stop], content_type=content_type, headers=headers
    )
