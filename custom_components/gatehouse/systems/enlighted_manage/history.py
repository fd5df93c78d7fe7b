"""The energy of before, put into Home Assistant's statistics by the recorder's own door.

Two cases have the same form. A meter that begins has forty-five days behind it at the manager's;
one that missed windows counts them at once when it comes back, which the recorder would take for
the energy of that moment. Either way the hours get rows of their own. Those of before the
beginning are below zero, because the recorder begins to sum up where the meter does.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    get_last_statistics,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util.unit_conversion import EnergyConverter

from .client import (
    HISTORY,
    WINDOW,
    EnergyWindow,
    EnlightedError,
)
from .const import HISTORY_PACE, LOGGER
from .errors import NOT_TOLD

_WH_PER_KWH: Final = 1000


def has_statistics(hass: HomeAssistant) -> bool:
    """Tell whether there is a recorder to keep them."""
    return "recorder" in hass.config.components


async def async_fill(
    hass: HomeAssistant,
    statistic_id: str,
    windows: Mapping[datetime, float],
    total: float,
    until: datetime,
) -> None:
    """Give hours their energy.

    Args:
        hass: Home Assistant.
        statistic_id: The entity whose statistics they are; it counts in kWh.
        windows: Wh by the starts of the windows, without a hole between them.
        total: What the meter said, in Wh, once the last of them was counted.
        until: The end of the last of them.
    """
    offset = await get_instance(hass).async_add_executor_job(_offset, hass, statistic_id)
    # Not the hour that is going on: the recorder itself is going to write that.
    now = datetime.now(until.tzinfo).replace(minute=0, second=0, microsecond=0)
    rows: list[StatisticData] = []
    for hour, meant in _totals(windows, total, until):
        if hour < now:
            state = meant / _WH_PER_KWH
            rows.append(StatisticData(start=hour, state=state, sum=state - offset))
    if rows:
        async_import_statistics(hass, _metadata(statistic_id), rows)


def _totals(
    windows: Mapping[datetime, float], total: float, until: datetime
) -> list[tuple[datetime, float]]:
    """Return what the meter said at the end of each hour, in order."""
    totals: dict[datetime, float] = {}
    for start in sorted(windows, reverse=True):
        hour = start.replace(minute=0, second=0, microsecond=0)
        if start + WINDOW <= until:
            totals.setdefault(hour, total)
            total -= windows[start]
    return sorted(totals.items())


def _offset(hass: HomeAssistant, statistic_id: str) -> float:
    """Return by how much the meter is ahead of the recorder's sum, in kWh."""
    found = get_last_statistics(hass, 1, statistic_id, False, {"state", "sum"})
    for row in found.get(statistic_id, ()):
        state, summed = row.get("state"), row.get("sum")
        if state is not None and summed is not None:
            return state - summed
    return 0.0


def _metadata(statistic_id: str) -> StatisticMetaData:
    return StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=None,
        source="recorder",
        statistic_id=statistic_id,
        unit_class=EnergyConverter.UNIT_CLASS,
        unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    )


type ReadWindows = Callable[[int, datetime, datetime], Awaitable[tuple[EnergyWindow, ...]]]
type StatisticOf = Callable[[int], str | None]

_DAY: Final = timedelta(days=1)
#: Seconds until history is tried again that was not to be had.
_AGAIN: Final = 600.0


class HistoryFiller:
    """Goes back through the manager's history once, a day of all floors after the other.

    Nobody waits for it, so it takes its time. It remembers how far it came: a day that was broken
    off is read again, and its rows are the same.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        read: ReadWindows,
        statistic_of: StatisticOf,
        save: Callable[[], None],
    ) -> None:
        """Prepare; nothing is read.

        Args:
            hass: Home Assistant.
            read: Reads the windows of a floor.
            statistic_of: Tells the energy sensor of a floor, that of the building by 0.
            save: Called when there is something new to remember.
        """
        self._hass = hass
        self._read = read
        self._statistic_of = statistic_of
        self._save = save
        self._until: datetime | None = None
        self._day = 0
        #: What the meters would have said at the end of the next day to be read, in Wh.
        self._totals: MutableMapping[int, float] = {}

    def store(self) -> dict[str, Any]:
        """Return how far it came, as JSON holds it."""
        return {
            "until": self._until.isoformat() if self._until else None,
            "day": self._day,
            "totals": [list(each) for each in self._totals.items()],
        }

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Go on from there."""
        until = stored.get("until")
        self._until = datetime.fromisoformat(until) if until else None
        self._day = stored.get("day", 0)
        self._totals = {int(floor): float(total) for floor, total in stored.get("totals", ())}

    async def async_run(self, floors: list[int], until: datetime) -> None:
        """Fill in what is missing of what was before `until`, when the meters began."""
        if self._until is None:
            self._until = until
            self._totals = dict.fromkeys([0, *floors], 0.0)
        while self._day < HISTORY.days:
            try:
                await self._fill_day([floor for floor in self._totals if floor], self._until)
            except EnlightedError as err:
                LOGGER.debug("The energy of before is not to be had now: %s", err)
                await asyncio.sleep(_AGAIN)
            else:
                self._day += 1
                self._save()

    async def _fill_day(self, floors: list[int], until: datetime) -> None:
        """Fill in a day; it begins and ends at a full hour, but that the first has a rest more."""
        last = until.replace(minute=0, second=0, microsecond=0) - self._day * _DAY
        end = until if self._day == 0 else last
        totals, building = dict(self._totals), dict[datetime, float]()
        for floor in floors:
            try:
                windows = await self._read(floor, last - _DAY, end)
            except NOT_TOLD:
                # It is gone, or the user may not see its energy.
                windows = ()
            energies = {window.start: window.energy for window in windows}
            for start, energy in energies.items():
                building[start] = building.get(start, 0.0) + energy
            totals[floor] = await self._fill(floor, energies, end)
            await asyncio.sleep(HISTORY_PACE)
        totals[0] = await self._fill(0, building, end)
        self._totals = totals

    async def _fill(self, floor: int, windows: Mapping[datetime, float], end: datetime) -> float:
        """Fill in a day of a floor, or of the building; return what the meter said before it."""
        total = self._totals[floor]
        statistic_id = self._statistic_of(floor)
        if statistic_id is not None:
            await async_fill(self._hass, statistic_id, windows, total, end)
        return total - sum(windows.values())
