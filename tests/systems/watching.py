"""A set-up site of any system, as tests look at it: by states, devices and bus events."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.gatehouse.const import DOMAIN, EVENT_MISSED

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
class WatchedSite:
    """An entry, and what it brought to Home Assistant's bus."""

    hass: HomeAssistant
    entry: MockConfigEntry
    missed: list[Event] = field(default_factory=list)
    fired: list[State] = field(default_factory=list)

    async def set_up(self) -> None:
        """Set the entry up and wait until all of it is there."""
        self.hass.bus.async_listen(EVENT_MISSED, self._note_missed)
        self.hass.bus.async_listen("state_changed", self._note_fired)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()

    def entity_id_of(self, platform: str, unique_id: str) -> str | None:
        """Return the id of an entity, None where there is none."""
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)

    def device_of(self, identifier: str) -> dr.DeviceEntry | None:
        """Return a device, None where there is none."""
        return dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, identifier), self.entry.entry_id
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
