"""A Home Assistant of the newest release in a folder of its own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
import json
from pathlib import Path
import shutil
import socket
import sys
from typing import Never

from .processes import Program, ProgramError

REPOSITORY = Path(__file__).parents[3]
HOST = "127.0.0.1"
RESTART_EXIT_CODE = 100
STOP_TIMEOUT = 60.0

# Only what the pages need: default_config would add Bluetooth, the cloud and a look around the
# network.
CONFIGURATION = """\
homeassistant:
  name: Gatehouse
  country: GB
  currency: GBP
  language: en
  time_zone: Europe/London
  unit_system: metric
automation: !include automations.yaml
energy:
frontend:
history:
logbook:
logger:
  default: warning
  logs:
    custom_components.gatehouse: info
media_source:
stream:
"""

# Of the onboarding only the owner's account is left to do: its other steps ask
# for analytics and offer services of the internet.
ONBOARDING = {"done": ["core_config", "analytics", "integration"]}


def require_free_port(port: int) -> None:
    """Check that Home Assistant will get the port that it is told.

    Raises:
        ProgramError: It is taken. Home Assistant itself would go on at its usual port, open to
            the whole network.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ProgramError(f"port {port} is not free: choose another with --port") from error


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def home_assistant(
    folder: Path, port: int, also: Sequence[str] = ()
) -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant whose configuration is kept in `folder`.

    Args:
        folder: Made if it is not there.
        port: Where it serves its pages.
        also: Integrations that it has beyond those that the pages need.
    """
    house = HomeAssistant(folder, port, also)
    await house.start()
    try:
        yield house
    finally:
        await house.stop()


class HomeAssistant:
    """The program and its configuration folder."""

    def __init__(self, folder: Path, port: int, also: Sequence[str] = ()) -> None:
        self.url = f"http://{HOST}:{port}"
        self._folder = folder
        self._port = port
        self._also = also
        self._program: Program | None = None

    async def start(self) -> None:
        """Start the program; what the configuration lacks is written first."""
        require_free_port(self._port)
        self._write_configuration()
        self._program = await Program.start(
            "Home Assistant",
            [sys.executable, "-m", "homeassistant", "--config", self._folder, "--log-no-color"],
            log=self._folder / "console.txt",
            cwd=self._folder,
        )

    async def watch(self) -> Never:
        """Wait for an end that nobody asked for; a restart asked for in its pages is made."""
        assert self._program is not None
        while await self._program.wait() == RESTART_EXIT_CODE:
            await self.start()
        await self._program.watch()

    async def stop(self) -> None:
        """Let it save its state and end."""
        if self._program is not None:
            await self._program.stop(STOP_TIMEOUT)

    def _write_configuration(self) -> None:
        link = self._folder / "custom_components" / "gatehouse"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(REPOSITORY / "custom_components" / "gatehouse")
        blueprints = REPOSITORY / "blueprints"
        shutil.copytree(blueprints, self._folder / "blueprints", dirs_exist_ok=True)
        (self._folder / "configuration.yaml").write_text(
            CONFIGURATION + "".join(f"{integration}:\n" for integration in self._also)
        )
        automations = self._folder / "automations.yaml"
        if not automations.exists():
            automations.write_text("[]\n")
        if not (self._folder / ".storage" / "onboarding").exists():
            self._store("onboarding", (4, 1), ONBOARDING)
        # In YAML this would be a trial that Home Assistant takes back after five minutes.
        settings = {"stable": self._http_settings(), "pending": None, "yaml_migration_done": True}
        self._store("http", (3, 1), settings)

    def _http_settings(self) -> dict[str, object]:
        return {
            "server_host": [HOST],
            "server_port": self._port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "intermediate_v6",
            "use_x_frame_options": True,
            "created_at": "2026-11-01T00:00:00+00:00",
            "error": None,
            "error_message": None,
        }

    def _store(self, key: str, version: tuple[int, int], data: object) -> None:
        path = self._folder / ".storage" / key
        path.parent.mkdir(exist_ok=True)
        major, minor = version
        path.write_text(
            json.dumps({"version": major, "minor_version": minor, "key": key, "data": data})
        )
