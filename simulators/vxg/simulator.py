"""A whole simulated cloud: its API, its media hosts, its cameras, its clock and its faults."""

from collections.abc import Awaitable, Callable, Mapping
import ssl
from typing import Final, override

from aiohttp import web

from simulators.kit.certificate import SelfSignedCertificate
from simulators.kit.simulator import Simulator

from .bustle import Movement
from .faults import VxgFaults
from .media import MediaHost
from .picture import Scene
from .rtsp import RtspServer
from .server import RequestSeen, Server
from .signalling import signal
from .tickets import Tickets
from .wire import Json
from .world import Command, World

_RTSP_SIZE: Final = (640, 360)


class VxgSimulator(Simulator):
    """A cloud on loopback, with the API of sections 2 to 6 and the corrections of section 10.

    It keeps its ports, its keys and its cameras across `stop` and `start`.
    """

    faults: VxgFaults

    def __init__(
        self,
        port: int = 0,
        seed: int = 1,
        cameras: int = 4,
        *,
        host: str = "127.0.0.1",
        certificate: SelfSignedCertificate | None = None,
    ) -> None:
        faults = VxgFaults()
        super().__init__(port, seed, host, faults)
        self.certificate = certificate
        self.world = World(self.clock, faults, seed=seed, cameras=cameras)
        self.world.keys.shape.host = host
        self._tickets = Tickets(self.world)
        self._server = Server(self.world, self._tickets)
        self.media = MediaHost(self.world, self._tickets)
        self._rtsp = RtspServer(self._find_scene, _RTSP_SIZE, 10, self.world.now, host=host)
        self._media_port = 0
        self._runners: list[web.ServerRunner] = []

    @property
    def url(self) -> str:
        """Where the API answers, without a slash at the end."""
        scheme = "https" if self.certificate else "http"
        prefix = self.world.keys.shape.path.strip("/")
        return f"{scheme}://{self.host}:{self.port}" + (f"/{prefix}" if prefix else "")

    @property
    def requests(self) -> list[RequestSeen]:
        """The requests to the API that came in."""
        return self._server.requests

    @property
    def commands(self) -> list[Command]:
        """What cameras were told."""
        return self.world.commands

    @override
    async def start(self) -> None:
        """Serve."""
        context = self.certificate.server_context() if self.certificate else None
        self.port = await self._serve(self._answer, self.port, context)
        self._media_port = await self._serve(self.media.answer, self._media_port, None)
        await self._rtsp.start()
        self._tickets.media_url = f"http://{self.host}:{self._media_port}"
        self._tickets.rtsp_url = f"rtsp://{self.host}:{self._rtsp.port}"
        self._tickets.socket_url = f"{'wss' if context else 'ws'}://{self.host}:{self.port}/webrtc"
        scheme = "api_sp" if context else "api_p"
        self.world.keys.shape.ports = {scheme: self.port}

    @override
    async def stop(self) -> None:
        """Stop serving; the cameras go on."""
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
        await self._rtsp.stop()

    def cut_streams(self) -> None:
        """Break every RTSP session, as a failing network does."""
        self._rtsp.cut()

    def keep_busy(self, seconds: float) -> None:
        """Let cameras see something about every so many seconds."""
        Movement(self.world, seconds, seed=self._seed)

    def set_token_shape(
        self, *, names_host: bool = True, path: str = "", ports: dict[str, int] | None = None
    ) -> None:
        """Let tokens, from now on, name the host or not, and a path before the API (2.2)."""
        shape = self.world.keys.shape
        shape.names_host, shape.path = names_host, path
        if ports is not None:
            shape.ports = ports

    def state(self) -> dict[str, Json]:
        """Return what can be seen of the cloud from outside."""
        world = self.world
        return {
            "time": world.now(),
            "cameras": [
                {
                    "id": camera.id,
                    "name": camera.name,
                    "status": camera.status,
                    "mode": camera.mode,
                    "rec_mode": camera.rec_mode,
                    "channel_token": world.channel_token(camera.id),
                    "watch_token": world.channel_token(camera.id, "watch"),
                }
                for camera in world.cameras.values()
            ],
            "events": len(world.storage.events),
            "rtsp_sessions": self._rtsp.sessions,
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
            "licence_key": self.world.licence_key(),
            "group_token": self.world.group_token(),
        }

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/webrtc/"):
            return await signal(request, self.world, self._tickets)
        return await self._server.answer(request)

    async def _serve(
        self,
        answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        port: int,
        context: ssl.SSLContext | None,
    ) -> int:
        runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, self.host, port, ssl_context=context, reuse_address=True).start()
        self._runners.append(runner)
        bound: int = runner.addresses[0][1]
        return bound

    def _find_scene(self, path: str, query: Mapping[str, str]) -> Scene | int:
        name = path.rpartition("/")[2]
        if self._tickets.stream_of(query.get("ticket", "")) != name:
            return 403
        camera = self._tickets.camera_of(name)
        return camera.scene if camera and camera.status == "active" else 404
