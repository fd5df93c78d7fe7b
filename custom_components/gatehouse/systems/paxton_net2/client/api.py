"""The one face of a Net2 server."""

from datetime import tzinfo

import aiohttp

from .auth import Net2Auth
from .clock import ServerClock
from .doors import DoorApi
from .events import EventApi, EventReader
from .link import HttpLink
from .people import PeopleApi
from .rest import Net2Rest
from .settings import Net2Settings
from .signalr import SignalRConnection
from .site import SiteApi


class Net2Client(DoorApi, EventApi, PeopleApi, SiteApi):
    """Everything that can be asked of a Net2 server by REST.

    Every method raises a `Net2Error`, and nothing else, when it fails.
    """

    def __init__(
        self, session: aiohttp.ClientSession, settings: Net2Settings, *, time_zone: tzinfo
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            session: Used, never closed.
            settings: Address, operator and licence.
            time_zone: The zone that the server is thought to be in.

        """
        self.settings = settings
        self.clock = ServerClock(time_zone)
        self._link = HttpLink(session, settings, self.clock)
        self._auth = Net2Auth(self._link, settings)
        self._rest = Net2Rest(self._link, self._auth, settings)
        self.event_reader = EventReader(self.clock, settings.client_id)

    @property
    def request_count(self) -> int:
        """How many HTTP requests were sent, sign-ins and negotiates included."""
        return self._link.request_count

    async def sign_in(self) -> None:
        """Sign in anew: proves address, licence and operator.

        Raises:
            Net2AuthError: If the operator is refused.
            Net2LicenceError: If the client id is refused.
            Net2MfaRequiredError: If the operator needs a second factor.
            Net2CertificateError: If the certificate is neither trusted nor the pinned one.
            Net2ConnectionError: If the server cannot be reached.
            Net2ResponseError: If something else answers there.

        """
        await self._auth.sign_in()

    async def sign_out(self) -> None:
        """Forget the tokens and have the server revoke them, if it listens."""
        await self._auth.sign_out()

    async def open_connection(self) -> SignalRConnection:
        """Open a live connection; `Net2Stream` is what keeps one up."""
        return await SignalRConnection.open(self._rest)
