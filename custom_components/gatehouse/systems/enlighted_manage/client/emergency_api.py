"""Emergency drivers: tests, and how they went (section 3.12).

The manager asks the sensor itself, which takes up to a minute: never to be polled (gotcha 30).
"""

from datetime import timedelta
from typing import Final

import orjson

from .base import ManagerApi
from .decode import Row
from .errors import EnlightedResponseError
from .models import EmergencyFailure, EmergencyMode, EmergencyStatus
from .times import read_moment, read_span

#: Seconds; the manager gives a sensor 60.
_LIMIT: Final = 90.0
#: What the battery's charge is counted in, and what says that it is unknown.
_FULL: Final = 254
_UNKNOWN: Final = 255
_DURATION_UNIT: Final = timedelta(minutes=2)


class EmergencyApi(ManagerApi):
    """Tests emergency drivers."""

    async def start_emergency_test(self, fixture: int, mode: EmergencyMode) -> None:
        """Start a test, `FUNCTION_TEST` or `DURATION_TEST`, or stop it with `NORMAL` (M1)."""
        body = orjson.dumps({"emergencyMode": str(mode.value)})
        path = f"/org/fixture/v1/{fixture}/emergencyMode"
        await self._access.command(
            "PUT", path, body, kind="application/json", limit=_LIMIT, is_sensor_asked=True
        )

    async def get_emergency_status(self, fixture: int) -> EmergencyStatus:
        """Return how the last test of a fixture's driver went (M2)."""
        path = f"/org/fixture/v1/{fixture}/emFixtureStatus"
        content = await self._access.get(path, limit=_LIMIT, is_sensor_asked=True)
        answer = Row(content) if isinstance(content, dict) else Row({})
        for row in answer.rows("fixtures", "fixture"):
            results = row.rows("emtestresults")
            if row.integer("id") == fixture and results:
                return self._status(results[0])
        raise EnlightedResponseError("The answer lacks the test's results")

    def _status(self, row: Row) -> EmergencyStatus:
        now = self.now()
        failures, mode = row.integer("failurestatus"), row.integer("emergencymode")
        charge = row.integer("batterycharge")
        if charge == _UNKNOWN:
            charge = None
        return EmergencyStatus(
            started=read_moment(row.text("starttime"), self.time_zone, now),
            completed=read_moment(row.text("completiontime"), self.time_zone, now),
            failures=None if failures is None else EmergencyFailure(failures & 255),
            mode=None if mode is None else EmergencyMode(mode & 63),
            battery=None if charge is None else round(charge / _FULL * 100, 1),
            duration=read_span(row.integer("durationresult"), _DURATION_UNIT),
        )
