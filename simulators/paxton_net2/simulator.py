"""A whole simulated Net2 server: its world, its clock, its faults and its two interfaces."""

from types import TracebackType
from typing import Self

from aiohttp import web

from simulators.kit.certificate import SelfSignedCertificate
from simulators.kit.clock import Clock

from .faults import Net2Faults
from .routing import Command
from .server import RequestSeen, Server
from .sign_in import Authority
from .signalr_endpoints import SignalR
from .signalr_tokens import Keys
from .world import World


class Net2Simulator:
    """A Net2 server on loopback, with an API as in sections 2 to 6 of the protocol notes.

    Use it as an asynchronous context, or call `start` and `stop`. It keeps its port, its
    certificate and its world across `stop` and `start`.
    """

    def __init__(
        self,
        port: int = 0,
        seed: int = 1,
        doors: int = 4,
        *,
        https: bool = True,
        host: str = "127.0.0.1",
    ) -> None:
        self.host = host
        self.port = port
        self.https = https
        self.clock = Clock()
        self.faults = Net2Faults()
        self.world = World(self.clock, self.faults, seed=seed, doors=doors)
        self.authority = Authority(self.world, self.faults, seed=seed)
        self.username = "Home Assistant"
        self._certificate = SelfSignedCertificate("Net2LocalAPI")
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

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop for good."""
        await self.stop()
        self.world.close()
        self.clock.close()

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

    def renew_certificate(self) -> None:
        """Make another certificate; it is shown from the next start on."""
        self._certificate = SelfSignedCertificate("Net2LocalAPI")

    async def _answer_live(self, request: web.Request) -> web.StreamResponse:
        if self._signalr is None:
            return web.Response(status=503)
        return await self._signalr.answer(request)
