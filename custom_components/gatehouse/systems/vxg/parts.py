"""What is known of each camera, put together as the parts that entities listen to."""

from collections.abc import Mapping

from .client import Camera
from .events import Sight, possible
from .reader import SettingsReader
from .sightings import Sightings
from .snapshot import CameraState, GatewayState, Kind, Part, SightsState, State


class CameraParts:
    """Brings together how a camera is, what can be set on it, and what it sees."""

    def __init__(self, reader: SettingsReader, sightings: Sightings) -> None:
        """Take what each knows."""
        self._reader = reader
        self._sightings = sightings
        #: Whether events may be seen; None until it is known.
        self.may_hear: bool | None = None

    def of(self, camera: Camera) -> Mapping[Part, State]:
        """Return all that is known of a camera."""
        part = Part(Kind.CAMERA, camera.id)
        if camera.is_gateway:
            return {part: GatewayState(camera)}
        regions = self._reader.regions(camera.id)
        motion = any(region.enabled for region in regions) if regions else None
        parts: dict[Part, State] = {part: CameraState(camera, motion)}
        if sights := self.sights(camera):
            parts[Part(Kind.SIGHTS, camera.id)] = sights
        parts.update(self._reader.parts(camera))
        return parts

    def sights(self, camera: Camera) -> SightsState | None:
        """Return what a camera sees; None where nobody may know, or what it can report is unread."""
        if not self.may_hear:
            return None
        if camera.is_full and not self._reader.knows(camera.id, Kind.EVENT_TYPE):
            return None
        types = self._reader.event_types(camera.id)
        # Where nobody can tell, motion is what every camera reports.
        kinds = possible(types) if types else frozenset({Sight.MOTION})
        return self._sightings.state(camera, kinds)
