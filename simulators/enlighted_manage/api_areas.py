"""Areas: their occupancy, and how many of their sensors are silent (3.5, Appendix C 6)."""

from typing import Final

from .routing import Request, Route
from .site import UNKNOWN
from .tree import Area
from .wire import Json, RefusedError, Reply


async def _occupancy(request: Request) -> Reply:
    """Answer A1; that an area is unknown is a state, not an error."""
    world = request.world
    state = UNKNOWN
    if request.integer("area") in world.areas:
        state = world.occupancy(request.area(full=True))
    return Reply("occupancyStatus", {"occupancyState": state}, is_wrapped=True)


async def _occupancy_of_floor(request: Request) -> Reply:
    return _answer_spelt(request, "of")


async def _occupancy_of_floor_capital(request: Request) -> Reply:
    return _answer_spelt(request, "Of")


def _answer_spelt(request: Request, spelling: str) -> Reply:
    """Answer A2, with the pseudo-area that every floor has (6.16)."""
    world = request.world
    if world.faults.occupancy_spelling not in {spelling, "both"}:
        raise RefusedError(404)
    floor = request.floor(full=True)
    rows: list[Json] = [_area(request, area) for area in floor.areas.values()]
    state = world.unassigned_occupancy(floor)
    if world.faults.unassigned_first:
        first: Json = {
            "id": 0,
            "name": "Unassigned",
            "description": "",
            "zonesensorenable": False,
            "occupancyState": state,
        }
        rows.insert(0, first)
    else:
        rows.append({"id": 0, "name": "Unassigned area", "occupancyState": state})
    return Reply("areas", {"area": rows})


def _area(request: Request, area: Area) -> Json:
    return {
        "id": area.id,
        "name": area.name,
        "description": area.description,
        "zonesensorenable": area.is_zoned,
        "occupancyState": request.world.occupancy(area),
    }


async def _silent(request: Request) -> Reply:
    fixtures = request.area(full=True).fixtures.values()
    content: Json = {
        "totalSensors": len(fixtures),
        "outSensors": sum(not each.is_online for each in fixtures),
    }
    return Reply("areaOutSensors", content)


_SMALL: Final = "/org/facility/v1/getOccupancyStateofFloorAreas/{floor}"
_CAPITAL: Final = "/org/facility/v1/getOccupancyStateOfFloorAreas/{floor}"

ROUTES: Final = (
    Route("GET", "/org/area/v1/occ/{area}", _occupancy),
    Route("GET", "/org/area/v1/out/{area}", _silent),
    Route("GET", _SMALL, _occupancy_of_floor),
    Route("GET", _CAPITAL, _occupancy_of_floor_capital),
)
