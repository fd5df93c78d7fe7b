"""Doors: controller, relays, contact and alarms, and how they answer commands."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Final

from simulators.kit.clock import Clock, Timer

from .wire import Json

#: How long a gate's impulse lasts.
PULSE_SECONDS: Final = 1.0


class DoorKind(Enum):
    """What a door's first relay drives."""

    LATCH = "latch"
    #: Every impulse moves the gate to its other end (section 7.4).
    TOGGLE = "toggle"
    #: Takes a command, logs "door opened", and its lock does not move.
    WIRELESS = "wireless"


@dataclass(frozen=True, slots=True)
class Status:
    """The six booleans of section 4.2."""

    intruder_armed: bool = False
    power_ok: bool = True
    tamper_ok: bool = True
    contact_closed: bool = True
    alarm: bool = False
    relay_open: bool = False

    def json(self, *, with_contact: bool = True) -> dict[str, Json]:
        """Return it as the API tells it."""
        told: dict[str, Json] = {
            "intruderAlarmArmed": self.intruder_armed,
            "psuContactClosed": self.power_ok,
            "tamperContactClosed": self.tamper_ok,
            "doorContactClosed": self.contact_closed,
            "alarmTripped": self.alarm,
            "doorRelayOpen": self.relay_open,
        }
        if not with_contact:
            del told["doorContactClosed"]
        return told


@dataclass(slots=True)
class Door:
    """A door and its controller. `changed` and `happened` tell the world what it does."""

    id: int
    name: str
    clock: Clock = field(repr=False)
    changed: Callable[[Door, Status], None] = field(repr=False)
    happened: Callable[[Door, int], object] = field(repr=False)
    kind: DoorKind = DoorKind.LATCH
    area_id: int = 1
    two_readers: bool = False
    open_seconds: float = 7.0
    status: Status = field(default_factory=Status)
    held: bool = False
    online: bool = True
    relay2_open: bool = False
    #: What the server last heard; differs from `status` while the controller is offline.
    reported: Status = field(default_factory=Status)
    _relock: Timer | None = field(default=None, repr=False)

    @property
    def relay_open(self) -> bool:
        """Whether the lock is released."""
        return self.status.relay_open

    @property
    def contact_closed(self) -> bool:
        """Whether the leaf is closed."""
        return self.status.contact_closed

    @property
    def alarm(self) -> bool:
        """Whether the door's alarm is on."""
        return self.status.alarm

    @property
    def tamper_ok(self) -> bool:
        """Whether the tamper loop is healthy."""
        return self.status.tamper_ok

    @property
    def power_ok(self) -> bool:
        """Whether the supply is healthy."""
        return self.status.power_ok

    @property
    def intruder_armed(self) -> bool:
        """Whether the connected intruder alarm is set."""
        return self.status.intruder_armed

    def json(self) -> dict[str, Json]:
        """Return the real state, for the control plane."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind.value,
            "held": self.held,
            "online": self.online,
            "relay2_open": self.relay2_open,
            **asdict(self.status),
        }

    def reader(self, direction: str | None) -> str:
        """Return the name that events of one of its readers carry."""
        if self.two_readers and direction:
            return f"{self.name} ({direction.title()})"
        return self.name

    def update(self, **changes: bool) -> None:
        """Change fields of the status, and report it while online."""
        self.status = replace(self.status, **changes)
        self.report()

    def report(self) -> None:
        """Let the server hear of the status, if the controller is online."""
        if self.online and self.reported != self.status:
            before, self.reported = self.reported, self.status
            self.changed(self, before)

    def release(self, seconds: float | None = None) -> None:
        """Open once, for the configured time unless told otherwise."""
        if self.kind is DoorKind.WIRELESS:
            self.happened(self, 28)
        elif self.kind is DoorKind.TOGGLE:
            self._impulse()
        elif not self.held:
            self._set_relay(opened=True)
            self._later(self.open_seconds if seconds is None else seconds, self.relock)

    def hold(self) -> None:
        """Open until closed."""
        if self.kind is DoorKind.LATCH:
            self._stop_timer()
            self.held = True
            self._set_relay(opened=True)
        else:
            self.release()

    def relock(self) -> None:
        """End a hold or a release."""
        if self.kind is DoorKind.TOGGLE:
            self._impulse()
        elif self.kind is DoorKind.LATCH:
            self._stop_timer()
            self.held = False
            self._set_relay(opened=False)

    def release_second_relay(self, seconds: float | None) -> None:
        """Let the second relay go for a time, or until told otherwise."""
        self._set_relay2(opened=True)
        if seconds is not None:
            self.clock.call_later(seconds, lambda: self._set_relay2(opened=False))

    def close_second_relay(self) -> None:
        """Take the second relay back."""
        self._set_relay2(opened=False)

    def _impulse(self) -> None:
        if self.relay_open:
            return
        self._set_relay(opened=True)
        self.update(contact_closed=not self.contact_closed)
        self.happened(self, 47 if self.contact_closed else 46)
        self._later(PULSE_SECONDS, lambda: self._set_relay(opened=False))

    def _set_relay(self, *, opened: bool) -> None:
        if opened != self.relay_open:
            self.happened(self, 28 if opened else 29)
            self.update(relay_open=opened)

    def _set_relay2(self, *, opened: bool) -> None:
        if opened != self.relay2_open:
            self.relay2_open = opened
            self.happened(self, 67 if opened else 68)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._stop_timer()
        self._relock = self.clock.call_later(seconds, action)

    def _stop_timer(self) -> None:
        if self._relock is not None:
            self._relock.cancel()
            self._relock = None
