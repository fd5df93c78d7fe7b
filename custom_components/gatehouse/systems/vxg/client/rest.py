"""REST: one request function that knows what statuses mean (section 2.8)."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from .errors import (
    VxgAuthError,
    VxgBusyError,
    VxgConnectionError,
    VxgError,
    VxgForbiddenError,
    VxgNotFoundError,
    VxgOutcomeUnknownError,
    VxgRateLimitedError,
    VxgRejectedError,
    VxgResponseError,
)
from .link import AnswerLostError, CloudLink, Reply
from .parse import Json, JsonObject, as_list, as_object, as_text

#: Seconds.
_LIMIT: Final = 15.0
#: The cloud hands settings on to the camera and waits for it (section 7.27).
SLOW: Final = 30.0
#: More than any list has: a `next` without end ends here.
_MOST_PAGES: Final = 100
PAGE: Final = 1000

_BY_STATUS: Final[Mapping[int, tuple[type[VxgError], str]]] = {
    400: (VxgRejectedError, "The cloud refused it"),
    401: (VxgAuthError, "The cloud refused the credential"),
    403: (VxgForbiddenError, "The credential may not do this"),
    404: (VxgNotFoundError, "The cloud does not know it"),
    405: (VxgNotFoundError, "This server lacks it"),
    429: (VxgRateLimitedError, "The cloud wants to be asked less often"),
    503: (VxgBusyError, "The camera, or the cloud, is not ready"),
}


class CloudRest:
    """Sends requests and returns the objects that answer them."""

    def __init__(self, link: CloudLink) -> None:
        """Prepare; nothing is sent."""
        self._link = link

    async def get(
        self, header: str | None, path: str, params: Mapping[str, str] | None = None
    ) -> JsonObject:
        """Read an object."""
        return await self.request("GET", header, path, params=params)

    async def get_all(
        self,
        header: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        most: int | None = None,
    ) -> list[Json]:
        """Read a list to its end (section 7.17), or up to so many of its objects.

        Raises:
            VxgResponseError: The answer is no list.

        """
        limit = PAGE if most is None else min(most, PAGE)
        query = {"limit": str(limit), **(params or {})}
        objects: list[Json] = []
        asked: list[Mapping[str, str]] = []
        while query not in asked and len(asked) < _MOST_PAGES:
            asked.append(query)
            answer = await self.get(header, path, query)
            if not isinstance(answer.get("objects"), list):
                raise VxgResponseError("The answer lacks the list that was asked for")
            page = as_list(answer["objects"])
            objects += page
            # A relative URL, whose host and path are ours to know: only its query counts.
            following = as_text(as_object(answer.get("meta")).get("next"))
            if not (following and page) or (most is not None and len(objects) >= most):
                break
            query = query | dict(parse_qsl(following.partition("?")[2]))
        return objects[:most]

    async def request(
        self,
        method: str,
        header: str | None,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        limit: float = _LIMIT,
    ) -> JsonObject:
        """Send a request once, and return the object that answers it, an empty one for none.

        Args:
            method: Anything but GET may change something: a lost answer then is an unknown
                outcome.
            header: The credential, with its kind before it.
            path: From the root of the API, with the slash at its end.
            params: Query parameters.
            body: Sent as JSON.
            limit: Seconds.

        Raises:
            VxgError: Whatever the answer, or its absence, means.

        """
        may_have_run = method != "GET"
        try:
            reply = await self._link.send(
                method, path, params=params, body=body, header=header, limit=limit
            )
        except AnswerLostError as error:
            if not may_have_run:
                raise
            raise VxgOutcomeUnknownError(str(error)) from None
        _check(reply, may_have_run=may_have_run)
        return reply.fields or {}


def _check(reply: Reply, *, may_have_run: bool) -> None:
    """Raise what a status means. The body is not looked at: it may be a web page."""
    status = reply.status
    if 200 <= status < 300:
        # Some actions are answered without a body (section 10.17).
        if reply.fields is None and not (may_have_run or reply.is_empty):
            raise VxgResponseError("The answer cannot be read")
        return
    if known := _BY_STATUS.get(status):
        error, text = known
        raise error(f"{text} ({status})", retry_after=reply.retry_after)
    if 400 <= status < 500 and status != 408:
        raise VxgRejectedError(f"The cloud refused it ({status})")
    if 300 <= status < 400:
        raise VxgResponseError(f"No cloud answers there ({status})")
    if may_have_run:
        raise VxgOutcomeUnknownError(f"The cloud failed ({status})")
    raise VxgConnectionError(f"The cloud failed ({status})", retry_after=reply.retry_after)
