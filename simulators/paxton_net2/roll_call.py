"""Roll calls: who is in the building, and who was seen safe outside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from .people import User

#: Told of a report, a person, and who marked them safe (nobody: unsafe again).
type Changed = Callable[[int, User, User | None], None]

#: Everybody who is anywhere but outside counts as inside.
OUTSIDE: Final = 0


@dataclass(slots=True)
class RollCall:
    """One report: who is in it, and by whom they were marked safe."""

    id: int
    name: str
    members: list[int]
    safe: dict[int, int] = field(default_factory=dict)


class RollCalls:
    """All reports."""

    def __init__(self, users: dict[int, User], changed: Changed) -> None:
        self._users = users
        self._changed = changed
        self.reports = {1: RollCall(1, "Head office", [8, 9, 10])}

    def create(self, name: str) -> RollCall:
        """Make a report of everybody who is inside now."""
        inside = [user.id for user in self._users.values() if user.area_id != OUTSIDE]
        report = RollCall(max(self.reports, default=0) + 1, name, inside)
        self.reports[report.id] = report
        return report

    def mark_safe(self, report_id: int, user_id: int, by: int) -> None:
        """Note that somebody was seen safe."""
        self.reports[report_id].safe[user_id] = by
        self._changed(report_id, self._users[user_id], self._users[by])

    def mark_unsafe(self, report_id: int, user_id: int) -> None:
        """Take it back."""
        if self.reports[report_id].safe.pop(user_id, None) is not None:
            self._changed(report_id, self._users[user_id], None)
