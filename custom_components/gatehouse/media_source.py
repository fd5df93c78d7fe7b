"""Gatehouse in the media browser: a shelf for each site that keeps films or pictures."""

from typing import override

from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .media import MediaShelf
from .systems import system_of


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the media source."""
    return GatehouseMediaSource(hass)


class GatehouseMediaSource(MediaSource):
    """Hands over to the shelf of a site's system; the first piece of a path names the site."""

    name = "Gatehouse"

    def __init__(self, hass: HomeAssistant) -> None:
        """Serve all sites."""
        super().__init__(DOMAIN)
        self._hass = hass

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return the sites, or what is in one of them."""
        if not item.identifier:
            return await self._async_browse_sites()
        entry_id, _, path = item.identifier.partition("/")
        found = self._find(entry_id)
        if found is None:
            raise BrowseError(translation_domain=DOMAIN, translation_key="no_media")
        entry, shelf = found
        return await shelf.async_browse(entry, path)

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return how to play something."""
        entry_id, _, path = item.identifier.partition("/")
        found = self._find(entry_id)
        if found is None:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="no_media")
        entry, shelf = found
        return await shelf.async_resolve(entry, path)

    async def _async_browse_sites(self) -> BrowseMediaSource:
        entries = self._hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        found = [self._find(entry.entry_id) for entry in entries]
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=None,
            media_class=MediaClass.APP,
            media_content_type="",
            title=self.name,
            can_play=False,
            can_expand=True,
            children_media_class=MediaClass.DIRECTORY,
            children=[_site(entry) for entry, _ in filter(None, found)],
        )

    def _find(self, entry_id: str) -> tuple[ConfigEntry, MediaShelf] | None:
        entry = self._hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
            return None
        shelf = system_of(entry).media
        return (entry, shelf) if shelf else None


def _site(entry: ConfigEntry) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=entry.entry_id,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=entry.title,
        can_play=False,
        can_expand=True,
    )
