"""v2: cameras, their managers, the account (section 3.2)."""

from collections.abc import Mapping
from typing import Final

from .cameras import Camera
from .routing import Request, Route, kinds
from .wire import Json, JsonObject, RefusedError, Reply, is_true, ordered, page, stamp, words
from .world import World

_WRITABLE: Final = {
    "name": "name",
    "rec_mode": "rec_mode",
    "mode": "mode",
    "led": "led",
    "memorycard_recording": "card_recording",
    "meta": "meta",
    "url": "url",
    "login": "login",
    "password": "password",
    "latitude": "latitude",
    "longitude": "longitude",
    "public": "is_public",
    "tz": "time_zone",
}
_REC_MODES: Final = {"on", "off", "by_event"}
_MODES: Final = {"on", "off", "schedule", "on_till_sched", "off_till_sched"}


def selected(request: Request) -> list[Camera]:
    """Return the cameras that a list is asked for, by its `meta` and `name` filters."""
    query = request.query
    wanted, unwanted = words(query, "meta"), words(query, "meta_not")
    part = query.get("name__icontains", "").lower()
    found = [
        camera
        for camera in request.world.visible(request.caller)
        if wanted <= camera.meta.keys()
        and not unwanted & camera.meta.keys()
        and part in camera.name.lower()
        and _has_what_is_asked(camera, query)
    ]
    return ordered(found, query, {"id": lambda camera: camera.id, "created": lambda c: c.created})


def _has_what_is_asked(camera: Camera, query: Mapping[str, str]) -> bool:
    """Tell whether a camera has, or lacks, a place or a URL as a list's filters want it."""
    values = {"latitude": camera.latitude, "longitude": camera.longitude, "url": camera.url or None}
    return all(
        (value is None) == is_true(query, f"{name}__isnull")
        for name, value in values.items()
        if f"{name}__isnull" in query
    )


def read_back(world: World, camera: Camera) -> str:
    """Return the recording mode as the API tells it."""
    is_renamed = world.faults.server_by_event and camera.rec_mode == "by_event"
    return f"server_{camera.rec_mode}" if is_renamed else camera.rec_mode


def _document(request: Request, camera: Camera) -> JsonObject:
    document = camera.document(reads_back=read_back(request.world, camera))
    document["owner"] = {"id": request.world.keys.accounts[camera.owner].id}
    document["access"] = [*sorted(request.caller.grants)]
    if is_true(request.query, "include_meta") or request.query.get("detail"):
        document["meta"] = dict(camera.meta)
    return document


async def _list(request: Request) -> Reply:
    documents: list[Json] = [_document(request, camera) for camera in selected(request)]
    return Reply(page(documents, request.path, request.query))


async def _get(request: Request) -> Reply:
    return Reply(_document(request, request.camera))


async def change(request: Request) -> Reply:
    """Change a camera; what is not named stays."""
    camera = request.camera
    write(camera, request.body)
    return Reply(_document(request, camera))


def write(camera: Camera, body: Mapping[str, Json]) -> None:
    """Change what is named of a camera.

    Raises:
        RefusedError: There is no such mode.
    """
    rec_mode = str(body.get("rec_mode", "on")).removeprefix("server_")
    if rec_mode not in _REC_MODES or body.get("mode", "on") not in _MODES:
        raise RefusedError(400, "no such mode")
    for name, value in body.items():
        if field := _WRITABLE.get(name):
            setattr(camera, field, rec_mode if field == "rec_mode" else value)
    if "mode" in body and camera.status in {"active", "inactive"}:
        camera.status = "active" if str(camera.mode).startswith("on") else "inactive"


def create(request: Request, body: Mapping[str, Json]) -> Camera:
    """Add a camera as it is described: without a URL it is one that sends by itself."""
    world = request.world
    camera = world.cameras[world.add_camera(str(body.get("name") or "Camera"), plain=True)]
    camera.url = ""
    camera.owner = request.caller.account
    write(camera, {key: value for key, value in body.items() if value is not None})
    return camera


async def _create(request: Request) -> Reply:
    return Reply(_document(request, create(request, request.body)), 201)


async def _delete(request: Request) -> Reply:
    request.world.remove_camera(request.camera.id)
    return Reply(status=204)


async def _preview(request: Request) -> Reply:
    return Reply(preview(request, request.camera))


def preview(request: Request, camera: Camera) -> JsonObject:
    """Return the stored picture of a camera, which may be old."""
    now = request.world.now()
    taken = camera.preview_at
    if taken is None or not camera.is_online:
        taken = now - request.world.faults.preview_age
    picture = request.tickets.picture("p", camera.id, taken)
    return {**picture, "expire": request.tickets.expiry()}


async def _update_preview(request: Request) -> Reply:
    camera = request.camera
    if camera.is_online:
        camera.preview_at = request.world.now()
    return Reply({} if not request.world.faults.empty_actions else None)


async def _limits(request: Request) -> Reply:
    ended = request.world.faults.plan_expired
    now = request.world.now()
    return Reply(
        {
            "issued": stamp(request.camera.created),
            "expire": stamp(now - 86400 if ended else now + 180 * 86400),
            "expire_warn": 168,
            "records_duration": 720,
            "records_max_age": 720,
            "clips_duration": 100,
            "clips_warn": 80,
            "download_duration": 100,
            "download_warn": 80,
            "expected_bitrate": 1024,
            "bitrate_warn": 2048,
        }
    )


async def _meta_values(request: Request) -> Reply:
    counts: dict[str, Json] = {}
    for camera in request.world.visible(request.caller):
        if (value := camera.meta.get(request.variables["tag"])) is not None:
            counts[str(value)] = int(str(counts.get(str(value), 0))) + 1
    return Reply(counts)


async def _managers(request: Request) -> Reply:
    documents: list[Json] = [_manager(camera) for camera in request.world.visible(request.caller)]
    return Reply(page(documents, request.path, request.query))


def _manager(camera: Camera) -> JsonObject:
    return {"id": camera.manager, "timezone": camera.time_zone, "cameras": [camera.id]}


def _managed(request: Request) -> Camera:
    for camera in request.world.visible(request.caller):
        if str(camera.manager) == request.variables["manager"]:
            return camera
    raise RefusedError(404, "No such camera manager")


async def _get_manager(request: Request) -> Reply:
    return Reply(_manager(_managed(request)))


async def _change_manager(request: Request) -> Reply:
    camera = _managed(request)
    camera.time_zone = str(request.body.get("timezone", camera.time_zone))
    return Reply(_manager(camera))


async def _reboot(request: Request) -> Reply:
    request.world.record_command("reboot", _managed(request).id, {})
    return Reply({} if not request.world.faults.empty_actions else None)


async def _account(request: Request) -> Reply:
    account = request.world.keys.accounts[request.caller.account]
    return Reply(
        {
            "id": account.id,
            "email": account.email,
            "first_name": "",
            "last_name": "",
            "preferred_name": "",
        }
    )


async def _capabilities(request: Request) -> Reply:
    count = len(list(request.world.visible(request.caller)))
    limits: JsonObject = {"total_cameras": 100, "hosted_cameras": 100}
    created: JsonObject = {"total_cameras": count, "hosted_cameras": count}
    return Reply({"cameras_creation": {"limits": limits, "created": created}})


async def _time(request: Request) -> Reply:
    return Reply({"utc": stamp(request.world.now(), micro=True)})


_V2: Final = "/api/v2"
_KEY: Final = kinds("LKey")
_ONE: Final = kinds("LKey", "Acc")

ROUTES: Final = (
    Route("GET", f"{_V2}/server/time", _time, frozenset()),
    Route("GET", f"{_V2}/account", _account, _KEY),
    Route("GET", f"{_V2}/account/capabilities", _capabilities, _KEY),
    Route("GET", f"{_V2}/cameras", _list),
    Route("POST", f"{_V2}/cameras", _create, _KEY),
    Route("GET", f"{_V2}/cameras/meta/get_values/{{tag}}", _meta_values),
    Route("GET", f"{_V2}/cameras/{{id}}", _get),
    Route("PUT", f"{_V2}/cameras/{{id}}", change, needs_all=True, command="change_camera"),
    Route("DELETE", f"{_V2}/cameras/{{id}}", _delete, _KEY),
    Route("GET", f"{_V2}/cameras/{{id}}/preview", _preview, _ONE),
    Route("POST", f"{_V2}/cameras/{{id}}/preview/update", _update_preview, _ONE, needs_all=True),
    Route("GET", f"{_V2}/cameras/{{id}}/limits", _limits, _ONE),
    Route("GET", f"{_V2}/cmngrs", _managers, kinds("LKey", "SI")),
    Route("GET", f"{_V2}/cmngrs/{{manager}}", _get_manager, _ONE),
    Route("PUT", f"{_V2}/cmngrs/{{manager}}", _change_manager, _ONE, needs_all=True),
    Route("POST", f"{_V2}/cmngrs/{{manager}}/reset", _reboot, _ONE, needs_all=True),
)
