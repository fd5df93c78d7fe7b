"""What cameras report: the names that vendors give, and what they mean (section 6.1)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from .client import CameraEvent, EventType


class Sight(StrEnum):
    """What a camera can report, as its event entity calls it."""

    MOTION = "motion"
    SOUND = "sound"
    PERSON = "person"
    VEHICLE = "vehicle"
    FACE = "face"
    LINE_CROSSING = "line_crossing"
    INTRUSION = "intrusion"
    PLATE = "plate"
    CONNECTION = "connection"
    OTHER = "other"


_NAMES: Final[Mapping[str, Sight]] = {
    "motion": Sight.MOTION,
    "sound": Sight.SOUND,
    "audio": Sight.SOUND,
    "net": Sight.CONNECTION,
    "network": Sight.CONNECTION,
    "linecross": Sight.LINE_CROSSING,
    "line_crossing": Sight.LINE_CROSSING,
    "intrusion": Sight.INTRUSION,
    "facedetection": Sight.FACE,
    "face_detection": Sight.FACE,
    "facial_analysis": Sight.FACE,
    "search_multiple_users_in_image_v2": Sight.FACE,
    "plate_recognition": Sight.PLATE,
    "vehicle_stopped_detection": Sight.VEHICLE,
    "crowd_detection": Sight.PERSON,
}
#: Analytics that count what they see, by class.
_COUNTING: Final = frozenset(
    {"object_and_scene_detection", "post_object_and_scene_detection", "yolov4_detection"}
)
_CLASSES: Final[Mapping[str, Sight]] = {
    "person": Sight.PERSON,
    "people": Sight.PERSON,
    "car": Sight.VEHICLE,
    "truck": Sight.VEHICLE,
    "bus": Sight.VEHICLE,
    "van": Sight.VEHICLE,
    "vehicle": Sight.VEHICLE,
    "motorcycle": Sight.VEHICLE,
    "motorbike": Sight.VEHICLE,
    "face": Sight.FACE,
}
#: What a binary sensor can stand for: something that is there for a while.
DETECTED: Final = (
    Sight.MOTION,
    Sight.SOUND,
    Sight.PERSON,
    Sight.VEHICLE,
    Sight.FACE,
    Sight.LINE_CROSSING,
    Sight.INTRUSION,
    Sight.PLATE,
)
_PLATE: Final = "license_plate"


def counts_of(event: CameraEvent) -> dict[str, int]:
    """Return how many of each class were seen; the cloud writes numbers as text."""
    if event.name not in _COUNTING:
        return {}
    return {
        name.lower(): int(value)
        for name, value in event.meta.items()
        if value.isascii() and value.isdigit()
    }


def sights_of(event: CameraEvent) -> tuple[Sight, ...]:
    """Return what an event means: counting analytics may see a person and a car at once."""
    if known := _NAMES.get(event.name):
        return (known,)
    seen = {
        _CLASSES[name] for name, count in counts_of(event).items() if count and name in _CLASSES
    }
    return tuple(sorted(seen)) or (Sight.OTHER,)


def plate_of(event: CameraEvent) -> str | None:
    """Return the number plate that was read, if one was."""
    return event.meta.get(_PLATE)


def possible(types: Iterable[EventType]) -> frozenset[Sight]:
    """Return what a camera can report, of all that a binary sensor can stand for."""
    names = {each.name for each in types}
    found = {_NAMES[name] for name in names if name in _NAMES}
    if names & _COUNTING:
        found |= {Sight.PERSON, Sight.VEHICLE}
    return frozenset(found.intersection(DETECTED))


def fields_of(event: CameraEvent) -> dict[str, Any]:
    """Return what an event tells beside its type."""
    fields: dict[str, Any] = {
        "event_id": event.id,
        "event_time": event.time.isoformat(),
        "name": event.name,
    }
    if counts := counts_of(event):
        fields["counts"] = counts
    if plate := plate_of(event):
        fields["plate"] = plate
    return fields
