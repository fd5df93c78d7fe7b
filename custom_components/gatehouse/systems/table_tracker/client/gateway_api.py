"""The gateway itself: settings, radio network, and what it tells of itself."""

import asyncio
from typing import Final

from .clock import GatewayClock, find_zone
from .models import GatewayInfo, GatewaySettings, Repeater, Tracker
from .parse import (
    JsonObject,
    as_object,
    as_text,
    listed,
    read_gateway,
    read_repeater,
    read_settings,
    read_tracker,
    rows,
)
from .rest import GatewayRest

#: Seconds that a scan of the radio network may take (section 7.8).
_SCAN_LIMIT: Final = 30.0


class GatewayApi:
    """Settings, repeaters and trackers (section 3.2)."""

    clock: GatewayClock
    _rest: GatewayRest

    async def get_settings(self) -> GatewaySettings:
        """Return the settings; the clock takes over the zone in them."""
        answer = await self._rest.get("/gateway/settings")
        settings = read_settings(as_object(answer.get("settings")))
        if settings.time_zone is not None and settings.time_zone != str(self.clock.zone):
            zone = await asyncio.to_thread(find_zone, settings.time_zone)
            self.clock.zone = zone or self.clock.zone
        return settings

    async def set_settings(
        self, *, target_time: int | None = None, time_zone: str | None = None
    ) -> None:
        """Change settings; those that are None stay.

        Args:
            target_time: Seconds that an order should take.
            time_zone: An IANA name or a UTC offset.

        """
        body: JsonObject = {}
        if target_time is not None:
            body["targetTimeDefault"] = target_time
        if time_zone is not None:
            body["timezone"] = time_zone
        await self._rest.post("/gateway/settings", body)

    async def get_gateway(self) -> GatewayInfo:
        """Return what the gateway says of itself."""
        return read_gateway(await self._rest.get("/gateway"))

    async def get_cloud_state(self) -> str | None:
        """Return the state of the vendor's cloud, in the gateway's own word."""
        answer = await self._rest.get("/gateway/activate")
        nested = (as_object(value) for value in answer.values())
        found = (as_text(fields.get("state")) for fields in (answer, *nested))
        return next(filter(None, found), None)

    async def get_repeaters(self, *, scan: bool = False) -> tuple[Repeater, ...]:
        """Return the repeaters.

        Args:
            scan: Whether to look for them anew, which takes up to half a minute.

        """
        params, limit = ({"refresh": "true"}, _SCAN_LIMIT) if scan else ({}, None)
        answer = await self._rest.get("/repeaters", params, limit=limit)
        items = listed(answer, "repeaters", "items")
        return rows(items, lambda row: read_repeater(row, self.clock))

    async def begin_pairing(self, timeout: int = 60) -> None:
        """Listen for new repeaters.

        Args:
            timeout: Seconds, up to 254.

        """
        await self._rest.post("/repeaters/beginPairing", {"timeout": timeout})

    async def end_pairing(self) -> None:
        """Listen no more."""
        await self._rest.post("/repeaters/endPairing", {})

    async def get_trackers(self) -> tuple[Tracker, ...]:
        """Return the trackers that the gateway knows.

        Raises:
            TableTrackerUnsupportedError: If this firmware does not list them.

        """
        items = listed(await self._rest.get("/trackers"), "trackers", "items")
        return rows(items, lambda row: read_tracker(row, self.clock))
