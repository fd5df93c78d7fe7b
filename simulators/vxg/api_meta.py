"""v4: documents of metadata about moments, and the search for them (section 6.6)."""

from collections.abc import Callable, Mapping
import operator
from typing import Final

from .routing import Request, Route, kinds
from .wire import Json, JsonObject, RefusedError, Reply, number_of
from .world import Note

_META: Final = "/api/v4/meta"
_TOKEN: Final = kinds("Acc")
_TYPES: Final = ("string", "long", "float")


def _words_in(value: str, words: str) -> bool:
    return set(words.lower().split()) <= set(value.lower().split())


#: How the value of a field is compared with what is asked for; both are of one kind.
_COMPARE: Final[Mapping[str, Callable[..., bool]]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "words_in": _words_in,
}


def _value(fields: Mapping[str, Json], path: str) -> Json:
    """Return what a field has, as `string.type` names it (10.11)."""
    kind, _, name = path.partition(".")
    inner = fields.get(kind)
    return inner.get(name) if name and isinstance(inner, dict) else inner


def _is_met(condition: Json, fields: Mapping[str, Json]) -> bool:
    """Tell whether a document is as a filter wants it.

    Raises:
        RefusedError: The filter is none.
    """
    if not isinstance(condition, dict):
        raise RefusedError(400, "no such filter")
    for name, join in (("and", all), ("or", any)):
        if isinstance(parts := condition.get(name), list):
            return join(_is_met(part, fields) for part in parts)
    found = _value(fields, str(condition.get("field")))
    tests = [(_COMPARE[name], wanted) for name, wanted in condition.items() if name in _COMPARE]
    if not tests:
        raise RefusedError(400, "no such filter")
    try:
        return all(found is not None and compare(found, wanted) for compare, wanted in tests)
    except TypeError:
        return False


def _visible(request: Request) -> dict[str, Note]:
    cameras = {camera.id for camera in request.world.visible(request.caller)}
    return {key: note for key, note in request.world.notes.items() if note.camera in cameras}


def _found(request: Request) -> dict[str, Note]:
    condition = request.body.get("filter")
    notes = _visible(request).items()
    return {key: note for key, note in notes if not condition or _is_met(condition, note.fields)}


async def _search(request: Request) -> Reply:
    found = list(_found(request).items())
    sorting = request.body.get("sort")
    for name in reversed(sorting if isinstance(sorting, list) else []):
        key = str(name).removeprefix("-")
        found.sort(
            key=lambda each: str(_value(each[1].fields, key) or ""),
            reverse=str(name).startswith("-"),
        )
    offset, limit = number_of(request.body, "offset", 0), number_of(request.body, "limit", 20)
    objects: list[Json] = [
        {**note.fields, "id": key, "camid": note.camera}
        for key, note in found[offset : offset + limit]
    ]
    meta: JsonObject = {"limit": limit, "offset": offset, "total_count": len(found)}
    return Reply({"meta": meta, "objects": objects})


async def _forget_found(request: Request) -> Reply:
    for key in _found(request):
        del request.world.notes[key]
    return Reply(status=204)


def _summary(results: list[JsonObject]) -> Reply:
    """Tell of each document how it went; the whole is a success all the same (10.11)."""
    errors = sum(1 for each in results if each["status"] not in {200, 201, 204})
    meta: JsonObject = {"errors_count": errors, "total_count": len(results)}
    return Reply({"objects": list(results), "meta": meta})


async def _add(request: Request) -> Reply:
    results: list[JsonObject] = []
    for item in request.items:
        if "timestamp" not in item:
            results.append({"status": 400})
            continue
        key = f"meta{request.world.storage.next_id()}"
        request.world.notes[key] = Note(request.camera.id, dict(item))
        results.append({"status": 201, "id": key})
    return _summary(results)


async def _change(request: Request) -> Reply:
    notes, results = _visible(request), list[JsonObject]()
    for item in request.items:
        key = str(item.get("id"))
        if (note := notes.get(key)) is not None:
            _merge(note.fields, item)
        results.append({"status": 200 if note else 404, "id": key})
    return _summary(results)


def _merge(fields: JsonObject, item: JsonObject) -> None:
    for name, value in item.items():
        old = fields.get(name)
        if name in _TYPES and isinstance(old, dict) and isinstance(value, dict):
            fields[name] = {**old, **value}
        elif name != "id":
            fields[name] = value


async def _forget(request: Request) -> Reply:
    notes, results = _visible(request), list[JsonObject]()
    for item in request.items:
        key = str(item.get("id"))
        known = key in notes and request.world.notes.pop(key, None) is not None
        results.append({"status": 204 if known else 404, "id": key})
    return _summary(results)


ROUTES: Final = (
    Route("POST", _META, _add, _TOKEN, needs_all=True),
    Route("PUT", _META, _change, _TOKEN, needs_all=True),
    Route("DELETE", _META, _forget, _TOKEN, needs_all=True),
    Route("POST", f"{_META}/filter", _search, _TOKEN, needs_all=True),
    Route("DELETE", f"{_META}/filter", _forget_found, _TOKEN, needs_all=True),
    Route(
        "POST", "/api/v2/storage/meta/filter", _search, kinds("LKey", "Acc", "SI"), needs_all=True
    ),
)
