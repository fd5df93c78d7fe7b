"""The gateway's announcement by mDNS, which does not leave this machine."""

import socket
from typing import Final

from zeroconf import InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

SERVICE: Final = "_tracker-http._tcp.local."


class Announcement:
    """A service that can be found; the text records, which nobody documents, are empty."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self._info = AsyncServiceInfo(
            SERVICE,
            f"{name}.{SERVICE}",
            addresses=[socket.inet_aton(host)],
            port=port,
            server=f"{name.replace(' ', '-').lower()}.local.",
        )
        self._zeroconf: AsyncZeroconf | None = None

    async def start(self) -> None:
        """Announce, on every interface: listeners such as Home Assistant leave out loopback."""
        self._zeroconf = AsyncZeroconf(InterfaceChoice.All, ip_version=IPVersion.V4Only)
        zeroconf = self._zeroconf.zeroconf
        await zeroconf.async_wait_for_start()
        for sender in zeroconf.engine.senders:
            # What lives for no hop is heard on this machine, and sent to no other.
            sender.sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
        announced = await self._zeroconf.async_register_service(self._info, allow_name_change=True)
        await announced

    async def stop(self) -> None:
        """Say goodbye."""
        if self._zeroconf is not None:
            await self._zeroconf.async_close()
            self._zeroconf = None
