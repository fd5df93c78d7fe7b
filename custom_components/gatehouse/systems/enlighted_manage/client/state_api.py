"""How things are: who is where, what sensors report, how bright the lights are."""

from datetime import datetime, timedelta
from typing import Final

from .base import ManagerApi
from .decode import Json, Row, Unreadable, read_all, records
from .errors import EnlightedNotFoundError, EnlightedResponseError
from .link import ManagerLink
from .models import AreaOccupancy, FloorReadings, Motion, Occupancy, Reading
from .readings import ReadingsReader, celsius
from .settings import EnlightedSettings
from .times import minutes_text, moment_reader, read_moment

_STATES: Final = {each.value: each for each in Occupancy}
#: The guide's spelling first (appendix C 4); paths are case-sensitive.
_FLOOR_OCCUPANCY: Final = (
    "/org/facility/v1/getOccupancyStateofFloorAreas",
    "/org/facility/v1/getOccupancyStateOfFloorAreas",
)
#: How far back to ask for reports, which come every five minutes.
_SPAN: Final = timedelta(minutes=12)
#: The sixty bits that stand for five seconds each (section 4.6).
_MOTION_BITS: Final = (1 << 60) - 1
#: A page of dim levels has twenty rows; no floor has more pages than this.
_MOST_PAGES: Final = 200


class StateApi(ManagerApi):
    """Reads what changes by itself."""

    def __init__(self, link: ManagerLink, settings: EnlightedSettings) -> None:
        """Prepare; nothing is sent."""
        super().__init__(link, settings)
        self._readers: dict[int, ReadingsReader] = {}
        self._floor_occupancy = _FLOOR_OCCUPANCY

    async def get_floor_occupancy(self, floor: int) -> tuple[AreaOccupancy, ...]:
        """Return whether somebody is in the areas of a floor, and in none of them (A2)."""
        first, second = self._floor_occupancy
        try:
            found = await self._rows(f"{first}/{floor}", "areas", "area")
        except EnlightedNotFoundError:
            found = await self._rows(f"{second}/{floor}", "areas", "area")
            self._floor_occupancy = second, first
        return read_all(found, _occupancy)

    async def get_area_occupancy(self, area: int) -> Occupancy:
        """Return whether somebody is in an area (A1)."""
        row = await self._row(f"/org/area/v1/occ/{area}", "occupancystatus")
        return _state(row)

    async def get_desk_occupancy(self, floor: int) -> tuple[AreaOccupancy, ...]:
        """Return whether somebody is at the desks of a floor (D1), by the ids of their sensors."""
        path = f"/org/sensor/v1/getDeskOccupancyState/list/floor/{floor}"
        return read_all(await self._rows(path, "desksensors", "desksensor"), _occupancy)

    async def get_readings(self, floor: int) -> FloorReadings:
        """Return what the sensors of a floor reported last (F4)."""
        found = await self._statistics("v2/", floor)
        if floor not in self._readers:
            self._readers[floor] = ReadingsReader()
        readings = self._readers[floor].read(found, moment_reader(self.time_zone, self.now()))
        if found and not readings.readings:
            raise EnlightedResponseError("The rows of the sensors cannot be read")
        return readings

    async def get_motion(self, floor: int) -> dict[int, Motion]:
        """Return how much motion the sensors of a floor saw last (F5); it needs a licence."""
        clock = moment_reader(self.time_zone, self.now())
        latest: dict[int, Motion] = {}
        for row in map(Row, await self._statistics("", floor)):
            number, bits = row.integer("id"), row.integer("occupancy")
            captured = clock(row.text("capturetime"))
            if number is None or bits is None or captured is None:
                continue
            motion = Motion(round((bits & _MOTION_BITS).bit_count() / 60 * 100, 1), captured)
            if number not in latest or latest[number].captured <= captured:
                latest[number] = motion
        return latest

    async def get_dim_levels(self, floor: int) -> dict[int, int]:
        """Return how bright the lights of a floor are (F6), page by page.

        The vendor's own example miscounts its pages (section 4.3): the last one is the one that
        says so, if no rows are missing then, or one without anything new.
        """
        levels: dict[int, int] = {}
        for page in range(1, _MOST_PAGES + 1):
            content = await self._access.get(f"/org/sensor/dimlevel/list/floor/{floor}?page={page}")
            answer = Row(content) if isinstance(content, dict) else Row({})
            found = {
                number: level
                for row in answer.rows("fixture", "sensor", "fixtures")
                if (number := row.integer("id")) is not None
                and (level := row.integer("dimlevel")) is not None
            }
            if not found.keys() - levels.keys():
                break
            levels |= found
            total, count = answer.integer("total"), answer.integer("records")
            if total and page >= total and (count is None or len(levels) >= count):
                break
        return {number: level for number, level in levels.items() if level >= 0}

    async def get_sensor(self, sensor: int) -> tuple[Reading, datetime | None]:
        """Return what one sensor reported last, and when it was heard of (F3).

        Here `lightLevel` is how bright the light is, not what falls on the sensor (gotcha 6).
        """
        row = await self._row(f"/org/sensor/v3/details/{sensor}", "sensors", "sensor")
        level = row.integer("lightlevel")
        seen = row.text("lastcommunicationtime")
        reading = Reading(
            power=row.number("power"),
            temperature=celsius(row.number("temperature")),
            level=None if level is None or level < 0 else min(level, 100),
        )
        return reading, read_moment(seen, self.time_zone, self.now())

    async def is_bacnet_running(self) -> bool:
        """Return whether the manager's BACnet server runs (E3)."""
        row = await self._row("/org/bacnet/health", "response")
        return row.integer("status") == 0

    async def _statistics(self, version: str, floor: int) -> list[dict[str, Json]]:
        now = self.now()
        span = (minutes_text(moment, self.time_zone) for moment in (now - _SPAN, now))
        path = f"/org/sensor/{version}stats/floor/{floor}/{'/'.join(span)}"
        try:
            return records(await self._access.get(path), "sensors", "sensor", "sensorstats")
        except Unreadable:
            raise EnlightedResponseError("The answer lacks the sensors") from None


def _occupancy(row: Row) -> AreaOccupancy | None:
    number = row.integer("id")
    return None if number is None else AreaOccupancy(number, _state(row))


def _state(row: Row) -> Occupancy:
    state = row.integer("occupancystate")
    return Occupancy.UNKNOWN if state is None else _STATES.get(state, Occupancy.UNKNOWN)
