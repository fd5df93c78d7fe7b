"""Entities of Enlighted Manage: rows of a table for each kind of part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo

from ...entity import GatehouseEntity, Shows
from .coordinator import EnlightedCoordinator
from .snapshot import Kind, Part


def _always(_state: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class EnlightedShows[ValueT](Shows[ValueT]):
    """The half of a description that all of Enlighted's share.

    `supported` tells from a part's state whether to have the entity at all; `on_big_site` whether
    it is enabled by itself where there are hundreds of its kind.
    """

    supported: Callable[[Any], bool] = _always
    on_big_site: bool = True


class EnlightedEntity[ValueT](GatehouseEntity[EnlightedCoordinator, ValueT]):
    """An entity of the manager, or of something on one of its floors."""

    coordinator_context: Part

    def __init__(self, *args: Any) -> None:
        """Keep what identifies it: it is asked for again once the part is gone."""
        super().__init__(*args)
        part, coordinator = self.coordinator_context, self.coordinator
        owner = coordinator.devices.owner_of(part, coordinator.data.parts[part])
        self._attr_unique_id = f"{owner}-{self.entity_description.key}"
        if not self._enlighted_shows.on_big_site and coordinator.is_big(part):
            self._attr_entity_registry_enabled_default = False

    @property
    def _enlighted_shows(self) -> EnlightedShows[ValueT]:
        shows = self._shows
        assert isinstance(shows, EnlightedShows)
        return shows

    @property
    def _state(self) -> Any:
        return self.coordinator.data.parts[self.coordinator_context]

    @property
    @override
    def is_supported(self) -> bool:
        """Whether there is anything to show."""
        return self._enlighted_shows.supported(self._state)

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The part's device, or the manager's."""
        return self.coordinator.devices.info_of(self.coordinator_context, self._state)

    @callback
    @override
    def _has_link(self) -> bool:
        """Each floor is read by itself: one that fails leaves the others alone."""
        if self.coordinator_context.kind is Kind.MANAGER:
            return super()._has_link()
        return self.coordinator.is_reachable(self.coordinator_context.floor)
