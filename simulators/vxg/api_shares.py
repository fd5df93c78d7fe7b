"""v2: who else may see a camera, by tokens of their own (section 3.2)."""

from typing import Final

from .routing import Request, Route, kinds
from .tokens import Share
from .wire import Json, JsonObject, RefusedError, Reply, moment_of, page, stamp

_ONE: Final = kinds("LKey", "Acc")
_SHARINGS: Final = "/api/v2/cameras/{id}/sharings"


def _share(share: Share) -> JsonObject:
    return {
        "id": share.id,
        "name": share.name,
        "token": share.token,
        "enabled": share.is_enabled,
        "expire": stamp(share.expire) if share.expire is not None else None,
        "access": list(share.grants),
    }


def _of_camera(request: Request) -> list[Share]:
    camera = request.camera.id
    return [each for each in request.world.keys.shares.values() if each.camera == camera]


def _find(request: Request) -> Share:
    for share in _of_camera(request):
        if str(share.id) == request.variables["share"]:
            return share
    raise RefusedError(404, "No such sharing")


def _write(request: Request, share: Share) -> None:
    body = request.body
    share.name = str(body.get("name", share.name))
    share.is_enabled = body.get("enabled", share.is_enabled) is True
    if "expire" in body:
        share.expire = moment_of(body, "expire")
    if isinstance(access := body.get("access"), list):
        share.grants = tuple(str(each) for each in access)


async def _list(request: Request) -> Reply:
    shares: list[Json] = [_share(each) for each in _of_camera(request)]
    return Reply(page(shares, request.path, request.query))


async def _get(request: Request) -> Reply:
    return Reply(_share(_find(request)))


async def _add(request: Request) -> Reply:
    share = request.world.keys.share(("watch",), camera=request.camera.id)
    _write(request, share)
    return Reply(_share(share), 201)


async def _change(request: Request) -> Reply:
    share = _find(request)
    _write(request, share)
    return Reply(_share(share))


async def _delete(request: Request) -> Reply:
    del request.world.keys.shares[_find(request).token]
    return Reply(status=204)


ROUTES: Final = (
    Route("GET", _SHARINGS, _list, _ONE, needs_all=True),
    Route("POST", _SHARINGS, _add, _ONE, needs_all=True, command="share"),
    Route("GET", f"{_SHARINGS}/{{share}}", _get, _ONE, needs_all=True),
    Route("PUT", f"{_SHARINGS}/{{share}}", _change, _ONE, needs_all=True),
    Route("DELETE", f"{_SHARINGS}/{{share}}", _delete, _ONE, needs_all=True),
)
