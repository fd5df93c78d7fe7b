"""A whole simulated Net2 server: its world, its clock, its faults and its two interfaces."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import override

from aiohttp import web

from simulators.kit.certificate import SelfSignedCertificate
from simulators.kit.simulator import Simulator

from .bustle import People
from .faults import Net2Faults
from .routing import Command
from .server import RequestSeen, Server
from .sign_in import Authority
from .signalr_endpoints import SignalR
from .signalr_tokens import Keys
from .wire import Json
from .world import World


class Net2Simulator(Simulator):
    """A Net2 server on loopback, with an API as in sections 2 to 6 of the protocol notes.

    It keeps its port, its certificate and its world across `stop` and `start`.
    """

    faults: Net2Faults

    def __init__(
        self,
        port: int = 0,
        seed: int = 1,
        doors: int = 4,
        *,
        https: bool = True,
        host: str = "127.0.0.1",
        certificate: Path | None = None,
    ) -> None:
        faults = Net2Faults()
        super().__init__(port, seed, host, faults)
        self.https = https
        self.world = World(self.clock, faults, seed=seed, doors=doors)
        self.authority = Authority(self.world, faults, seed=seed)
        self.username = "Home Assistant"
        #: Where the licence was written to, if it was.
        self.licence_file: Path | None = None
        self._certificate = SelfSignedCertificate("Net2LocalAPI", certificate)
        self._server = Server(self.world, self.authority, self.faults, self._answer_live)
        self._keys = Keys()
        self._signalr: SignalR | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the server answers, without a slash at the end."""
        return f"{'https' if self.https else 'http'}://{self.host}:{self.port}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return self._certificate.fingerprint

    @property
    def client_id(self) -> str:
        """The licence's client id."""
        return self.authority.client_id

    @property
    def licence(self) -> str:
        """The content of a licence file: the client id is an attribute, not `Id`."""
        other = f"{self._seed:08d}-0000-4000-8000-000000000000"
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<Licence ClientID="{self.client_id}"><Id>{other}</Id></Licence>\n'
        )

    @property
    def password(self) -> str:
        """The operator's password, which may be changed."""
        return self.authority.password

    @password.setter
    def password(self, value: str) -> None:
        self.authority.password = value

    @property
    def requests(self) -> list[RequestSeen]:
        """The requests that came in."""
        return self._server.requests

    @property
    def commands(self) -> list[Command]:
        """The commands that were received."""
        return self._server.commands

    @property
    def connections(self) -> list[str]:
        """The names of the transports of the live connections."""
        transports = self._signalr.connections.transports if self._signalr else {}
        return [type(each).__name__ for each in transports.values() if each.alive]

    @property
    def subscriptions(self) -> set[str]:
        """The streams that are listened to, such as `DoorEvents.1234567`."""
        listening = self._signalr.hub.subscriptions if self._signalr else ()
        return {group for each in listening for group in each.groups}

    @override
    async def start(self) -> None:
        """Serve."""
        self._signalr = SignalR(self.world, self.authority, self.faults, self._keys)
        self._runner = web.AppRunner(
            self._server.application(),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=1.0,
        )
        await self._runner.setup()
        context = self._certificate.server_context() if self.https else None
        site = web.TCPSite(
            self._runner, self.host, self.port, ssl_context=context, reuse_address=True
        )
        await site.start()
        self.port = self._runner.addresses[0][1]

    @override
    async def stop(self) -> None:
        """Stop serving, as a service that is shut down; the world goes on."""
        if self._signalr is not None:
            self._signalr.close()
            self._signalr = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def restart(self) -> None:
        """Restart the service: tokens, connections and cursors of before are void."""
        await self.stop()
        self.authority.forget_all()
        if not self.faults.keep_keys:
            self._keys = Keys()
        await self.start()

    @override
    async def close(self) -> None:
        """Stop for good, and the world with it."""
        await super().close()
        self.world.close()

    def cut_streams(self) -> None:
        """Break every live connection without a word, as a failing network does."""
        if self._signalr is not None:
            self._signalr.connections.cut_all()

    def expire_tokens(self, *, refresh_tokens: bool = False) -> None:
        """Void the access tokens now, and the refresh tokens as well if asked to."""
        self.authority.expire_access_tokens()
        if refresh_tokens:
            self.authority.expire_refresh_tokens()

    def revoke_operator(self) -> None:
        """Take the operator's right to sign in."""
        self.world.site.operators.clear()

    def change_password(self, password: str) -> None:
        """Give the operator another password; it is asked for at the next sign-in."""
        self.password = password

    def renew_certificate(self) -> None:
        """Make another certificate; it is shown from the next start on."""
        self._certificate = SelfSignedCertificate("Net2LocalAPI")

    def keep_busy(self, seconds: float) -> None:
        """Let people come and go by themselves, about every so many seconds."""
        People(self.world, seconds, seed=self._seed)

    def state(self) -> dict[str, Json]:
        """Return what can be seen of the world from outside."""
        return {
            "time": self.world.now().isoformat(),
            "zone": str(self.world.zone),
            "doors": [door.json() for door in self.world.doors.values()],
            "users": [{"id": each.id, "name": each.name} for each in self.world.users.values()],
            "events": len(self.world.events),
            "lockdown": self.world.lockdown,
            "connections": list(self.connections),
            "subscriptions": sorted(self.subscriptions),
        }

    def verbs(self) -> Mapping[str, Callable[..., object]]:
        """Return what the control plane can make happen."""
        return self.verbs_of(self.world)

    def details(self) -> dict[str, str | int]:
        """Return what is needed to connect."""
        return {
            "url": self.url,
            "host": self.host,
            "port": self.port,
            "fingerprint": self.fingerprint,
            "username": self.username,
            "password": self.password,
            "client_id": self.client_id,
            "licence_file": str(self.licence_file),
        }

    async def _answer_live(self, request: web.Request) -> web.StreamResponse:
        if self._signalr is None:
            return web.Response(status=503)
        return await self._signalr.answer(request)
