"""A whole simulated gateway: its restaurant, its clock, its faults and its one port."""

from collections.abc import Callable, Mapping
from typing import override

from aiohttp import web

from simulators.kit.simulator import Simulator

from .access import Access, Token
from .announcement import Announcement
from .bustle import Guests
from .connections import Connections
from .faults import TableTrackerFaults
from .routing import Command, Gateway
from .server import RequestSeen, Server
from .sockets import Sockets
from .webhooks import Webhooks
from .wire import Json, Wire
from .world import World


class TableTrackerSimulator(Simulator):
    """A gateway on loopback, with an API as in sections 2 to 6 and the habits of section 10.

    It keeps its port, its tokens and its guests across `stop` and `start`.
    """

    faults: TableTrackerFaults

    def __init__(
        self,
        port: int = 0,
        seed: int = 1,
        repeaters: int = 2,
        trackers: int = 12,
        *,
        host: str = "127.0.0.1",
        announced_as: str | None = None,
    ) -> None:
        faults = TableTrackerFaults()
        super().__init__(port, seed, host, faults)
        #: What it is announced as by mDNS while it serves, if it is.
        self.announced_as = announced_as
        self.world = World(self.clock, faults, seed=seed, repeaters=repeaters, trackers=trackers)
        self.access = Access(self.world, seed=seed)
        self._wire = Wire(self.world, seed=seed)
        self._webhooks = Webhooks(self.world, self._wire)
        self._sockets = Sockets(self.world, self.access, self._wire)
        gateway = Gateway(self.world, self.access, self._wire, self._webhooks)
        self._server = Server(gateway, self._sockets)
        self._runner: web.ServerRunner | None = None
        self._announcement: Announcement | None = None

    @property
    def url(self) -> str:
        """Where the gateway answers, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def requests(self) -> list[RequestSeen]:
        """The requests that came in."""
        return self._server.requests

    @property
    def commands(self) -> list[Command]:
        """The commands that were received."""
        return self._server.commands

    @property
    def key_v1(self) -> str:
        """What the older API takes as the user of `Authorization: Basic`."""
        return self.access.key_v1

    @property
    def sockets(self) -> int:
        """How many authenticated sockets there are."""
        return len(self._sockets.open)

    @property
    def tokens(self) -> list[Token]:
        """The tokens that were given."""
        return list(self.access.tokens.values())

    @override
    async def start(self) -> None:
        """Serve."""
        connections = Connections(self._server.answer)
        self._runner = web.ServerRunner(connections, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        await self._announce()

    @override
    async def stop(self) -> None:
        """Take the power away: sockets die without a word. The restaurant goes on."""
        self._sockets.cut()
        await self._stop_serving()

    async def shut_down(self) -> None:
        """End the service in an orderly way: sockets are told (section 5.5)."""
        await self._sockets.close()
        await self._stop_serving()

    async def reboot(self, *, lose_orders: bool = False, port: int | None = None) -> None:
        """Take the power away and give it back, perhaps at another port."""
        await self.stop()
        self._wire.restart()
        self.world.forget_events()
        if lose_orders:
            self.world.lose_orders()
        if port is not None:
            self.port = port
        await self.start()

    async def factory_reset(self) -> None:
        """Forget every program's access, its callbacks, the cloud's and the settings."""
        self.access.revoke()
        self._webhooks.clients.clear()
        self.world.reset()
        await self.reboot(lose_orders=True)

    @override
    async def close(self) -> None:
        """Stop for good, and the restaurant with it."""
        await super().close()
        self._webhooks.close()

    async def advertise(self, name: str | None = None) -> None:
        """Announce the gateway by mDNS (section 1.3), also after it was started anew."""
        await self.hide()
        self.announced_as = name or "Table Tracker"
        await self._announce()

    async def hide(self) -> None:
        """Take the announcement back."""
        self.announced_as = None
        await self._fall_silent()

    def press_button(self) -> None:
        """Press the button, once briefly."""
        self.access.press_button()

    def set_window(self, seconds: float) -> None:
        """Set for how long a press of the button is good."""
        self.access.window = seconds

    def issue_token(self, name: str) -> str:
        """Give a token without the button; return its secret."""
        return self.access.give(name).token

    def revoke_token(self, token: str | None = None) -> None:
        """Delete a token, or all; open sockets live on."""
        self.access.revoke(token)

    def send_raw(self, text: str) -> None:
        """Send a frame to every socket, whatever it is."""
        self._sockets.send_raw(text)

    def send_pong(self) -> None:
        """Send every socket a pong that nobody asked for, as a heartbeat (section 10.14)."""
        self._sockets.send_pong()

    def cut_sockets(self) -> None:
        """Break every socket without a word, as a failing network does."""
        self._sockets.cut()

    def keep_busy(self, seconds: float) -> None:
        """Let guests come and go by themselves: something happens about every so many seconds."""
        Guests(self.world, seconds, seed=self._seed)

    def state(self) -> dict[str, Json]:
        """Return what can be seen of the gateway from outside."""
        world = self.world
        return {
            "time": world.now().isoformat(),
            "zone": str(world.zone),
            "orders": [self._wire.order(order) for order in world.orders.values()],
            "history": len(world.history),
            "target": world.target,
            "pairing": world.is_pairing,
            "repeaters": [repeater.address for repeater in world.repeaters.values()],
            "tokens": [token.name for token in self.tokens],
            "sockets": self.sockets,
        }

    def verbs(self) -> Mapping[str, Callable[..., object]]:
        """Return what the control plane can make happen."""
        return self.verbs_of(self.world)

    def details(self) -> dict[str, str | int]:
        """Return what is needed to connect."""
        return {"url": self.url, "host": self.host, "port": self.port}

    async def _announce(self) -> None:
        if self.announced_as is not None:
            self._announcement = Announcement(self.announced_as, self.host, self.port)
            await self._announcement.start()

    async def _fall_silent(self) -> None:
        if self._announcement is not None:
            await self._announcement.stop()
            self._announcement = None

    async def _stop_serving(self) -> None:
        await self._fall_silent()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # The restaurant's deeds, at hand.

    def start_tracker(self, number: str, order_type: str = "ON_PREMISE") -> str:
        """Let a guest take a tracker from the starter."""
        return self.world.start_tracker(number, order_type)

    def move_to_table(self, number: str, table: str) -> str:
        """Let a guest put a tracker on a table."""
        return self.world.move_to_table(number, table)

    def leave_table(self, number: str) -> None:
        """Let a guest take the tracker away from the table."""
        self.world.leave_table(number)

    def switch_type(self, number: str, order_type: str) -> None:
        """Let a guest change between eating here and taking it away."""
        self.world.switch_type(number, order_type)

    def clear(self, number: str) -> None:
        """Let a guest leave."""
        self.world.clear(number)

    def page(self, number: str, *, continuous: bool = True) -> None:
        """Let a tracker vibrate."""
        self.world.page(number, continuous=continuous)

    def cancel_page(self, number: str) -> bool:
        """Stop a tracker; return whether it was paged."""
        return self.world.cancel_page(number)

    def skew(self, seconds: float) -> None:
        """Set the gateway's clock ahead of everybody else's."""
        self.world.skew(seconds)

    def set_zone(self, zone: str) -> None:
        """Set the gateway's time zone."""
        self.world.set_zone(zone)

    def skip_seq(self, count: int = 1) -> None:
        """Leave a gap in the numbers of events."""
        self.world.skip_seq(count)

    def drop_events(self, count: int) -> None:
        """Lose the next events on their way."""
        self.world.drop_events(count)

    def add_repeater(self, label: str = "") -> str:
        """Let another repeater join; return its address."""
        return self.world.add_repeater(label)

    def remove_repeater(self, address: str) -> None:
        """Let a repeater be gone."""
        self.world.remove_repeater(address)

    def set_repeater_status(self, address: str, status: str) -> None:
        """Let a repeater be ACTIVE or INACTIVE."""
        self.world.set_repeater_status(address, status)
