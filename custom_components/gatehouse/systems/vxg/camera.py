"""Cameras: the main picture, and the smaller one for who has little bandwidth."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Final, override

from homeassistant.components.camera import Camera, CameraEntityDescription
from homeassistant.components.camera.const import CameraEntityFeature
from homeassistant.components.stream import Stream
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ...const import DOMAIN
from ...entity import setup_platform
from .client import CameraStatus, PowerMode
from .const import LOGGER
from .coordinator import VxgCoordinator
from .entity import VxgEntity, VxgShows
from .errors import ERRORS
from .snapshot import CameraState, Kind, PartState, StreamsState
from .video import TicketFilter, choose, renewal

#: Seconds that a stream gets to start; Home Assistant gives its source ten in all.
_WARM_UP: Final = 8.0
#: Seconds that a picture is good for. Pages that several people look at ask for the same one at
#: about the same time; a door that wants to know who stands there asks for one of now.
_STILL_LIFE: Final = 2.0
#: The label of the logger that a stream of Home Assistant's has.
_STREAM_LOGGER: Final = "homeassistant.components.stream.stream"
_SECRETS: Final = TicketFilter()

#: What to write when a camera is turned on or off, by what it was told last (section 3.2).
_ON: Final = {
    PowerMode.SCHEDULE: PowerMode.ON_TILL_SCHEDULE,
    PowerMode.OFF_TILL_SCHEDULE: PowerMode.ON_TILL_SCHEDULE,
    PowerMode.OFF: PowerMode.ON,
}
_OFF: Final = {
    PowerMode.SCHEDULE: PowerMode.OFF_TILL_SCHEDULE,
    PowerMode.ON_TILL_SCHEDULE: PowerMode.OFF_TILL_SCHEDULE,
    PowerMode.ON: PowerMode.OFF,
}

type Shown = tuple[CameraStatus | None, bool | None, bool | None]
"""What of a camera is to be seen: its status, whether it records, whether motion counts."""


@dataclass(frozen=True, kw_only=True)
class VxgCameraDescription(CameraEntityDescription, VxgShows[Shown]):
    """A picture of a camera."""


MAIN: Final = (
    VxgCameraDescription(
        key="main",
        name=None,
        value=lambda state: (state.camera.status, state.camera.is_recording, state.motion),
    ),
)

SUB: Final = (
    VxgCameraDescription(
        key="sub",
        translation_key="sub",
        entity_registry_enabled_default=False,
        supported=lambda state: len(state.value.supported) > 1,
        value=lambda state: (state.camera.status, state.camera.is_recording, None),
    ),
)


class VxgCamera(VxgEntity[Shown], Camera):
    """One picture of a camera.

    A URL of the cloud's is good for starting a stream within some minutes (section 4.3). HLS
    is therefore played by way of the relay, which gets new ones; for RTSP and RTMP a new one is
    got when somebody begins to watch, and when what plays broke off.
    """

    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(
        self, coordinator: VxgCoordinator, part: Hashable, description: VxgCameraDescription
    ) -> None:
        """Have no stream yet."""
        super().__init__(coordinator, part, description)
        Camera.__init__(self)
        if self._camera.is_full and self.key == "main":
            self._attr_supported_features |= CameraEntityFeature.ON_OFF
        self._still: tuple[float, bytes] | None = None
        self._renew_at: datetime | None = None
        self._is_renewing = False

    @property
    def key(self) -> str:
        """Which picture it is."""
        return self.entity_description.key

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Stop what plays."""
        if self.stream is not None:
            await self.stream.stop()
        await super().async_will_remove_from_hass()

    @property
    @override
    def is_on(self) -> bool:
        """Whether it is to send a picture."""
        return self._status is CameraStatus.ACTIVE

    @property
    @override
    def is_streaming(self) -> bool:
        """Whether it sends a picture."""
        return self._status is CameraStatus.ACTIVE

    @property
    @override
    def is_recording(self) -> bool:
        """Whether its picture is being kept."""
        return bool(self._value and self._value[1])

    @property
    @override
    def motion_detection_enabled(self) -> bool:
        """Whether motion counts anywhere in its picture."""
        return bool(self._value and self._value[2])

    @property
    @override
    def brand(self) -> str | None:
        """Who made it."""
        return self._seen.camera.brand if self._seen else None

    @property
    @override
    def model(self) -> str | None:
        """What it is."""
        return self._seen.camera.model if self._seen else None

    @property
    def _seen(self) -> PartState | None:
        state = self.coordinator.data.parts.get(self.coordinator_context)
        return state if isinstance(state, PartState) else None

    @property
    def _status(self) -> CameraStatus | None:
        # Not of what is shown: that stays as it was while the camera is away.
        return self._seen.camera.status if self._seen else None

    # Stills

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return the newest picture that there is."""
        now = self.hass.loop.time()
        if self._still is None or now - self._still[0] > _STILL_LIFE:
            with ERRORS.translated():
                picture = await self.coordinator.client.get_still(
                    self.camera_id, is_full=self._camera.is_full
                )
            if picture is None:
                return None
            self._still = now, picture
        return self._still[1]

    # Streams

    @override
    async def stream_source(self) -> str | None:
        """Return a URL that can be played now.

        Raises:
            HomeAssistantError: The camera sends nothing, or nothing that can be played.
        """
        if self._status is not CameraStatus.ACTIVE:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="camera_not_active")
        with ERRORS.translated():
            urls = await self.coordinator.client.wait_for_live(
                self.camera_id, self._stream_id, limit=_WARM_UP
            )
        url = choose(urls, self.coordinator.options.stream)
        if url is None:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_live_stream")
        if url == urls.hls:
            self._renew_at = None
            return await self.coordinator.relay.async_address(self.camera_id, self._stream_id, urls)
        self._keep_secret()
        # A ticket of RTSP is looked at once, at the start: what plays goes on without (4.3).
        self._renew_at = renewal(urls, url, self.coordinator.client.now())
        return url

    @override
    async def async_create_stream(self) -> Stream | None:
        """Return the stream, with a source that is still good."""
        is_known = self.stream is not None
        stream = await super().async_create_stream()
        if stream is None:
            return None
        if not is_known:
            stream.set_update_callback(self._on_stream_update)
        elif self._is_over() and not stream.outputs():
            # It stands still since its last viewer left, and its ticket has ended meanwhile.
            await self._async_renew()
        return stream

    @property
    def _stream_id(self) -> str | None:
        """Which of the camera's pictures this is, as the cloud calls it; None for its own choice."""
        streams = self.coordinator.reader.streams(self.camera_id)
        if streams is None:
            return None
        main = streams.recorded or streams.live
        if self.key == "main":
            return main
        return next((each.id for each in streams.supported if each.id != main), None)

    def _keep_secret(self) -> None:
        """Keep tickets out of the log of Home Assistant's stream, which shows what it plays."""
        logging.getLogger(f"{_STREAM_LOGGER}.{self.entity_id}").addFilter(_SECRETS)

    def _is_over(self) -> bool:
        return self._renew_at is not None and self.coordinator.client.now() >= self._renew_at

    @callback
    def _on_stream_update(self) -> None:
        """Get another source for what broke off: Home Assistant tries again with what it has."""
        self.async_write_ha_state()
        if self.stream is not None and not self.stream.available and not self._is_renewing:
            self.coordinator.run(self._async_renew(), "ticket")

    async def _async_renew(self) -> None:
        """Get another source for when the stream next starts.

        Told of it now, Home Assistant's stream would take that for an end while it waits.
        """
        self._is_renewing = True
        try:
            source = await self.stream_source()
        except HomeAssistantError as err:
            LOGGER.debug("No new source for %s: %s", self.entity_id, type(err).__name__)
        else:
            if self.stream is not None and source:
                self.stream.source = source
        finally:
            self._is_renewing = False

    # Commands

    @override
    async def async_turn_on(self) -> None:
        """Have it send its picture; its schedule takes over again when it next has a say."""
        await self._async_set_power(is_on=True)

    @override
    async def async_turn_off(self) -> None:
        """Have it send nothing; its schedule takes over again when it next has a say."""
        await self._async_set_power(is_on=False)

    async def _async_set_power(self, *, is_on: bool) -> None:
        camera = self._camera
        if camera.status is CameraStatus.UNAUTHORIZED:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="camera_refuses_login"
            )
        mode = (_ON if is_on else _OFF).get(camera.mode) if camera.mode else None
        if mode is not None:
            command = self.coordinator.client.set_power(self.camera_id, mode)
            await self.coordinator.async_do(self.camera_id, command, Kind.CAMERA)

    @override
    async def async_enable_motion_detection(self) -> None:
        """Let motion count wherever a region is drawn."""
        await self._async_set_motion(on=True)

    @override
    async def async_disable_motion_detection(self) -> None:
        """Let motion count nowhere."""
        await self._async_set_motion(on=False)

    async def _async_set_motion(self, *, on: bool) -> None:
        if not self.coordinator.reader.regions(self.camera_id):
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_regions")
        command = self.coordinator.client.set_motion(self.camera_id, on=on)
        await self.coordinator.async_do(self.camera_id, command, Kind.REGION)


async_setup_entry = setup_platform(
    Platform.CAMERA, VxgCamera, {CameraState: MAIN, StreamsState: SUB}
)
