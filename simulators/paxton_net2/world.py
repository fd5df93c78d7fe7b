"""The world behind the server: doors, people, and what happens at the doors."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import random
from typing import Final
from zoneinfo import ZoneInfo

from simulators.kit.clock import Clock

from .chronicle import Chronicle
from .doors import Door, DoorKind, Status
from .events import CODE, PIN, TOKEN, Event
from .faults import Net2Faults
from .people import Token, User, default_site
from .roll_call import RollCalls

#: Name, kind, and whether there are two readers; further doors are plain ones.
_FIRST_DOORS: Final = (
    ("Main Entrance", DoorKind.LATCH, True),
    ("Back Door", DoorKind.LATCH, False),
    ("Garage", DoorKind.TOGGLE, False),
    ("Server Room", DoorKind.WIRELESS, False),
)
#: Events of a storm that are told before the listeners are waited for.
_STORM_SLICE: Final = 200


class World:
    """What the simulated server knows of, and the verbs that make things happen in it."""

    def __init__(self, clock: Clock, faults: Net2Faults, *, seed: int, doors: int) -> None:
        self.clock = clock
        self.zone = ZoneInfo("Europe/London")
        self.site = default_site()
        self.doors: dict[int, Door] = {}
        self.chronicle = Chronicle(self.now)
        self.lockdown = False
        #: Whether Net2 has rules that say what lockdown does; without, it does nothing.
        self.lockdown_configured = True
        self.roll_calls = RollCalls(self.site.users, self._roll_call_changed)
        self._faults = faults
        self._random = random.Random(seed)
        self._background: set[asyncio.Task[None]] = set()
        for index in range(doors):
            name, kind, two_readers = (
                _FIRST_DOORS[index]
                if index < len(_FIRST_DOORS)
                else (f"Door {index + 1}", DoorKind.LATCH, False)
            )
            self.add_door(name, kind=kind, two_readers=two_readers)

    @property
    def events(self) -> list[Event]:
        """All events so far, oldest first."""
        return self.chronicle.events

    @property
    def users(self) -> dict[int, User]:
        """The people, by their id."""
        return self.site.users

    def now(self) -> datetime:
        """Return the time by the server's clock."""
        return self.clock.now() + timedelta(seconds=self._faults.clock_skew)

    # What changes the set of doors

    def add_door(
        self, name: str, *, kind: DoorKind | str = DoorKind.LATCH, two_readers: bool = False
    ) -> int:
        """Add a door and return its id, which is not the number in its name (appendix C)."""
        door_id = number = 0
        while not door_id or door_id in self.doors:
            door_id, number = (self._random.randrange(1_000_000, 8_000_000) for _ in "ab")
        self.doors[door_id] = Door(
            door_id,
            f"{name} - ACU {number:08d}",
            self.clock,
            changed=self._door_changed,
            happened=lambda door, code: self.chronicle.record(code, door),
            kind=DoorKind(kind),
            two_readers=two_readers,
        )
        return door_id

    def remove_door(self, door_id: int) -> None:
        """Take a door away."""
        del self.doors[door_id]

    def rename_door(self, door_id: int, name: str) -> None:
        """Give a door another name."""
        self.doors[door_id].name = name

    # What changes the set of people

    def add_people(self, count: int) -> None:
        """Add so many people who may go everywhere, with a card each."""
        first = max(self.users) + 1
        for number in range(first, first + count):
            user = User(number, "Person", str(number), access_levels=[1])
            user.tokens[0] = Token(0, "ProxCard", f"{20_000_000 + number}")
            self.users[number] = user

    # People at a door

    def swipe(self, door_id: int, user_id: int = 8, direction: str = "in") -> bool:
        """Let somebody show their card, and return whether they are let in (20 and 28, or not)."""
        return self._ask(door_id, user_id, direction, granted=20, credential=TOKEN)

    def enter_pin(self, door_id: int, user_id: int = 8, *, ok: bool = True) -> bool:
        """Let somebody key in their PIN: the right one (26) or a wrong one (24)."""
        if ok:
            return self._ask(door_id, user_id, "in", granted=26, credential=PIN)
        self.emit(24, door_id, user_id, credential=PIN, direction="in")
        return False

    def swipe_unknown(self, door_id: int, card_number: int = 87654321) -> None:
        """Show a card that nobody knows (23)."""
        self.emit(23, door_id, card_number=card_number, direction="in")

    def duress(self, door_id: int, user_id: int = 8) -> None:
        """Let somebody in with the code that says they are forced to (95)."""
        self.emit(95, door_id, user_id, credential=CODE, direction="in")
        self.doors[door_id].release()

    def keypad_hacker(self, door_id: int) -> None:
        """Key in too many wrong PINs (96)."""
        self.emit(96, door_id, credential=PIN)

    def press_bell(self, door_id: int) -> None:
        """Ring (52)."""
        self.emit(52, door_id)

    # The door itself

    def open_leaf(self, door_id: int) -> None:
        """Open the leaf (46)."""
        self._leaf(door_id, 46, contact_closed=False)

    def close_leaf(self, door_id: int) -> None:
        """Close the leaf (47), which ends the alarm that it being open raised."""
        self._leaf(door_id, 47, contact_closed=True, alarm=False)

    def force(self, door_id: int) -> None:
        """Open the leaf by force (92)."""
        self._leaf(door_id, 92, contact_closed=False, alarm=True)

    def hold_too_long(self, door_id: int) -> None:
        """Leave the leaf open for too long (93)."""
        self._leaf(door_id, 93, contact_closed=False, alarm=True)

    def set_tamper(self, door_id: int, *, ok: bool) -> None:
        """Open the controller's housing (90), or close it (103)."""
        self.emit(103 if ok else 90, door_id)
        self.doors[door_id].update(tamper_ok=ok, alarm=not ok)

    def set_mains(self, door_id: int, *, ok: bool) -> None:
        """Cut the mains (91), or bring them back (102)."""
        self.emit(102 if ok else 91, door_id)
        self.doors[door_id].update(power_ok=ok)

    def set_intruder_alarm(self, door_id: int, *, armed: bool) -> None:
        """Arm or disarm the intruder alarm connected to a door."""
        self.doors[door_id].update(intruder_armed=armed)

    def take_offline(self, door_id: int) -> None:
        """Cut the controller off (500): what it reports stays as it is."""
        self.doors[door_id].online = False
        self.chronicle.record(500, self.doors[door_id])

    def bring_online(self, door_id: int) -> None:
        """Connect the controller again (501): it uploads what happened in the meantime."""
        door = self.doors[door_id]
        door.online = True
        self.chronicle.record(501, door)
        self.chronicle.upload(door)
        door.report()

    def battery(self, door_id: int, *, critical: bool = False) -> None:
        """Let a wireless lock's battery run low (722, or 723)."""
        self.chronicle.record(723 if critical else 722, self.doors[door_id])

    # Commands

    def command(self, door_id: int, run: Callable[[Door], None]) -> None:
        """Carry out a command at a door, if its controller hears it; 580 says it was asked for."""
        door = self.doors.get(door_id)
        if door is not None:
            self.chronicle.record(580, door)
            if door.online:
                run(door)

    def set_lockdown(self, *, active: bool, user_id: int = 0) -> None:
        """Start or reset the site's lockdown (590/591, 300/301, and 120/121 at each door)."""
        if not self.lockdown_configured or active == self.lockdown:
            return
        self.lockdown = active
        self.chronicle.record(590 if active else 591, user=self.users.get(user_id))
        self.chronicle.record(300 if active else 301)
        for door in self.doors.values():
            self.chronicle.record(120 if active else 121, door)
            if active and door.online:
                door.relock()

    # Events

    def emit(
        self,
        code: int,
        door_id: int | None = None,
        user_id: int | None = None,
        *,
        card_number: int | None = None,
        credential: int = TOKEN,
        direction: str | None = None,
        sub_code: int = 0,
        details: str | None = None,
        seconds_ago: float = 0.0,
    ) -> Event:
        """Let any event happen."""
        return self.chronicle.record(
            code,
            None if door_id is None else self.doors[door_id],
            None if user_id is None else self.users[user_id],
            card_number=card_number,
            credential=credential,
            direction=direction,
            sub_code=sub_code,
            details=details,
            seconds_ago=seconds_ago,
        )

    def set_zone(self, name: str) -> None:
        """Set the server's time zone, such as `Europe/Berlin`."""
        self.zone = ZoneInfo(name)

    def mark_safe(self, report_id: int, user_id: int, by: int = 1) -> None:
        """Let somebody be seen safe."""
        self.roll_calls.mark_safe(report_id, user_id, by)

    def mark_unsafe(self, report_id: int, user_id: int) -> None:
        """Take that back."""
        self.roll_calls.mark_unsafe(report_id, user_id)

    def storm(self, count: int = 10_000) -> asyncio.Task[None]:
        """Let so many cards be shown, at all doors in turn; done when all has been told.

        The events come as fast as the live stream takes them, none of them is lost.
        """
        task = asyncio.get_running_loop().create_task(self._storm(count))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    def close(self) -> None:
        """End what still goes on in the background."""
        for task in self._background:
            task.cancel()

    async def _storm(self, count: int) -> None:
        doors = list(self.doors)
        for index in range(count):
            # Each card is another one: events that agree in everything are one event told twice.
            card_number = 20_000_000 + index
            self.emit(20, doors[index % len(doors)], 8, card_number=card_number, direction="in")
            if index % _STORM_SLICE == 0:
                await self.chronicle.caught_up()
        await self.chronicle.caught_up()

    def _ask(
        self, door_id: int, user_id: int, direction: str, *, granted: int, credential: int
    ) -> bool:
        door, user = self.doors[door_id], self.users[user_id]
        code = granted
        if self.lockdown and not user.lockdown_exempt:
            code = 112
        elif user.has_lost_token or not self.site.may_enter(
            user, door.area_id, self.now().astimezone(self.zone)
        ):
            code = 23 if credential == TOKEN else 24
        self.emit(code, door_id, user_id, direction=direction, credential=credential)
        if code != granted:
            return False
        user.area_id = door.area_id if direction == "in" else 0
        door.release()
        return True

    def _leaf(self, door_id: int, code: int, **changes: bool) -> None:
        self.emit(code, door_id)
        self.doors[door_id].update(**changes)

    def _door_changed(self, door: Door, before: Status) -> None:
        for listener in self.chronicle.listeners:
            listener.door_status(door)
            if door.reported.relay_open != before.relay_open:
                listener.door_lock(door)

    def _roll_call_changed(self, report_id: int, user: User, marked_by: User | None) -> None:
        for listener in self.chronicle.listeners:
            listener.roll_call(report_id, user, marked_by)
