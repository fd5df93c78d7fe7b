"""The gateway's announcement by mDNS, on loopback alone."""

import socket
from typing import Final

from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

SERVICE: Final = "_tracker-http._tcp.local."


class Announcement:
    """A service that can be found; the text records, which nobody documents, are empty."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self._host = host
        self._info = AsyncServiceInfo(
            SERVICE,
            f"{name}.{SERVICE}",
            addresses=[socket.inet_aton(host)],
            port=port,
            server=f"{name.replace(' ', '-').lower()}.local.",
        )
        self._zeroconf: AsyncZeroconf | None = None

    async def start(self) -> None:
        """Announce."""
        self._zeroconf = AsyncZeroconf(interfaces=[self._host], ip_version=IPVersion.V4Only)
        await self._zeroconf.async_register_service(self._info, allow_name_change=True)

    async def stop(self) -> None:
        """Say goodbye."""
        if self._zeroconf is not None:
            await self._zeroconf.async_unregister_service(self._info)
            await self._zeroconf.async_close()
            self._zeroconf = None
