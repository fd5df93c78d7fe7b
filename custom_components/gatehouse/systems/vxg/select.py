"""What of a camera can be chosen."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import callback

from ...entity import setup_platform
from .client import PowerMode, RecordingMode, VxgClient
from .controls import VxgControl, VxgControls
from .coordinator import VxgCoordinator
from .snapshot import CameraState, EncoderState, Kind, PtzState, StreamsState, VideoState


@dataclass(frozen=True, kw_only=True)
class VxgSelectDescription(SelectEntityDescription, VxgControls[str | None, str]):
    """Something that can be chosen; `choices` returns what there is to choose from."""

    choices: Callable[[Any], list[str]]
    entity_category: EntityCategory | None = EntityCategory.CONFIG


CAMERAS: Final = (
    VxgSelectDescription(
        key="recording_mode",
        translation_key="recording_mode",
        choices=lambda _state: list(RecordingMode),
        supported=lambda state: state.camera.recording_mode is not None,
        value=lambda state: state.camera.recording_mode,
        send=lambda client, state, mode: client.set_recording(state.camera.id, RecordingMode(mode)),
        changes=Kind.CAMERA,
    ),
    VxgSelectDescription(
        key="power_mode",
        translation_key="power_mode",
        choices=lambda _state: list(PowerMode),
        supported=lambda state: state.camera.mode is not None,
        value=lambda state: state.camera.mode,
        send=lambda client, state, mode: client.set_power(state.camera.id, PowerMode(mode)),
        changes=Kind.CAMERA,
    ),
)


def _picture(key: str) -> VxgSelectDescription:
    """Return the row of a setting of the picture that has words for its values."""

    def value(state: VideoState) -> str | None:
        found = state.value.values.get(key)
        return None if found is None else str(found)

    return VxgSelectDescription(
        key=key,
        translation_key=key,
        choices=lambda state: list(state.value.choices[key]),
        supported=lambda state: key in state.value.choices,
        value=value,
        send=lambda client, state, choice: client.set_video(state.camera.id, key, choice),
        changes=Kind.VIDEO,
    )


VIDEO: Final = tuple(
    map(_picture, ("tdn", "ir_light", "vert_flip", "horz_flip", "wb_type", "pwr_frequency"))
)

STREAMS: Final = (
    VxgSelectDescription(
        key="live_stream",
        translation_key="live_stream",
        choices=lambda state: [stream.id for stream in state.value.supported],
        supported=lambda state: len(state.value.supported) > 1,
        value=lambda state: state.value.live,
        send=lambda client, state, stream: client.set_live_stream(state.camera.id, stream),
        changes=Kind.STREAMS,
    ),
)

ENCODERS: Final = (
    VxgSelectDescription(
        key="fps",
        translation_key="fps",
        choices=lambda state: list(state.value.choices["fps"]),
        entity_registry_enabled_default=False,
        supported=lambda state: "fps" in state.value.choices,
        value=lambda state: str(state.value.values.get("fps")),
        send=lambda client, state, rate: client.set_encoder(
            state.camera.id, state.stream, "fps", int(rate)
        ),
        changes=Kind.STREAMS,
    ),
)


async def _go(client: VxgClient, state: PtzState, name: str) -> None:
    preset = next(each for each in state.value.presets if each.name == name)
    await client.go_to_preset(state.camera.id, preset.id)


PTZ: Final = (
    VxgSelectDescription(
        key="preset",
        translation_key="preset",
        entity_category=None,
        choices=lambda state: [preset.name for preset in state.value.presets],
        supported=lambda state: bool(state.value.presets),
        # No camera tells where it looks now.
        value=lambda _state: None,
        send=_go,
        changes=Kind.PTZ,
    ),
)


class VxgSelect(VxgControl[str | None, str], SelectEntity):
    """Something that can be chosen."""

    entity_description: VxgSelectDescription

    def __init__(
        self, coordinator: VxgCoordinator, part: Hashable, description: VxgSelectDescription
    ) -> None:
        """Name it after what it is about, where a camera has several."""
        super().__init__(coordinator, part, description)
        if self.coordinator_context.name:
            self._attr_translation_placeholders = self._named()

    @callback
    @override
    def _read(self) -> bool:
        has_changed = super()._read()
        state = self.coordinator.data.parts.get(self.coordinator_context)
        before = getattr(self, "_attr_options", None)
        if state is not None and self.is_supported:
            self._attr_options = self.entity_description.choices(state)
        return has_changed or before != getattr(self, "_attr_options", None)

    @property
    @override
    def current_option(self) -> str | None:
        """What is chosen; None while nobody knows."""
        return self._value

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose something."""
        await self._async_send(option)


async_setup_entry = setup_platform(
    Platform.SELECT,
    VxgSelect,
    {
        CameraState: CAMERAS,
        VideoState: VIDEO,
        StreamsState: STREAMS,
        EncoderState: ENCODERS,
        PtzState: PTZ,
    },
)
