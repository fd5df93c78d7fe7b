"""What sensors tell: details, statistics of five minutes, dim levels, desks (3.3, 3.6)."""

from collections.abc import Iterator
import contextlib
from datetime import datetime
import re
from typing import Final

from .api_fixtures import of_class
from .fixtures import INTERVAL, Fixture
from .reports import MINUTE
from .routing import Request, Route
from .site import FAULTY
from .wire import Json, RefusedError, Reply

_HOUR: Final = 3600.0
#: Rows of a page of dim levels.
_PAGE: Final = 20


async def _details(request: Request) -> Reply:
    """Answer F3, in which the light level is the dim level (6.6)."""
    world, fixture = request.world, request.fixture()
    report = world.reports.last(fixture)
    row: Json = {
        "id": fixture.id,
        "name": fixture.name,
        "power": f"{report.power:.2f}",
        "temperature": report.temperature,
        "lightLevel": report.dim,
        "lastCommunicationTime": world.local(report.last_communication).strftime(MINUTE),
    }
    return Reply("sensors", {"sensor": [row]}, keeps_lists=True)


async def _older_details(request: Request) -> Reply:
    fixture = request.fixture()
    report = request.world.reports.last(fixture)
    content: Json = {
        "name": fixture.name,
        "power": f"{report.power:.2f}",
        "temperature": report.temperature,
        "lightlevel": report.dim,
    }
    return Reply("sensor", content)


# Statistics.


async def _statistics(request: Request) -> Reply:
    """Answer F4, in which the light level is lux (6.6)."""
    floor = request.floor(full=True)
    lines = [request.world.reports.lines(floor, slot) for slot in _slots(request)]
    return Reply("sensors", "sensor", rows=b",".join(line for line in lines if line))


async def _motion(request: Request) -> Reply:
    """Answer F5; without a licence there is no motion to be seen."""
    world, floor = request.world, request.floor(full=True)
    rows: list[Json] = []
    for slot in _slots(request):
        captured = world.local(slot).strftime(MINUTE)
        for fixture, report in world.reports.of_floor(floor, slot):
            rows.append(
                {
                    "id": fixture.id,
                    "power": f"{report.power:.2f}",
                    "occupancy": report.motion if world.is_licensed else 0,
                    "temperature": report.temperature,
                    "captureTime": captured,
                }
            )
    return Reply("sensors", {"sensor": rows})


def _slots(request: Request) -> Iterator[float]:
    """Yield the ends of the five minutes that are asked for: of an hour and no more (6.22)."""
    world = request.world
    first, last = _moment(request, "from"), _moment(request, "to")
    if last - first > _HOUR:
        world.note_mistake("more than an hour of statistics")
        if world.faults.long_statistics == "refuse":
            raise RefusedError(400, "The time range must not be longer than one hour")
        last = first + _HOUR
    slot = -(-first // INTERVAL) * INTERVAL
    while slot <= min(last, world.now()):
        yield slot
        slot += INTERVAL


def _moment(request: Request, name: str) -> float:
    text = request.variables[name]
    # `strptime` makes a time of fewer digits too.
    local = None
    if re.fullmatch(r"[0-9]{12}", text):
        with contextlib.suppress(ValueError):
            local = datetime.strptime(text, "%Y%m%d%H%M")
    if local is None:
        raise RefusedError(400, f"Invalid date format for {name}; use yyyyMMddHHmm")
    return request.world.moment(local)


# Dim levels.


async def _dim_levels(request: Request) -> Reply:
    """Answer F6: pages of 20, numbered from 1."""
    world, floor = request.world, request.floor(full=True)
    fixtures = of_class(floor.fixtures.values(), request.query.get("class"))
    given = request.query.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]*", given):
        raise RefusedError(400, "Invalid page; please correct and try again")
    page = int(given)
    rows: list[Json] = [
        {"id": each.id, "dimlevel": world.reports.listed_level(each)}
        for each in fixtures[(page - 1) * _PAGE : page * _PAGE]
    ]
    content: Json = {
        "page": page,
        "records": len(fixtures),
        "total": -(-len(fixtures) // _PAGE),
        "fixture": rows,
    }
    return Reply("dimlevels", content)


# Desks.


async def _desks(request: Request) -> Reply:
    rows: list[Json] = [
        {"id": str(each.id), "name": each.name, "occupancyState": str(_desk(request, each))}
        for each in of_class(request.floor(full=True).fixtures.values(), "desk")
    ]
    return Reply("deskSensors", {"deskSensor": rows}, is_native=True)


def _desk(request: Request, fixture: Fixture) -> int:
    world = request.world
    if not world.is_licensed or not fixture.is_online:
        return FAULTY
    return int(fixture.is_occupied(world.now() - world.faults.motion_delay))


ROUTES: Final = (
    Route("GET", "/org/sensor/v3/details/{fixture}", _details),
    Route("GET", "/org/sensor/v2/details/{fixture}", _older_details),
    Route("GET", "/org/sensor/v2/stats/floor/{floor}/{from}/{to}", _statistics),
    Route("GET", "/org/sensor/stats/floor/{floor}/{from}/{to}", _motion),
    Route("GET", "/org/sensor/dimlevel/list/floor/{floor}", _dim_levels),
    Route("GET", "/org/sensor/v1/getDeskOccupancyState/list/floor/{floor}", _desks),
)
