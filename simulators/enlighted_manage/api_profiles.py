"""Profiles of fixtures, and what their radio does for Bluetooth (F8, C5, C6)."""

from typing import Final

from .access import ADMINS, OPERATORS
from .routing import Request, Route
from .wire import Json, Reply

_MODES: Final = frozenset({"OFF", "SCAN", "BEACON"})


async def _profiles(request: Request) -> Reply:
    fixture = request.fixture()
    # Profiles of one template can take each other's place; others are of another kind of room.
    applicable: list[Json] = [
        {"name": profile.name, "groupId": profile.id}
        for profile in request.world.profiles.values()
        if profile.template == fixture.profile.template
    ]
    content: Json = {
        "id": fixture.id,
        "name": fixture.name,
        "currentProfile": fixture.profile.name,
        "groupId": fixture.profile.id,
        "applicableProfiles": applicable,
    }
    return Reply("fixture", content)


async def _assign(request: Request) -> Reply:
    world = request.world
    fixture = world.fixtures.get(request.integer("fixture"))
    profile = world.profiles.get(request.integer("profile"))
    if fixture is None or profile is None:
        text = "either fixture or group does not exist. Please provide valid inputs"
        return Reply("response", {"status": -1, "msg": text})
    request.need_device(fixture.floor_id, fixture.area_id)
    fixture.profile = profile
    request.note([fixture.id], profile=profile.id)
    return Reply("response", {"status": 0})


async def _set_ble_mode(request: Request) -> Reply:
    mode = request.variables["mode"].upper()
    given = request.fixtures_in_body()
    if mode not in _MODES:
        return Reply("response", {"status": -1, "msg": "Invalid BLE mode"})
    if not given:
        return Reply("response", {"status": -1, "msg": "Sensors list is empty"})
    found = [each for number in given if (each := request.world.fixtures.get(number))]
    for fixture in found:
        fixture.ble_mode = mode
    request.note(given, mode=mode)
    # Not a code: how many were changed (6.11).
    return Reply("response", {"status": len(found)})


ROUTES: Final = (
    Route("GET", "/org/fixture/v1/getFixtureApplicableProfiles/{fixture}", _profiles),
    Route(
        "POST",
        "/org/fixture/v1/op/assignProfile/{fixture}/{profile}",
        _assign,
        command="assignProfile",
        roles=OPERATORS,
    ),
    Route(
        "POST",
        "/org/fixture/op/assignblemode/{mode}",
        _set_ble_mode,
        roles=ADMINS,
        command="bleMode",
    ),
)
