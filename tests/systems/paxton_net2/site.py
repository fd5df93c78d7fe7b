"""A set-up Net2 site, as tests look at it: by entity ids, states and bus events."""

from dataclasses import dataclass
from typing import override

from homeassistant.const import Platform
from homeassistant.core import State
from homeassistant.helpers import device_registry as dr

from custom_components.gatehouse.systems.paxton_net2.coordinator import Net2Coordinator
from simulators.paxton_net2 import Net2Simulator

from ..watching import WatchedSite, eventually

__all__ = ["Site", "eventually"]


@dataclass(kw_only=True)
class Site(WatchedSite):
    """An entry, its server, and what Home Assistant made of both."""

    simulator: Net2Simulator

    @override
    async def set_up(self) -> None:
        """Set the entry up and wait until the live stream is."""
        await super().set_up()
        await self.connected()

    async def connected(self) -> None:
        """Wait until the live stream is up and the poll that follows it is done."""
        await eventually(lambda: self.state("binary_sensor", "live_stream").state == "on", "stream")
        # Waits behind the poll that the connection brings about.
        await self.coordinator.async_refresh()

    @property
    def coordinator(self) -> Net2Coordinator:
        """The entry's coordinator."""
        coordinator: Net2Coordinator = self.entry.runtime_data
        return coordinator

    @property
    def doors(self) -> list[int]:
        """The ids of the server's doors, in its order."""
        return list(self.simulator.world.doors)

    def entity_id(self, platform: Platform | str, key: str, door_id: int | None = None) -> str:
        """Return the id of a door's entity, or of the server's."""
        entity_id = self.entity_id_of(platform, self._unique_id(key, door_id))
        assert entity_id, f"no {platform} {key} at {door_id or 'the server'}"
        return entity_id

    def state(self, platform: Platform | str, key: str, door_id: int | None = None) -> State:
        """Return the state of a door's entity, or of the server's."""
        state = self.hass.states.get(self.entity_id(platform, key, door_id))
        assert state
        return state

    def has(self, platform: Platform | str, key: str, door_id: int | None = None) -> bool:
        """Return whether an entity is there."""
        return self.entity_id_of(platform, self._unique_id(key, door_id)) is not None

    def device(self, door_id: int) -> dr.DeviceEntry | None:
        """Return the device of a door."""
        return self.device_of(f"paxton_net2-{door_id}")

    def _unique_id(self, key: str, door_id: int | None) -> str:
        return f"paxton_net2-{door_id or self.entry.entry_id}-{key}"
