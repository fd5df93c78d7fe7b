"""Switch groups and their scenes: what there is, and what a switch can do (3.10, Appendix C)."""

from collections.abc import Iterable
from typing import Final

import orjson

from .access import ADMINS, OPERATORS
from .api_plugloads import short_mac
from .lighting import apply_scene, dim_group
from .routing import Handler, Request, Route
from .switches import Scene, SwitchGroup
from .wire import Json, RefusedError, Reply
from .world import World

#: Levels of S7 that are none: back to the profile, and the scene's own.
_AUTO: Final = 101
_AS_SET: Final = 102
#: What S5 says (3.10).
_NO_SWITCH: Final = 1
_NO_MEMBERS: Final = 3
_NOTHING_SET: Final = 4
_FAILED: Final = -1


def _status(status: int) -> Reply:
    return Reply("response", {"status": status})


# What there is.


async def _groups_of_floor(request: Request) -> Reply:
    floor = request.floor(full=True)
    return _groups(request.world, request.world.switches.of_floor(floor.id))


async def _groups_of_company(request: Request) -> Reply:
    world = request.world
    if request.integer("company") != world.company.id:
        raise RefusedError(400, "Company ID does not exist; please correct and try again")
    seen = {floor.id for floor in request.visible_floors(full=True)}
    groups = world.switches.groups.values()
    return _groups(world, [each for each in groups if each.floor_id in seen])


def _groups(world: World, groups: Iterable[SwitchGroup]) -> Reply:
    if world.faults.plain_groups:
        rows: list[Json] = [{"id": each.id, "name": each.name} for each in groups]
        return Reply("gemsGroups", {"gemsGroup": rows}, is_native=True)
    full: list[Json] = [_group(world, each) for each in groups]
    return Reply("gemsGroups", {"gemsGroup": full}, is_wrapped=True)


def _group(world: World, group: SwitchGroup) -> dict[str, Json]:
    floor = world.floors[group.floor_id]
    return {
        "id": group.id,
        "name": group.name,
        "description": "",
        "floor": {
            "id": floor.id,
            "name": floor.name,
            "description": floor.description,
            "floorPlanUrl": floor.plan,
            "installedSensors": len(floor.fixtures),
            "installedFixtures": sum(each.has_light for each in floor.fixtures.values()),
        },
    }


async def _groups_of_facility(request: Request) -> Reply:
    world, query = request.world, request.query
    if world.is_before(4, 5):
        raise RefusedError(404)
    if query.get("facility", "").upper() != "FLOOR" or not query.get("facilityId", "").isdigit():
        raise RefusedError(400, "Invalid facility")
    floor = request.floor_of(int(query["facilityId"]), full=True)
    rows: list[Json] = [
        {"id": each.id, "name": each.name, "switchId": each.switch_id}
        for each in world.switches.of_floor(floor.id)
    ]
    return Reply("switchGroups", {"switchGroup": rows}, is_native=True)


async def _scenes(request: Request) -> Reply:
    floor = request.floor(full=True)
    group = request.world.switches.by_name(floor.id, request.variables["name"])
    if group is None:
        raise RefusedError(400, "Switch does not exist; please correct and try again")
    scenes: list[Json] = [
        {
            "id": scene.id,
            "switchid": group.switch_id,
            "name": scene.name,
            "sceneOrder": scene.order,
        }
        for scene in group.scenes
    ]
    return Reply("switch", {"id": group.id, "name": group.name, "scenes": scenes}, keeps_lists=True)


async def _scene_levels(request: Request) -> Reply:
    switches = request.world.switches
    number = request.integer("id")
    if request.world.faults.scene_levels_by_scene:
        found = switches.by_scene(number)
        group, scenes = (found[0], [found[1]]) if found else (None, [])
    else:
        group = switches.by_switch(number)
        scenes = group.scenes if group else []
    if group is None:
        raise RefusedError(400, "Switch does not exist; please correct and try again")
    request.need_floor(group.floor_id)
    rows: list[Json] = [row for scene in scenes for row in _levels(group, scene)]
    return Reply("sceneLevels", {"sceneLevel": rows}, keeps_lists=True)


def _levels(group: SwitchGroup, scene: Scene) -> Iterable[dict[str, Json]]:
    for level in scene.levels:
        row: dict[str, Json] = {
            "id": level.id,
            "switchid": group.switch_id,
            "sceneid": scene.id,
            "fixtureid": level.fixture,
            "lightlevel": level.level,
        }
        if level.color is not None:
            row["sceneColor"] = level.color
        yield row


async def _fixtures(request: Request) -> Reply:
    group = _operated(request)
    if group is None:
        raise RefusedError(400, "Switch does not exist; please correct and try again")
    world = request.world
    rows: list[Json] = [
        {
            "id": number,
            "name": world.fixtures[number].name,
            "xaxis": world.fixtures[number].x,
            "yaxis": world.fixtures[number].y,
            "macaddress": short_mac(world.fixtures[number].mac),
            "groupid": world.fixtures[number].group_id,
        }
        for number in group.fixtures
    ]
    return Reply("fixtures", {"fixture": rows})


# What a switch can do.


def _operated(request: Request) -> SwitchGroup | None:
    """Return the group of the switch in the path. A group's own id is some other switch, or none.

    Raises:
        RefusedError: Its floor is not for this user.
    """
    group = request.world.switches.by_switch(request.integer("switch"))
    if group is not None:
        request.need_floor(group.floor_id)
    return group


def _percent(request: Request) -> int | None:
    level = request.integer("level")
    return level if 0 <= level <= 100 else None


async def _apply_scene(request: Request) -> Reply:
    world = request.world
    if world.faults.scene_status:
        return _status(world.faults.scene_status)
    group = _operated(request)
    if group is None:
        return _status(_NO_SWITCH)
    if not group.fixtures and not group.plugloads:
        return _status(_NO_MEMBERS)
    scene = group.scene(request.integer("scene"))
    if scene is None:
        return _status(_FAILED)
    if not scene.levels:
        return _status(_NOTHING_SET)
    apply_scene(world, group, scene, request.seconds())
    request.note([group.switch_id], scene=scene.id, seconds=request.seconds())
    return _status(0)


async def _dim_by_name(request: Request) -> Reply:
    floor = request.floor(full=True)
    group = request.world.switches.by_name(floor.id, request.variables["name"])
    return _dim(request, group, request.seconds())


def _dim(request: Request, group: SwitchGroup | None, seconds: float) -> Reply:
    level = _percent(request)
    if group is None or level is None:
        return _status(1)
    dim_group(request.world, group, level, seconds)
    request.note([group.switch_id], level=level, seconds=seconds)
    return _status(0)


async def _dim_by_switch(request: Request) -> Reply:
    return _dim(request, _operated(request), request.seconds())


async def _dim_scene(request: Request) -> Reply:
    group = _operated(request)
    if group is not None and group.scene(request.integer("scene")) is None:
        group = None
    return _dim(request, group, request.seconds())


async def _switch_dim(request: Request) -> Reply:
    group, seconds = _operated(request), request.seconds("minutes")
    scene = group.scene(request.integer("scene")) if group else None
    if group is None or scene is None:
        return _status(1)
    match request.integer("level"):
        case level if level == _AUTO:
            _release_group(request, group)
        case level if level == _AS_SET:
            apply_scene(request.world, group, scene, seconds)
            request.note([group.switch_id], scene=scene.id, seconds=seconds)
        case _:
            return _dim(request, group, seconds)
    return _status(0)


async def _release(request: Request) -> Reply:
    group = _operated(request)
    if group is None:
        return _status(1)
    _release_group(request, group)
    return _status(0)


def _release_group(request: Request, group: SwitchGroup) -> None:
    """Let profiles decide again; plug loads stay as they are."""
    request.world.release(group.fixtures)
    request.note([group.switch_id], level="auto")


async def _edit(request: Request) -> Reply:
    if request.world.is_before(4, 4):
        raise RefusedError(404)
    group = _operated(request)
    if group is None:
        raise RefusedError(400, "Switch does not exist; please correct and try again")
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise RefusedError(400, "Invalid JSON") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "Invalid JSON")
    for name in group.flags:
        if isinstance(value := body.get(name), bool):
            group.flags[name] = value
    request.note([group.switch_id], **group.flags)
    return Reply("switch", {**group.flags}, is_native=True, is_json_only=True)


def _command(path: str, handler: Handler, name: str) -> Route:
    return Route("POST", path, handler, command=name, roles=OPERATORS)


_SWITCH: Final = "/org/switch/v1"

ROUTES: Final = (
    Route("GET", "/org/switchgroups/list/floor/{floor}", _groups_of_floor),
    Route("GET", "/org/switchgroups/list/company/{company}", _groups_of_company),
    Route("GET", "/switch-groups", _groups_of_facility),
    Route("GET", f"{_SWITCH}/getSwitchScenes/{{floor}}/{{name}}", _scenes),
    Route("GET", "/org/scene/v1/list/getSceneLevels/{id}", _scene_levels),
    Route("GET", f"{_SWITCH}/getSwitchFixtures/{{switch}}", _fixtures),
    _command(f"{_SWITCH}/op/applyScene/{{switch}}/{{scene}}", _apply_scene, "applyScene"),
    _command(f"{_SWITCH}/op/dimGroup/{{floor}}/{{name}}/{{level}}", _dim_by_name, "dimGroup"),
    Route(
        "POST",
        "/org/switch/op/dim/switch/{switch}/scene/{scene}/{level}/{minutes}",
        _switch_dim,
        command="dimSwitch",
        roles=OPERATORS,
        is_service=True,
    ),
    _command(f"{_SWITCH}/op/auto/{{switch}}", _release, "autoSwitch"),
    _command(f"{_SWITCH}/op/dim/{{switch}}/{{level}}", _dim_by_switch, "dimSwitch"),
    _command(f"{_SWITCH}/op/dim/{{switch}}/{{scene}}/{{level}}", _dim_scene, "dimSwitch"),
    Route(
        "POST",
        "/org/switch/{switch}/editAndApplyChanges",
        _edit,
        command="editSwitch",
        roles=ADMINS,
    ),
)
