"""REST: one request function that knows about tokens, refusals and lost answers."""

from collections.abc import Mapping
import re
from typing import Final

import aiohttp

from .auth import Net2Auth
from .errors import (
    Net2ConnectionError,
    Net2Error,
    Net2NotFoundError,
    Net2OutcomeUnknownError,
    Net2PermissionError,
    Net2RateLimitedError,
    Net2RejectedError,
    Net2ResponseError,
)
from .link import AnswerLostError, HttpLink, Reply
from .parse import Json
from .settings import Net2Settings

_ROOT: Final = "/api/v1"
#: What might be a card number, a PIN, an id or a token, should the server quote one.
_SENSITIVE: Final = re.compile(r"\d{4,}|[\w+/=.-]{20,}")
_LONGEST_TEXT: Final = 200

_REFUSALS: Final[Mapping[int, tuple[type[Net2Error], str]]] = {
    # The credentials are good, or there would be no token: a server that is still starting.
    401: (Net2ConnectionError, "The server refused a token it had just given"),
    403: (Net2PermissionError, "The operator or the licence lacks the right"),
    404: (Net2NotFoundError, "The server does not know this route or object"),
}


class Net2Rest:
    """Sends authorised requests and returns parsed answers."""

    def __init__(self, link: HttpLink, auth: Net2Auth, settings: Net2Settings) -> None:
        """Prepare; nothing is sent."""
        self._link = link
        self._auth = auth
        self._secrets = (settings.password, settings.client_id, settings.client_secret)

    async def get(
        self, path: str, *, params: Mapping[str, str] | None = None, empty: Json = None
    ) -> Json:
        """Read; `empty` stands for an answer without a body."""
        reply = await self.request("GET", _ROOT + path, params=params)
        return reply.json() if reply.body.strip() else empty

    async def post(self, path: str, body: Json) -> Json:
        """Do or create something, once."""
        return await self._write("POST", path, body)

    async def put(self, path: str, body: Json) -> Json:
        """Replace something."""
        return await self._write("PUT", path, body)

    async def delete(self, path: str) -> Json:
        """Delete something."""
        return await self._write("DELETE", path, None)

    async def _write(self, method: str, path: str, body: Json) -> Json:
        reply = await self.request(method, _ROOT + path, json=body)
        if not reply.body.strip():
            return None
        try:
            return reply.json()
        except Net2ResponseError:
            if reply.is_html:
                raise
            raise Net2OutcomeUnknownError("The answer cannot be read") from None

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Json = None,
        in_query: bool = False,
    ) -> Reply:
        """Send a request with a token; a 401 is answered by one new token and one repeat.

        Args:
            method: Anything but GET may change something: a lost answer then is an unknown
                outcome.
            path: From the root of the server.
            params: Query parameters.
            json: Body.
            in_query: Whether the token goes into the query as well, as SignalR wants it.

        Raises:
            Net2Error: Whatever the answer, or its absence, means.

        """
        token = await self._auth.token()
        reply = await self._send(method, path, params, json, token, in_query=in_query)
        if reply.status == 401:
            token = await self._auth.token(refused=token)
            reply = await self._send(method, path, params, json, token, in_query=in_query)
        self._check(reply, may_have_run=method != "GET")
        return reply

    async def open_socket(
        self, path: str, params: Mapping[str, str]
    ) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket with the token in header and query."""
        token = await self._auth.token()
        return await self._link.open_socket(path, {**params, "token": token}, token)

    async def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        json: Json,
        token: str,
        *,
        in_query: bool,
    ) -> Reply:
        if in_query:
            params = {**(params or {}), "token": token}
        try:
            return await self._link.send(method, path, params=params, json=json, token=token)
        except AnswerLostError as error:
            if method == "GET":
                raise
            raise Net2OutcomeUnknownError(str(error)) from None

    def _check(self, reply: Reply, *, may_have_run: bool) -> None:
        """Raise what a status other than success means (section 2.5)."""
        status = reply.status
        if 200 <= status < 300:
            return
        if status == 429:
            raise Net2RateLimitedError(reply.retry_after)
        if known := _REFUSALS.get(status):
            refusal, text = known
            raise refusal(text)
        if 400 <= status < 500:
            reason = reply.record().text("error_description", "error", "message")
            raise Net2RejectedError(self.masked(reason or f"Refused ({status})"))
        if status < 500:
            raise Net2ResponseError(f"No Net2 server answers there ({status})")
        # Of these, only 503 tells that nginx did not pass the request on.
        if may_have_run and status != 503:
            raise Net2OutcomeUnknownError(f"The server failed ({status})")
        raise Net2ConnectionError(f"The server is not ready ({status})")

    def masked(self, text: str) -> str:
        """Return a text of the server's without what might be secret in it."""
        for secret in filter(None, self._secrets):
            text = text.replace(secret, "…")
        return _SENSITIVE.sub("…", " ".join(text.split()))[:_LONGEST_TEXT]
