"""What happens at a door, the moment it happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.event import (
    DoorbellEventType,
    EventDeviceClass,
    EventEntityDescription,
    EventExtraStoredData,
)
from homeassistant.const import Platform
from homeassistant.core import callback

from ...entity import setup_platform
from ...live import LiveEvent
from .client import AccessEvent, EventKind
from .coordinator import Net2Coordinator
from .entity import Net2Entity, Net2Shows
from .snapshot import DoorState


@dataclass(frozen=True, kw_only=True)
class Net2EventDescription(EventEntityDescription, Net2Shows[None]):
    """A door's events; `types` maps the kinds it is about to the types it fires."""

    types: Mapping[EventKind, str]


_ACTIVITY: Final[Mapping[EventKind, str]] = {
    kind: kind.value for kind in EventKind if kind is not EventKind.DOORBELL
}

DOORS: Final = (
    Net2EventDescription(
        key="activity",
        translation_key="activity",
        event_types=list(_ACTIVITY.values()),
        types=_ACTIVITY,
        value=lambda _state: None,
    ),
    Net2EventDescription(
        key="doorbell",
        device_class=EventDeviceClass.DOORBELL,
        event_types=[DoorbellEventType.RING],
        types={EventKind.DOORBELL: DoorbellEventType.RING},
        value=lambda _state: None,
    ),
)


class Net2Event(LiveEvent[Net2Coordinator], Net2Entity[None]):
    """What happens at one door."""

    entity_description: Net2EventDescription

    @override
    async def async_get_last_event_data(self) -> EventExtraStoredData | None:
        """Restore the last event, without the name that is to be left out by now."""
        last = await super().async_get_last_event_data()
        if last and last.last_event_attributes and self.coordinator.options.hide_names:
            last.last_event_attributes.pop("user_name", None)
        return last

    @callback
    @override
    def _on_event(self, event: AccessEvent) -> None:
        if event_type := self.entity_description.types.get(event.kind):
            self.fire(event_type, self.coordinator.fields_of(event))


async_setup_entry = setup_platform(Platform.EVENT, Net2Event, {DoorState: DOORS})
