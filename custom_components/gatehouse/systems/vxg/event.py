"""What a camera sees, the moment it is heard of."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.event import EventEntityDescription
from homeassistant.const import Platform
from homeassistant.core import callback

from ...entity import setup_platform
from ...live import LiveEvent
from .client import CameraEvent
from .coordinator import VxgCoordinator
from .entity import VxgEntity, VxgShows
from .events import Sight, fields_of
from .snapshot import SightsState


@dataclass(frozen=True, kw_only=True)
class VxgEventDescription(EventEntityDescription, VxgShows[None]):
    """The events of a camera."""


SIGHTS: Final = (
    VxgEventDescription(
        key="sights",
        translation_key="sights",
        event_types=list(Sight),
        value=lambda _state: None,
        # The cloud goes on telling what the camera saw before it was lost.
        needs_camera=False,
    ),
)


class VxgEvent(LiveEvent[VxgCoordinator], VxgEntity[None]):
    """What one camera sees."""

    @callback
    @override
    def _on_event(self, sight: Sight, event: CameraEvent) -> None:
        self.fire(sight, fields_of(event))


async_setup_entry = setup_platform(Platform.EVENT, VxgEvent, {SightsState: SIGHTS})
