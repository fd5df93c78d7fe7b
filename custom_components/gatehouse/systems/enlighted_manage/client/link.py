"""The link to one manager: requests sent, bounded, and failures told without URL or secret."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
import yarl

from .errors import (
    EnlightedCertificateError,
    EnlightedConnectionError,
    EnlightedError,
    EnlightedResponseError,
)
from .settings import EnlightedSettings

#: Seconds. The rest of a request's limit is for the answer.
_CONNECT_LIMIT: Final = 10.0
#: An hour of statistics of the largest floor is about 3 MB.
_LARGEST: Final = 64 * 1024 * 1024
#: Appliances are slow machines (section 5): one for reading, and one for a command beside it.
_PARALLEL_REQUESTS: Final = 2
_LONGEST_WAIT: Final = 3600.0
_LAST_YEAR: Final = 9000


class AnswerLostError(EnlightedConnectionError):
    """The request may have reached the manager; its answer did not reach us."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whatever its status."""

    status: int
    body: bytes = field(repr=False)
    retry_after: float | None


class ManagerLink:
    """Sends requests over the session it is given, which is to keep no cookies (C 12)."""

    def __init__(self, session: aiohttp.ClientSession, settings: EnlightedSettings) -> None:
        """Prepare; nothing is sent."""
        self._session = session
        self._origin = settings.origin
        self._ssl: aiohttp.Fingerprint | bool = True
        if settings.fingerprint is not None:
            self._ssl = aiohttp.Fingerprint(bytes.fromhex(settings.fingerprint))
        self._slots = asyncio.Semaphore(_PARALLEL_REQUESTS)
        #: What to add to this machine's time to have the manager's.
        self.clock_offset = timedelta()
        self.request_count = 0

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        limit: float,
    ) -> Reply:
        """Send one request, once, and return its answer.

        Args:
            method: GET, POST or PUT.
            path: With its slash at the beginning and its query, percent-encoded already.
            headers: All of them.
            body: What is sent along.
            limit: Seconds until the whole answer has to be there.

        Raises:
            EnlightedConnectionError: It was surely not sent.
            AnswerLostError: It may have been.
            EnlightedCertificateError: The certificate is not to be trusted.
            EnlightedResponseError: What answers does not speak HTTP.

        """
        try:
            async with self._slots:
                if self._session.closed:
                    raise EnlightedConnectionError("The session is closed")
                self.request_count += 1
                async with self._session.request(
                    method,
                    yarl.URL(self._origin + path, encoded=True),
                    data=body,
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=limit, connect=_CONNECT_LIMIT),
                    ssl=self._ssl,
                    # It would lead to the login page (gotcha 3).
                    allow_redirects=False,
                    middlewares=[_send_once],
                ) as response:
                    self._note_time(response.headers.get("Date"))
                    content = await _read(response)
                    wait = _retry_after(response.headers.get("Retry-After"))
                    return Reply(response.status, content, wait)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = _failure(error)
        # Raised outside of the handler, so that not even the context of the error holds the
        # original, whose text has the URL.
        raise failure

    def _note_time(self, date: str | None) -> None:
        """Take over the manager's time (section 2.7), which is told in whole seconds."""
        if date is None:
            return
        try:
            told = parsedate_to_datetime(date)
        except ValueError, TypeError:
            return
        if told.tzinfo is None:
            told = told.replace(tzinfo=UTC)
        # A clock that lost its battery is worth following, but not to where no date is any more.
        if told.year > _LAST_YEAR:
            return
        self.clock_offset = told + timedelta(seconds=0.5) - datetime.now(UTC)


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a PUT again whose answer was lost."""
    try:
        return await handler(request)
    except (
        aiohttp.ClientConnectorError,
        aiohttp.ConnectionTimeoutError,
        aiohttp.ServerFingerprintMismatch,
    ):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        failure = _failure(error)
    raise failure


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > _LARGEST:
            raise aiohttp.ClientPayloadError
    return bytes(content)


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a server, or what stands before it, asks to wait."""
    if value is None or not value.strip().isdecimal():
        return None
    return min(float(value), _LONGEST_WAIT)


def _failure(error: Exception) -> EnlightedError:
    """Return what a failed request means; the text names only the class of the failure."""
    name = type(error).__name__
    match error:
        case aiohttp.ServerFingerprintMismatch() | aiohttp.ClientConnectorCertificateError():
            return EnlightedCertificateError(f"The certificate is not to be trusted ({name})")
        # A ValueError: a host or a user that cannot be one.
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | ValueError():
            return EnlightedConnectionError(f"The manager cannot be reached ({name})")
        case aiohttp.ClientResponseError():
            return EnlightedResponseError(f"What answers does not speak HTTP ({name})")
    return AnswerLostError(f"The connection was lost ({name})")
