"""How the API writes things: XML, and the JSON that Jersey 1 makes of it (3.0)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from aiohttp import web
import orjson

from .faults import EnlightedFaults

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None

JSON: Final = "application/json"
XML: Final = "application/xml"
_PROLOGUE: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, before it is known in which format."""

    #: The XML root, which vanishes in JSON, unless the reply is wrapped.
    root: str
    #: An object; lists in it are repeated elements. Scalars become text when written.
    content: Json = None
    status: int = 200
    #: A newer method: arrays and numbers are what they are.
    is_native: bool = False
    is_json_only: bool = False
    #: Whether the root stands in JSON too.
    is_wrapped: bool = False
    #: Whether lists of one element stay lists (C9).
    keeps_lists: bool = False
    #: The rows of a long list, written already; `content` is then the name of the list.
    rows: bytes | None = None
    #: A file, and of which type.
    file: bytes | None = None
    file_type: str = "image/jpeg"


class RefusedError(Exception):
    """A request is answered with a sentence, or with Tomcat's page if there is none."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def respond(reply: Reply, accept: str | None, faults: EnlightedFaults) -> web.Response:
    """Write an answer.

    Raises:
        RefusedError: It cannot be written as it is accepted.
    """
    if reply.file is not None:
        return web.Response(status=reply.status, body=reply.file, content_type=reply.file_type)
    kind = negotiate(accept, json_only=reply.is_json_only)
    body = _json(reply, faults) if kind == JSON else _xml(reply).encode()
    return web.Response(status=reply.status, body=body, content_type=kind)


def refuse(error: RefusedError) -> web.Response:
    """Write a refusal; it is labelled XML whatever it holds (C12)."""
    text = error.text or (
        f"<html><head><title>Error report</title></head><body><h1>HTTP Status {error.status}"
        "</h1></body></html>"
    )
    return web.Response(status=error.status, text=text, content_type=XML)


def negotiate(accept: str | None, *, json_only: bool = False) -> str:
    """Return the format to write in: XML unless something else is preferred.

    Raises:
        RefusedError: None of the formats there are is accepted.
    """
    offered = (JSON,) if json_only else (XML, JSON)
    best, best_quality = "", 0.0
    for pattern, quality in _ranges(accept or "*/*"):
        for kind in offered:
            if quality > best_quality and pattern in {kind, "application/*", "*/*"}:
                best, best_quality = kind, quality
    if not best:
        raise RefusedError(406)
    return best


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        pattern, *parameters = (each.strip() for each in part.split(";"))
        quality = 1.0
        for each in parameters:
            if each.startswith("q="):
                try:
                    quality = float(each[2:])
                except ValueError:
                    quality = 0.0
        yield pattern.lower(), quality


def _json(reply: Reply, faults: EnlightedFaults) -> bytes:
    if reply.rows is not None:
        return _join(str(reply.content), reply.rows, faults)
    if reply.is_native:
        content = reply.content
    else:
        content = _mapped(reply.content, faults, keeps_lists=reply.keeps_lists)
        if content == {} and reply.content != {} and faults.empty_as == "null":
            content = None
    if reply.is_wrapped and content is not None:
        content = {reply.root: content}
    return orjson.dumps(content)


def _join(name: str, rows: bytes, faults: EnlightedFaults) -> bytes:
    """Write a list whose rows are written already."""
    if not rows and faults.empty_as != "list":
        return b"null" if faults.empty_as == "null" else b"{}"
    # Rows hold text only, no objects: a second opening brace is a second row.
    if rows.find(b"{", 1) < 0 and rows and faults.collapse_lists:
        return b'{"%s":%s}' % (name.encode(), rows)
    return b'{"%s":[%s]}' % (name.encode(), rows)


def _mapped(value: Json, faults: EnlightedFaults, *, keeps_lists: bool) -> Json:
    """Return a value as Jersey maps XML to JSON."""
    match value:
        case dict():
            return {
                key: _mapped(each, faults, keeps_lists=keeps_lists)
                for key, each in value.items()
                if each != [] or faults.empty_as == "list"
            }
        case list():
            items = [_mapped(each, faults, keeps_lists=keeps_lists) for each in value]
            return (
                items[0] if len(items) == 1 and faults.collapse_lists and not keeps_lists else items
            )
        case None | str():
            return value
    return text(value) if faults.strings_only else value


def text(value: str | float | bool) -> str:
    """Return a scalar as XML holds it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _xml(reply: Reply) -> str:
    content = reply.content
    if reply.rows is not None:
        content = {str(reply.content): orjson.loads(b"[%s]" % reply.rows)}
    return _PROLOGUE + _element(reply.root, content)


def _element(name: str, value: Json) -> str:
    match value:
        case None:
            return ""
        case dict():
            inner = "".join(_element(key, each) for key, each in value.items())
        case list():
            return "".join(_element(name, each) for each in value)
        case _:
            inner = escape(text(value))
    return f"<{name}>{inner}</{name}>"
