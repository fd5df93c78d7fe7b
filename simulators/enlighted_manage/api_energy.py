"""Energy: the window that ended last, and the history (3.8, 4.7, Appendix C 5 and 6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from .api_plugloads import find_plugload
from .fixtures import Fixture
from .plugloads import Plugload
from .routing import Request, Route
from .usage import WINDOW, Use, fixed, hundredths, last_end, windows
from .wire import Json, RefusedError, Reply
from .world import World

#: The longest range of H3, and how many windows are on one of its pages: those of a usual day.
_MOST: Final = timedelta(days=45)
_PAGE: Final = 96
_HOUR: Final = 3600.0


def _moment(request: Request, name: str) -> float:
    try:
        local = datetime.strptime(request.variables[name], "%Y%m%d%H%M%S")
    except ValueError:
        raise RefusedError(400, f"Invalid date format for {name}; use yyyyMMddHHmmss") from None
    return request.world.moment(local)


def _starts(world: World, first: float, last: float) -> list[float]:
    """Return when the windows of a range began. They are quarters of the manager's own clock."""
    ahead = world.faults.clock_offset
    found = windows(first + ahead, last + ahead, world.server_time())
    return [start - ahead for start in found]


def _last(world: World) -> float:
    """Return when the window began that ended last."""
    return last_end(world.server_time()) - WINDOW - world.faults.clock_offset


def _interval(world: World, start: float) -> str:
    text = world.local(start).isoformat()
    return text[:-3] + text[-2:] if world.faults.offset_without_colon else text


def _lights(world: World, floor: int, fixtures: Iterable[Fixture], start: float) -> int:
    return world.energy.together(floor, fixtures, [start])[0].energy


def _loads(world: World, plugloads: Iterable[Plugload], start: float) -> tuple[int, int]:
    managed = unmanaged = 0
    for each in plugloads:
        one, other = world.plugloads.energy(each, start)
        managed, unmanaged = managed + one, unmanaged + other
    return managed, unmanaged


# The window that ended last.


async def _of_everything(request: Request) -> Reply:
    world = request.world
    start, lights = _last(world), 0
    for floor in request.visible_floors():
        lights += _lights(world, floor.id, floor.fixtures.values(), start)
    seen = {floor.id for floor in request.visible_floors()}
    loads = [each for each in world.plugloads.all.values() if each.floor_id in seen]
    return _both(lights, sum(_loads(world, loads, start)))


async def _of_area(request: Request) -> Reply:
    world, area = request.world, request.area()
    start = _last(world)
    lights = _lights(world, area.floor_id, area.fixtures.values(), start)
    return _both(lights, sum(_loads(world, world.plugloads.of_area(area.id), start)))


def _both(lights: int, plugloads: int) -> Reply:
    content: Json = {
        "energy-lighting": hundredths(lights),
        "energy-plugload": hundredths(plugloads),
    }
    return Reply("energy", content)


async def _of_fixture(request: Request) -> Reply:
    world, fixture = request.world, request.fixture()
    amount = _lights(world, fixture.floor_id, [fixture], _last(world))
    return Reply("energy", {"energy": hundredths(amount)})


async def _of_fixtures(request: Request) -> Reply:
    world, area = request.world, request.area()
    fixtures = area.fixtures.values()
    amount = _lights(world, area.floor_id, fixtures, _last(world))
    return Reply("energy", {"energy": hundredths(amount)})


async def _of_plugload(request: Request) -> Reply:
    plugload = find_plugload(request)
    return _outlets(*_loads(request.world, [plugload], _last(request.world)))


async def _of_plugloads(request: Request) -> Reply:
    world, area = request.world, request.area()
    return _outlets(*_loads(world, world.plugloads.of_area(area.id), _last(world)))


def _outlets(managed: int, unmanaged: int) -> Reply:
    content: Json = {
        "managed-energy": hundredths(managed),
        "unmanaged-energy": hundredths(unmanaged),
    }
    return Reply("energy", content)


# The history.


async def _sensors(request: Request) -> Reply:
    world, floor = request.world, request.floor(full=True)
    fixtures = list(floor.fixtures.values())
    first, last = _moment(request, "from"), _moment(request, "to")
    blocks: list[Json] = []
    rows: list[Json] = []
    for start in _starts(world, first, last):
        uses = world.energy.each(floor.id, fixtures, start)
        found: list[Json] = [_sensor_row(each, uses[each.id]) for each in fixtures]
        blocks.append({"intervalStart": _interval(world, start), "sensor": found})
        rows.extend(found)
    if world.faults.plain_energy:
        return Reply("sensorEnergyStatss", {"sensorEnergyStats": rows})
    return Reply("sensorEnergyStatss", {"sensorEnergyStats": blocks}, is_wrapped=True)


def _sensor_row(fixture: Fixture, used: Use) -> Json:
    if fixture.has_light:
        level = f"{100 * used.energy / used.base:.1f}" if used.base else "0.0"
    else:
        level = "-1.0"
    return {
        "id": fixture.id,
        "name": fixture.name,
        "baseenergy": fixed(used.base),
        "energy": fixed(used.energy),
        "savedEnergy": fixed(used.saved),
        "occSavings": fixed(used.occupancy),
        "ambientSavings": fixed(used.ambient),
        "tuneupSavings": fixed(used.tuneup),
        "manualSavings": fixed(used.manual),
        "dimLevel": level,
    }


async def _first_hour(request: Request) -> Reply:
    first, last = _moment(request, "from"), _moment(request, "to")
    # Silently no more than an hour, however long the range (6.22).
    starts = _starts(request.world, first, min(last, first + _HOUR))
    return _floor_rows(request, starts)


async def _pages(request: Request) -> Reply:
    world = request.world
    if world.is_before(4, 4):
        raise RefusedError(404)
    first, last = _moment(request, "from"), _moment(request, "to")
    if last - first > _MOST.total_seconds() + _HOUR:
        raise RefusedError(400, "The date range must not be longer than 45 days")
    page = request.query.get("page", "1")
    if not page.isdigit() or int(page) < 1:
        raise RefusedError(400, "Invalid page")
    begin = (int(page) - 1) * _PAGE
    return _floor_rows(request, _starts(world, first, last)[begin : begin + _PAGE])


def _floor_rows(request: Request, starts: list[float]) -> Reply:
    world, floor = request.world, request.floor()
    fixtures = list(floor.fixtures.values())
    rows: list[Json] = [
        {
            "id": floor.id,
            "name": floor.name,
            "intervalStart": _interval(world, start),
            "baseEnergy": hundredths(used.base),
            "energy": hundredths(used.energy),
            "savedEnergy": hundredths(used.saved),
            "occSavings": hundredths(used.occupancy),
            "ambientSavings": hundredths(used.ambient),
            "tuneupSavings": hundredths(used.tuneup),
            "manualSavings": hundredths(used.manual),
        }
        for start, used in zip(
            starts, world.energy.together(floor.id, fixtures, starts), strict=True
        )
    ]
    if world.faults.plain_energy:
        return Reply("floorEnergyStatss", {"floorEnergyStats": rows})
    return Reply("facilityEnergyStatss", {"facilityEnergyStats": rows}, is_wrapped=True)


_RANGE: Final = "15min/floor/{floor}/{from}/{to}"

ROUTES: Final = (
    Route("GET", "/org/em/v1/energy", _of_everything),
    Route("GET", "/org/area/v1/energy/{area}", _of_area),
    Route("GET", "/org/fixture/v1/energy/area/{area}", _of_fixtures),
    Route("GET", "/org/fixture/v1/energy/{fixture}", _of_fixture),
    Route("GET", "/org/plugload/v1/energy/area/{area}", _of_plugloads),
    Route("GET", "/org/plugload/v1/energy/{plugload}", _of_plugload),
    Route("GET", f"/org/sensor/v2/sensorEnergyStats/{_RANGE}", _sensors),
    Route("GET", f"/org/facility/v2/facilityEnergyStats/{_RANGE}", _first_hour),
    Route("GET", f"/org/facility/v2/facilityEnergyStatsOfFloor/{_RANGE}", _pages),
)
