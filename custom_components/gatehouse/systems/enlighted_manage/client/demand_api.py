"""Demand response: dimming when electricity is dear (section 3.11)."""

from collections.abc import Sequence
from datetime import timedelta

import orjson

from .base import ManagerApi, check
from .decode import Row, read_all
from .models import DemandResponse, PriceLevel
from .times import read_moment, read_span


class DemandApi(ManagerApi):
    """Schedules and cancels demand responses."""

    async def get_demand_responses(self) -> tuple[DemandResponse, ...]:
        """Return the demand responses there are (appendix C 6)."""
        found = await self._rows("/org/dr/listdr", "drs", "drtarget", "dr", "drevents", "drevent")
        return read_all(found, self._read)

    async def schedule_demand_response(
        self, event: DemandResponse, floors: Sequence[int] = ()
    ) -> None:
        """Schedule a demand response, for everything or for some floors (R1, R2)."""
        await self._send("scheduledr", event, floors)

    async def update_demand_response(
        self, event: DemandResponse, floors: Sequence[int] = ()
    ) -> None:
        """Change a demand response that runs or is going to (R3, R4)."""
        await self._send("updatedr", event, floors)

    async def cancel_demand_response(self, identifier: str) -> None:
        """Cancel a demand response (R5)."""
        body = orjson.dumps({"dridentifier": identifier})
        check(await self._access.command("POST", "/org/dr/canceldr", body, kind="application/json"))

    async def _send(self, verb: str, event: DemandResponse, floors: Sequence[int]) -> None:
        where = ",".join(f"floor_{floor}" for floor in floors)
        path = f"/org/dr/{verb}" + (f"/facilities/{where}" if where else "")
        # All of it is text, and times are in ISO 8601 with their offset: every sample is, though
        # the prose says otherwise.
        fields = {
            "pricelevel": event.level.value if event.level else None,
            "duration": str(round(event.duration.total_seconds() / 60)) if event.duration else None,
            "starttime": (
                event.start.astimezone(self.time_zone).isoformat(timespec="seconds")
                if event.start
                else None
            ),
            "dridentifier": event.identifier,
            "pricing": None if event.price is None else str(event.price),
        }
        body = orjson.dumps({key: value for key, value in fields.items() if value is not None})
        check(await self._access.command("POST", path, body, kind="application/json"))

    def _read(self, row: Row) -> DemandResponse | None:
        identifier = row.text("dridentifier", "identifier")
        if identifier is None:
            return None
        level = (row.text("pricelevel") or "").upper()
        return DemandResponse(
            identifier=identifier,
            level=PriceLevel(level) if level in PriceLevel else None,
            start=read_moment(row.text("starttime"), self.time_zone, self.now()),
            # Scheduling counts minutes, the list seconds.
            duration=read_span(row.number("duration"), timedelta(seconds=1)),
            price=row.number("pricing"),
        )
