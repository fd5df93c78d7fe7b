"""Letting new repeaters join."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .entity import TableTrackerEntity, TableTrackerShows
from .snapshot import GatewayState

#: Seconds that the gateway listens: its own default (section 3.1).
_PAIRING_TIME: Final = 60


@dataclass(frozen=True, kw_only=True)
class TableTrackerSwitchDescription(SwitchEntityDescription, TableTrackerShows[bool]):
    """A switch of the gateway."""


GATEWAY: Final = (
    TableTrackerSwitchDescription(
        key="repeater_pairing",
        translation_key="repeater_pairing",
        entity_category=EntityCategory.CONFIG,
        value=lambda state: state.pairing_until is not None,
    ),
)


class TableTrackerPairingSwitch(TableTrackerEntity[bool], SwitchEntity):
    """Has the gateway listen for new repeaters; it stops by itself after a minute."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it listens, as far as this Home Assistant started it."""
        return self._value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Listen."""
        await self.coordinator.async_pair(_PAIRING_TIME)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Listen no more."""
        await self.coordinator.async_pair(0)


async_setup_entry = setup_platform(
    Platform.SWITCH, TableTrackerPairingSwitch, {GatewayState: GATEWAY}
)
