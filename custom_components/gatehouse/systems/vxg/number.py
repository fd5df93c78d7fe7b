"""What of a camera has a level."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfDataRate,
    UnitOfTime,
)

from ...entity import setup_platform
from .client import VxgClient, bitrate_field
from .controls import VxgControl, VxgControls
from .coordinator import VxgCoordinator
from .snapshot import (
    AudioState,
    EncoderState,
    ImagesState,
    Kind,
    RegionState,
    VideoState,
)


@dataclass(frozen=True, kw_only=True)
class VxgNumberDescription(NumberEntityDescription, VxgControls[float | None, float]):
    """Something that has a level; its range is the camera's where the camera tells one."""

    entity_category: EntityCategory | None = EntityCategory.CONFIG


def _level(key: str, kind: Kind, *, is_usual: bool = True) -> VxgNumberDescription:
    """Return the row of a setting of the picture or the sound."""

    async def send(client: VxgClient, state: Any, value: float) -> None:
        change = client.set_video if kind is Kind.VIDEO else client.set_audio
        await change(state.camera.id, key, float(round(value)))

    return VxgNumberDescription(
        key=key,
        translation_key=key,
        native_unit_of_measurement=PERCENTAGE,
        entity_registry_enabled_default=is_usual,
        supported=lambda state: key in state.value.ranges,
        value=lambda state: state.value.values.get(key),
        send=send,
        changes=kind,
    )


VIDEO: Final = tuple(
    _level(key, Kind.VIDEO) for key in ("brightness", "contrast", "saturation", "sharpness")
)
AUDIO: Final = tuple(_level(key, Kind.AUDIO) for key in ("mic_gain", "spkr_vol"))

REGIONS: Final = (
    VxgNumberDescription(
        key="sensitivity",
        translation_key="region_sensitivity",
        native_unit_of_measurement=PERCENTAGE,
        supported=lambda state: state.value.sensitivity is not None,
        value=lambda state: state.value.sensitivity,
        send=lambda client, state, value: client.change_region(
            state.camera.id, state.value.id, {"sensitivity": round(value)}
        ),
        changes=Kind.REGION,
    ),
)

ENCODERS: Final = (
    VxgNumberDescription(
        key="bitrate",
        translation_key="bitrate",
        device_class=NumberDeviceClass.DATA_RATE,
        native_unit_of_measurement=UnitOfDataRate.KILOBITS_PER_SECOND,
        mode=NumberMode.BOX,
        entity_registry_enabled_default=False,
        supported=lambda state: "bitrate" in state.value.ranges,
        value=lambda state: state.value.values.get("bitrate"),
        send=lambda client, state, value: client.set_encoder(
            state.camera.id, state.stream, bitrate_field(state.value), round(value)
        ),
        changes=Kind.STREAMS,
    ),
)

IMAGES: Final = (
    VxgNumberDescription(
        key="image_period",
        translation_key="image_period",
        device_class=NumberDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        native_min_value=5,
        native_max_value=86400,
        mode=NumberMode.BOX,
        entity_registry_enabled_default=False,
        value=lambda state: state.value.seconds,
        send=lambda client, state, value: client.set_image_period(state.camera.id, round(value)),
        changes=Kind.IMAGES,
    ),
)


class VxgNumber(VxgControl[float | None, float], NumberEntity):
    """Something that has a level."""

    entity_description: VxgNumberDescription

    def __init__(
        self, coordinator: VxgCoordinator, part: Hashable, description: VxgNumberDescription
    ) -> None:
        """Take over the camera's own range."""
        super().__init__(coordinator, part, description)
        ranges = getattr(self._state.value, "ranges", {})
        if found := ranges.get(description.key):
            self._attr_native_min_value, self._attr_native_max_value = found
        if self.coordinator_context.name:
            self._attr_translation_placeholders = self._named()

    @property
    @override
    def native_value(self) -> float | None:
        """The level; None while nobody knows."""
        return self._value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the level."""
        await self._async_send(value)


async_setup_entry = setup_platform(
    Platform.NUMBER,
    VxgNumber,
    {
        VideoState: VIDEO,
        AudioState: AUDIO,
        RegionState: REGIONS,
        EncoderState: ENCODERS,
        ImagesState: IMAGES,
    },
)
