"""What a cloud tells, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CameraStatus(StrEnum):
    """How a camera is doing (section 3.2)."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    INACTIVE_BY_SCHEDULER = "inactive_by_scheduler"
    OFFLINE = "offline"
    UNAUTHORIZED = "unauthorized"


class PowerMode(StrEnum):
    """Whether a camera is to be on, and what its schedule has to say in that."""

    ON = "on"
    OFF = "off"
    SCHEDULE = "schedule"
    ON_TILL_SCHEDULE = "on_till_sched"
    OFF_TILL_SCHEDULE = "off_till_sched"


class RecordingMode(StrEnum):
    """When a camera's picture is kept."""

    ON = "on"
    OFF = "off"
    BY_EVENT = "by_event"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at a media host. Its URL ends soon: whoever wants it fetches it at once."""

    url: str = field(repr=False)
    time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera, or a gateway that carries some."""

    id: int
    name: str
    status: CameraStatus | None = None
    mode: PowerMode | None = None
    recording_mode: RecordingMode | None = None
    is_recording: bool | None = None
    is_full: bool = True
    manager_id: int | None = None
    time_zone: str | None = None
    created: datetime | None = None
    brand: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    led: bool | None = None
    card_recording: bool | None = None
    is_gateway: bool = False
    gateway: str | None = None
    area: str | None = None

    @property
    def is_online(self) -> bool:
        """Whether the cloud can reach it, be it turned on or off."""
        return self.status not in {None, CameraStatus.OFFLINE, CameraStatus.UNAUTHORIZED}


@dataclass(frozen=True, slots=True)
class LiveUrls:
    """Where a live stream is, for a while (section 4.3). Any of them may be missing."""

    hls: str | None = field(default=None, repr=False)
    rtsp: str | None = field(default=None, repr=False)
    rtmp: str | None = field(default=None, repr=False)
    #: Until when RTSP and RTMP, and HLS, can be started.
    expire: datetime | None = None
    expire_hls: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraEvent:
    """Something that a camera reported; an instant (section 6.2)."""

    id: str
    camera_id: int
    name: str
    time: datetime
    meta: Mapping[str, str] = field(default_factory=dict)
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A film of some seconds (section 4.4)."""

    camera_id: int
    start: datetime
    end: datetime
    size: int | None
    url: str = field(repr=False)


class ClipStatus(StrEnum):
    """How far a clip is."""

    PENDING = "pending"
    DONE = "done"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A film that somebody asked for (section 4.8)."""

    id: str
    camera_id: int | None
    title: str
    start: datetime
    end: datetime
    status: ClipStatus
    created: datetime | None = None
    url: str | None = field(default=None, repr=False)
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A picture that the cloud keeps (section 4.7)."""

    id: str
    time: datetime
    origin: str | None
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Preset:
    """A position that a camera can move to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Ptz:
    """What a camera can be told to do with its motors."""

    actions: tuple[str, ...]
    presets: tuple[Preset, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """Settings of one kind, and what they may be: words for some, a range for others."""

    values: Mapping[str, str | float | bool]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MediaStream:
    """A picture that a camera sends, and the encoder that makes it."""

    id: str
    encoder: str


@dataclass(frozen=True, slots=True)
class MediaStreams:
    """The pictures that a camera sends; those of single stills are left out (section 10.10)."""

    live: str | None
    recorded: str | None
    supported: tuple[MediaStream, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the picture where motion counts. Its map is the cloud's affair (section 7.11)."""

    id: str
    name: str
    enabled: bool
    sensitivity: float | None


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event that a camera can report; a flag that it lacks is not among its flags."""

    name: str
    flags: Mapping[str, bool]
    period: int | None
    can_be_triggered: bool
    is_custom: bool


@dataclass(frozen=True, slots=True)
class MemoryCard:
    """A camera's own storage, in MB."""

    status: str
    size: float | None
    free: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a camera's plan allows; hours (section 4.10)."""

    expire: datetime | None
    records_max_age: float | None
    expected_bitrate: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What an account used: bytes and seconds (section 4.10)."""

    records_size: float | None
    clips_size: float | None
    images_size: float | None
    downloaded_size: float | None
    live_size: float | None
    live_duration: float | None


@dataclass(frozen=True, slots=True)
class ImagePeriod:
    """How often the cloud makes a picture of the live stream; None for never."""

    seconds: int | None


@dataclass(frozen=True, slots=True)
class Firmwares:
    """The versions that a camera could have."""

    versions: tuple[str, ...]
