"""The link to one server: requests sent, bounded, and failures told without URL or secret."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
import orjson

from .clock import ServerClock
from .errors import Net2CertificateError, Net2ConnectionError, Net2Error, Net2ResponseError
from .parse import Json, Record, load
from .settings import Net2Settings

_TIMEOUT: Final = aiohttp.ClientTimeout(total=30, connect=10)
#: Ten thousand users are about 8 MB.
_LARGEST_BODY: Final = 64 * 1024 * 1024
_LARGEST_FRAME: Final = 16 * 1024 * 1024
_SOCKET_LIMIT: Final = 15.0
_LONGEST_WAIT: Final = 3600.0


class AnswerLostError(Net2ConnectionError):
    """The request may have reached the server; its answer did not reach us."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    is_html: bool
    retry_after: float | None
    body: bytes = field(repr=False)

    def json(self) -> Json:
        """Parse the body.

        Raises:
            Net2ResponseError: If it is no JSON.

        """
        if self.is_html:
            raise Net2ResponseError("A web page answered")
        return load(self.body)

    def record(self) -> Record:
        """Return the object in the body, an empty one where there is none."""
        try:
            body = self.json()
        except Net2ResponseError:
            body = None
        return Record(body if isinstance(body, dict) else {})


class HttpLink:
    """Sends requests to one server over the session it is given."""

    def __init__(
        self, session: aiohttp.ClientSession, settings: Net2Settings, clock: ServerClock
    ) -> None:
        """Take the session, and the clock that learns from every answer."""
        self._session = session
        self._base_url = settings.base_url
        self._clock = clock
        self._ssl: aiohttp.Fingerprint | bool = True
        if settings.fingerprint is not None:
            digest = bytes.fromhex(settings.fingerprint.replace(":", ""))
            self._ssl = aiohttp.Fingerprint(digest)
        self.request_count = 0

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Json = None,
        form: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> Reply:
        """Send one request and return its answer, whatever its status.

        Raises:
            Net2ConnectionError: If it was surely not sent.
            AnswerLostError: If it may have been.
            Net2CertificateError: If the certificate is not to be trusted.
            Net2ResponseError: If what answers does not speak HTTP.

        """
        headers = _headers(token)
        data: bytes | Mapping[str, str] | None = form
        if json is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
            data = orjson.dumps(json)
        self._count()
        try:
            async with self._session.request(
                method,
                self._base_url + path,
                params=params,
                data=data,
                headers=headers,
                timeout=_TIMEOUT,
                ssl=self._ssl,
                allow_redirects=False,
            ) as response:
                self._clock.observe_date(response.headers.get("Date"))
                body = await _read(response)
                return Reply(
                    response.status,
                    "html" in response.content_type or body[:64].lstrip().startswith(b"<"),
                    _retry_after(response.headers.get("Retry-After")),
                    body,
                )
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            failure = _failure(error)
        # Raised outside of the handler, so that not even the context of the error holds the
        # original, whose text has the URL with its token.
        raise failure

    async def open_socket(
        self, path: str, params: Mapping[str, str], token: str
    ) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket.

        Raises:
            Net2ConnectionError: If it was refused or could not be opened.

        """
        self._count()
        try:
            async with asyncio.timeout(_SOCKET_LIMIT):
                return await self._session.ws_connect(
                    self._base_url + path,
                    params=params,
                    headers=_headers(token),
                    ssl=self._ssl,
                    max_msg_size=_LARGEST_FRAME,
                    timeout=aiohttp.ClientWSTimeout(ws_close=2),
                )
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            failure = _failure(error)
        raise failure

    def _count(self) -> None:
        if self._session.closed:
            raise Net2ConnectionError("The session is closed")
        self.request_count += 1


def _headers(token: str | None) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return headers


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise aiohttp.ClientPayloadError
    return bytes(body)


def _failure(error: Exception) -> Net2Error:
    """Return what a failed request means; the text names only the class of the failure."""
    name = type(error).__name__
    match error:
        case aiohttp.ServerFingerprintMismatch() | aiohttp.ClientConnectorCertificateError():
            return Net2CertificateError("The server's certificate is not trusted")
        case (
            aiohttp.ClientConnectorError()
            | aiohttp.ConnectionTimeoutError()
            | aiohttp.InvalidURL()
            | UnicodeError()  # a host name that cannot be one
        ):
            return Net2ConnectionError(f"The server cannot be reached ({name})")
        case aiohttp.WSServerHandshakeError():
            return Net2ConnectionError(f"The socket was refused ({error.status})")
        case aiohttp.ClientResponseError():
            return Net2ResponseError(f"What answers does not speak HTTP ({name})")
    return AnswerLostError(f"The connection was lost ({name})")


def _retry_after(header: str | None) -> float | None:
    """Return the seconds of a `Retry-After`, which may be a number or a date."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            date = parsedate_to_datetime(header)
        except ValueError:
            return None
        seconds = (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(0.0, seconds), _LONGEST_WAIT)
