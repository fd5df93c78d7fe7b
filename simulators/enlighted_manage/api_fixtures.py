"""Fixtures: what there is, and what they can be told (3.3, 3.4)."""

from collections.abc import Iterable
from typing import Final

from .access import OPERATORS
from .fixtures import CLASSES, Fixture
from .routing import Handler, Request, Route
from .wire import Json, RefusedError, Reply

#: Seconds since motion that a sensor does not count beyond.
_LONG_AGO: Final = 65535
_KELVIN: Final = range(1000, 10001)


def of_class(fixtures: Iterable[Fixture], name: str | None) -> list[Fixture]:
    """Return the fixtures of one of the four classes, or all.

    Raises:
        RefusedError: There is no such class.
    """
    if not name:
        return list(fixtures)
    kinds = CLASSES.get(name.lower())
    if kinds is None:
        raise RefusedError(400, "Invalid class; please correct and try again")
    return [fixture for fixture in fixtures if fixture.kind in kinds]


# What there is.


async def _on_floor(request: Request) -> Reply:
    """Answer F1, or F1b, which has the class at the end of the path."""
    floor = request.floor(full=True)
    name = request.query.get("class")
    if request.variables["limit"].lower() in CLASSES:
        name = request.variables["limit"]
    else:
        request.integer("limit")
    is_lower = request.world.faults.lower_case_keys
    group, mac = ("groupid", "macaddress") if is_lower else ("groupId", "macAddress")
    rows: list[Json] = [
        {
            "id": each.id,
            "name": each.name,
            "xaxis": each.x,
            "yaxis": each.y,
            group: each.group_id,
            mac: each.short_mac,
            "class": each.kind,
        }
        for each in of_class(floor.fixtures.values(), name)
    ]
    return Reply("fixtures", {"fixture": rows})


async def _in_area(request: Request) -> Reply:
    rows: list[Json] = [
        {
            "id": each.id,
            "name": each.name,
            "xaxis": each.x,
            "yaxis": each.y,
            "macaddress": each.short_mac,
            "groupid": each.group_id,
        }
        for each in request.area(full=True).fixtures.values()
    ]
    return Reply("fixtures", {"fixture": rows})


async def _details(request: Request) -> Reply:
    """Answer F7."""
    world, fixture = request.world, request.fixture()
    report = world.reports.last(fixture)
    seen = fixture.zone.presence.last(world.now())
    since = _LONG_AGO if seen is None else min(_LONG_AGO, int(world.now() - seen))
    content: Json = {
        "id": fixture.id,
        "name": fixture.name,
        "wattage": round(report.power),
        "lightlevel": max(0, report.dim),
        "lastoccupancyseen": since,
        "ambientLight": report.lux,
        "modelNo": fixture.model,
        "macaddress": fixture.short_mac,
        "floorid": fixture.floor_id,
    }
    return Reply("fixture", content)


async def _with_bluetooth(request: Request) -> Reply:
    """Answer F9."""
    rows: list[Json] = [
        {
            "id": each.id,
            "name": each.name,
            "xaxis": each.x,
            "yaxis": each.y,
            "groupid": each.group_id,
            "modelNo": each.model,
            "macaddress": each.short_mac,
        }
        for each in request.floor(full=True).fixtures.values()
        if each.model.startswith("SU-5")
    ]
    return Reply("fixtures", {"fixture": rows})


# What they can be told.


def _status(*, done: bool) -> Reply:
    return Reply("response", {"status": 0 if done else 1})


async def _dim(request: Request) -> Reply:
    """Answer C1 and C9: ids that do not exist are taken without a word (6.12)."""
    if "fixture" in request.variables:
        ids = [request.integer("fixture")]
        if ids[0] in request.world.fixtures:
            request.fixture()
    else:
        ids = request.fixtures_in_body()
    level, seconds = request.integer("amount"), request.seconds()
    request.note(ids, mode=request.variables["mode"], amount=level, seconds=seconds)
    # A relative mode is not documented.
    if request.variables["mode"].lower() != "abs" or not 0 <= level <= 100 or not ids:
        return _status(done=False)
    request.world.override(ids, level, seconds)
    return _status(done=True)


async def _release(request: Request) -> Reply:
    """Answer C3 and C4: the profile decides again."""
    ids = request.fixtures_in_body()
    mode = request.variables.get("mode", "AUTO")
    request.note(ids, mode=mode)
    if mode.upper() != "AUTO" or not ids:
        return _status(done=False)
    request.world.release(ids)
    return _status(done=True)


async def _change_color(request: Request) -> Reply:
    ids, kelvin = request.fixtures_in_body(), request.integer("kelvin")
    seconds = request.seconds()
    request.note(ids, kelvin=kelvin, seconds=seconds)
    if not ids:
        text = "Sensors list is empty while requesting API"
        return Reply("response", {"status": 1, "msg": text})
    if kelvin not in _KELVIN:
        return Reply("response", {"status": 1, "msg": "change color failure"})
    request.world.tint(ids, kelvin, seconds)
    return Reply("response", {"status": 0, "msg": "change color success"})


async def _report_now(request: Request) -> Reply:
    """Answer C8: sensors report at once."""
    ids = request.fixtures_in_body()
    request.note(ids)
    request.world.refresh(ids)
    return _status(done=bool(ids))


_LOCATION: Final = "/org/fixture/location/list/floor/{floor}/{limit}"


def _command(name: str, path: str, handler: Handler) -> Route:
    return Route("POST", path, handler, command=name, roles=OPERATORS)


ROUTES: Final = (
    Route("GET", _LOCATION, _on_floor),
    Route("GET", "/org/fixture/v1/location/list/area/{area}", _in_area),
    Route("GET", "/org/fixture/details/{fixture}", _details),
    Route("GET", "/org/fixture/blefixture/list/floor/{floor}", _with_bluetooth),
    _command("dim", "/org/fixture/v1/op/dim/{mode}/{amount}", _dim),
    _command("dim", "/org/fixture/v1/op/dim/{mode}/{amount}/{fixture}", _dim),
    _command("dim", "/org/fixture/op/dim/{mode}/{amount}/{time}", _dim),
    _command("auto", "/org/fixture/v1/op/auto", _release),
    _command("auto", "/org/fixture/v1/op/mode/{mode}", _release),
    _command("auto", "/org/fixture/op/mode/{mode}", _release),
    _command(
        "color", "/org/sensor/tunable-white/change-color/value/{kelvin}/{time}", _change_color
    ),
    _command("realtime", "/org/fixture/op/realtime", _report_now),
)
