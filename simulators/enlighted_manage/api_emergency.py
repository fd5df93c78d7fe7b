"""All lights on at once (A4, E2), and whether the BACnet server runs (E3).

An emergency is a timed override at full level: nothing cancels it but time, or going back to
automatic (6.31).
"""

from typing import Final

from .access import ADMINS
from .routing import Request, Route
from .wire import Reply


async def _of_area(request: Request) -> Reply:
    if request.integer("area") not in request.world.areas:
        return Reply("response", {"status": 1})
    area = request.area(full=True)
    request.world.override(area.fixtures, 100, request.seconds())
    request.note([area.id], seconds=request.seconds())
    return Reply("response", {"status": 0})


async def _of_everything(request: Request) -> Reply:
    world = request.world
    for floor in request.visible_floors(full=True):
        world.override(floor.fixtures, 100, request.seconds())
    request.note([], seconds=request.seconds())
    return Reply("response", {"status": 0})


async def _bacnet(request: Request) -> Reply:
    return Reply("response", {"status": int(request.world.faults.bacnet_down)})


ROUTES: Final = (
    Route(
        "POST",
        "/org/area/v1/setEmergency/{area}",
        _of_area,
        command="areaEmergency",
        roles=ADMINS,
    ),
    Route("POST", "/org/em/v1/setEmergency", _of_everything, command="emergency", roles=ADMINS),
    Route("GET", "/org/bacnet/health", _bacnet),
)
