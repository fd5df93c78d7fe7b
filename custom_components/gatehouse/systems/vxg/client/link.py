"""The link to one cloud: requests sent, bounded, and failures told without URL or secret."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import math
from typing import Final

import aiohttp
import orjson
import yarl

from .errors import (
    VxgCertificateError,
    VxgConnectionError,
    VxgError,
    VxgNotFoundError,
    VxgResponseError,
)
from .parse import Json, JsonObject, load
from .settings import VxgSettings

#: Seconds. The rest of a request's limit is for the answer.
_CONNECT_LIMIT: Final = 10.0
#: Seconds without a byte until a film that is being passed on is given up.
_FILM_LIMIT: Final = 30.0
#: A page of a thousand cameras, each with its tokens, is about 3 MB.
_LARGEST: Final = 32 * 1024 * 1024
#: A cloud is shared: a site asks for few things at the same time.
_PARALLEL_REQUESTS: Final = 3
_LONGEST_WAIT: Final = 3600.0
#: Headers that a browser needs to play a piece of a film.
_PASSED_ON: Final = ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges", "ETag")


class AnswerLostError(VxgConnectionError):
    """The request may have reached the cloud; its answer did not reach us."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, and its JSON object where it has one."""

    status: int
    fields: JsonObject | None
    is_empty: bool
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class Download:
    """A file, or the asked-for piece of it, while it comes in."""

    status: int
    headers: Mapping[str, str]
    content: aiohttp.StreamReader = field(repr=False)


class CloudLink:
    """Sends requests over the session it is given."""

    def __init__(self, session: aiohttp.ClientSession, settings: VxgSettings) -> None:
        """Prepare; nothing is sent."""
        self._session = session
        self._base_url = settings.address.base_url
        self._host = settings.address.host
        self._ssl: aiohttp.Fingerprint | bool = True
        if settings.fingerprint is not None:
            self._ssl = aiohttp.Fingerprint(bytes.fromhex(settings.fingerprint))
        self._slots = asyncio.Semaphore(_PARALLEL_REQUESTS)
        self.request_count = 0

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        header: str | None = None,
        limit: float,
    ) -> Reply:
        """Send one request, once, and return its answer, whatever its status.

        Args:
            method: Anything but GET is sent with a body.
            path: From the root of the API, with the slash at its end (section 7.2).
            params: Query parameters.
            body: Sent as JSON.
            header: The credential, with its kind before it.
            limit: Seconds until the whole answer has to be there.

        Raises:
            VxgConnectionError: It was surely not sent.
            AnswerLostError: It may have been.
            VxgCertificateError: The certificate is not to be trusted.
            VxgResponseError: What answers does not speak HTTP.

        """
        headers = {"Accept": "application/json", **_authorisation(header)}
        data = None
        if method != "GET":
            headers["Content-Type"] = "application/json"
            data = orjson.dumps({} if body is None else body)
        try:
            async with self._slots:
                self._count()
                async with self._session.request(
                    method,
                    self._base_url + path,
                    params=params,
                    data=data,
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=limit, connect=_CONNECT_LIMIT),
                    ssl=self._ssl,
                    # A redirect could carry the credential somewhere else (section 7.2).
                    allow_redirects=False,
                    middlewares=[_send_once],
                ) as response:
                    content = await _read(response)
                    return Reply(
                        response.status,
                        load(content),
                        not content.strip(),
                        _retry_after(response.headers.get("Retry-After")),
                    )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = _failure(error)
        # Raised outside of the handler, so that not even the context of the error holds the
        # original, whose text has the URL.
        raise failure

    async def fetch(self, url: str, *, limit: float = _FILM_LIMIT) -> bytes:
        """Return a small file of a media host, whole.

        Raises:
            VxgNotFoundError: It is not there, or its URL has ended.
            VxgConnectionError: It did not come.

        """
        async with self.download(url, limit=limit) as download:
            if download.status >= 300:
                raise VxgNotFoundError(f"The file is not there ({download.status})")
            return await _read_all(download.content)

    async def status_of(self, url: str, *, limit: float) -> int:
        """Return how a media host answers; nothing of the body is read."""
        async with self.download(url, limit=limit) as download:
            return download.status

    @asynccontextmanager
    async def download(
        self, url: str, headers: Mapping[str, str] | None = None, *, limit: float | None = None
    ) -> AsyncGenerator[Download]:
        """Open a file of a media host: without a credential, which is refused there (7.5).

        Args:
            url: As the cloud gave it; not a character may be changed (section 10.13).
            headers: What a browser asked for, such as `Range`.
            limit: Seconds for the whole of it; otherwise it may take as long as it comes.

        Raises:
            VxgConnectionError: It does not come.

        """
        timeout = aiohttp.ClientTimeout(total=limit, connect=_CONNECT_LIMIT, sock_read=_FILM_LIMIT)
        try:
            target = yarl.URL(url, encoded=True)
            is_own_host = (target.raw_host or "").lower() == self._host.lower()
        except ValueError, IndexError:  # the latter for a bracket in an odd place
            target, is_own_host = None, False
        if target is None:
            raise VxgConnectionError("The cloud gave an address that cannot be one")
        self._count()
        failure: VxgError | None = None
        try:
            async with self._session.get(
                target,
                headers=headers,
                timeout=timeout,
                ssl=self._ssl if is_own_host else True,
            ) as response:
                known = response.headers
                passed = {name: known[name] for name in _PASSED_ON if name in known}
                yield Download(response.status, passed, response.content)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            failure = _failure(error)
        if failure is not None:
            raise failure

    def _count(self) -> None:
        if self._session.closed:
            raise VxgConnectionError("The session is closed")
        self.request_count += 1


def _authorisation(header: str | None) -> dict[str, str]:
    return {} if header is None else {"Authorization": header}


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a DELETE or PUT again whose answer was lost."""
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
    return await _read_all(response.content)


async def _read_all(stream: aiohttp.StreamReader) -> bytes:
    content = bytearray()
    async for chunk in stream.iter_any():
        content += chunk
        if len(content) > _LARGEST:
            raise aiohttp.ClientPayloadError
    return bytes(content)


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a server asks to wait, which it may give as a date."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except ValueError, TypeError:
            return None
    return None if math.isnan(seconds) else min(max(seconds, 0.0), _LONGEST_WAIT)


def _failure(error: Exception) -> VxgError:
    """Return what a failed request means; the text names only the class of the failure."""
    name = type(error).__name__
    match error:
        case aiohttp.ServerFingerprintMismatch() | aiohttp.ClientConnectorCertificateError():
            return VxgCertificateError(f"The certificate is not to be trusted ({name})")
        # A ValueError: a host or a credential that cannot be one.
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | ValueError():
            return VxgConnectionError(f"The cloud cannot be reached ({name})")
        case aiohttp.ClientResponseError():
            return VxgResponseError(f"What answers does not speak HTTP ({name})")
    return AnswerLostError(f"The connection was lost ({name})")
