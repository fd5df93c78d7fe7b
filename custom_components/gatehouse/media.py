"""What a system keeps for the media browser, and the view that plays it.

The browser gets the address of this view and nothing else: what the vendor gives is resolved
when it is played, so that no ticket and no token leaves Home Assistant.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from homeassistant.components.media_source import BrowseMediaSource, PlayMedia
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from .const import CONF_SYSTEM, DOMAIN

#: What a browser says about the piece of a film that it wants.
_PASSED_ON: Final = (hdrs.RANGE, hdrs.IF_RANGE)
VIEW_URL: Final = f"/api/{DOMAIN}/media/{{entry_id}}/{{item:.+}}"


@dataclass(frozen=True, slots=True)
class OpenMedia:
    """A film or a picture while it comes in."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncGenerator[bytes]


class MediaShelf(ABC):
    """A system's part in the media browser. Items are told apart by a path of the system's own."""

    @abstractmethod
    async def async_browse(self, entry: ConfigEntry, path: str) -> BrowseMediaSource:
        """Return what is at a path; the empty one is the site itself.

        Raises:
            BrowseError: There is nothing, or nobody can tell.
        """

    @abstractmethod
    async def async_resolve(self, entry: ConfigEntry, path: str) -> PlayMedia:
        """Return how to play what is at a path.

        Raises:
            Unresolvable: It cannot be played.
        """

    @abstractmethod
    def open(
        self, entry: ConfigEntry, item: str, headers: Mapping[str, str]
    ) -> AbstractAsyncContextManager[OpenMedia | None]:
        """Open an item, or the piece of it that `headers` ask for; None for one that is gone.

        Raises:
            HomeAssistantError: It does not come.
        """


def view_url(entry: ConfigEntry, item: str) -> str:
    """Return where the view has an item."""
    return VIEW_URL.replace("{entry_id}", entry.entry_id).replace("{item:.+}", item)


class MediaView(HomeAssistantView):
    """Passes films and pictures on to whoever is signed in, piece by piece."""

    url = VIEW_URL
    name = f"api:{DOMAIN}:media"

    def __init__(self, shelves: Mapping[str, MediaShelf]) -> None:
        """Know the shelf of each system that has one."""
        self._shelves = shelves

    async def get(self, request: web.Request, entry_id: str, item: str) -> web.StreamResponse:
        """Answer with an item, or with the piece of it that was asked for."""
        entry = request.app[KEY_HASS].config_entries.async_get_entry(entry_id)
        if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        shelf = self._shelves.get(entry.data[CONF_SYSTEM])
        if shelf is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        wanted = {
            str(name): request.headers[name] for name in _PASSED_ON if name in request.headers
        }
        try:
            async with shelf.open(entry, item, wanted) as media:
                if media is None:
                    return web.Response(status=HTTPStatus.NOT_FOUND)
                return await _pass_on(request, media)
        except HomeAssistantError:
            return web.Response(status=HTTPStatus.BAD_GATEWAY)


async def _pass_on(request: web.Request, media: OpenMedia) -> web.StreamResponse:
    response = web.StreamResponse(status=media.status, headers=media.headers)
    response.headers[hdrs.CACHE_CONTROL] = "private, max-age=3600"
    await response.prepare(request)
    async for chunk in media.chunks:
        await response.write(chunk)
    await response.write_eof()
    return response
