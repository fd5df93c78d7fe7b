"""Events as they come: the cloud pushes none, so it is asked again and again (section 6.3)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .api import VxgClient
from .credential import CredentialKind
from .errors import VxgAuthError, VxgForbiddenError, VxgNotFoundError, VxgRejectedError
from .models import CameraEvent

#: Cameras and analytics write late and backdate. Older than this, an event is no news anyway.
OVERLAP: Final = timedelta(seconds=120)
#: How many events are remembered to tell the known from the new. In a storm this, and not the
#: overlap, says how far back is asked.
_REMEMBERED: Final = 500
#: How many of them may be of cameras whose clock is ahead: such cannot be forgotten before their
#: time has come. What is beyond them is told then.
_REMEMBERED_AHEAD: Final = _REMEMBERED // 2
#: Events of one look; what is beyond them comes with the next.
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class EventNews:
    """What one look brought: events not seen before, and seen ones that have a picture now."""

    events: tuple[CameraEvent, ...] = ()
    pictures: tuple[CameraEvent, ...] = ()


@dataclass(slots=True)
class Window:
    """Where the news of one scope begin: nothing up to `floor` is new, nor what was seen.

    `seen` tells by its id whether an event's picture was there.
    """

    floor: datetime
    newest: datetime
    seen: dict[str, tuple[datetime, bool]] = field(default_factory=dict)

    @property
    def start(self) -> datetime:
        """From when on to ask."""
        return max(self.newest - OVERLAP, self.floor)

    def take(self, events: Iterable[CameraEvent], now: datetime) -> EventNews:
        """Tell what is new among events, and remember them."""
        new: list[CameraEvent] = []
        pictures: list[CameraEvent] = []
        ahead = sum(time > now for time, _ in self.seen.values())
        for event in events:
            known = self.seen.get(event.id)
            has_picture = event.picture is not None
            if known is None:
                is_ahead = event.time > now
                if event.time <= self.floor or (is_ahead and ahead >= _REMEMBERED_AHEAD):
                    continue
                ahead += is_ahead
                new.append(event)
            elif has_picture and not known[1]:
                pictures.append(event)
            self.seen[event.id] = event.time, has_picture or (known is not None and known[1])
        # A camera whose clock is ahead must not hide what the others report.
        self.newest = max(self.newest, min(now, max((e.time for e in new), default=self.newest)))
        self._forget()
        return EventNews(tuple(sorted(new, key=lambda event: event.time)), tuple(pictures))

    def _forget(self) -> None:
        excess = len(self.seen) - _REMEMBERED
        if excess > 0:
            for number in sorted(self.seen, key=lambda each: self.seen[each][0])[:excess]:
                self.floor = max(self.floor, self.seen.pop(number)[0])


class EventFeed:
    """Finds what is new. One request tells of all cameras where the credential allows it."""

    def __init__(self, client: VxgClient) -> None:
        """Know nothing yet."""
        self._client = client
        #: By camera; None stands for all of them.
        self.windows: dict[int | None, Window] = {}
        #: None until it is known whether one request is enough.
        self.is_per_camera: bool | None = None
        self._turn = 0
        #: News of the cameras before the one at which a look failed; the next look tells them.
        self._untold = EventNews()

    async def look(self, cameras: Collection[int], *, share: float = 1.0) -> EventNews:
        """Ask for what happened. The first look at anything only learns where its news begin.

        Args:
            cameras: Those to ask for, where they have to be named.
            share: Which part of them to ask for this time, in turn.

        Raises:
            VxgForbiddenError: This credential may not see events.
            VxgError: It did not work; the next look asks for the same again.

        """
        if self.is_per_camera is None:
            self.is_per_camera = not await self._reads_all()
        if not self.is_per_camera:
            return await self._look_at(None)
        for camera in self._next(sorted(cameras), share):
            news, untold = await self._look_at(camera), self._untold
            self._untold = EventNews(untold.events + news.events, untold.pictures + news.pictures)
        news, self._untold = self._untold, EventNews()
        return news

    def resume(self, windows: Mapping[int | None, Window]) -> None:
        """Go on where an earlier feed ended: what came since is new."""
        self.windows.update(windows)

    def _next(self, cameras: list[int], share: float) -> list[int]:
        count = min(len(cameras), max(1, round(len(cameras) * share)))
        begin, self._turn = self._turn, self._turn + count
        return [cameras[number % len(cameras)] for number in range(begin, begin + count)]

    async def _look_at(self, camera: int | None) -> EventNews:
        now = self._client.now()
        window = self.windows.get(camera)
        start = window.start if window else now - OVERLAP
        events = await self._client.get_events(camera_id=camera, start=start, most=_MOST)
        if window is not None:
            return window.take(events, now)
        window = self.windows[camera] = Window(start, start)
        window.take(events, now)
        return EventNews()

    async def _reads_all(self) -> bool:
        """Tell whether events of all cameras can be asked for at once (section 6.3.4)."""
        if self._client.settings.credential.kind is not CredentialKind.LICENCE:
            return True
        try:
            await self._client.get_events(most=1, newest_first=True)
        except VxgRejectedError, VxgNotFoundError, VxgAuthError, VxgForbiddenError:
            return False
        return True
