"""What the entities of all systems share."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import GatehouseCoordinator


class GatehouseEntity[CoordinatorT: GatehouseCoordinator[Any]](CoordinatorEntity[CoordinatorT]):
    """An entity of one part of a system; the part's key is the coordinator's context."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: CoordinatorT, part: Hashable, description: EntityDescription
    ) -> None:
        """Bind a description to a part."""
        super().__init__(coordinator, part)
        self.entity_description = description

    @property
    @override
    def available(self) -> bool:
        """Whether the link is up and the vendor still has this part."""
        return super().available and self.coordinator_context in self.coordinator.data.parts


@callback
def async_add_parts(
    coordinator: GatehouseCoordinator[Any],
    async_add_entities: AddConfigEntryEntitiesCallback,
    build: Callable[[Hashable], Iterable[Entity]],
) -> None:
    """Add the entities of every part there is now, and of each one that comes later."""
    known: set[Hashable] = set()

    @callback
    def add_new_parts() -> None:
        parts = coordinator.data.parts
        # A part that left and comes back needs its entities again.
        known.intersection_update(parts)
        new = [part for part in parts if part not in known]
        known.update(new)
        if entities := [entity for part in new for entity in build(part)]:
            async_add_entities(entities)

    add_new_parts()
    coordinator.config_entry.async_on_unload(coordinator.async_add_listener(add_new_parts))


@callback
def async_remove_unused_entities(
    coordinator: GatehouseCoordinator[Any], used: Callable[[er.RegistryEntry], bool]
) -> None:
    """Forget the entities that the entry's options no longer ask for."""
    registry = er.async_get(coordinator.hass)
    for entry in er.async_entries_for_config_entry(registry, coordinator.config_entry.entry_id):
        if entry.platform == DOMAIN and not used(entry):
            registry.async_remove(entry.entity_id)
