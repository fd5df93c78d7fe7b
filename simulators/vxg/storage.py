"""What the cloud keeps: recordings, events, images and clips (sections 4.4 to 4.8).

Recordings are not stored: what a camera saw at any moment is known, so a file of it can be made
when somebody wants it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import itertools
from typing import Final

from simulators.kit.clock import Clock

from .cameras import Camera
from .faults import VxgFaults
from .wire import JsonObject

#: Seconds of one recording file.
SEGMENT: Final = 30
#: Seconds around an event that are kept of a camera that records `by_event`.
_BEFORE, _AFTER = 5, 15


@dataclass(frozen=True, slots=True)
class Record:
    """A recording: an MP4 file of some seconds."""

    id: int
    camera: int
    start: float
    end: float


@dataclass(slots=True)
class Event:
    """Something that a camera reported; an instant."""

    id: int
    camera: int
    name: str
    time: float
    meta: JsonObject
    #: When its picture is there; None for never.
    thumb_at: float | None


@dataclass(slots=True)
class Image:
    """A picture that the cloud made."""

    id: int
    camera: int
    time: float
    origin: str
    task: str | None = None


@dataclass(slots=True)
class Clip:
    """A film that somebody asked for."""

    id: int
    camera: int
    title: str
    start: float
    end: float
    created: float
    delete_at: float | None
    polls: int
    status: str = "pending"
    event_time: float | None = None
    #: The camera that is seen, when the clip is kept in an archive channel.
    source: int | None = None


@dataclass(slots=True)
class Task:
    """Something that takes a while: images from recordings, a memory card's copy."""

    id: str
    camera: int
    start: float
    end: float
    polls: int
    #: Seconds between the images that it makes, if it makes some.
    period: int | None = None
    status: str = "pending"


class Storage:
    """Everything that is kept, for all cameras."""

    def __init__(
        self, clock: Clock, faults: VxgFaults, cameras: dict[int, Camera], *, since: float
    ) -> None:
        self.skew = 0.0
        self.events: dict[int, Event] = {}
        self.clips: dict[int, Clip] = {}
        self.images: dict[int, Image] = {}
        self.tasks: dict[str, Task] = {}
        self._clock = clock
        self._faults = faults
        self._cameras = cameras
        self._since = since
        self._ids = itertools.count(700001)

    def now(self) -> float:
        """Return the cloud's time."""
        return self._clock.time() + self.skew

    def next_id(self) -> int:
        """Return a number that was not used before."""
        return next(self._ids)

    def add_event(
        self, camera: int, name: str, time: float, meta: JsonObject, thumb_at: float | None
    ) -> Event:
        """Keep an event."""
        event = Event(self.next_id(), camera, name, time, meta, thumb_at)
        self.events[event.id] = event
        return event

    def events_of(self, cameras: set[int], start: float | None, end: float | None) -> list[Event]:
        """Return the events of some cameras from `start` on and before `end`."""
        if self._faults.plan_expired:
            return []
        return [
            event
            for event in self.events.values()
            if event.camera in cameras
            and (start is None or event.time >= start)
            and (end is None or event.time < end)
        ]

    def records_of(self, camera: Camera, start: float, end: float) -> list[Record]:
        """Return the recordings that overlap a span of time."""
        if self._faults.plan_expired or camera.rec_mode == "off" or camera.is_gateway:
            return []
        first = int(max(start, self._since) // SEGMENT)
        last = int(min(end, self.now() - SEGMENT) // SEGMENT)
        numbers = range(first, last + 1)
        if camera.rec_mode != "on":
            kept = set(self._around_events(camera.id))
            numbers_kept = [number for number in numbers if number in kept]
        else:
            numbers_kept = list(numbers)
        return [self.record(camera.id, number * 1000 + camera.id % 1000) for number in numbers_kept]

    def _around_events(self, camera: int) -> Iterator[int]:
        for event in self.events.values():
            if event.camera == camera:
                yield from range(
                    int((event.time - _BEFORE) // SEGMENT),
                    int((event.time + _AFTER) // SEGMENT) + 1,
                )

    @staticmethod
    def record(camera: int, number: int) -> Record:
        """Return a recording by its id, which tells its time."""
        start = float(number // 1000 * SEGMENT)
        return Record(number, camera, start, start + SEGMENT)

    def images_of(self, camera: Camera, start: float, end: float) -> list[Image]:
        """Return the images of a camera, with those that are made of its live picture."""
        self._generate_live(camera)
        return [
            image
            for image in self.images.values()
            if image.camera == camera.id and start <= image.time < end
        ]

    def _generate_live(self, camera: Camera) -> None:
        """Catch up with the images that were due since somebody last asked."""
        if not camera.image_period:
            return
        own = [image.time for image in self.images.values() if image.camera == camera.id]
        last = max(own, default=self.now() - camera.image_period)
        while last + camera.image_period <= self.now():
            last += camera.image_period
            image = Image(self.next_id(), camera.id, last, "generated_from_live")
            self.images[image.id] = image

    def add_clip(
        self, camera: int, title: str, start: float, end: float, delete_at: float | None
    ) -> Clip:
        """Begin to make a clip."""
        clip = Clip(
            self.next_id(),
            camera,
            title,
            start,
            end,
            self.now(),
            delete_at,
            self._faults.clip_polls,
        )
        self.clips[clip.id] = clip
        return clip

    def poll_clip(self, clip: Clip) -> None:
        """Let a clip come a step nearer to being done."""
        if clip.status == "pending":
            clip.polls -= 1
            if clip.polls < 0:
                clip.status = "error" if self._faults.clips_fail else "done"

    def add_task(self, camera: int, start: float, end: float, *, period: int | None = None) -> Task:
        """Begin something that takes a while."""
        polls = self._faults.task_polls
        task = Task(str(self.next_id()), camera, start, end, polls, period)
        self.tasks[task.id] = task
        return task

    def poll_task(self, task: Task) -> None:
        """Let a task come a step nearer to being done."""
        task.polls -= 1
        if task.status != "pending" or task.polls >= 0:
            return
        task.status = "done"
        moment = task.start
        while task.period and moment < task.end:
            number = self.next_id()
            origin = "generated_from_records"
            self.images[number] = Image(number, task.camera, moment, origin, task.id)
            moment += task.period
