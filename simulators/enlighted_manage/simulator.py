"""A whole simulated manager: its API, its building, its clock and its faults."""

from collections.abc import Callable, Mapping
from typing import Final, override

from aiohttp import web

from simulators.kit.certificate import SelfSignedCertificate
from simulators.kit.simulator import Simulator

from .faults import EnlightedFaults
from .living import People
from .server import RequestSeen, Server
from .site import Command
from .wire import Json
from .world import FULL_USER, LIMITED_USER, World

#: From so many fixtures on, the state shows only those that are set by hand.
_MANY: Final = 1000


class EnlightedSimulator(Simulator):
    """A manager on loopback, with the methods of section 3 and the corrections of appendix C.

    It keeps its port, its users and its building across `stop` and `start`.
    """

    faults: EnlightedFaults

    def __init__(
        self,
        port: int = 0,
        seed: int = 1,
        floors: int = 2,
        fixtures: int = 48,
        *,
        host: str = "127.0.0.1",
        certificate: SelfSignedCertificate | None = None,
        version: str = "4.5",
    ) -> None:
        faults = EnlightedFaults()
        super().__init__(port, seed, host, faults)
        self.certificate = certificate
        self.world = World(
            self.clock, faults, seed=seed, floors=floors, fixtures=fixtures, version=version
        )
        self._server = Server(self.world)
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"{'https' if self.certificate else 'http'}://{self.host}:{self.port}"

    @property
    def requests(self) -> list[RequestSeen]:
        """The requests that came in."""
        return self._server.requests

    @property
    def commands(self) -> list[Command]:
        """What it was told to do."""
        return self.world.commands

    @override
    async def start(self) -> None:
        """Serve."""
        context = self.certificate.server_context() if self.certificate else None
        runner = web.ServerRunner(web.Server(self._server.answer), shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, self.host, self.port, ssl_context=context, reuse_address=True)
        await site.start()
        self.port = runner.addresses[0][1]
        self._runner = runner

    @override
    async def stop(self) -> None:
        """Stop serving; the building goes on."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def keep_busy(self, seconds: float) -> None:
        """Let people come and go about every so many seconds."""
        People(self.world, seconds, seed=self._seed)

    def state(self) -> dict[str, Json]:
        """Return the truth about the building, of which the API tells a part, and late."""
        world, now = self.world, self.world.now()
        is_large = len(world.fixtures) >= _MANY
        fixtures: list[Json] = []
        for each in world.fixtures.values():
            override_, color = each.override(now), each.color_override(now)
            if is_large and not override_ and not color:
                continue
            fixtures.append(
                {
                    "id": each.id,
                    "level": each.level(now),
                    "override_until": override_.until if override_ else None,
                    "color": color.value if color else None,
                    "color_until": color.until if color else None,
                    "profile": each.group_id,
                    "online": each.is_online,
                }
            )
        return {
            "time": now,
            "floors": [
                {
                    "id": floor.id,
                    "name": floor.name,
                    "unassigned": world.unassigned_occupancy(floor),
                    "areas": [
                        {"id": area.id, "name": area.name, "occupancy": world.occupancy(area)}
                        for area in floor.areas.values()
                    ],
                }
                for floor in world.floors.values()
            ],
            "fixtures": fixtures,
            "plugloads": [
                {"id": each.id, "on": each.is_on} for each in world.plugloads.all.values()
            ],
            "demand": [
                {
                    "id": event.identifier,
                    "pricelevel": event.price_level,
                    "start": event.start,
                    "end": event.end,
                }
                for event in world.demand.listed()
            ],
            "mistakes": [*world.mistakes],
        }

    def verbs(self) -> Mapping[str, Callable[..., object]]:
        """Return what the control plane can make happen."""
        return self.verbs_of(self.world)

    def details(self) -> dict[str, str | int]:
        """Return what is needed to connect."""
        details: dict[str, str | int] = {"url": self.url, "host": self.host, "port": self.port}
        if self.certificate:
            details["fingerprint"] = self.certificate.fingerprint
        return {
            **details,
            "username": FULL_USER,
            "api_key": self.world.key_of(FULL_USER),
            "limited_username": LIMITED_USER,
            "limited_api_key": self.world.key_of(LIMITED_USER),
        }
