"""A coordinator that tells a change to the parts it touches, and to nobody else."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import timedelta
import logging
from typing import Any, Protocol, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator


class Snapshot(Protocol):
    """Everything known of a system at one moment; never changed, only replaced."""

    @property
    def parts(self) -> Mapping[Any, object]:
        """The state of each part (a door, a camera, the hub), by what its entities listen to."""


type GatehouseConfigEntry = ConfigEntry[GatehouseCoordinator[Any]]


class GatehouseCoordinator[SnapshotT: Snapshot](DataUpdateCoordinator[SnapshotT]):
    """Holds one snapshot of a system, fed by polls and pushes alike.

    Home Assistant's coordinator calls every listener on every change. A site has thousands of
    entities and most changes concern a single door, so listeners are kept by the part they
    watch: a change costs what changed, not what exists.
    """

    config_entry: ConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        logger: logging.Logger,
        *,
        name: str,
        update_interval: timedelta,
    ) -> None:
        """Prepare an empty coordinator for one entry."""
        super().__init__(
            hass,
            logger,
            config_entry=entry,
            name=name,
            update_interval=update_interval,
            always_update=False,
        )
        self._watchers: defaultdict[Hashable, list[CALLBACK_TYPE]] = defaultdict(list)
        self._told: Mapping[Hashable, object] = {}
        #: While parts are told to have come and gone: those that came, where that is known.
        self.arrived: Collection[Hashable] | None = None
        self._told_success = True

    @callback
    @abstractmethod
    def async_add_hub(self) -> None:
        """Create the hub's device; the first poll has told what it is."""

    @abstractmethod
    def has_part(self, identifier: str) -> bool:
        """Tell whether the vendor still has the part with this device identifier."""

    async def async_start(self) -> None:
        """Begin to listen; the entities are there to hear it."""

    async def async_stop(self) -> None:
        """Listen no more; the entities are about to leave."""

    async def async_close(self) -> None:
        """Put away what is left, also after a set-up that failed."""

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Hashable = None
    ) -> Callable[[], None]:
        """Watch the part `context`; without one, watch for parts that come and go."""
        remove = super().async_add_listener(update_callback, context)
        self._watchers[context].append(update_callback)

        def unwatch() -> None:
            self._watchers[context].remove(update_callback)
            remove()

        return unwatch

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Tell whatever changed since the last time; everybody, when the link came or went."""
        told, self._told = self._told, self.data.parts
        if self._told_success != self.last_update_success:
            self._told_success = self.last_update_success
            self._tell_link()
            return
        if told is self._told:
            return
        self._tell(
            part
            for part, state in self._told.items()
            if (old := told.get(part)) is not state and old != state
        )
        if told.keys() != self._told.keys():
            self._tell([*(told.keys() - self._told.keys()), None])

    @callback
    def _tell_link(self) -> None:
        """Tell that the link came or went, to whatever shows that."""
        super().async_update_listeners()

    @callback
    def async_publish(
        self, snapshot: SnapshotT, *changed: Hashable, arrived: Collection[Hashable] = ()
    ) -> None:
        """Take over a pushed snapshot that differs in the parts `changed` alone.

        A push never makes a failed link look healthy: only a poll that succeeds does. Naming the
        parts that `arrived` spares looking through all of them for what is new.
        """
        self.data = snapshot
        self._told = snapshot.parts
        self._tell(changed)
        if arrived:
            self.arrived = arrived
            self._tell([None])
            self.arrived = None

    def is_watched(self, part: Hashable) -> bool:
        """Return whether any entity shows a part."""
        return bool(self._watchers.get(part))

    def _tell(self, parts: Iterable[Hashable]) -> None:
        for part in parts:
            for update_callback in tuple(self._watchers.get(part, ())):
                try:
                    update_callback()
                except Exception:
                    self.logger.exception("Unexpected error updating a part of %s", self.name)
