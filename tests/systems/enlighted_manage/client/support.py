"""What the tests of the client share: clients of managers, and a manager that says what it is told.

"Gotcha" numbers are those of section 6 of the protocol notes, as in the client itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json
import traceback
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from custom_components.gatehouse.systems.enlighted_manage.client import (
    AuthScheme,
    BleMode,
    DemandResponse,
    EmergencyMode,
    EnlightedClient,
    EnlightedSettings,
    PriceLevel,
    Scene,
    Switch,
    SwitchGroup,
)
from simulators.enlighted_manage import EnlightedSimulator

USER = "integration"
KEY = "e511c7a4b04740f2f3c519209ad7429ac3f9f728b97c5d8cd1c88096987ad0d1"
ZONE = ZoneInfo("America/Los_Angeles")
#: The simulator's time at the beginning: 10:08 there, with no window or report about to come.
NOON = datetime(2024, 2, 12, 18, 8, tzinfo=UTC)
WINDOW = timedelta(minutes=15)

#: Of the simulated manager: its first floor, a room, lights, a sensor of each other class.
OFFICE, MEETING = 9, 10
LIGHT, OTHER, TUNABLE = 361, 362, 366
EMERGENCY, FIXTURELESS, DESK = 380, 382, 383
PLUG_LOAD = 1301
#: Its switch groups, the second with a slash in its name; their switches have other ids.
GROUP, SLASHED = SwitchGroup(3, "Open Office"), SwitchGroup(4, "Meeting Room / AV")
SWITCH = Switch(1, (Scene(157, "All On", 0),))
EVENT = DemandResponse(
    "DR16", PriceLevel.LOW, datetime(2024, 7, 21, 10, 15, tzinfo=UTC), timedelta(hours=1), 15.0
)

type Call = Callable[[EnlightedClient], Awaitable[object]]

#: Every method that reads.
READS: dict[str, Call] = {
    "company": lambda client: client.get_company(),
    "floors": lambda client: client.get_floors(),
    "areas": lambda client: client.get_areas(1),
    "fixtures": lambda client: client.get_fixtures(1),
    "area fixtures": lambda client: client.get_area_fixtures(OFFICE),
    "gateways": lambda client: client.get_gateways(1),
    "plug loads": lambda client: client.get_plug_loads(1),
    "area plug loads": lambda client: client.get_area_plug_loads(OFFICE),
    "plug load details": lambda client: client.get_plug_load_details(PLUG_LOAD),
    "switch groups": lambda client: client.get_switch_groups(1),
    "switch": lambda client: client.get_switch(1, GROUP),
    "scene levels": lambda client: client.get_scene_levels(SWITCH),
    "profiles": lambda client: client.get_profiles(LIGHT),
    "floor occupancy": lambda client: client.get_floor_occupancy(1),
    "area occupancy": lambda client: client.get_area_occupancy(OFFICE),
    "desk occupancy": lambda client: client.get_desk_occupancy(1),
    "readings": lambda client: client.get_readings(1),
    "motion": lambda client: client.get_motion(1),
    "dim levels": lambda client: client.get_dim_levels(1),
    "sensor": lambda client: client.get_sensor(LIGHT),
    "bacnet": lambda client: client.is_bacnet_running(),
    "energy": lambda client: client.get_energy(),
    "area energy": lambda client: client.get_area_energy(OFFICE),
    "plug load energy": lambda client: client.get_plug_load_energy(PLUG_LOAD),
    "floor hour": lambda client: client.get_floor_windows(
        1, client.now() - 4 * WINDOW, client.now()
    ),
    "floor days": lambda client: client.get_floor_windows(
        1, client.now() - timedelta(days=2), client.now()
    ),
    "fixture energy": lambda client: client.get_fixture_energy(
        1, NOON.replace(minute=0) - 2 * WINDOW
    ),
    "demand responses": lambda client: client.get_demand_responses(),
    "emergency status": lambda client: client.get_emergency_status(EMERGENCY),
}
#: Every method that acts.
WRITES: dict[str, Call] = {
    "dim": lambda client: client.dim([LIGHT], 50, 60),
    "release": lambda client: client.release([LIGHT]),
    "color": lambda client: client.color([TUNABLE], 3200, 60),
    "profile": lambda client: client.assign_profile(LIGHT, 27),
    "bluetooth": lambda client: client.set_ble_mode([LIGHT], BleMode.SCAN),
    "scene": lambda client: client.apply_scene(1, 157, 60),
    "group": lambda client: client.dim_group(1, GROUP, SWITCH, 50, 60),
    "group release": lambda client: client.release_group(SWITCH),
    "plug load": lambda client: client.set_plug_load(PLUG_LOAD, on=False),
    "area emergency": lambda client: client.set_area_emergency(OFFICE, 5),
    "emergency": lambda client: client.set_emergency(5),
    "emergency test": lambda client: client.start_emergency_test(
        EMERGENCY, EmergencyMode.FUNCTION_TEST
    ),
    "schedule": lambda client: client.schedule_demand_response(EVENT),
    "update": lambda client: client.update_demand_response(EVENT, [1]),
    "cancel": lambda client: client.cancel_demand_response("DR16"),
}


def settings_for(
    port: int,
    key: str = KEY,
    *,
    user: str = USER,
    scheme: AuthScheme | None = None,
    fingerprint: str | None = None,
    use_https: bool = False,
) -> EnlightedSettings:
    return EnlightedSettings(
        host="127.0.0.1",
        port=port,
        use_https=use_https or fingerprint is not None,
        username=user,
        api_key=key,
        scheme=scheme,
        fingerprint=fingerprint,
    )


def client_of(
    session: aiohttp.ClientSession,
    manager: EnlightedSimulator,
    *,
    user: str = USER,
    scheme: AuthScheme | None = None,
) -> EnlightedClient:
    """Return a client of a simulated manager."""
    key = manager.world.key_of(user)
    client = EnlightedClient(session, settings_for(manager.port, key, user=user, scheme=scheme))
    client.time_zone = ZONE
    return client


def at(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def words_of(error: BaseException | None) -> str:
    """Return everything that an error, and whatever led to it, could put into a log."""
    words = []
    while error is not None:
        words += [str(error), repr(error), repr(error.args)]
        words += traceback.format_exception_only(error)
        error = error.__cause__ or error.__context__
    return "\n".join(words)


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # conditions of any kind, which set no event
            await asyncio.sleep(0.005)


@dataclass
class Answer:
    """What the stub answers; anything but text and bytes is sent as JSON."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        body = self.body
        if not isinstance(body, str | bytes):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        # Labelled XML whatever it is, as the manager does it (appendix C 12).
        kind = {"Content-Type": "application/xml"} | self.headers
        return web.Response(status=self.status, body=body, headers=kind)


LOGIN_PAGE = Answer("<!DOCTYPE html>\r\n<html><head><title>Sign In</title></head></html>")


@dataclass
class Request:
    """What arrived, as it came."""

    route: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def scheme(self) -> AuthScheme:
        return AuthScheme.V4_5 if "userid" in self.headers else AuthScheme.V4_4


type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
type Says = Answer | list[Answer] | Handler


class StubManager:
    """A manager that answers what a test tells it to. Routes are written as `GET /org/company`."""

    def __init__(self) -> None:
        self.answers: dict[str, Says] = {}
        #: For all other routes.
        self.otherwise: Says = Answer("", 404)
        self.requests: list[Request] = []
        self.port = 0

    @property
    def routes(self) -> list[str]:
        return [request.route for request in self.requests]

    async def start(self) -> None:
        server = web.Server(self._answer, handler_cancellation=True)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        url = request.rel_url
        route = f"{request.method} {url.raw_path.removeprefix('/ems/api')}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(
            Request(route, url.raw_query_string, headers, await request.read()),
        )
        answer = self.answers.get(route, self.otherwise)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer.response() if isinstance(answer, Answer) else await answer(request)
