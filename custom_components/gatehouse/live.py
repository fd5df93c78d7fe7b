"""A coordinator with a live stream, and the events that it alone may fire."""

from abc import abstractmethod
import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Hashable, Mapping
from contextlib import suppress
from datetime import timedelta
import logging
import random
from typing import Any, ClassVar, Final, override

from homeassistant.components.event import EventEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import UpdateFailed

from .const import DOMAIN
from .coordinator import GatehouseCoordinator, Snapshot
from .entity import GatehouseEntity
from .errors import Errors

#: Seconds; tries to reconnect come ever more rarely, up to this.
_LONGEST_DELAY: Final = 60.0
#: Seconds; a connection that lived this long was a good one, and the next try comes soon.
_GOOD_LIFE: Final = 60.0
#: Home Assistant tells events of one entity apart by their milliseconds.
_APART: Final = 0.001
#: Seconds that events get to be fired before the entities leave.
_LONGEST_FIRING: Final = 2.0


class LiveCoordinator[SnapshotT: Snapshot](GatehouseCoordinator[SnapshotT]):
    """Keeps a vendor's live stream up. Polls are the safety net beside it, and all without it."""

    errors: ClassVar[Errors[Any]]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        logger: logging.Logger,
        *,
        with_stream: timedelta,
        without_stream: timedelta,
    ) -> None:
        """Prepare to poll and to listen.

        Args:
            hass: Home Assistant.
            entry: Whose site it is.
            logger: The system's.
            with_stream: How often to poll while the stream is up.
            without_stream: How often to poll while it is down.
        """
        super().__init__(hass, entry, logger, name=entry.title, update_interval=without_stream)
        self.is_live = False
        #: How many events wait for the millisecond after the one before them.
        self.waiting_events = 0
        self._with_stream = with_stream
        self._without_stream = without_stream
        self._live_since: float | None = None
        self._is_loss_logged = False
        self._event_listeners: defaultdict[Hashable, list[Callable[..., None]]] = defaultdict(list)

    @abstractmethod
    async def _async_read(self) -> SnapshotT:
        """Poll once. Raises the client's errors."""

    @abstractmethod
    async def _async_follow(self) -> None:
        """Live through one connection of the stream; it ends by raising the client's errors."""

    @callback
    @abstractmethod
    def _show_link(self) -> None:
        """Publish that `is_live` changed."""

    @callback
    def _note_error(self, error: Exception) -> None:
        """Raise the issue that a failed poll calls for, if any."""

    @override
    async def async_start(self) -> None:
        """Begin to listen."""
        self._listening = self.config_entry.async_create_background_task(
            self.hass, self._async_listen(), f"{self.name} live stream"
        )

    @override
    async def async_stop(self) -> None:
        """Listen no more, so that no event comes while the entities that fire it are leaving."""
        self._listening.cancel()
        await asyncio.wait([self._listening])
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_FIRING):
                while self.waiting_events:  # noqa: ASYNC110  # some milliseconds, once
                    await asyncio.sleep(_APART)

    @callback
    def run(self, job: Coroutine[Any, Any, None], what: str) -> None:
        """Have something done beside everything else, as long as the entry is loaded."""
        self.config_entry.async_create_background_task(self.hass, job, f"{self.name} {what}")

    @callback
    def async_subscribe_events(
        self, part: Hashable, listener: Callable[..., None]
    ) -> CALLBACK_TYPE:
        """Hear a part's live events."""
        listeners = self._event_listeners[part]
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    @callback
    def _fire(self, part: Hashable, *event: Any) -> None:
        for listener in tuple(self._event_listeners.get(part, ())):
            listener(*event)

    @override
    async def _async_update_data(self) -> SnapshotT:
        try:
            return await self._async_read()
        except self.errors.base as err:
            self._note_error(err)
            key = self.errors.key_of(err)
            if isinstance(err, self.errors.sign_in):
                raise ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key=key) from err
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=key,
                retry_after=getattr(err, "retry_after", None),
            ) from err

    async def _async_listen(self) -> None:
        """Keep the stream up until cancelled, or until only a new sign-in can help."""
        failures = 0
        while True:
            self._live_since = None
            try:
                await self._async_follow()
            except self.errors.needs_person as err:
                self.logger.debug("The live stream of %s ended: %s", self.name, err)
                # The poll says so: it starts the reauthentication or raises the issue.
                await self.async_refresh()
                is_refused = isinstance(self.last_exception, ConfigEntryAuthFailed)
                if is_refused and not self.last_update_success:
                    # Trying on may lock the account; a new sign-in reloads the entry.
                    return
                await asyncio.sleep(_LONGEST_DELAY)
            except self.errors.base as err:
                self.logger.debug("The live stream of %s ended: %s", self.name, err)
                failures = 0 if self._has_lived_well() else failures + 1
                asked = getattr(err, "retry_after", None) or 0.0
                await asyncio.sleep(max(_back_off(failures), asked))

    def _has_lived_well(self) -> bool:
        now = self.hass.loop.time()
        return self._live_since is not None and now - self._live_since >= _GOOD_LIFE

    @callback
    def _note_connected(self, *, is_whole: bool = True) -> None:
        """Take the stream for what it is; one that is not `is_whole` leaves polls their work."""
        if self._is_loss_logged:
            self.logger.info("The live stream of %s is back", self.name)
            self._is_loss_logged = False
        self._live_since = self.hass.loop.time()
        self.update_interval = self._with_stream if is_whole else self._without_stream
        self.is_live = True
        self._show_link()

    @callback
    def _note_disconnected(self, reason: str) -> None:
        self.update_interval = self._without_stream
        self.is_live = False
        self._show_link()
        self.run(self._async_poll_after_loss(reason), "loss")

    async def _async_poll_after_loss(self, reason: str) -> None:
        await self.async_refresh()
        # With the server gone as well, the failed poll has logged that already.
        if self.last_update_success and not self.is_live:
            self.logger.warning(
                "The live stream of %s is down (%s); polling until it is back", self.name, reason
            )
            self._is_loss_logged = True


class LiveEvent[CoordinatorT: LiveCoordinator[Any]](
    GatehouseEntity[CoordinatorT, None], EventEntity
):
    """Fires for live messages alone: nothing read back or restored ever comes here."""

    def __init__(self, *args: Any) -> None:
        """Wait for nothing."""
        super().__init__(*args)
        self._waiting: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._next_at = 0.0

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the part."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_subscribe_events(self.coordinator_context, self._on_event)
        )

    @override
    def _has_link(self) -> bool:
        """Events come by the live stream, whatever a poll may have met."""
        return super()._has_link() or self.coordinator.is_live

    @abstractmethod
    @callback
    def _on_event(self, *event: Any) -> None:
        """Take in a live event, and `fire` it if it is one of these."""

    @callback
    def fire(self, event_type: str, attributes: Mapping[str, Any]) -> None:
        """Fire an event; one that follows within a millisecond comes a millisecond later.

        A state is the time of the last event in milliseconds, and a trigger that waits for
        events takes two equal states for one.
        """
        self._waiting.append((event_type, attributes))
        self.coordinator.waiting_events += 1
        if len(self._waiting) == 1:
            self._fire_when_due()

    @callback
    def _fire_when_due(self) -> None:
        delay = self._next_at - self.hass.loop.time()
        if delay > 0:
            self.hass.loop.call_later(delay, self._fire_when_due)
            return
        event_type, attributes = self._waiting.popleft()
        self.coordinator.waiting_events -= 1
        self._next_at = self.hass.loop.time() + _APART
        if self._read():
            # It was unavailable, and out of that Home Assistant takes no event.
            self.async_write_ha_state()
        self._trigger_event(event_type, dict(attributes))
        self.async_write_ha_state()
        if self._waiting:
            self._fire_when_due()


def _back_off(failures: int) -> float:
    """Return the seconds until the next try: 1 to 2, doubling up to 60."""
    ceiling = min(2.0 ** min(max(failures, 1), 6), _LONGEST_DELAY)
    return random.uniform(ceiling / 2, ceiling)
