"""Energy: what the last window took, and what the windows before it did (sections 3.7 to 3.9)."""

from datetime import datetime, timedelta
from typing import Final

from .base import ManagerApi
from .decode import Row, as_number, read_all
from .errors import EnlightedNotFoundError
from .models import EnergyWindow, PlugLoadEnergy, WindowEnergy
from .times import WINDOW, read_moment, seconds_text, window_end

_WINDOWS: Final = ("facilityenergystatss", "facilityenergystats", "floorenergystats")
_SENSORS: Final = ("sensorenergystatss", "sensorenergystats", "sensorenergy")
#: What the shorter of the two history calls answers at most, whatever it is asked for.
_SHORT: Final = timedelta(hours=1)
#: How far back the manager's history goes.
HISTORY: Final = timedelta(days=45)


class EnergyApi(ManagerApi):
    """Reads energies, all in Wh and each of one window of a quarter of an hour."""

    async def get_energy(self) -> WindowEnergy:
        """Return the energy of everything in the last closed window (E1)."""
        return await self._window_energy("/org/em/v1/energy/")

    async def get_area_energy(self, area: int) -> WindowEnergy:
        """Return the energy of an area in the last closed window (A3)."""
        return await self._window_energy(f"/org/area/v1/energy/{area}")

    async def get_plug_load_energy(self, plug_load: int) -> PlugLoadEnergy:
        """Return the energy of a receptacle in the last closed window (P4)."""
        row = await self._row(f"/org/plugload/v1/energy/{plug_load}", "response")
        return PlugLoadEnergy(
            window_end(self.now()), row.number("managedenergy"), row.number("unmanagedenergy")
        )

    async def get_floor_windows(
        self, floor: int, start: datetime, end: datetime
    ) -> tuple[EnergyWindow, ...]:
        """Return the energy of a floor in each window between two moments (H2, H3), in order.

        Managers before 4.4 lack the longer history: they tell hour by hour.
        """
        start = max(start, self.now() - HISTORY)
        if end - start > _SHORT:
            try:
                return await self._long_history(floor, start, end)
            except EnlightedNotFoundError:
                pass
        windows: dict[datetime, EnergyWindow] = {}
        while start < end:
            stop = min(start + _SHORT, end)
            for window in await self._history("Stats", floor, start, stop):
                windows[window.start] = window
            start = stop
        return _within(windows, end)

    async def get_fixture_energy(self, floor: int, start: datetime) -> dict[int, float]:
        """Return the energy of each fixture of a floor in the window from `start` on (H1).

        One form tells the window that rows are of (appendix C 5), the other (4.7) does not.
        """
        span = self._span(start, start + WINDOW)
        path = f"/org/sensor/v2/sensorEnergyStats/15min/floor/{floor}/{span}"
        now = self.now()
        energies: dict[int, float] = {}
        for row in await self._rows(path, *_SENSORS):
            told = read_moment(row.text("intervalstart"), self.time_zone, now)
            if told is not None and told != start:
                continue
            for sensor in row.rows("sensor") or [row]:
                number, energy = sensor.integer("id"), sensor.number("energy")
                if number is not None and energy is not None:
                    energies[number] = energies.get(number, 0.0) + energy
        return energies

    async def _long_history(
        self, floor: int, start: datetime, end: datetime
    ) -> tuple[EnergyWindow, ...]:
        windows: dict[datetime, EnergyWindow] = {}
        for page in range(1, HISTORY.days + 2):
            found = await self._history("StatsOfFloor", floor, start, end, f"?page={page}")
            new = [window for window in found if window.start not in windows]
            windows |= {window.start: window for window in new}
            # A page is a day, counted from `start` on.
            if start + timedelta(days=page) >= end:
                break
        return _within(windows, end)

    async def _history(
        self, kind: str, floor: int, start: datetime, end: datetime, query: str = ""
    ) -> tuple[EnergyWindow, ...]:
        now = self.now()

        def read(row: Row) -> EnergyWindow | None:
            return _window(row, read_moment(row.text("intervalstart"), self.time_zone, now))

        path = f"/org/facility/v2/facilityEnergy{kind}/15min/floor/{floor}/"
        found = await self._rows(f"{path}{self._span(start, end)}{query}", *_WINDOWS)
        return tuple(window for window in read_all(found, read) if start <= window.start < end)

    def _span(self, start: datetime, end: datetime) -> str:
        return "/".join(seconds_text(moment, self.time_zone) for moment in (start, end))

    async def _window_energy(self, path: str) -> WindowEnergy:
        row = await self._row(path, "response")
        return WindowEnergy(
            window_end(self.now()), row.number("energylighting"), row.number("energyplugload")
        )


def _within(windows: dict[datetime, EnergyWindow], end: datetime) -> tuple[EnergyWindow, ...]:
    return tuple(windows[start] for start in sorted(windows) if start + WINDOW <= end)


def _window(row: Row, start: datetime | None) -> EnergyWindow | None:
    energy = row.number("energy")
    if start is None or energy is None:
        return None
    base = row.number("baseenergy")

    def part(*names: str) -> float:
        return as_number(row.value(*names)) or 0.0

    return EnergyWindow(
        start=start,
        energy=energy,
        base=energy if base is None else base,
        saved=part("savedenergy", "saveenergy"),
        occupancy=part("occsavings", "occsaving"),
        daylight=part("ambientsavings", "ambientsaving"),
        tuning=part("tuneupsavings", "tuneupsaving"),
        manual=part("manualsavings", "manualsaving"),
    )
