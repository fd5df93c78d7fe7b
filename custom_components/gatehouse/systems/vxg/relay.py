"""Live HLS at an address that stays good, on this machine alone, while tickets come and go.

A player that is told of a new ticket has to start anew, and Home Assistant's stream leaves a hole
in its numbering when it does: the browser gives up and falls back to stills. So the player reads
from here, and each playlist is fetched with a ticket that is good at that moment. Other than a
player, this verifies certificates (or knows the pinned one), and no ticket gets into its log.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
import hashlib
import re
import secrets
from typing import Final
from urllib.parse import urljoin, urlsplit

from aiohttp import web

from .client import LiveUrls, VxgBusyError, VxgClient, VxgError, VxgNotFoundError
from .const import LOGGER
from .video import renewal

_HOST: Final = "127.0.0.1"
_INDEX: Final = "index.m3u8"
_PLAYLIST: Final = "application/vnd.apple.mpegurl"
_CHUNK: Final = 64 * 1024
#: How many files of a stream are known: a playlist lists a dozen at the most.
_KEPT: Final = 128
#: Seconds between tries to get a playlist that is not there, and how often it is tried.
_STEP: Final = 1.0
_TRIES: Final = 6
#: A playlist is a page of text.
_LARGEST: Final = 1024 * 1024
_URI: Final = re.compile(r'(?<=URI=")[^"]+')


@dataclass(slots=True)
class Channel:
    """One live picture that is passed on."""

    camera_id: int
    stream_id: str | None
    urls: LiveUrls
    renew_at: datetime | None = None
    #: Where each file is, by the name that it has here.
    files: OrderedDict[str, str] = field(default_factory=OrderedDict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def name_of(self, uri: str, playlist: str) -> str:
        """Return the name that a file has here; it stays the same while its ticket changes."""
        url = urljoin(playlist, uri)
        path = urlsplit(url).path
        suffix = path.rpartition(".")[2] if "." in path else "ts"
        name = f"{hashlib.sha256(path.encode()).hexdigest()[:16]}.{suffix}"
        self.files[name] = url
        self.files.move_to_end(name)
        while len(self.files) > _KEPT:
            self.files.popitem(last=False)
        return name

    def rewrite(self, text: str, playlist: str) -> str:
        """Return a playlist in which every file has the name that it has here."""

        def named(found: re.Match[str]) -> str:
            return self.name_of(found[0], playlist)

        lines = (
            _URI.sub(named, line) if line.startswith("#") else self.name_of(line, playlist)
            for line in map(str.strip, text.splitlines())
            if line
        )
        return "\n".join((*lines, ""))


class LiveRelay:
    """A server for the players of this machine; it begins when it is first needed."""

    def __init__(self, client: VxgClient) -> None:
        """Serve nothing yet."""
        self._client = client
        #: By a secret in the path: whoever else is on this machine cannot guess it.
        self._channels: dict[str, Channel] = {}
        self._keys: dict[tuple[int, str | None], str] = {}
        self._runner: web.ServerRunner | None = None
        self._port = 0
        self._starting = asyncio.Lock()

    async def async_address(self, camera_id: int, stream_id: str | None, urls: LiveUrls) -> str:
        """Return where to play a picture; `urls` are good now."""
        async with self._starting:
            if self._runner is None:
                self._runner = await self._serve()
        key = self._keys.setdefault((camera_id, stream_id), secrets.token_urlsafe(24))
        channel = self._channels.setdefault(key, Channel(camera_id, stream_id, urls))
        self._renew(channel, urls)
        return f"http://{_HOST}:{self._port}/{key}/{_INDEX}"

    async def async_close(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self._channels.clear()
        self._keys.clear()

    async def _serve(self) -> web.ServerRunner:
        runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, _HOST, 0).start()
        self._port = runner.addresses[0][1]
        return runner

    def _renew(self, channel: Channel, urls: LiveUrls) -> None:
        channel.urls = urls
        channel.renew_at = renewal(urls, urls.hls, self._client.now()) if urls.hls else None

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        _, key, name = [*request.path.split("/", 2), "", ""][:3]
        channel = self._channels.get(key)
        if channel is None:
            return web.Response(status=404)
        try:
            if name.endswith(".m3u8"):
                text = await self._playlist(channel, name)
                return web.Response(text=text, content_type=_PLAYLIST)
            return await self._pass_on(request, channel, name)
        except VxgNotFoundError:
            return web.Response(status=404)
        except VxgError as err:
            LOGGER.debug("A live picture does not come: %s", err)
            return web.Response(status=502)

    async def _playlist(self, channel: Channel, name: str) -> str:
        """Return a playlist, got with a ticket that is good.

        Raises:
            VxgError: It does not come, not even with a new ticket.
        """
        if name != _INDEX and name not in channel.files:
            raise VxgNotFoundError("There is no such playlist")
        async with channel.lock:
            is_over = channel.renew_at is not None and self._client.now() >= channel.renew_at
            for tries_left in range(_TRIES, 0, -1):
                try:
                    if is_over:
                        await self._get_ticket(channel, name)
                    return await self._fetch(channel, name)
                except VxgNotFoundError, VxgBusyError:
                    if tries_left == 1:
                        raise
                # Ended early, or the camera was let go and has to start again (section 5.2).
                is_over = True
                await asyncio.sleep(_STEP)
        raise AssertionError  # the last try returns or raises

    async def _get_ticket(self, channel: Channel, name: str) -> None:
        urls = await self._client.get_live_urls(channel.camera_id, channel.stream_id)
        if urls.hls is None:
            raise VxgNotFoundError("The cloud offers no HLS any more")
        self._renew(channel, urls)
        if name != _INDEX:
            # What a list of lists names has a ticket of its own: that is to be the new one too.
            await self._fetch(channel, _INDEX)

    async def _fetch(self, channel: Channel, name: str) -> str:
        url = channel.urls.hls if name == _INDEX else channel.files[name]
        assert url
        body = await self._client.fetch(url)
        return channel.rewrite(body[:_LARGEST].decode(errors="replace"), url)

    async def _pass_on(
        self, request: web.BaseRequest, channel: Channel, name: str
    ) -> web.StreamResponse:
        url = channel.files.get(name)
        if url is None:
            raise VxgNotFoundError("There is no such file")
        async with self._client.open_film(url) as film:
            response = web.StreamResponse(status=film.status, headers=film.headers)
            await response.prepare(request)
            async for chunk in film.content.iter_chunked(_CHUNK):
                await response.write(chunk)
            await response.write_eof()
            return response
