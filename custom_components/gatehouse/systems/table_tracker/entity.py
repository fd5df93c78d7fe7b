"""Entities of Table Tracker: rows of a table for the gateway and for each of its parts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.helpers.device_registry import DeviceInfo

from ...devices import hub_device
from ...entity import GatehouseEntity, Shows
from .const import SYSTEM_ID
from .coordinator import TableTrackerCoordinator
from .devices import numbered_device, part_identifier
from .snapshot import Numbered, Part


def _always(_state: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class TableTrackerShows[ValueT](Shows[ValueT]):
    """The half of a description that all of Table Tracker's share.

    `reachable` tells from a part's state whether the entity is of any use now.
    """

    reachable: Callable[[Any], bool] = _always


class TableTrackerEntity[ValueT](GatehouseEntity[TableTrackerCoordinator, ValueT]):
    """An entity of the gateway, a repeater, a table or a tracker."""

    coordinator_context: Part

    @property
    @override
    def unique_id(self) -> str:
        """What identifies the part, and the description's key; the gateway has the entry's id."""
        part, entry = self.coordinator_context, self.coordinator.config_entry
        owner = (
            part_identifier(entry, part)
            if isinstance(part, Numbered)
            else f"{SYSTEM_ID}-{entry.entry_id}"
        )
        return f"{owner}-{self.entity_description.key}"

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The part's device, or the gateway's."""
        part, coordinator = self.coordinator_context, self.coordinator
        if isinstance(part, Numbered):
            return numbered_device(
                coordinator.hass,
                coordinator.config_entry,
                part,
                coordinator.data,
                coordinator.options,
            )
        return hub_device(coordinator.config_entry)

    @override
    def _is_reachable(self, state: Any) -> bool:
        shows = self._shows
        assert isinstance(shows, TableTrackerShows)
        return shows.reachable(state)
