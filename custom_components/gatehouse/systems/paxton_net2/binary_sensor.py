"""What a door's contacts and alarms tell, and whether the live stream is up."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .client import DoorStatus
from .entity import Net2Entity, Net2Shows
from .options import DoorMode
from .snapshot import DoorState, ServerState


@dataclass(frozen=True, kw_only=True)
class Net2BinarySensorDescription(BinarySensorEntityDescription, Net2Shows[bool | None]):
    """A binary sensor of a door or the server."""


def _status(state: DoorState) -> DoorStatus:
    return state.status or _UNTOLD


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


_UNTOLD: Final = DoorStatus()

# Home Assistant takes 10,000 enabled entities from an entry. With what is off by default here and
# among the sensors a door has nine, so that a site of a thousand doors fits. The alarm covers
# tampering too, and the activity tells of all of it.
DOORS: Final = (
    Net2BinarySensorDescription(
        key="contact",
        device_class=BinarySensorDeviceClass.DOOR,
        value=lambda state: _not(_status(state).contact_closed),
    ),
    Net2BinarySensorDescription(
        # A latched door has a lock that shows the same.
        key="relay",
        translation_key="relay",
        device_class=BinarySensorDeviceClass.LOCK,
        supported=lambda _options, door: door.mode is not DoorMode.LATCHED,
        value=lambda state: _status(state).relay_open,
    ),
    Net2BinarySensorDescription(
        key="alarm",
        translation_key="alarm",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value=lambda state: _status(state).alarm,
    ),
    Net2BinarySensorDescription(
        key="tamper",
        device_class=BinarySensorDeviceClass.TAMPER,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: _not(_status(state).tamper_ok),
    ),
    Net2BinarySensorDescription(
        key="power",
        translation_key="power",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: _not(_status(state).power_ok),
    ),
    Net2BinarySensorDescription(
        # Few doors are wired to an intruder alarm.
        key="intruder",
        translation_key="intruder",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda state: _status(state).intruder_armed,
    ),
)

SERVER: Final = (
    Net2BinarySensorDescription(
        key="live_stream",
        translation_key="live_stream",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        needs_link=False,
        value=lambda state: state.live_stream,
    ),
)


class Net2BinarySensor(Net2Entity[bool | None], BinarySensorEntity):
    """A binary sensor of a door or the server."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on; None where the server does not tell."""
        return self._value


async_setup_entry = setup_platform(
    Platform.BINARY_SENSOR, Net2BinarySensor, {DoorState: DOORS, ServerState: SERVER}
)
