"""Entities of Net2: rows of a table, for each door or for the server."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, override

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ...entity import GatehouseEntity, Shows, async_add_parts, async_forget_entity
from ...system import PlatformSetup
from .const import SYSTEM_ID
from .coordinator import Net2ConfigEntry, Net2Coordinator
from .devices import door_device, server_device
from .options import DoorMode, Net2Options
from .snapshot import DoorState, Hub, Part


def _always(_options: Net2Options, _mode: DoorMode) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Net2Shows[ValueT](Shows[ValueT]):
    """The half of a description that all of Net2's share.

    `supported` tells from the options, and for doors from their mode, whether to have it.
    """

    supported: Callable[[Net2Options, DoorMode], bool] = _always


class Net2Row(Protocol):
    """What the set-up needs of a description, whichever platform it is for."""

    @property
    def key(self) -> str:
        """Name of the entity among those of its part."""

    @property
    def supported(self) -> Callable[[Net2Options, DoorMode], bool]:
        """Whether to have it."""


class Net2Entity[ValueT](GatehouseEntity[Net2Coordinator, ValueT]):
    """An entity of a door or of the server."""

    coordinator_context: Part

    @property
    @override
    def unique_id(self) -> str:
        """The vendor's id and the description's key; the server has the entry's id."""
        return _unique_id(self.coordinator, self.coordinator_context, self.entity_description.key)

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The door, or the server."""
        coordinator = self.coordinator
        state = coordinator.data.parts.get(self.coordinator_context)
        if isinstance(state, DoorState):
            return door_device(coordinator.hass, coordinator.config_entry, state.door)
        return server_device(coordinator.config_entry)

    @property
    def door_id(self) -> int:
        """The door's id, for the entities of doors."""
        assert isinstance(self.coordinator_context, int)
        return self.coordinator_context

    @override
    def _is_reachable(self, state: Any) -> bool:
        """A door is as reachable as its controller."""
        return not isinstance(state, DoorState) or state.online


def _unique_id(coordinator: Net2Coordinator, part: Part, key: str) -> str:
    owner = part if isinstance(part, int) else coordinator.config_entry.entry_id
    return f"{SYSTEM_ID}-{owner}-{key}"


def setup_platform[RowT: Net2Row](
    platform: Platform,
    entity: Callable[[Net2Coordinator, Part, RowT], Net2Entity[Any]],
    *,
    doors: Sequence[RowT] = (),
    hubs: Mapping[Hub, Sequence[RowT]] | None = None,
) -> PlatformSetup:
    """Return a platform's setup: a row of `doors` for every door, of `hubs` for what is none."""

    async def async_setup_entry(
        hass: HomeAssistant,
        entry: Net2ConfigEntry,
        async_add_entities: AddConfigEntryEntitiesCallback,
    ) -> None:
        coordinator = entry.runtime_data
        options = coordinator.options

        @callback
        def build(part: Part) -> Iterable[Net2Entity[Any]]:
            rows = doors if isinstance(part, int) else (hubs or {}).get(part, ())
            mode = options.door(part).mode if isinstance(part, int) else DoorMode.LATCHED
            for row in rows:
                if row.supported(options, mode):
                    yield entity(coordinator, part, row)
                else:
                    unique_id = _unique_id(coordinator, part, row.key)
                    async_forget_entity(hass, platform, unique_id)

        async_add_parts(coordinator, async_add_entities, build)

    return async_setup_entry
