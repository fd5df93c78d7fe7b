"""Counting windows of energy: those of floors, of areas, of receptacles, and of the whole."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from .client import (
    WINDOW,
    EnergyWindow,
    EnlightedClient,
    PlugLoadEnergy,
    WindowEnergy,
    window_end,
)
from .errors import NOT_TOLD
from .floor import SHARES, meter_name
from .meters import Meters
from .snapshot import Kind
from .structure import FloorPlan

#: How far back the energy of areas is fetched: each window is an answer as long as a floor.
_AREAS_BACK = timedelta(hours=6)
LIGHTING = meter_name(Kind.MANAGER, 0, "lighting")
PLUG_LOAD = meter_name(Kind.MANAGER, 0, "plug_load")


def floor_meter(floor: int, share: str = "lighting") -> str:
    """Return the name of a floor's meter."""
    return meter_name(Kind.FLOOR, floor, share)


class EnergyCounter:
    """Reads windows that are closed, and counts each of them once."""

    def __init__(self, client: EnlightedClient, meters: Meters) -> None:
        """Count on from what the meters say."""
        self._client = client
        self._meters = meters
        #: What floors took in windows that the whole building's meter may lack, by their starts.
        self._by_window: dict[datetime, dict[int, float]] = {}

    async def count_floor(self, floor: int) -> tuple[EnergyWindow, ...]:
        """Count what a floor took since the last time, and return those windows."""
        end = window_end(self._client.now())
        begin = self._meters.until(floor_meter(floor)) or end - WINDOW
        if begin >= end:
            return ()
        windows = await self._client.get_floor_windows(floor, begin, end)
        for window in windows:
            values = (
                window.energy,
                window.base,
                window.saved,
                window.occupancy,
                window.daylight,
                window.tuning,
                window.manual,
            )
            for share, energy in zip(SHARES, values, strict=True):
                name = floor_meter(floor, share)
                self._meters.count(name, window.start, window.start + WINDOW, energy)
            self._by_window.setdefault(window.start, {})[floor] = window.energy
        return windows

    async def count_areas(self, plan: FloorPlan) -> None:
        """Count what the areas of a floor took since the last time."""
        if not plan.areas:
            return
        floor, end = plan.floor.id, window_end(self._client.now())
        progress = floor_meter(floor, "areas")
        start = max(self._meters.until(progress) or end - WINDOW, end - _AREAS_BACK)
        while start < end:
            energies = await self._client.get_fixture_energy(floor, start)
            if not energies:
                # Not there yet; or it is the hour that autumn has twice, which is passed over.
                break
            for area, fixtures in plan.members.items():
                energy = sum(energies.get(each, 0.0) for each in fixtures)
                name = meter_name(Kind.AREA, area, "lighting")
                self._meters.count(name, start, start + WINDOW, energy)
            self._meters.count(progress, start, start + WINDOW, 0.0)
            start += WINDOW

    def count_area_plugs(self, area: int, found: WindowEnergy) -> None:
        """Count what the receptacles of an area took."""
        name = meter_name(Kind.AREA, area, "plug_load")
        self._meters.count(name, found.end - WINDOW, found.end, found.plug_load)

    def count_plug_load(self, plug_load: int, found: PlugLoadEnergy) -> None:
        """Count what a receptacle took."""
        for what, energy in (("managed", found.managed), ("unmanaged", found.unmanaged)):
            name = meter_name(Kind.PLUG_LOAD, plug_load, what)
            self._meters.count(name, found.end - WINDOW, found.end, energy)

    async def count_all(self, floors: Iterable[int]) -> Mapping[datetime, float] | None:
        """Count what the whole manager took; None where the user may not know.

        The manager tells the last window alone. Those before it that were missed are the sums of
        what the floors took, where every floor told. They are returned.
        """
        try:
            found = await self._client.get_energy()
        except NOT_TOLD:
            # Nobody is going to ask for what the floors took together.
            self._by_window.clear()
            return None
        start, missed = found.end - WINDOW, {}
        begin, floors = self._meters.until(LIGHTING), set(floors)
        for moment in sorted(self._by_window):
            told = self._by_window.pop(moment)
            if begin is not None and begin <= moment < start and told.keys() >= floors:
                missed[moment] = sum(told.values())
                self._meters.count(LIGHTING, moment, moment + WINDOW, missed[moment])
        self._meters.count(LIGHTING, start, found.end, found.lighting)
        self._meters.count(PLUG_LOAD, start, found.end, found.plug_load)
        return missed
