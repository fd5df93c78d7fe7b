"""What happens on a floor: people, sensors that fall silent, scenes that Home Assistant applies."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.event import EventEntityDescription
from homeassistant.const import Platform
from homeassistant.core import callback

from ...entity import setup_platform
from ...live import LiveEvent
from .coordinator import EnlightedCoordinator
from .entity import EnlightedEntity, EnlightedShows
from .events import Happening
from .snapshot import FloorState


@dataclass(frozen=True, kw_only=True)
class EnlightedEventDescription(EventEntityDescription, EnlightedShows[None]):
    """Something that happens."""


FLOORS: Final = (
    EnlightedEventDescription(
        key="activity",
        translation_key="floor_activity",
        event_types=list(Happening),
        value=lambda _state: None,
    ),
)


class EnlightedEvent(EnlightedEntity[None], LiveEvent[EnlightedCoordinator]):
    """Fires for what was seen to change from one look to the next, and for nothing older."""

    @callback
    @override
    def _on_event(self, *event: Any) -> None:
        happening, fields = event
        self.fire(happening, fields)


async_setup_entry = setup_platform(Platform.EVENT, EnlightedEvent, {FloorState: FLOORS})
