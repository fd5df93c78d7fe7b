"""Releasing a door at the press of a button."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import Platform

from ...entity import setup_platform
from .entity import Net2Entity, Net2Shows
from .options import DoorMode
from .snapshot import DoorState


@dataclass(frozen=True, kw_only=True)
class Net2ButtonDescription(ButtonEntityDescription, Net2Shows[None]):
    """A button of a door; it shows nothing."""


DOORS: Final = (
    Net2ButtonDescription(
        key="release",
        translation_key="release",
        # A button cannot ask for a control code.
        supported=lambda options, door: (
            door.mode is not DoorMode.MONITOR and options.control_code is None
        ),
        value=lambda _state: None,
    ),
)


class Net2ReleaseButton(Net2Entity[None], ButtonEntity):
    """Releases a door once, for its configured time."""

    @override
    async def async_press(self) -> None:
        """Release the door."""
        await self.coordinator.control.async_release(self.door_id)


async_setup_entry = setup_platform(Platform.BUTTON, Net2ReleaseButton, {DoorState: DOORS})
