"""What cameras see at the moment: an event is an instant, so that a detection is held a while."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from .client import Camera, CameraEvent
from .events import DETECTED, Sight, counts_of, plate_of, sights_of
from .options import VxgOptions
from .snapshot import SightsState


class Sightings:
    """Keeps, for each camera, what it saw last and what of it still counts as being there."""

    def __init__(
        self, hass: HomeAssistant, options: VxgOptions, on_end: Callable[[int], None]
    ) -> None:
        """Have seen nothing; `on_end` hears of each camera where something ended."""
        self._hass = hass
        self._hold = options.motion_hold
        self._on_end = on_end
        self._states: dict[int, SightsState] = {}
        self._timers: dict[tuple[int, Sight], CALLBACK_TYPE] = {}

    def state(self, camera: Camera, kinds: frozenset[Sight]) -> SightsState:
        """Return what a camera sees; it can report `kinds`."""
        old = self._states.get(camera.id)
        if old is None or old.camera != camera or old.kinds != kinds:
            old = replace(old or SightsState(camera, kinds), camera=camera, kinds=kinds)
            self._states[camera.id] = old
        return old

    def forget(self, cameras: Iterable[int]) -> None:
        """Keep these cameras alone."""
        for camera_id in self._states.keys() - set(cameras):
            del self._states[camera_id]
            for key in [key for key in self._timers if key[0] == camera_id]:
                self._timers.pop(key)()

    def cancel(self) -> None:
        """End every hold, silently."""
        while self._timers:
            self._timers.popitem()[1]()

    @callback
    def see(self, event: CameraEvent, *, is_live: bool) -> None:
        """Take in an event; one that is not live tells what was last, but is over."""
        state = self._states.get(event.camera_id)
        if state is None:
            return
        active = state.active
        if is_live:
            started = {sight for sight in sights_of(event) if sight in DETECTED}
            active = active | started
            for sight in started:
                self._hold_on(event.camera_id, sight)
        is_latest = state.last is None or event.time >= state.last.time
        counts = counts_of(event)
        self._states[event.camera_id] = replace(
            state,
            active=active,
            last=event if is_latest else state.last,
            pictured=self._pictured(state, event),
            plate=(plate_of(event) if is_latest else None) or state.plate,
            counts=counts if counts and is_latest else state.counts,
        )

    @callback
    def note_picture(self, event: CameraEvent) -> bool:
        """Take in the picture that came after its event; tell whether it is the latest."""
        state = self._states.get(event.camera_id)
        if state is None or self._pictured(state, event) is state.pictured:
            return False
        self._states[event.camera_id] = replace(state, pictured=event)
        return True

    @staticmethod
    def _pictured(state: SightsState, event: CameraEvent) -> CameraEvent | None:
        old = state.pictured
        is_newer = event.picture is not None and (old is None or event.time >= old.time)
        return event if is_newer else old

    def _hold_on(self, camera_id: int, sight: Sight) -> None:
        key = camera_id, sight

        @callback
        def end(_now: datetime) -> None:
            del self._timers[key]
            state = self._states[camera_id]
            self._states[camera_id] = replace(state, active=state.active - {sight})
            self._on_end(camera_id)

        if cancel := self._timers.pop(key, None):
            cancel()
        self._timers[key] = async_call_later(self._hass, self._hold, end)
