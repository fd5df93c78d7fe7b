"""What to read of each camera's settings, and how often: rarely, in turn, and never of the dead."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.core import HomeAssistant

from .client import (
    Camera,
    EventType,
    MediaStreams,
    Region,
    VxgClient,
    VxgError,
    VxgForbiddenError,
    VxgNotFoundError,
    VxgRejectedError,
)
from .const import LOGGER, SETTINGS_AT_ONCE, SETTINGS_INTERVAL, SETTINGS_PER_MINUTE
from .snapshot import (
    AudioState,
    CardState,
    EncoderState,
    EventTypeState,
    FirmwareState,
    ImagesState,
    Kind,
    Part,
    PartState,
    PlanState,
    PtzState,
    RegionState,
    StreamsState,
    VideoState,
)

#: Seconds until something is asked for again that could not be read.
_RETRY: Final = 300.0

#: The state class of each kind of setting.
STATES: Final[Mapping[Kind, Callable[[Camera, Any], PartState]]] = {
    Kind.PTZ: PtzState,
    Kind.VIDEO: VideoState,
    Kind.AUDIO: AudioState,
    Kind.STREAMS: StreamsState,
    Kind.EVENT_TYPE: EventTypeState,
    Kind.REGION: RegionState,
    Kind.CARD: CardState,
    Kind.PLAN: PlanState,
    Kind.IMAGES: ImagesState,
    Kind.FIRMWARE: FirmwareState,
}


@dataclass(frozen=True, slots=True)
class Key:
    """Something to read: a kind of setting of a camera."""

    camera_id: int
    kind: Kind


class SettingsReader:
    """Reads one setting after the other; what a camera lacks is not asked for again (7.28)."""

    def __init__(self, hass: HomeAssistant, client: VxgClient) -> None:
        """Have read nothing."""
        self._hass = hass
        self._client = client
        #: In this order for all cameras: without their kinds of events they cannot tell of any.
        self._reads: Mapping[Kind, Callable[[int], Awaitable[Any]]] = {
            Kind.EVENT_TYPE: client.get_event_types,
            Kind.STREAMS: client.get_streams,
            Kind.PTZ: client.get_ptz,
            Kind.REGION: client.get_regions,
            Kind.VIDEO: client.get_video,
            Kind.AUDIO: client.get_audio,
            Kind.CARD: client.get_card,
            Kind.PLAN: client.get_plan,
            Kind.FIRMWARE: client.get_firmwares,
            Kind.IMAGES: client.get_image_period,
        }
        self._due: dict[Key, float] = {}
        #: What a camera turned out to lack, or its credential to hide.
        self._missing: set[Key] = set()
        self._values: dict[Key, dict[str, Any]] = {}
        self._encoders: dict[int, dict[str, Any]] = {}

    async def read_again(self, camera_id: int, kind: Kind) -> None:
        """Read something that was just changed; without an answer it is read again soon."""
        await self._read(Key(camera_id, kind), interval=SETTINGS_INTERVAL)

    def knows(self, camera_id: int, kind: Kind) -> bool:
        """Tell whether a setting was read, or is known to be missing."""
        key = Key(camera_id, kind)
        return key in self._values or key in self._missing

    def event_types(self, camera_id: int) -> tuple[EventType, ...]:
        """Return the kinds of events that a camera can report."""
        return tuple(self._values.get(Key(camera_id, Kind.EVENT_TYPE), {}).values())

    def regions(self, camera_id: int) -> tuple[Region, ...]:
        """Return where motion counts at a camera."""
        return tuple(self._values.get(Key(camera_id, Kind.REGION), {}).values())

    def streams(self, camera_id: int) -> MediaStreams | None:
        """Return which pictures a camera sends, if that is known."""
        found: MediaStreams | None = self._values.get(Key(camera_id, Kind.STREAMS), {}).get("")
        return found

    def parts(self, camera: Camera) -> Iterator[tuple[Part, PartState]]:
        """Return the states of all that is known of a camera."""
        for kind in self._reads:
            for name, value in self._values.get(Key(camera.id, kind), {}).items():
                yield Part(kind, camera.id, name), STATES[kind](camera, value)
        for name, value in self._encoders.get(camera.id, {}).items():
            yield Part(Kind.ENCODER, camera.id, name), EncoderState(camera, value, name)

    def forget(self, cameras: Iterable[int]) -> None:
        """Keep what is known of these cameras alone."""
        kept = set(cameras)
        for known in (self._due, self._values):
            for key in [key for key in known if key.camera_id not in kept]:
                del known[key]
        self._missing = {key for key in self._missing if key.camera_id in kept}
        for camera_id in self._encoders.keys() - kept:
            del self._encoders[camera_id]

    async def read(self, cameras: Iterable[Camera]) -> AsyncGenerator[int]:
        """Read whatever is due; yield each camera of which something was read.

        What is not known yet is read at once, what is known a little at a time. Cameras that are
        offline, or that may only be looked at, are left alone.
        """
        asked = [
            each for each in cameras if each.is_full and each.is_online and not each.is_gateway
        ]
        now = self._hass.loop.time()
        keys = [Key(camera.id, kind) for kind in self._reads for camera in asked]
        due = [key for key in keys if key not in self._missing and self._due.get(key, 0.0) <= now]
        known = sorted((key for key in due if key in self._values), key=self._due.__getitem__)
        slow: set[int] = set()
        for key in (*(key for key in due if key not in self._values), *known[:SETTINGS_AT_ONCE]):
            if key.camera_id in slow:
                continue
            if not await self._read(key, interval=self._interval(len(asked))):
                # The others are not to wait for one that does not answer.
                slow.add(key.camera_id)
            yield key.camera_id

    async def _read(self, key: Key, *, interval: float) -> bool:
        """Read one setting; return whether there was an answer."""
        loop = self._hass.loop
        self._due[key] = loop.time() + interval
        try:
            value = await self._reads[key.kind](key.camera_id)
            if key.kind is Kind.STREAMS:
                await self._read_encoders(key.camera_id, value)
        except VxgNotFoundError, VxgForbiddenError, VxgRejectedError:
            self._missing.add(key)
            self._values.pop(key, None)
        except VxgError as err:
            # Also a refused token: one camera's may be, and the account's the next poll meets.
            LOGGER.debug("The %s settings of a camera were not read: %s", key.kind, err)
            self._due[key] = loop.time() + _RETRY
            return False
        else:
            self._values[key] = _by_name(value)
        return True

    async def _read_encoders(self, camera_id: int, streams: MediaStreams) -> None:
        self._encoders[camera_id] = {
            stream.encoder: await self._client.get_encoder(camera_id, stream.encoder)
            for stream in streams.supported
        }

    def _interval(self, cameras: int) -> float:
        """Return the seconds between two reads of the same, so that all together stay few."""
        whole_round = cameras * (len(self._reads) + 2) / SETTINGS_PER_MINUTE * 60
        return max(SETTINGS_INTERVAL, whole_round)


def _by_name(value: Any) -> dict[str, Any]:
    """Return what was read by its name; a camera has many of some settings, and one of others."""
    if value is None:
        return {}
    if isinstance(value, tuple):
        return {getattr(each, "id", None) or each.name: each for each in value}
    return {"": value}
