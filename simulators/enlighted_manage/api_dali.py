"""Emergency drivers behind DALI (3.12). They speak JSON only, and each call waits for a sensor."""

import asyncio
from datetime import datetime
from typing import Final

import orjson

from .access import ADMINS
from .dali import Driver, Mode
from .fixtures import Fixture
from .routing import Request, Route
from .wire import Json, RefusedError, Reply

#: Parameters that can be written, and how high.
_WRITABLE: Final = {"emDimLevel": 254, "testTimeout": 255, "prolongTime": 255}


async def _reach(request: Request) -> tuple[Fixture, Driver]:
    """Return the driver in the path, when its sensor has answered.

    Raises:
        RefusedError: It is no emergency fixture, is offline, or takes longer than a minute.
    """
    world = request.world
    fixture = request.fixture()
    if fixture.kind != "Emergency":
        raise RefusedError(404, "Not an emergency fixture")
    driver = world.dali.driver(fixture.id)
    if not fixture.is_online:
        raise RefusedError(500, "Sensor cannot be reached")
    if driver.is_slow or world.faults.slow_emergency:
        await asyncio.sleep(world.faults.slow_emergency_seconds)
        raise RefusedError(408, "Sensor did not respond in time")
    return fixture, driver


def _bytes(request: Request) -> dict[str, int]:
    """Return the body: bytes as text, or as the numbers that they are."""
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise RefusedError(400, "Invalid JSON") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "Invalid JSON")
    found: dict[str, int] = {}
    for name, value in body.items():
        if not str(value).isdigit() or int(value) > 255:
            raise RefusedError(400, f"Invalid value for {name}")
        found[str(name)] = int(value)
    return found


def _where(fixture: Fixture) -> Reply:
    content: Json = {"emFixtureStatus": f"ems/api/org/fixture/v1/{fixture.id}/emFixtureStatus"}
    return Reply("emFixture", content, is_native=True, is_json_only=True)


async def _order(request: Request) -> Reply:
    given = _bytes(request).get("emergencyMode")
    if given not in list(Mode):
        raise RefusedError(400, "Invalid emergencyMode")
    fixture, driver = await _reach(request)
    driver.order(Mode(given), request.world.now())
    request.note([fixture.id], mode=given)
    return _where(fixture)


async def _status(request: Request) -> Reply:
    fixture, driver = await _reach(request)
    now = request.world.now()

    def written(moment: float | None) -> str | None:
        if moment is None or driver.completed is None:
            return None
        local: datetime = request.world.local(moment)
        return f"{local:%Y-%m-%d %H:%M}"

    results: Json = {
        "startTime": written(driver.last_started),
        "completionTime": written(driver.completed),
        "failurestatus": str(driver.failures),
        "emergencyMode": str(driver.mode.value),
        "emergencyStatus": str(driver.status(now)),
        "durationResult": str(driver.duration_result),
        "batteryCharge": str(driver.battery(now)),
    }
    content: Json = {"fixtures": [{"id": str(fixture.id), "emTestResults": results}]}
    return Reply("fixtures", content, is_native=True, is_json_only=True)


async def _parameters(request: Request) -> Reply:
    fixture, driver = await _reach(request)
    parameters: Json = {name: str(value) for name, value in driver.parameters.items()}
    content: Json = {"sensor": [{"id": str(fixture.id), "emParameters": parameters}]}
    return Reply("sensors", content, is_native=True, is_json_only=True)


async def _set_parameters(request: Request) -> Reply:
    given = _bytes(request)
    if not given or any(value > _WRITABLE.get(name, -1) for name, value in given.items()):
        raise RefusedError(400, "Invalid parameters")
    fixture, driver = await _reach(request)
    driver.parameters |= given
    request.note([fixture.id], **given)
    return _where(fixture)


_FIXTURE: Final = "/org/fixture/v1/{fixture}"

ROUTES: Final = (
    Route("PUT", f"{_FIXTURE}/emergencyMode", _order, command="emergencyMode", roles=ADMINS),
    Route("GET", f"{_FIXTURE}/emFixtureStatus", _status),
    Route("GET", f"{_FIXTURE}/emParameters", _parameters),
    Route("PUT", f"{_FIXTURE}/emParameters", _set_parameters, command="emParameters", roles=ADMINS),
)
