"""REST: one request function that knows about the token, refusals and lost answers."""

from collections.abc import Mapping
import re
from typing import Final

from .errors import (
    TableTrackerAuthError,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerNotFoundError,
    TableTrackerOutcomeUnknownError,
    TableTrackerOutdatedError,
    TableTrackerRejectedError,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
)
from .link import AnswerLostError, GatewayLink, Reply
from .parse import Json, JsonObject, as_integer, as_text

_ROOT: Final = "/api/v2"
#: What the API before v2 surely has (section 7.9).
_OLDER: Final = "/api/v1/activeorders"
#: Seconds.
_LIMIT: Final = 10.0
#: What might be an address or a token, should the gateway quote one.
_SENSITIVE: Final = re.compile(r"\w+://\S+|[0-9a-f]{20,}", re.IGNORECASE)
_LONGEST_TEXT: Final = 200

_REFUSALS: Final[Mapping[int, type[TableTrackerError]]] = {
    -2: TableTrackerAuthError,
    -5: TableTrackerUnsupportedError,
    -6: TableTrackerNotFoundError,
    -32: TableTrackerConnectionError,
}


class GatewayRest:
    """Sends requests and returns the objects that answer them."""

    def __init__(self, link: GatewayLink, token: str | None) -> None:
        """Prepare; nothing is sent."""
        self._link = link
        self._token = token

    async def get(
        self, path: str, params: Mapping[str, str] | None = None, *, limit: float | None = None
    ) -> JsonObject:
        """Read, within so many seconds."""
        return await self.request("GET", path, params=params, limit=limit)

    async def post(self, path: str, body: JsonObject) -> JsonObject:
        """Do something, once. The gateway wants a body, be it an empty one."""
        return await self.request("POST", path, body=body)

    async def delete(self, path: str) -> JsonObject:
        """Delete or end something, once."""
        return await self.request("DELETE", path)

    async def get_essential(self, path: str) -> JsonObject:
        """Read what every gateway has.

        Raises:
            TableTrackerOutdatedError: If this one has only the API before v2.
            TableTrackerResponseError: If it is no gateway.

        """
        try:
            return await self.get(path)
        except (TableTrackerUnsupportedError, TableTrackerNotFoundError) as error:
            if error.return_code is not None:
                raise
        raise await self._absence()

    async def probe(self) -> None:
        """Ask for what needs a token, without one: a gateway says so in its own way.

        Raises:
            TableTrackerOutdatedError: If it has only the API before v2.
            TableTrackerResponseError: If it is no gateway.
            TableTrackerConnectionError: If it cannot be reached.

        """
        reply = await self._link.send("GET", f"{_ROOT}/accesstoken", limit=_LIMIT)
        if reply.fields is not None and as_integer(reply.fields.get("returnCode")) == -2:
            return
        if reply.status >= 500:
            raise TableTrackerConnectionError(f"The gateway failed ({reply.status})")
        if reply.status == 404:
            raise await self._absence()
        raise TableTrackerResponseError("What answers is no gateway")

    async def _absence(self) -> TableTrackerError:
        """Return what it means that v2 is not there."""
        reply = await self._link.send("GET", _OLDER, limit=_LIMIT)
        if reply.status < 300 or reply.status in {400, 401, 403}:
            return TableTrackerOutdatedError("The gateway's firmware is too old")
        return TableTrackerResponseError("What answers is no gateway")

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
        is_open: bool = False,
        limit: float | None = None,
    ) -> JsonObject:
        """Send a request once, and return the object that answers it.

        Args:
            method: Anything but GET may change something: a lost answer then is an unknown
                outcome.
            path: From the root of the API.
            params: Query parameters.
            body: Sent as JSON.
            is_open: Whether it needs no token.
            limit: Seconds, if it takes longer than others.

        Raises:
            TableTrackerError: Whatever the answer, or its absence, means.

        """
        may_have_run = method != "GET"
        token = None if is_open else self.token()
        try:
            reply = await self._link.send(
                method,
                _ROOT + path,
                params=params,
                body=body,
                token=token,
                limit=_LIMIT if limit is None else limit,
            )
        except AnswerLostError as error:
            if not may_have_run:
                raise
            raise TableTrackerOutcomeUnknownError(str(error)) from None
        fields = reply.fields or {}
        # The gateway's own code decides, the status only where there is none (section 6.3).
        code = as_integer(fields.get("returnCode"))
        if code is None:
            _check_status(reply, may_have_run=may_have_run)
        elif code < 0:
            raise self.refusal(code, fields.get("message"))
        return fields

    def token(self) -> str:
        """Return the token.

        Raises:
            TableTrackerAuthError: If there is none yet.

        """
        if self._token is None:
            raise TableTrackerAuthError("There is no token yet")
        return self._token

    def refusal(self, code: int, message: Json) -> TableTrackerError:
        """Return what a negative code means (section 6.3), in the gateway's own words."""
        text = as_text(message) or f"Refused ({code})"
        if self._token:
            text = text.replace(self._token, "…")
        text = _SENSITIVE.sub("…", " ".join(text.split()))[:_LONGEST_TEXT]
        return _REFUSALS.get(code, TableTrackerRejectedError)(text, code)


def _check_status(reply: Reply, *, may_have_run: bool) -> None:
    """Raise what a status means without a code beside it."""
    status = reply.status
    is_json = reply.fields is not None
    if 200 <= status < 300 and (is_json or reply.is_empty):
        return
    if 200 <= status < 300 and not may_have_run:
        raise TableTrackerResponseError("The answer cannot be read")
    if status == 401:
        raise TableTrackerAuthError("The gateway refused the token")
    if status == 404 and is_json:
        raise TableTrackerNotFoundError("The gateway does not know this order")
    if status in {404, 405}:
        raise TableTrackerUnsupportedError("The gateway's firmware lacks this")
    if 400 <= status < 500 and status != 408:
        raise TableTrackerRejectedError(f"Refused ({status})")
    if 300 <= status < 400:
        raise TableTrackerResponseError(f"No gateway answers there ({status})")
    if may_have_run:
        raise TableTrackerOutcomeUnknownError(f"The answer cannot be read ({status})")
    raise TableTrackerConnectionError(f"The gateway failed ({status})")
