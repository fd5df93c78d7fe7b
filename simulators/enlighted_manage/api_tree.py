"""The facility tree: company, campuses, buildings, floors, areas, gateways (3.1, 3.2)."""

from datetime import UTC, datetime
from typing import Final

from .access import Right, denied
from .gateways import Gateway
from .plan import draw
from .routing import Request, Route
from .tree import Area, Floor
from .wire import Json, RefusedError, Reply
from .world import World

_METHOD: Final = "SENSOR_BASED"


def _campuses(request: Request) -> list[Json]:
    world = request.world
    seen = {world.buildings[floor.building_id].campus_id for floor in request.visible_floors()}
    return [
        {
            "id": campus.id,
            "name": campus.name,
            "location": campus.location,
            "contractBaseline": "0.00",
            "calcMethod": _METHOD,
        }
        for campus in world.campuses.values()
        if campus.id in seen or request.user.sees_all
    ]


async def _company(request: Request) -> Reply:
    company = request.world.company
    if int(request.variables.get("company", company.id)) != company.id:
        raise RefusedError(400, "Organization ID does not exist; please correct and try again")
    content: Json = {
        "id": company.id,
        "name": company.name,
        "address": company.address,
        "contact": "555 0100",
        "email": "fm@acme.example",
        "completionstatus": 3,
        "validdomain": "acme.example",
        "price": "0.15",
        "timezone_name": company.time_zone,
        "title24.compliance.flag": "false",
        "ntpEnable": "false",
        "ntpServers": "",
        "campus": _campuses(request),
    }
    return Reply("company", content)


async def _list_campuses(request: Request) -> Reply:
    if request.integer("company") != request.world.company.id:
        raise RefusedError(400, "Organization ID does not exist; please correct and try again")
    return Reply("campuses", {"campus": _campuses(request)})


async def _list_buildings(request: Request) -> Reply:
    world, campus = request.world, request.integer("campus")
    takes_company = world.faults.buildings_of_company and campus == world.company.id
    if campus not in world.campuses and not takes_company:
        raise RefusedError(400, "Campus ID does not exist; please correct and try again")
    seen = {floor.building_id for floor in request.visible_floors()}
    rows: list[Json] = [
        {
            "id": building.id,
            "name": building.name,
            "useOrgLocation": True,
            "visible": True,
            "useOrgLocationTz": True,
            "energySaveCalcMethod": _METHOD,
            "contractBaseline": "0.00",
        }
        for building in world.buildings.values()
        if (takes_company or building.campus_id == campus)
        and (building.id in seen or request.user.sees_all)
    ]
    return Reply("buildings", {"building": rows})


async def _list_floors(request: Request) -> Reply:
    world = request.world
    rows: list[Json] = []
    for floor in request.visible_floors():
        building = world.buildings[floor.building_id]
        rows.append(
            {
                "id": floor.id,
                "name": floor.name,
                "buildingName": building.name,
                "campusName": world.campuses[building.campus_id].name,
                "organization": world.company.name,
                "description": floor.description,
                "floorPlanUrl": floor.plan,
            }
        )
    return Reply("floors", {"floor": rows})


def _older_floor(world: World, floor: Floor) -> Json:
    return {
        "id": floor.id,
        "name": floor.name,
        "building": floor.building_id,
        "campus": world.buildings[floor.building_id].campus_id,
        "company": world.company.id,
        "description": floor.description,
        "floorPlanUrl": floor.plan,
        "parentFloorId": "",
    }


async def _list_floors_older(request: Request) -> Reply:
    building = None
    if "building" in request.variables:
        building = request.integer("building")
        if building not in request.world.buildings:
            raise RefusedError(400, "Building ID does not exist; please correct and try again")
    rows: list[Json] = [
        _older_floor(request.world, floor)
        for floor in request.visible_floors()
        if building in {None, floor.building_id}
    ]
    return Reply("floors", {"floor": rows})


def _visible_areas(request: Request) -> list[Area]:
    return [area for area in request.floor().areas.values() if request.may_see_area(area)]


async def _list_areas(request: Request) -> Reply:
    rows: list[Json] = [
        {
            "id": area.id,
            "name": area.name,
            "description": area.description,
            "zonesensorenable": area.is_zoned,
        }
        for area in _visible_areas(request)
    ]
    return Reply("areas", {"area": rows})


async def _list_areas_older(request: Request) -> Reply:
    rows: list[Json] = [
        {"id": area.id, "name": area.name, "description": area.description}
        for area in _visible_areas(request)
    ]
    return Reply("areas", {"area": rows})


async def _floor_plan(request: Request) -> Reply:
    floor = request.floor(full=True)
    return Reply("plan", file=draw((each.x, each.y) for each in floor.fixtures.values()))


async def _area_plan(request: Request) -> Reply:
    area = request.area()
    return Reply("plan", file=draw((each.x, each.y) for each in area.fixtures.values()))


async def _parent(request: Request) -> Reply:
    """Answer O10: what a node is part of (C11)."""
    world, kind, number = request.world, request.variables["kind"], request.integer("node")
    company: Json = {"nodeType": "company", "id": world.company.id, "name": world.company.name}
    if kind == "company" and number == world.company.id:
        return Reply("facility", company)
    if kind == "campus" and number in world.campuses:
        return Reply("facility", company)
    if kind == "building" and number in world.buildings:
        campus = world.campuses[world.buildings[number].campus_id]
        return Reply("facility", {"nodeType": "campus", "id": campus.id, "name": campus.name})
    if kind == "floor" and number in world.floors:
        floor = world.floors[number]
        if request.right_to_floor(floor) is Right.NONE:
            raise denied("floor")
        building = world.buildings[floor.building_id]
        return Reply("facility", {"nodeType": "building", "id": building.id, "name": building.name})
    if kind == "area" and number in world.areas:
        area = world.areas[number]
        if not request.may_see_area(area):
            raise denied("area")
        floor = world.floors[area.floor_id]
        return Reply("facility", {"nodeType": "floor", "id": floor.id, "name": floor.name})
    raise RefusedError(400, "Facility does not exist; please correct and try again")


def _gateway(world: World, gateway: Gateway) -> Json:
    heard = gateway.last_communication(world.now()) + world.faults.clock_offset
    moment = datetime.fromtimestamp(heard, UTC).replace(tzinfo=None)
    # The first byte stands there with its zero dropped, as in the vendor's sample (4.1).
    first, *others = gateway.mac
    return {
        "id": gateway.id,
        "name": gateway.name,
        "xaxis": gateway.x,
        "yaxis": gateway.y,
        "lastComm": f"{moment.isoformat(timespec='milliseconds')}Z",
        "commStatus": "okay" if gateway.is_okay else "out",
        "macAddress": "-".join([f"{first:X}", *(f"{byte:02X}" for byte in others)]),
        "localIpAddressCurrent": gateway.address,
    }


async def _gateways(request: Request) -> Reply:
    floor = request.floor(full=True)
    rows: list[Json] = [_gateway(request.world, each) for each in floor.gateways.values()]
    return Reply("gateways", {"gateway": rows})


async def _gateway_details(request: Request) -> Reply:
    gateway = request.world.gateways.get(request.integer("gateway"))
    if gateway is None:
        raise RefusedError(400, "Gateway ID does not exist; please correct and try again")
    request.need_device(gateway.floor_id, None)
    return Reply("gateway", _gateway(request.world, gateway))


ROUTES: Final = (
    Route("GET", "/org/company", _company),
    Route("GET", "/facilities/company/{company}", _company),
    Route("GET", "/org/campus/list/{company}", _list_campuses),
    Route("GET", "/org/building/list/{campus}", _list_buildings),
    Route("GET", "/org/floor/v1/list", _list_floors),
    Route("GET", "/org/floor/list", _list_floors_older),
    Route("GET", "/org/floor/list/{building}", _list_floors_older),
    Route("GET", "/org/area/v2/list/{floor}", _list_areas),
    Route("GET", "/org/area/list/{floor}", _list_areas_older),
    Route("GET", "/org/floor/{floor}", _floor_plan),
    Route("GET", "/org/area/{area}", _area_plan),
    Route("GET", "/org/facilities/{kind}/{node}", _parent),
    Route("GET", "/org/floor/v1/{floor}/gateways", _gateways),
    Route("GET", "/org/gateway/list/floor/{floor}", _gateways),
    Route("GET", "/org/gateway/details/{gateway}", _gateway_details),
)
