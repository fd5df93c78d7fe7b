"""Plug loads: what there is, and switching the managed outlet (3.9). Their energy is elsewhere."""

from typing import Final

from .access import OPERATORS
from .plugloads import Plugload
from .routing import Request, Route
from .wire import Json, RefusedError, Reply
from .world import World


def _row(plugload: Plugload) -> Json:
    return {
        "id": plugload.id,
        "name": plugload.name,
        "status": int(plugload.is_on),
        "xaxis": plugload.x,
        "yaxis": plugload.y,
        "macaddress": short_mac(plugload.mac),
        "groupid": plugload.group_id,
        "state": "COMMISSIONED",
        "version": plugload.version,
    }


def short_mac(mac: tuple[int, int, int]) -> str:
    """Write a radio address as the interface does: without the zero at the front of a byte."""
    return ":".join(f"{byte:x}" for byte in mac)


def find_plugload(request: Request) -> Plugload:
    """Return the plug load that the path names, if the user may see all of it.

    Raises:
        RefusedError: There is none, or it is not for this user.
    """
    plugload = request.world.plugloads.all.get(request.integer("plugload"))
    if plugload is None:
        raise RefusedError(400, "Plugload ID does not exist; please correct and try again")
    request.need_device(plugload.floor_id, plugload.area_id)
    return plugload


async def _of_floor(request: Request) -> Reply:
    floor = request.floor(full=True)
    rows: list[Json] = [_row(each) for each in request.world.plugloads.of_floor(floor.id)]
    return Reply("plugloads", {"plugload": rows})


async def _of_area(request: Request) -> Reply:
    area = request.area(full=True)
    rows: list[Json] = [_row(each) for each in request.world.plugloads.of_area(area.id)]
    return Reply("plugloads", {"plugload": rows})


async def _details(request: Request) -> Reply:
    plugload = find_plugload(request)
    world = request.world
    floor = world.floors[plugload.floor_id]
    building = world.buildings[floor.building_id]
    content: Json = {
        "id": plugload.id,
        "name": plugload.name,
        "xaxis": plugload.x,
        "yaxis": plugload.y,
        "location": _location(world, plugload),
        "floor": None,
        "floorId": floor.id,
        "campusid": building.campus_id,
        "buildingid": building.id,
        "macaddress": short_mac(plugload.mac),
        "version": plugload.version,
        "voltage": plugload.voltage,
        "active": plugload.is_active,
    }
    return Reply("plugload", content)


def _location(world: World, plugload: Plugload) -> str:
    floor = world.floors[plugload.floor_id]
    building = world.buildings[floor.building_id]
    names = [world.campuses[building.campus_id].name, building.name, floor.name]
    if plugload.area_id is not None:
        names.append(world.areas[plugload.area_id].name)
    return " -> ".join(names)


async def _switch(request: Request) -> Reply:
    plugload = find_plugload(request)
    is_on = request.world.plugloads.switch(plugload, request.variables["status"] == "1")
    request.note([plugload.id], on=request.variables["status"] == "1")
    # The guide says that 0 is on (Appendix C 10).
    is_inverted = request.world.faults.inverted_plugloads
    return Reply("response", {"status": int(is_on != is_inverted)})


_LIST: Final = "/org/plugload/v1/location/list"

ROUTES: Final = (
    Route("GET", f"{_LIST}/floor/{{floor}}/1", _of_floor),
    Route("GET", f"{_LIST}/area/{{area}}/1", _of_area),
    Route("GET", "/org/plugload/v1/details/{plugload}", _details),
    Route(
        "POST",
        "/org/area/v1/setPlugloadStatus/{plugload}/{status:[01]}",
        _switch,
        command="plugload",
        roles=OPERATORS,
    ),
)
