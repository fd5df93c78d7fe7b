"""A set-up Net2 site, as tests look at it: by entity ids, states and bus events."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import Platform
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.gatehouse.const import DOMAIN, EVENT_MISSED
from custom_components.gatehouse.systems.paxton_net2.coordinator import Net2Coordinator
from simulators.paxton_net2 import Net2Simulator

#: Seconds to wait for what has to happen; only ever reached by a failure.
PATIENCE = 20


async def eventually(is_true: Callable[[], object], what: str = "the condition") -> None:
    """Wait for something that the server and Home Assistant bring about together."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not is_true():  # noqa: ASYNC110  # two processes' worth of causes, no one event
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"never came: {what}") from None


@dataclass
class Site:
    """An entry, its server, and what Home Assistant made of both."""

    hass: HomeAssistant
    simulator: Net2Simulator
    entry: MockConfigEntry
    missed: list[Event] = field(default_factory=list)
    fired: list[State] = field(default_factory=list)

    async def set_up(self) -> None:
        """Set the entry up and wait until the live stream is."""
        self.hass.bus.async_listen(EVENT_MISSED, self._note_missed)
        self.hass.bus.async_listen("state_changed", self._note_fired)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()
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
        owner = door_id or self.entry.entry_id
        entity_id = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"paxton_net2-{owner}-{key}"
        )
        assert entity_id, f"no {platform} {key} at {owner}"
        return entity_id

    def state(self, platform: Platform | str, key: str, door_id: int | None = None) -> State:
        """Return the state of a door's entity, or of the server's."""
        state = self.hass.states.get(self.entity_id(platform, key, door_id))
        assert state
        return state

    def has(self, platform: Platform | str, key: str, door_id: int | None = None) -> bool:
        """Return whether an entity is there."""
        owner = door_id or self.entry.entry_id
        unique_id = f"paxton_net2-{owner}-{key}"
        registry = er.async_get(self.hass)
        return registry.async_get_entity_id(platform, DOMAIN, unique_id) is not None

    def device(self, door_id: int) -> dr.DeviceEntry | None:
        """Return the device of a door."""
        return dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, f"paxton_net2-{door_id}"), self.entry.entry_id
        )

    async def call(self, domain: str, service: str, **data: Any) -> Any:
        """Call an action and wait for it."""
        return await self.hass.services.async_call(domain, service, data, blocking=True)

    @callback
    def _note_missed(self, event: Event) -> None:
        self.missed.append(event)

    @callback
    def _note_fired(self, event: Event[EventStateChangedData]) -> None:
        """Keep the states of event entities that are neither their first nor an outage."""
        new, old = event.data["new_state"], event.data["old_state"]
        if new is None or not new.entity_id.startswith("event."):
            return
        if new.state in ("unknown", "unavailable") or (old and old.state == new.state):
            return
        if old is None or old.state == "unavailable":
            # It came back with what it fired before.
            return
        self.fired.append(new)
