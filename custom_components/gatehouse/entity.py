"""What the entities of all systems share."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import GatehouseCoordinator
from .system import PlatformSetup


@dataclass(frozen=True, kw_only=True)
class Shows[ValueT]:
    """The half of a description that tells what an entity shows of its part's state.

    What tells of the link itself does not need it.
    """

    value: Callable[[Any], ValueT]
    needs_link: bool = True


class GatehouseEntity[CoordinatorT: GatehouseCoordinator[Any], ValueT](
    CoordinatorEntity[CoordinatorT]
):
    """An entity of one part of a system; the part's key is the coordinator's context.

    A part has a dozen entities and a change concerns one or two of them, so an entity keeps
    what it shows and writes its state only when that differs.
    """

    _attr_has_entity_name = True
    _value: ValueT | None = None
    _available = False

    def __init__(
        self, coordinator: CoordinatorT, part: Hashable, description: EntityDescription
    ) -> None:
        """Bind a description to a part."""
        super().__init__(coordinator, part)
        self.entity_description = description
        self._read()

    @property
    def is_supported(self) -> bool:
        """Whether to have this entity at all."""
        return True

    @property
    @override
    def available(self) -> bool:
        """Whether the link is up and the part can be reached."""
        return self._available

    @override
    async def async_added_to_hass(self) -> None:
        """Catch up with what changed between creation and now."""
        await super().async_added_to_hass()
        self._read()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if self._read():
            self.async_write_ha_state()

    def _has_link(self) -> bool:
        """Return whether the vendor can be reached, as far as this entity needs it."""
        return self.coordinator.last_update_success or not self._shows.needs_link

    def _is_reachable(self, state: Any) -> bool:
        """Return whether a part itself can be reached while the link is up."""
        return True

    def _read(self) -> bool:
        """Read the part anew; return whether that changes what the entity shows."""
        before = self._available, self._value
        state = self.coordinator.data.parts.get(self.coordinator_context)
        self._available = self._has_link() and state is not None and self._is_reachable(state)
        if self._available:
            self._value = self._value_of(state)
        return before != (self._available, self._value)

    @property
    def _shows(self) -> Shows[ValueT]:
        description = self.entity_description
        assert isinstance(description, Shows)
        return description

    def _value_of(self, state: Any) -> ValueT:
        """Return what the entity shows of its part."""
        return self._shows.value(state)


@callback
def async_add_parts(
    coordinator: GatehouseCoordinator[Any],
    async_add_entities: AddConfigEntryEntitiesCallback,
    build: Callable[[Any], Iterable[Entity]],
) -> None:
    """Add the entities of every part there is now, and of each one that comes later."""
    known: set[Hashable] = set()

    @callback
    def add_new_parts() -> None:
        parts = coordinator.data.parts
        new = coordinator.arrived
        if new is None:
            # A part that left and comes back needs its entities again.
            known.intersection_update(parts)
            new = [part for part in parts if part not in known]
        known.update(new)
        if entities := [entity for part in new for entity in build(part)]:
            async_add_entities(entities)

    add_new_parts()
    coordinator.config_entry.async_on_unload(coordinator.async_add_listener(add_new_parts))


def setup_platform[CoordinatorT: GatehouseCoordinator[Any], RowT: EntityDescription](
    platform: Platform,
    entity: Callable[[CoordinatorT, Hashable, RowT], GatehouseEntity[CoordinatorT, Any]],
    rows: Mapping[type, Sequence[RowT]],
) -> PlatformSetup:
    """Return a platform's setup: an entity for each row that stands for a part's kind of state.

    What the options do not ask for (any more) is removed, where it ever was.
    """

    async def async_setup_entry(
        hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
    ) -> None:
        coordinator: CoordinatorT = entry.runtime_data
        registry = er.async_get(hass)

        @callback
        def build(part: Hashable) -> Iterable[Entity]:
            for row in rows.get(type(coordinator.data.parts[part]), ()):
                built = entity(coordinator, part, row)
                if built.is_supported:
                    yield built
                elif known := registry.async_get_entity_id(platform, DOMAIN, built.unique_id or ""):
                    registry.async_remove(known)

        async_add_parts(coordinator, async_add_entities, build)

    return async_setup_entry
