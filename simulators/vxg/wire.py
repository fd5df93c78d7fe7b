"""How the API writes things: naive times, envelopes, errors (sections 2.8 and 3.1)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from aiohttp import web
import orjson

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None
type JsonObject = dict[str, Json]

_LONGEST_PAGE: Final = 1000
_TYPES: Final = {
    400: "bad_request",
    401: "invalid_auth",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    503: "unavailable",
}


class RefusedError(Exception):
    """A request is answered with an error of the API's own."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail or _TYPES.get(status, "error").replace("_", " ")

    def body(self) -> JsonObject:
        """Return what the client reads."""
        kind = _TYPES.get(self.status, "error")
        return {"status": self.status, "errorType": kind, "errorDetail": self.detail}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: JSON, or nothing."""

    body: Json | None = None
    status: int = 200


def respond(reply: Reply) -> web.Response:
    """Write an answer."""
    if reply.body is None:
        return web.Response(status=reply.status)
    return web.Response(
        status=reply.status, body=orjson.dumps(reply.body), content_type="application/json"
    )


def stamp(seconds: float, *, micro: bool = False) -> str:
    """Write a moment as the API does: in UTC, and without saying so."""
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds" if micro else "seconds")


def read_stamp(text: str) -> float:
    """Read a moment; one that names a zone is none (7.1)."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError(text)
    return moment.replace(tzinfo=UTC).timestamp()


def moment_of(values: Mapping[str, Json], name: str) -> float | None:
    """Read a moment from a query or a body, if it is there.

    Raises:
        RefusedError: It is none.
    """
    value = values.get(name)
    if value is None:
        return None
    try:
        return read_stamp(str(value))
    except ValueError:
        raise RefusedError(400, f"{name} is no time") from None


def number_of(values: Mapping[str, Json], name: str, default: int) -> int:
    """Read a number, which may have been written as text.

    Raises:
        RefusedError: It is none.
    """
    try:
        return int(str(values.get(name, default)))
    except ValueError:
        raise RefusedError(400, f"{name} is no number") from None


def page(
    items: Sequence[Json], path: str, query: Mapping[str, str], *, expire: str | None = None
) -> JsonObject:
    """Return one page of a list in its envelope, with an honest `next` (3.1)."""
    return page_of(items, lambda item: item, path, query, expire=expire)


def page_of[T](
    items: Sequence[T],
    write: Callable[[T], Json],
    path: str,
    query: Mapping[str, str],
    *,
    expire: str | None = None,
) -> JsonObject:
    """Return one page of a long list, of which no more is written than the page has."""
    limit = min(number_of(query, "limit", 20), _LONGEST_PAGE)
    offset = number_of(query, "offset", 0)
    if limit < 1 or offset < 0:
        raise RefusedError(400, "no such page")

    def link(start: int) -> str:
        others = {**query, "limit": str(limit), "offset": str(start)}
        return f"{path}?{urlencode(others)}"

    end = offset + limit
    meta: JsonObject = {
        "limit": limit,
        "next": link(end) if end < len(items) else None,
        "offset": offset,
        "previous": link(max(0, offset - limit)) if offset else None,
        "total_count": len(items),
    }
    if expire is not None:
        meta["expire"] = expire
    return {"meta": meta, "objects": [write(item) for item in items[offset:end]]}


def ordered[T](
    items: Iterable[T], query: Mapping[str, str], keys: Mapping[str, Callable[[T], float]]
) -> list[T]:
    """Sort by `order_by`, which a minus turns round.

    Raises:
        RefusedError: There is nothing of this name to sort by.
    """
    wanted = query.get("order_by", next(iter(keys)))
    key = keys.get(wanted.removeprefix("-"))
    if key is None:
        raise RefusedError(400, f"cannot order by {wanted}")
    return sorted(items, key=key, reverse=wanted.startswith("-"))


def is_true(query: Mapping[str, str], name: str) -> bool:
    """Read a boolean of a query."""
    return query.get(name, "").lower() in {"true", "1"}


def words(query: Mapping[str, str], name: str) -> set[str]:
    """Read a list of words of a query."""
    return {word for word in query.get(name, "").split(",") if word}
