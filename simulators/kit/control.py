"""The control plane: JSON over HTTP to look into a simulator and to make things happen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
import inspect
from typing import Protocol

from aiohttp import web
import orjson

from .clock import Clock
from .faults import Faults


class Controllable(Protocol):
    """What a simulator shows to the control plane."""

    @property
    def clock(self) -> Clock:
        """Its clock."""

    @property
    def faults(self) -> Faults:
        """Its switches."""

    @property
    def requests(self) -> Sequence[object]:
        """The requests that came in, as frozen records."""

    @property
    def commands(self) -> Sequence[object]:
        """The commands that were received, as frozen records."""

    def state(self) -> object:
        """Return the present state, as JSON can hold it."""

    def verbs(self) -> Mapping[str, Callable[..., object]]:
        """Return what can be made to happen, by name; a verb may return something to await."""


def public_methods(thing: object) -> dict[str, Callable[..., object]]:
    """Return all that something can be asked to do, by name."""
    methods = inspect.getmembers(type(thing), inspect.isfunction)
    return {name: getattr(thing, name) for name, _ in methods if not name.startswith("_")}


class ControlPlane:
    """Serves `/_sim/...` for one simulator."""

    def __init__(self, simulator: Controllable, port: int = 0, host: str = "127.0.0.1") -> None:
        self._simulator = simulator
        self._host = host
        self._port = port
        application = web.Application()
        application.add_routes(
            [
                web.get("/_sim/{what:state|requests|commands}", self._look),
                web.post("/_sim/faults", self._set_faults),
                web.post("/_sim/clock", self._turn_clock),
                web.post("/_sim/{verb}", self._do),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Serve."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop serving."""
        await self._runner.cleanup()

    async def _look(self, request: web.Request) -> web.Response:
        match request.match_info["what"]:
            case "state":
                return _json(self._simulator.state())
            case "requests":
                return _json(list(self._simulator.requests))
            case _:
                return _json(list(self._simulator.commands))

    async def _set_faults(self, request: web.Request) -> web.Response:
        try:
            for name, value in (await _arguments(request)).items():
                self._simulator.faults.set(name, value)
        except ValueError as error:
            return _refuse(error)
        return _json({})

    async def _turn_clock(self, request: web.Request) -> web.Response:
        try:
            given, clock = await _arguments(request), self._simulator.clock
            if "set" in given:
                clock.set(datetime.fromisoformat(str(given["set"])))
            clock.advance(float(str(given.get("advance", 0))))
        except ValueError as error:
            return _refuse(error)
        return _json({})

    async def _do(self, request: web.Request) -> web.Response:
        verb = self._simulator.verbs().get(request.match_info["verb"])
        if verb is None:
            return web.Response(status=404)
        try:
            result = verb(**await _arguments(request))
            if inspect.isawaitable(result):
                result = await result
        except (KeyError, TypeError, ValueError) as error:
            return _refuse(error)
        return _json({"result": result})


async def _arguments(request: web.Request) -> dict[str, object]:
    data = await request.read()
    arguments: object = orjson.loads(data) if data else {}
    if not isinstance(arguments, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - it is the caller's data
    return arguments


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def _refuse(error: Exception) -> web.Response:
    return web.Response(
        status=400,
        body=orjson.dumps({"error": f"{type(error).__name__}: {error}"}),
        content_type="application/json",
    )
