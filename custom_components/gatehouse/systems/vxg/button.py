"""What a camera does at the push of a button."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .coordinator import VxgCoordinator
from .entity import VxgEntity, VxgShows
from .snapshot import CameraState, PtzState

#: What cameras can do, by the words of the interface: up is called top (section 3.2).
MOVES: Final = {
    "left": "left",
    "right": "right",
    "up": "top",
    "down": "bottom",
    "zoom_in": "zoom_in",
    "zoom_out": "zoom_out",
}


@dataclass(frozen=True, kw_only=True)
class VxgButtonDescription(ButtonEntityDescription, VxgShows[None]):
    """Something that a camera does."""

    press: Callable[[VxgCoordinator, Any], Awaitable[None]]
    needs_all: bool = True


def _nothing(_state: Any) -> None:
    """Show nothing: a button has no state of its own."""


def _move(key: str, action: str) -> VxgButtonDescription:
    return VxgButtonDescription(
        key=key,
        translation_key=key,
        supported=lambda state: action in state.value.actions,
        value=_nothing,
        press=lambda coordinator, state: coordinator.async_move(state.camera.id, action),
    )


PTZ: Final = tuple(_move(key, action) for key, action in MOVES.items())

CAMERAS: Final = (
    VxgButtonDescription(
        key="update_preview",
        translation_key="update_preview",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=_nothing,
        press=lambda coordinator, state: coordinator.async_do(
            state.camera.id, coordinator.client.update_preview(state.camera.id)
        ),
    ),
    VxgButtonDescription(
        key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        supported=lambda state: state.camera.manager_id is not None,
        value=_nothing,
        press=lambda coordinator, state: coordinator.async_do(
            state.camera.id, coordinator.client.reboot(state.camera)
        ),
    ),
)


class VxgButton(VxgEntity[None], ButtonEntity):
    """Something that a camera does."""

    entity_description: VxgButtonDescription

    @override
    async def async_press(self) -> None:
        """Have it done, once."""
        await self.entity_description.press(self.coordinator, self._state)


async_setup_entry = setup_platform(
    Platform.BUTTON, VxgButton, {CameraState: CAMERAS, PtzState: PTZ}
)
