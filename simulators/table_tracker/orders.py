"""Orders: guests with a tracker, and what the gateway keeps of them when they have left."""

from dataclasses import dataclass, field
from datetime import datetime

from simulators.kit.clock import Timer


@dataclass(slots=True)
class Order:
    """One order; an empty `table` is none. Without a tracker only the API can end it (7.11)."""

    number: str
    uuid: str
    order_type: str
    created: datetime
    changed: datetime
    table: str = ""
    state: str = "started"
    paged: bool = False
    has_tracker: bool = True
    located: datetime | None = None
    cleared: datetime | None = None
    page_ends: Timer | None = field(default=None, repr=False)

    def move(self, table: str, now: datetime) -> None:
        """Put it at a table; an empty one takes it away from all tables."""
        self.table, self.changed = table, now
        self.state = "located" if table else "started"
        if table and self.located is None:
            self.located = now

    def stop_page(self) -> None:
        """Page no longer."""
        self.paged = False
        if self.page_ends is not None:
            self.page_ends.cancel()
            self.page_ends = None


@dataclass(slots=True)
class Repeater:
    """A zigbee wall plug."""

    address: str
    label: str
    short_address: int
    status: str = "ACTIVE"
    firmware: str = "22A7"
    children: int = 12
    last_seen: datetime | None = None


@dataclass(slots=True)
class Tracker:
    """A numbered puck."""

    number: str
    address: str
    battery: int = 90
    status: str = "ACTIVE"
    last_seen: datetime | None = None
