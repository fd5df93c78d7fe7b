"""A set-up gateway, as tests look at it: by entity ids, states and bus events."""

from dataclasses import dataclass
from typing import override

from homeassistant.core import State

from custom_components.gatehouse.systems.table_tracker.coordinator import TableTrackerCoordinator
from simulators.table_tracker import TableTrackerSimulator

from ..watching import WatchedSite, eventually

#: What the entry of a gateway is known by in tests.
GATEWAY_ID = "table_tracker-test"


@dataclass(kw_only=True)
class Site(WatchedSite):
    """An entry, its gateway, and what Home Assistant made of both."""

    gateway: TableTrackerSimulator

    @override
    async def set_up(self) -> None:
        """Set the entry up and wait until the socket is."""
        await super().set_up()
        await self.connected()

    async def connected(self) -> None:
        """Wait until the socket is up and the poll that follows it is done."""
        await eventually(lambda: self.coordinator.is_live, "the socket")
        # Waits behind the poll that the connection brings about.
        await self.coordinator.async_refresh()
        await self.hass.async_block_till_done()

    async def lost(self) -> None:
        """Wait until it is noticed that the socket is down."""
        await eventually(lambda: not self.coordinator.is_live, "the loss")

    @property
    def coordinator(self) -> TableTrackerCoordinator:
        """The entry's coordinator."""
        coordinator: TableTrackerCoordinator = self.entry.runtime_data
        return coordinator

    def entity_id(self, platform: str, key: str, part: str = "") -> str:
        """Return the id of an entity of the gateway, or of a part such as `table-8`."""
        entity_id = self.entity_id_of(platform, self._unique_id(key, part))
        assert entity_id, f"no {platform} {key} at {part or 'the gateway'}"
        return entity_id

    def has(self, platform: str, key: str, part: str = "") -> bool:
        """Return whether an entity is there."""
        return self.entity_id_of(platform, self._unique_id(key, part)) is not None

    def state(self, platform: str, key: str, part: str = "") -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, key, part))
        assert state
        return state

    async def shows(self, value: str, platform: str, key: str, part: str = "") -> None:
        """Wait until an entity is there and has this state."""
        await eventually(
            lambda: (
                self.has(platform, key, part) and self.state(platform, key, part).state == value
            ),
            f"{part} {key} {value}",
        )

    @property
    def order_events(self) -> list[str]:
        """The types that the gateway's event entity fired."""
        own = self.entity_id("event", "order")
        return [each.attributes["event_type"] for each in self.fired if each.entity_id == own]

    @property
    def missed_events(self) -> list[str]:
        """The types that were told as missed."""
        return [each.data["event_type"] for each in self.missed]

    def _unique_id(self, key: str, part: str) -> str:
        if not part:
            return f"table_tracker-{self.entry.entry_id}-{key}"
        if part.startswith(("table-", "tracker-")):
            return f"{GATEWAY_ID}-{part}-{key}"
        return f"table_tracker-{part}-{key}"
