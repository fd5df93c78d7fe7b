"""v3: groups of channels; v5: what a group keeps about itself (sections 3.4, 3.6)."""

from typing import Final

from .routing import Request, Route, kinds
from .wire import Json, JsonObject, RefusedError, Reply, is_true, moment_of, page, stamp
from .world import Group

_GROUPS: Final = "/api/v3/channel_groups"
_KEY: Final = kinds("LKey")


def _group(request: Request, group: Group) -> JsonObject:
    channels: list[Json] = list(group.channels)
    until = group.share.expire
    document: JsonObject = {
        "id": group.id,
        "name": group.name,
        "channels": channels,
        "channels_access": group.share.grants[0],
        "include_all_channels": group.includes_all,
        "expire": stamp(until) if until is not None else None,
        "token": request.world.keys.access_token(group.share),
    }
    if is_true(request.query, "include_meta"):
        document["meta"] = dict(group.meta)
    return document


def _own(request: Request) -> list[Group]:
    groups = request.world.groups.values()
    return [group for group in groups if group.owner == request.caller.account]


def _find(request: Request) -> Group:
    for group in _own(request):
        if str(group.id) == request.variables["group"]:
            return group
    raise RefusedError(404, "No such group")


def _write(request: Request, group: Group) -> None:
    """Change what is named of a group; its channels are replaced as a whole (7.8)."""
    body = request.body
    group.name = str(body.get("name", group.name))
    if isinstance(channels := body.get("channels"), list):
        numbers = [int(str(each)) for each in channels if str(each).isdigit()]
        group.channels = [request.world.find(request.caller, each).id for each in numbers]
    if isinstance(meta := body.get("meta"), dict):
        group.meta = dict(meta)
    if "include_all_channels" in body:
        group.includes_all = body["include_all_channels"] is True
    if "expire" in body:
        group.share.expire = moment_of(body, "expire")


async def _list(request: Request) -> Reply:
    groups: list[Json] = [_group(request, group) for group in _own(request)]
    return Reply(page(groups, request.path, request.query))


async def _get(request: Request) -> Reply:
    return Reply(_group(request, _find(request)))


async def _create(request: Request) -> Reply:
    group = request.world.add_group("")
    _write(request, group)
    return Reply(_group(request, group), 201)


async def _change(request: Request) -> Reply:
    group = _find(request)
    _write(request, group)
    return Reply(_group(request, group))


async def _delete(request: Request) -> Reply:
    del request.world.groups[_find(request).id]
    return Reply(status=204)


async def _meta(request: Request) -> Reply:
    return Reply(request.world.groups[request.caller.group or 0].meta)


ROUTES: Final = (
    Route("GET", _GROUPS, _list, _KEY),
    Route("POST", _GROUPS, _create, _KEY),
    Route("GET", f"{_GROUPS}/{{group}}", _get, _KEY),
    Route("PUT", f"{_GROUPS}/{{group}}", _change, _KEY),
    Route("DELETE", f"{_GROUPS}/{{group}}", _delete, _KEY),
    Route("GET", "/api/v5/meta", _meta, kinds("SI")),
)
