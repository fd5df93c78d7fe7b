"""The outlet of a receptacle that can be switched."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.components.switch.const import SwitchDeviceClass
from homeassistant.const import Platform

from ...entity import setup_platform
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import PlugLoadState


@dataclass(frozen=True, kw_only=True)
class EnlightedSwitchDescription(SwitchEntityDescription, EnlightedShows[bool | None]):
    """An outlet."""


PLUG_LOADS: Final = (
    EnlightedSwitchDescription(
        key="outlet",
        translation_key="outlet",
        device_class=SwitchDeviceClass.OUTLET,
        value=lambda state: state.plug_load.is_on,
    ),
)


class EnlightedSwitch(EnlightedEntity[bool | None], SwitchEntity):
    """The managed outlet of a receptacle."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on, by the manager's list; None while nobody knows."""
        return self._value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.coordinator.commands.set_plug_load(self._state, on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.coordinator.commands.set_plug_load(self._state, on=False)


async_setup_entry = setup_platform(Platform.SWITCH, EnlightedSwitch, {PlugLoadState: PLUG_LOADS})
