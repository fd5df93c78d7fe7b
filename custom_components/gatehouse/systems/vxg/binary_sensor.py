"""What is so or not: whether cameras are there, what they see, and what is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .client import CameraStatus
from .entity import VxgEntity, VxgShows
from .events import DETECTED, Sight
from .snapshot import AccountState, CameraState, CardState, GatewayState, SightsState

_CLASSES: Final = {
    Sight.MOTION: BinarySensorDeviceClass.MOTION,
    Sight.SOUND: BinarySensorDeviceClass.SOUND,
}


@dataclass(frozen=True, kw_only=True)
class VxgBinarySensorDescription(BinarySensorEntityDescription, VxgShows[bool | None]):
    """Something that is so or not."""


def _is_active(sight: Sight) -> Callable[[SightsState], bool]:
    return lambda state: sight in state.active


def _is_possible(sight: Sight) -> Callable[[SightsState], bool]:
    return lambda state: sight in state.kinds


ACCOUNT: Final = (
    VxgBinarySensorDescription(
        key="events",
        translation_key="events",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.hears_events,
        needs_link=False,
    ),
)

_ONLINE: Final = VxgBinarySensorDescription(
    key="online",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
    value=lambda state: state.camera.is_online,
    needs_camera=False,
)

CAMERAS: Final = (
    _ONLINE,
    VxgBinarySensorDescription(
        key="recording",
        translation_key="recording",
        device_class=BinarySensorDeviceClass.RUNNING,
        value=lambda state: state.camera.is_recording,
    ),
    VxgBinarySensorDescription(
        key="login_refused",
        translation_key="login_refused",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.camera.status is CameraStatus.UNAUTHORIZED,
        needs_camera=False,
    ),
)

SIGHTS: Final = tuple(
    VxgBinarySensorDescription(
        key=sight.value,
        translation_key=None if sight in _CLASSES else sight.value,
        device_class=_CLASSES.get(sight),
        supported=_is_possible(sight),
        value=_is_active(sight),
    )
    for sight in DETECTED
)

CARDS: Final = (
    VxgBinarySensorDescription(
        key="card_problem",
        translation_key="card_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: state.value.status == "need-format",
    ),
)


class VxgBinarySensor(VxgEntity[bool | None], BinarySensorEntity):
    """Something that is so or not."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is so; None while nobody knows."""
        return self._value


async_setup_entry = setup_platform(
    Platform.BINARY_SENSOR,
    VxgBinarySensor,
    {
        AccountState: ACCOUNT,
        GatewayState: (_ONLINE,),
        CameraState: CAMERAS,
        SightsState: SIGHTS,
        CardState: CARDS,
    },
)
