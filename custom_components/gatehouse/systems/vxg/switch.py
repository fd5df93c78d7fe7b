"""What of a camera can be switched."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .controls import VxgControl, VxgControls
from .coordinator import VxgCoordinator
from .snapshot import AudioState, CameraState, EventTypeState, ImagesState, Kind, RegionState

#: Seconds between pictures when they are switched on; the number beside it changes that.
_PERIOD: Final = 60


@dataclass(frozen=True, kw_only=True)
class VxgSwitchDescription(SwitchEntityDescription, VxgControls[bool | None, bool]):
    """Something that can be switched."""

    entity_category: EntityCategory | None = EntityCategory.CONFIG


CAMERAS: Final = (
    VxgSwitchDescription(
        key="led",
        translation_key="led",
        supported=lambda state: state.camera.led is not None,
        value=lambda state: state.camera.led,
        send=lambda client, state, on: client.set_led(state.camera.id, on=on),
        changes=Kind.CAMERA,
    ),
    VxgSwitchDescription(
        key="card_recording",
        translation_key="card_recording",
        supported=lambda state: state.camera.card_recording is not None,
        value=lambda state: state.camera.card_recording,
        send=lambda client, state, on: client.set_card_recording(state.camera.id, on=on),
        changes=Kind.CAMERA,
    ),
)


def _mute(key: str) -> VxgSwitchDescription:
    return VxgSwitchDescription(
        key=key,
        translation_key=key,
        supported=lambda state: key in state.value.values,
        value=lambda state: state.value.values.get(key) is True,
        send=lambda client, state, on: client.set_audio(state.camera.id, key, on),
        changes=Kind.AUDIO,
    )


def _flag(flag: str) -> VxgSwitchDescription:
    """Return the row of what is done about a kind of event: a camera has a dozen of these."""
    return VxgSwitchDescription(
        key=flag,
        translation_key=f"event_{flag}",
        entity_registry_enabled_default=False,
        supported=lambda state: flag in state.value.flags,
        value=lambda state: state.value.flags.get(flag),
        send=lambda client, state, on: client.set_event_type(
            state.camera.id, state.value.name, {flag: on}
        ),
        changes=Kind.EVENT_TYPE,
    )


IMAGES: Final = (
    VxgSwitchDescription(
        key="periodic_images",
        translation_key="periodic_images",
        # It is metered (section 6.5).
        entity_registry_enabled_default=False,
        value=lambda state: state.value.seconds is not None,
        send=lambda client, state, on: client.set_image_period(
            state.camera.id, _PERIOD if on else None
        ),
        changes=Kind.IMAGES,
    ),
)

AUDIO: Final = tuple(map(_mute, ("mic_mute", "spkr_mute")))
EVENT_TYPES: Final = tuple(map(_flag, ("receive", "record", "snapshot", "notify")))

REGIONS: Final = (
    VxgSwitchDescription(
        key="enabled",
        translation_key="region_enabled",
        value=lambda state: state.value.enabled,
        send=lambda client, state, on: client.change_region(
            state.camera.id, state.value.id, {"enabled": on}
        ),
        changes=Kind.REGION,
    ),
)


class VxgSwitch(VxgControl[bool | None, bool], SwitchEntity):
    """Something that can be switched."""

    def __init__(
        self, coordinator: VxgCoordinator, part: Hashable, description: VxgSwitchDescription
    ) -> None:
        """Name it after what it is about, where a camera has several."""
        super().__init__(coordinator, part, description)
        if self.coordinator_context.name:
            self._attr_translation_placeholders = self._named()

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on; None while nobody knows."""
        return self._value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self._async_send(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self._async_send(False)


async_setup_entry = setup_platform(
    Platform.SWITCH,
    VxgSwitch,
    {
        CameraState: CAMERAS,
        AudioState: AUDIO,
        EventTypeState: EVENT_TYPES,
        ImagesState: IMAGES,
        RegionState: REGIONS,
    },
)
