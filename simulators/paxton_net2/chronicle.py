"""The record of what happens, and who is told of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
import itertools
from typing import Final, Protocol

from .doors import Door
from .events import TOKEN, Event
from .people import User

_FIRST_EVENT: Final = 1_540_001


class Listener(Protocol):
    """Who is told what happens, as it happens: the live stream."""

    def event(self, event: Event) -> None:
        """Hear of an event."""

    def door_status(self, door: Door) -> None:
        """Hear that a door's reported status changed."""

    def door_lock(self, door: Door) -> None:
        """Hear that a door's relay changed."""

    def roll_call(self, report_id: int, user: User, marked_by: User | None) -> None:
        """Hear that somebody was marked safe, or (by nobody) unsafe again."""

    def caught_up(self) -> Awaitable[None]:
        """Wait until all that was told has gone out."""


class Chronicle:
    """All events so far. What a controller that is cut off sees, it keeps until it is back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.events: list[Event] = []
        self.listeners: list[Listener] = []
        self._now = now
        self._ids = itertools.count(_FIRST_EVENT)
        self._kept_back: dict[int, list[Event]] = {}

    def record(
        self,
        code: int,
        door: Door | None = None,
        user: User | None = None,
        *,
        card_number: int | None = None,
        credential: int = TOKEN,
        direction: str | None = None,
        sub_code: int = 0,
        details: str | None = None,
        seconds_ago: float = 0.0,
    ) -> Event:
        """Note an event, and tell it."""
        event = Event(
            id=next(self._ids),
            time=self._now() - timedelta(seconds=seconds_ago),
            code=code,
            sub_code=sub_code,
            door_id=door.id if door else None,
            device_name=door.reader(direction) if door else None,
            user_id=user.id if user else 0,
            first_name=user.first_name if user else None,
            surname=user.last_name if user else None,
            credential=credential,
            card_number=user.card_number if user and card_number is None else card_number,
            details=details,
        )
        # System events are the server's own: it notes them whether the controller is there or not.
        if door and not door.online and not event.is_system:
            self._kept_back.setdefault(door.id, []).append(event)
        else:
            self._tell(event)
        return event

    def upload(self, door: Door) -> None:
        """Take over what a door's controller has kept: old times, new ids."""
        for event in self._kept_back.pop(door.id, ()):
            self._tell(replace(event, id=next(self._ids)))

    async def caught_up(self) -> None:
        """Wait until all that was told has gone out."""
        for listener in list(self.listeners):
            await listener.caught_up()

    def _tell(self, event: Event) -> None:
        self.events.append(event)
        for listener in self.listeners:
            listener.event(event)
