"""Everything known of a cloud at one moment: its cameras, and each kind of setting they have.

A setting is a part of its own, so that it appears when it is first read, and a change of the
picture's brightness touches nothing but the picture's settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from .client import (
    Camera,
    CameraEvent,
    EventType,
    Firmwares,
    ImagePeriod,
    MediaStreams,
    MemoryCard,
    Plan,
    Ptz,
    Region,
    Usage,
    Values,
)
from .events import Sight


class Kind(StrEnum):
    """What a part is about."""

    ACCOUNT = "account"
    CAMERA = "camera"
    SIGHTS = "sights"
    PTZ = "ptz"
    VIDEO = "video"
    AUDIO = "audio"
    STREAMS = "streams"
    ENCODER = "encoder"
    EVENT_TYPE = "event"
    REGION = "region"
    CARD = "card"
    PLAN = "plan"
    IMAGES = "images"
    FIRMWARE = "firmware"


@dataclass(frozen=True, slots=True)
class Part:
    """What entities listen to; `name` tells apart what a camera has several of."""

    kind: Kind
    camera_id: int = 0
    name: str = ""


ACCOUNT = Part(Kind.ACCOUNT)


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account: what it used, and how its cameras do."""

    cameras: int = 0
    online: int = 0
    usage: Usage | None = None
    hears_events: bool = False


@dataclass(frozen=True, slots=True)
class PartState:
    """A part of a camera, or the camera itself."""

    camera: Camera


@dataclass(frozen=True, slots=True)
class CameraState(PartState):
    """A camera; `motion` tells whether any motion counts, None where nobody can tell."""

    motion: bool | None = None


@dataclass(frozen=True, slots=True)
class GatewayState(PartState):
    """A gateway, which has cameras behind it and no picture of its own."""


@dataclass(frozen=True, slots=True)
class SightsState(PartState):
    """What a camera can report, what of it is there now, and what was last."""

    kinds: frozenset[Sight]
    active: frozenset[Sight] = frozenset()
    last: CameraEvent | None = None
    #: The last event that has a picture: the picture comes later than the event.
    pictured: CameraEvent | None = None
    plate: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettingState[T](PartState):
    """One kind of setting of a camera; each has a class, by which its entities find it."""

    value: T


class PtzState(SettingState[Ptz]):
    """What a camera can do with its motors."""


class VideoState(SettingState[Values]):
    """The picture's settings."""


class AudioState(SettingState[Values]):
    """The sound's settings."""


class StreamsState(SettingState[MediaStreams]):
    """Which pictures a camera sends."""


@dataclass(frozen=True, slots=True)
class EncoderState(SettingState[Values]):
    """An encoder's settings; `stream` names it."""

    stream: str


class EventTypeState(SettingState[EventType]):
    """What is done about a kind of event."""


class RegionState(SettingState[Region]):
    """A part of the picture where motion counts."""


class CardState(SettingState[MemoryCard]):
    """A camera's memory card."""


class PlanState(SettingState[Plan]):
    """What a camera's plan allows."""


class ImagesState(SettingState[ImagePeriod]):
    """How often the cloud makes a picture."""


class FirmwareState(SettingState[Firmwares]):
    """The versions that a camera could have."""


type State = AccountState | PartState


@dataclass(frozen=True, slots=True)
class VxgSnapshot:
    """The state of each part."""

    parts: Mapping[Part, State]

    @property
    def account(self) -> AccountState:
        """The account."""
        account = self.parts[ACCOUNT]
        assert isinstance(account, AccountState)
        return account

    @property
    def cameras(self) -> Mapping[int, Camera]:
        """The cameras and the gateways, by their ids."""
        return {
            part.camera_id: state.camera
            for part, state in self.parts.items()
            if isinstance(state, CameraState | GatewayState)
        }

    def having(self, parts: Mapping[Part, State]) -> Self:
        """Return a snapshot in which these parts are as given."""
        return type(self)({**self.parts, **parts})


EMPTY = VxgSnapshot({ACCOUNT: AccountState()})
