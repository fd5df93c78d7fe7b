"""SignalR's message bus: signals with a bounded store, read by cursors.

What a connection misses while its transport is away waits here, and is replayed from the
cursor that the transport comes back with (section 5.5).
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
import itertools
import secrets
import string
from typing import Final

#: Messages kept for each signal.
STORE_SIZE: Final = 1000

_KEY_DIGITS: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "_:"


class Action(Enum):
    """What the server can tell a connection, through its own signal."""

    INITIALIZE = "initialize"
    JOIN = "join"
    LEAVE = "leave"
    ABORT = "abort"


@dataclass(frozen=True, slots=True)
class Command:
    """An action, the group it is about, and from which of its messages on."""

    action: Action
    group: str = ""
    since: int = 0


class _Signal:
    """A named sequence of messages, of which the last ones are kept."""

    def __init__(self, name: str, key: str) -> None:
        self.name = name
        self.key = key
        self.count = 0
        self.readers: set[Subscription] = set()
        self._store: deque[bytes | Command] = deque(maxlen=STORE_SIZE)

    def append(self, message: bytes | Command) -> None:
        self._store.append(message)
        self.count += 1
        for reader in self.readers:
            reader.hear_of(self.name)

    def read(self, start: int, limit: int) -> tuple[list[bytes | Command], int]:
        """Return up to `limit` messages from `start` on, and where to go on from."""
        first = max(start, self.count - len(self._store))
        skip = first - (self.count - len(self._store))
        messages = list(itertools.islice(self._store, skip, skip + limit))
        return messages, first + len(messages)


class Bus:
    """All signals of a running server; a restart makes a new one, which knows no old cursor."""

    def __init__(self) -> None:
        self.prefix = f"d-{secrets.token_hex(4).upper()}-"
        self._signals: dict[str, _Signal] = {}
        self._names: dict[str, str] = {}

    def signal(self, name: str) -> _Signal:
        """Return the signal of that name."""
        signal = self._signals.get(name)
        if signal is None:
            signal = self._signals[name] = _Signal(name, _short_key(len(self._signals) + 1))
            self._names[signal.key] = name
        return signal

    def publish(self, name: str, message: bytes | Command) -> None:
        """Send a message to all who read a signal."""
        self.signal(name).append(message)

    def cursors(self, text: str, names: Iterable[str]) -> dict[str, int]:
        """Return where to read each signal from, given the cursor a client came back with.

        A cursor of another server's life means "from now" (appendix C, 6).
        """
        cursors = {name: self.signal(name).count for name in names}
        if text.startswith(self.prefix):
            for pair in text.removeprefix(self.prefix).split("|"):
                key, _, position = pair.rpartition(",")
                name = self._names.get(key, "")
                if name in cursors:
                    cursors[name] = min(int(position, 16), cursors[name])
        return cursors


@dataclass(frozen=True, slots=True)
class Batch:
    """What a subscription has read: messages, and what was learned from commands."""

    messages: list[bytes]
    initializing: bool
    aborted: bool
    groups_changed: bool


class Subscription:
    """One transport's reading of its connection's signals."""

    def __init__(self, bus: Bus, connection_id: str, groups: Iterable[str], cursor: str) -> None:
        self.wake = asyncio.Event()
        self.wake.set()
        #: Set when all that was read has been sent.
        self.idle = asyncio.Event()
        self.groups = dict.fromkeys(groups)
        self._bus = bus
        names = ("hub", f"connection {connection_id}", *self.groups)
        self._cursors = bus.cursors(cursor, names)
        #: The signals that there is something to read of.
        self._fresh: set[str] = set()
        for name in self._cursors:
            self._listen(name)

    def close(self) -> None:
        """Read no more."""
        self.idle.set()
        for name in self._cursors:
            self._bus.signal(name).readers.discard(self)

    def cursor(self) -> str:
        """Return the present position, as frames carry it."""
        pairs = (
            f"{self._bus.signal(name).key},{position:X}" for name, position in self._cursors.items()
        )
        return self._bus.prefix + "|".join(pairs)

    def hear_of(self, name: str) -> None:
        """Note that a signal has something to read."""
        self._fresh.add(name)
        self.wake.set()
        self.idle.clear()

    @property
    def behind(self) -> bool:
        """Whether there is something to read."""
        return bool(self._fresh)

    def read(self, limit: int) -> Batch | None:
        """Read up to `limit` messages of each signal, ordered by signal; None if there are none."""
        self.wake.clear()
        found: list[bytes | Command] = []
        for name in [each for each in self._cursors if each in self._fresh]:
            signal = self._bus.signal(name)
            messages, self._cursors[name] = signal.read(self._cursors[name], limit)
            found += messages
            if self._cursors[name] == signal.count:
                self._fresh.discard(name)
        if not found:
            return None
        before = list(self.groups)
        commands = [each for each in found if isinstance(each, Command)]
        for command in commands:
            self._obey(command)
        # Asked last: a group just joined may have something to read already.
        if self.behind:
            self.wake.set()
        actions = {command.action for command in commands}
        return Batch(
            messages=[each for each in found if isinstance(each, bytes)],
            initializing=Action.INITIALIZE in actions,
            aborted=Action.ABORT in actions,
            groups_changed=list(self.groups) != before,
        )

    def _obey(self, command: Command) -> None:
        group = command.group
        if command.action is Action.JOIN and group not in self.groups:
            self.groups[group] = None
            self._cursors[group] = command.since
            self._listen(group)
        elif command.action is Action.LEAVE and group in self.groups:
            del self.groups[group], self._cursors[group]
            self._fresh.discard(group)
            self._bus.signal(group).readers.discard(self)

    def _listen(self, name: str) -> None:
        signal = self._bus.signal(name)
        signal.readers.add(self)
        if self._cursors[name] < signal.count:
            self._fresh.add(name)


def _short_key(number: int) -> str:
    """Write a number in SignalR's 64 digits."""
    text = ""
    while number or not text:
        text = _KEY_DIGITS[number % 64] + text
        number //= 64
    return text
