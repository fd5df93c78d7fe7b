"""Holding a door open, and locking the whole site down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import Platform

from ...entity import setup_platform
from .entity import Net2Entity, Net2Shows
from .options import DoorMode
from .snapshot import DoorState, ServerState


@dataclass(frozen=True, kw_only=True)
class Net2SwitchDescription(SwitchEntityDescription, Net2Shows[bool | None]):
    """A switch; `turn_on` and `turn_off` send its commands."""

    turn_on: Callable[[Net2Switch], Awaitable[None]]
    turn_off: Callable[[Net2Switch], Awaitable[None]]


class Net2Switch(Net2Entity[bool | None], SwitchEntity):
    """A switch of a door or of the whole site."""

    entity_description: Net2SwitchDescription

    @property
    @override
    def assumed_state(self) -> bool:
        """Nothing but events tells of holds and lockdowns (section 7.4): before one, no state."""
        return self._value is None

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on; None while nobody knows."""
        return self._value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Send the command."""
        await self.entity_description.turn_on(self)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Send the opposite command."""
        await self.entity_description.turn_off(self)


DOORS: Final = (
    Net2SwitchDescription(
        key="hold_open",
        translation_key="hold_open",
        # A switch cannot ask for a control code.
        supported=lambda options, door: (
            door.mode is DoorMode.LATCHED and options.control_code is None
        ),
        value=lambda state: state.held,
        turn_on=lambda switch: switch.coordinator.control.async_hold_open(switch.door_id),
        turn_off=lambda switch: switch.coordinator.control.async_close(switch.door_id),
    ),
)

SERVER: Final = (
    Net2SwitchDescription(
        key="lockdown",
        translation_key="lockdown",
        value=lambda state: state.lockdown,
        turn_on=lambda switch: switch.coordinator.control.async_set_lockdown(active=True),
        turn_off=lambda switch: switch.coordinator.control.async_set_lockdown(active=False),
    ),
)

async_setup_entry = setup_platform(
    Platform.SWITCH, Net2Switch, {DoorState: DOORS, ServerState: SERVER}
)
