"""v3 for back-ends, v5 for groups' channels, v6 for servers (sections 3.4, 3.6, 3.7)."""

from typing import Final

from .api_cameras import create, preview, read_back, selected, write
from .cameras import Camera
from .routing import Request, Route, kinds
from .tokens import ALL, WATCH
from .wire import Json, JsonObject, RefusedError, Reply, is_true, number_of, page, stamp

_V3: Final = "/api/v3"
_V5: Final = "/api/v5"
_V6: Final = "/api/v6"
_KEY: Final = kinds("LKey")
_GROUP: Final = kinds("SI", "LKey")


def _channel(request: Request, camera: Camera) -> JsonObject:
    world = request.world
    document: JsonObject = {
        "id": camera.id,
        "name": camera.name,
        "created": stamp(camera.created, micro=True),
        "timezone": camera.time_zone,
        "rec_mode": read_back(world, camera),
        "streaming": camera.status == "active",
        "access_tokens": {
            level: world.keys.access_token(camera.shares[level], manager=camera.manager)
            for level in (ALL, WATCH)
        },
    }
    if camera.url:
        document["source"] = {"url": camera.url, "login": camera.login, "password": camera.password}
    if is_true(request.query, "include_meta"):
        document["meta"] = dict(camera.meta)
    return document


async def _channels(request: Request) -> Reply:
    documents: list[Json] = [_channel(request, camera) for camera in selected(request)]
    return Reply(page(documents, request.path, request.query))


async def _get_channel(request: Request) -> Reply:
    return Reply(_channel(request, request.camera))


async def _change_channel(request: Request) -> Reply:
    # The whole of its meta is replaced (7.8).
    write(request.camera, _as_v2(request.body))
    return Reply(_channel(request, request.camera))


def _as_v2(body: JsonObject) -> JsonObject:
    """Return a channel as v2 would have it: without `source` around where it is."""
    source = body.get("source")
    fields = {**body, **(source if isinstance(source, dict) else {})}
    if "timezone" in body:
        fields["tz"] = body["timezone"]
    return fields


async def _create_channel(request: Request) -> Reply:
    return Reply(_channel(request, create(request, _as_v2(request.body))), 201)


async def _delete_channel(request: Request) -> Reply:
    request.world.remove_camera(request.camera.id)
    return Reply(status=204)


async def _limits(request: Request) -> Reply:
    return Reply(request.camera.limits)


async def _set_limits(request: Request) -> Reply:
    limits = request.camera.limits
    limits |= {key: value for key, value in request.body.items() if key in limits}
    return Reply(limits)


async def _meta(request: Request) -> Reply:
    tags: list[Json] = [{"tag": tag, "data": data} for tag, data in request.camera.meta.items()]
    return Reply(page(tags, request.path, request.query))


async def _add_meta(request: Request) -> Reply:
    tag = str(request.body.get("tag", ""))
    if tag in request.camera.meta:
        raise RefusedError(400, "meta tag already exists")
    request.camera.meta[tag] = request.body.get("data")
    return Reply({"tag": tag, "data": request.camera.meta[tag]}, 201)


async def _change_meta(request: Request) -> Reply:
    tag = request.variables["tag"]
    if tag not in request.camera.meta:
        raise RefusedError(404, "No such tag")
    request.camera.meta[tag] = request.body.get("data")
    return Reply({"tag": tag, "data": request.camera.meta[tag]})


async def _statistics(request: Request) -> Reply:
    return Reply(
        {
            "records_size": 123_456_789,
            "clips_size": 2_210_331,
            "images_size": 4_567,
            "downloaded_size": 3_801_088,
            "downloaded_duration": 60,
            "live_size": 98_765_432,
            "live_duration": 1800,
        }
    )


async def _aliases(request: Request) -> Reply:
    number_of(request.query, "limit", 20)
    return Reply({"objects": [{"name": "motion", "alias": "Motion"}]})


# v5


def _group_channel(request: Request, camera: Camera) -> JsonObject:
    level = ALL if request.caller.has_all else WATCH
    document: JsonObject = {
        "id": camera.id,
        "name": camera.name,
        "status": camera.status,
        "recording": camera.is_recording,
        "token": request.world.keys.access_token(camera.shares[level], manager=camera.manager),
        "ip": f"192.0.2.{camera.id % 250}",
        "latitude": camera.latitude,
        "longitude": camera.longitude,
    }
    if request.world.faults.nameless_channels:
        del document["name"]
    if is_true(request.query, "preview"):
        document["preview"] = preview(request, camera)
    if is_true(request.query, "include_meta"):
        document["meta"] = dict(camera.meta)
    return document


async def _group_channels(request: Request) -> Reply:
    documents: list[Json] = [_group_channel(request, camera) for camera in selected(request)]
    return Reply(page(documents, request.path, request.query))


async def _get_group_channel(request: Request) -> Reply:
    return Reply(_group_channel(request, request.camera))


async def _servers(request: Request) -> Reply:
    return Reply(page([], request.path, request.query))


ROUTES: Final = (
    Route("GET", f"{_V3}/channels", _channels, _KEY),
    Route("POST", f"{_V3}/channels", _create_channel, _KEY),
    Route("GET", f"{_V3}/channels/{{id}}", _get_channel, _KEY),
    Route("PUT", f"{_V3}/channels/{{id}}", _change_channel, _KEY, command="change_channel"),
    Route("DELETE", f"{_V3}/channels/{{id}}", _delete_channel, _KEY),
    Route("GET", f"{_V3}/channels/{{id}}/limits", _limits, _KEY),
    Route("PUT", f"{_V3}/channels/{{id}}/limits", _set_limits, _KEY),
    Route("GET", f"{_V3}/channels/{{id}}/meta", _meta, _KEY),
    Route("POST", f"{_V3}/channels/{{id}}/meta", _add_meta, _KEY),
    Route("PUT", f"{_V3}/channels/{{id}}/meta/{{tag}}", _change_meta, _KEY),
    Route("GET", f"{_V3}/statistics", _statistics, _KEY),
    Route("GET", f"{_V3}/statistics/{{id}}", _statistics, _KEY),
    Route("GET", f"{_V3}/aliases", _aliases, _KEY),
    Route("GET", f"{_V5}/channels", _group_channels, _GROUP),
    Route("GET", f"{_V5}/channels/{{id}}", _get_group_channel, _GROUP),
    Route("GET", f"{_V6}/servers", _servers, _KEY),
)
