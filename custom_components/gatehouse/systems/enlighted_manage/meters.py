"""Energies as they are counted: the manager tells windows, Home Assistant wants totals.

Windows are no counters (gotcha 19). What was counted is kept with the end of the last window
that is in it, so that no window is counted twice, nor lost while Home Assistant was away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.util import dt as dt_util


@dataclass(frozen=True, slots=True)
class Meter:
    """So many Wh up to the end of a window."""

    total: float
    until: datetime


class Meters:
    """All meters of a site, by name."""

    def __init__(self) -> None:
        """Have none."""
        self._meters: dict[str, Meter] = {}

    def total(self, name: str) -> float | None:
        """Return what was counted, None before the first window."""
        meter = self._meters.get(name)
        return None if meter is None else round(meter.total, 3)

    def until(self, name: str) -> datetime | None:
        """Return the end of the last window that was counted."""
        meter = self._meters.get(name)
        return None if meter is None else meter.until

    def count(self, name: str, start: datetime, end: datetime, energy: float | None) -> bool:
        """Count a window, unless it was counted; return whether it was new.

        The first one is not counted, but begun after: a total that begins with something in it
        has no beginning for those who sum up its differences.
        """
        if energy is None:
            return False
        meter = self._meters.get(name)
        if meter is None:
            self._meters[name] = Meter(0.0, end)
            return True
        if start < meter.until:
            return False
        self._meters[name] = Meter(meter.total + energy, end)
        return True

    def store(self) -> dict[str, list[float | str]]:
        """Return them as JSON holds them."""
        return {
            name: [round(meter.total, 6), meter.until.isoformat()]
            for name, meter in self._meters.items()
        }

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Go on where it was stored."""
        for name, (total, until) in stored.items():
            moment = dt_util.parse_datetime(until)
            if moment is not None:
                self._meters[name] = Meter(float(total), moment)
