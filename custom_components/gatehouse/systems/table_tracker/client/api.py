"""The one face of a gateway."""

from datetime import UTC, tzinfo
import re
from typing import Final

import aiohttp

from .clock import GatewayClock
from .errors import TableTrackerRejectedError, TableTrackerResponseError
from .gateway_api import GatewayApi
from .link import GatewayLink
from .models import TokenInfo
from .order_api import OrderApi
from .order_reader import OrderReader
from .parse import as_object, as_text, listed, read_token, rows
from .rest import GatewayRest
from .settings import TableTrackerSettings

#: The window is closed, or somebody else was quicker (section 2.2).
_WINDOW_CLOSED: Final = -3
#: 48 hex digits where it is documented; here, whatever a header can hold.
_TOKEN: Final = re.compile(r"[!-~]+")


class TableTrackerClient(OrderApi, GatewayApi):
    """Everything that can be asked of a gateway by REST.

    Every method raises a `TableTrackerError`, and nothing else, when it fails. What acts is sent
    once: whoever sent it learns whether it worked, was refused, or may have worked.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        settings: TableTrackerSettings,
        *,
        time_zone: tzinfo = UTC,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            session: Used, never closed.
            settings: Address and token.
            time_zone: The zone that the gateway is thought to be in, until it tells its own.

        """
        self.settings = settings
        self.clock = GatewayClock(time_zone)
        self.order_reader = OrderReader(self.clock)
        self._link = GatewayLink(session, settings, self.clock)
        self._rest = GatewayRest(self._link, settings.token)

    @property
    def request_count(self) -> int:
        """How many HTTP requests were sent, handshakes of the stream included."""
        return self._link.request_count

    async def probe(self) -> None:
        """Make sure that a gateway answers there; touches neither its button nor its tokens.

        Raises:
            TableTrackerOutdatedError: If its firmware has only the API before v2.
            TableTrackerResponseError: If something else answers there.
            TableTrackerConnectionError: If it cannot be reached.

        """
        await self._rest.probe()

    async def generate_token(self, name: str) -> str | None:
        """Ask once for a token; None while nobody has pressed the button (section 2.1).

        The button's window is closed by this: a token that is got is to be kept.

        Raises:
            TableTrackerRejectedError: If the name is not allowed.

        """
        try:
            answer = await self._rest.request(
                "GET", "/accesstoken/generate", params={"name": name}, is_open=True
            )
        except TableTrackerRejectedError as error:
            if error.return_code != _WINDOW_CLOSED:
                raise
            return None
        token = as_text(as_object(answer.get("token")).get("token"))
        if token is None or not _TOKEN.fullmatch(token):
            raise TableTrackerResponseError("The gateway did not give a token")
        return token

    async def get_token(self) -> TokenInfo:
        """Return what the gateway knows of our token."""
        answer = await self._rest.get_essential("/accesstoken")
        return read_token(as_object(answer.get("token")), self.clock)

    async def list_tokens(self) -> tuple[TokenInfo, ...]:
        """Return all tokens, of other programs too."""
        items = listed(await self._rest.get("/accesstoken/all"), "items")
        return rows(items, lambda row: read_token(row, self.clock))

    async def delete_token(self) -> None:
        """Revoke our own token; there is no other way to be rid of it (section 2.4)."""
        await self._rest.delete("/accesstoken")

    async def open_socket(
        self, *, by_frame: bool, heartbeat: float
    ) -> aiohttp.ClientWebSocketResponse:
        """Open the live stream's socket and authenticate; `TableTrackerStream` reads it.

        Args:
            by_frame: Whether the token goes into the first frame, not into the header.
            heartbeat: Seconds between pings.

        """
        token = self._rest.token()
        return await self._link.open_socket(token, by_frame=by_frame, heartbeat=heartbeat)
