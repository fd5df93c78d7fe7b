"""Getting in: the scheme that works, the manager's clock, and what its statuses mean (section 2)."""

import contextlib
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from .decode import Json, Unreadable, decode, is_web_page
from .errors import (
    EnlightedAuthError,
    EnlightedClockError,
    EnlightedConnectionError,
    EnlightedError,
    EnlightedForbiddenError,
    EnlightedNotFoundError,
    EnlightedOutcomeUnknownError,
    EnlightedRejectedError,
    EnlightedResponseError,
    EnlightedSensorError,
)
from .link import AnswerLostError, ManagerLink, Reply
from .settings import AuthScheme, EnlightedSettings
from .signing import signed

API: Final = "/ems/api"
#: Where some calls are on some versions (appendix C 3).
SERVICES: Final = "/ems/services"

#: What a picture begins with.
_JPEG: Final = b"\xff\xd8"
#: Seconds (section 5).
_LIMIT: Final = 30.0
#: Methods that speak one of the two alone are served as well as those that speak both.
_ACCEPT: Final = "application/json, application/xml;q=0.9"
#: Seconds by which the clock was off, from which on signing anew is worth a try.
_CLOCK_STEP: Final = 2.0

_BY_STATUS: Final[dict[int, tuple[type[EnlightedError], str]]] = {
    401: (EnlightedAuthError, "The manager refused the key"),
    403: (EnlightedForbiddenError, "The user may not do this"),
    404: (EnlightedNotFoundError, "The manager does not know it"),
    405: (EnlightedNotFoundError, "This manager lacks it"),
    407: (EnlightedConnectionError, "A proxy wants to be signed in to"),
    408: (EnlightedClockError, "The manager found the time of the request too far off"),
    429: (EnlightedConnectionError, "The manager wants to be asked less often"),
}


def segment(name: str) -> str:
    """Return a name as one segment of a path, slashes and all (section 3.0)."""
    return quote(name, safe="")


class Access:
    """Signs requests, sends them, and returns what answers them."""

    def __init__(self, link: ManagerLink, settings: EnlightedSettings) -> None:
        """Prepare; nothing is sent."""
        self._link = link
        self._username = settings.username
        self._api_key = settings.api_key
        self._is_scheme_given = settings.scheme is not None
        self.scheme = settings.scheme or AuthScheme.V4_5
        #: Whether the scheme let this user in at least once.
        self._is_scheme_proven = self._is_scheme_given

    def remember(self, scheme: AuthScheme) -> None:
        """Begin with the scheme that worked the last time, unless one was chosen."""
        if not self._is_scheme_given:
            self.scheme = scheme

    async def get_picture(self, path: str) -> bytes:
        """Read a picture, with the scheme that let this user in."""
        reply = await self._send("GET", API + path, self.scheme, _LIMIT)
        if not reply.body.startswith(_JPEG):
            _read(reply, may_have_run=False, is_sensor_asked=False)
            raise EnlightedResponseError("The answer is no picture")
        return reply.body

    async def get(self, path: str, *, limit: float = _LIMIT, is_sensor_asked: bool = False) -> Json:
        """Read something; what refuses the signature is asked once more, signed anew.

        Args:
            path: Below `/ems/api`.
            limit: Seconds.
            is_sensor_asked: Whether the manager asks a sensor first, so that 408 is about that.

        Raises:
            EnlightedError: Whatever the answer, or its absence, means.

        """
        scheme, offset = self.scheme, self._link.clock_offset
        try:
            return await self._get(path, scheme, limit, is_sensor_asked=is_sensor_asked)
        except (EnlightedAuthError, EnlightedForbiddenError) as error:
            is_refused = isinstance(error, EnlightedAuthError)
            if not is_refused and self._is_scheme_proven:
                raise
            refusal = error
        was_off = abs((self._link.clock_offset - offset).total_seconds()) > _CLOCK_STEP
        tries: list[AuthScheme] = [scheme] if was_off and scheme is AuthScheme.V4_4 else []
        if not self._is_scheme_given:
            tries.append(scheme.other)
        for other in tries:
            try:
                return await self._get(path, other, limit, is_sensor_asked=is_sensor_asked)
            except EnlightedForbiddenError as error:
                refusal = error
            except EnlightedAuthError as error:
                # Being let in and kept out of something says more than not being let in, and a
                # clock that is off more than the scheme that was never the right one.
                if type(refusal) is EnlightedAuthError:
                    refusal = error
        raise refusal

    async def command(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        kind: str = "application/xml",
        root: str = API,
        limit: float = _LIMIT,
        is_sensor_asked: bool = False,
    ) -> Json:
        """Send a command, once.

        Args:
            method: POST or PUT.
            path: Below `root`.
            body: What is sent along, of the media type `kind`.
            kind: The body's media type; without one the manager refuses it (appendix C 13).
            root: Where the call is.
            limit: Seconds.
            is_sensor_asked: Whether the manager asks a sensor first.

        Raises:
            EnlightedOutcomeUnknownError: Nobody knows whether it ran.
            EnlightedError: It surely did not.

        """
        headers = {} if body is None else {"Content-Type": kind}
        try:
            reply = await self._send(
                method, root + path, self.scheme, limit, headers=headers, body=body
            )
        except AnswerLostError as error:
            lost = EnlightedOutcomeUnknownError(str(error))
        else:
            return _read(reply, may_have_run=True, is_sensor_asked=is_sensor_asked)
        raise lost

    async def _get(
        self, path: str, scheme: AuthScheme, limit: float, *, is_sensor_asked: bool
    ) -> Json:
        reply = await self._send("GET", API + path, scheme, limit)
        content = _read(reply, may_have_run=False, is_sensor_asked=is_sensor_asked)
        self.scheme = scheme
        self._is_scheme_proven = True
        return content

    async def _send(
        self,
        method: str,
        path: str,
        scheme: AuthScheme,
        limit: float,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        now = datetime.now(UTC) + self._link.clock_offset
        sign: dict[str, str] = {}
        # What cannot be a header cannot be a user of the manager's either.
        with contextlib.suppress(ValueError):
            milliseconds = round(now.timestamp() * 1000)
            sign.update(signed(scheme, self._username, self._api_key, milliseconds))
        if not sign:
            # Raised here, so that its context is not an error that holds what was to be signed.
            raise EnlightedAuthError("The user's name or the key cannot be one")
        return await self._link.send(
            method,
            path,
            headers={"Accept": _ACCEPT, **sign, **(headers or {})},
            body=body,
            limit=limit,
        )


def _read(reply: Reply, *, may_have_run: bool, is_sensor_asked: bool) -> Json:
    """Return what an answer holds, or raise what its status means."""
    status = reply.status
    if 200 <= status < 300:
        if is_web_page(reply.body):
            raise EnlightedAuthError("The manager shows its login page")
        try:
            return decode(reply.body)
        except Unreadable:
            failure = EnlightedOutcomeUnknownError if may_have_run else EnlightedResponseError
            unreadable = failure(f"The answer cannot be read ({status})")
        raise unreadable
    if 300 <= status < 400:
        raise EnlightedAuthError(f"The manager asks for a login ({status})")
    if is_sensor_asked and (status == 408 or (status == 500 and not may_have_run)):
        # A sensor that cannot be reached is an error of the manager's own (section 3.12).
        raise EnlightedSensorError("The sensor does not answer")
    if known := _BY_STATUS.get(status):
        error, text = known
        raise error(f"{text} ({status})", retry_after=reply.retry_after)
    if status < 500:
        raise EnlightedRejectedError(f"The manager refused it ({status})")
    if may_have_run:
        raise EnlightedOutcomeUnknownError(f"The manager failed ({status})")
    raise EnlightedConnectionError(f"The manager failed ({status})", retry_after=reply.retry_after)
