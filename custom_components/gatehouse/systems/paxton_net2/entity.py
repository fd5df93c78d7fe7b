"""Entities of Net2: rows of a table, for each door or for the server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.helpers.device_registry import DeviceInfo

from ...devices import hub_device
from ...entity import GatehouseEntity, Shows
from .const import SYSTEM_ID
from .coordinator import Net2Coordinator
from .devices import door_device
from .options import DoorOptions, Net2Options
from .snapshot import DoorState, Part


def _always(_options: Net2Options, _door: DoorOptions) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Net2Shows[ValueT](Shows[ValueT]):
    """The half of a description that all of Net2's share.

    `supported` tells from the options, and for doors from their own, whether to have it.
    """

    supported: Callable[[Net2Options, DoorOptions], bool] = _always


class Net2Entity[ValueT](GatehouseEntity[Net2Coordinator, ValueT]):
    """An entity of a door or of the server."""

    coordinator_context: Part

    @property
    @override
    def unique_id(self) -> str:
        """The vendor's id and the description's key; the server has the entry's id."""
        part = self.coordinator_context
        owner = part if isinstance(part, int) else self.coordinator.config_entry.entry_id
        return f"{SYSTEM_ID}-{owner}-{self.entity_description.key}"

    @property
    @override
    def is_supported(self) -> bool:
        """Whether the options ask for it."""
        options, part = self.coordinator.options, self.coordinator_context
        door = options.door(part) if isinstance(part, int) else DoorOptions()
        shows = self._shows
        assert isinstance(shows, Net2Shows)
        return shows.supported(options, door)

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The door, or the server."""
        coordinator = self.coordinator
        state = coordinator.data.parts.get(self.coordinator_context)
        if isinstance(state, DoorState):
            return door_device(coordinator.hass, coordinator.config_entry, state.door)
        return hub_device(coordinator.config_entry)

    @property
    def door_id(self) -> int:
        """The door's id, for the entities of doors."""
        assert isinstance(self.coordinator_context, int)
        return self.coordinator_context

    @override
    def _is_reachable(self, state: Any) -> bool:
        """A door is as reachable as its controller."""
        return not isinstance(state, DoorState) or state.online
