"""v4: one channel, which the token names (section 3.5); and v2's live calls, which are alike."""

from typing import Final

from . import api_storage
from .api_cameras import change, read_back
from .cameras import Camera
from .routing import Request, Route, kinds
from .wire import JsonObject, RefusedError, Reply, is_true, moment_of, number_of
from .world import World

_V4: Final = "/api/v4"
_TOKEN: Final = kinds("Acc")


def _channel(world: World, camera: Camera) -> JsonObject:
    return {
        "name": camera.name,
        "timezone": camera.time_zone,
        "status": camera.status,
        "streaming": camera.status == "active",
        "rec_mode": read_back(world, camera),
        "recording": camera.is_recording,
    }


async def _get(request: Request) -> Reply:
    document = _channel(request.world, request.camera)
    if is_true(request.query, "include_meta"):
        document["meta"] = dict(request.camera.meta)
    return Reply(document)


async def _put(request: Request) -> Reply:
    await change(request)
    if zone := request.body.get("timezone"):
        request.camera.time_zone = str(zone)
    return Reply(_channel(request.world, request.camera))


async def _watch(request: Request) -> Reply:
    """Hand out live URLs; asking is what makes the server pull the camera."""
    camera, faults = request.camera, request.world.faults
    if camera.status != "active":
        raise RefusedError(404, "The camera is not streaming")
    if faults.busy_starts > 0:
        faults.busy_starts -= 1
        raise RefusedError(503, "The camera is starting")
    if camera.pulled_since is None:
        camera.pulled_since = request.world.now()
    urls = request.tickets.live(camera, request.query.get("stream_id", "Main"))
    if "media_urls" in request.query:
        # Where to talk back (5.6).
        return Reply({"webrtc_backward": urls.get("webrtc")})
    return Reply(urls)


async def _image(request: Request) -> Reply:
    world, camera = request.world, request.camera
    if not request.caller.has_all and not world.faults.watch_gets_images:
        raise RefusedError(403)
    if camera.status != "active":
        raise RefusedError(404, "There is no live image")
    picture = request.tickets.picture("live", camera.id, world.now())
    return Reply({**picture, "expire": request.tickets.expiry()})


async def _period(request: Request) -> Reply:
    return Reply({"image_generation_period": request.camera.image_period})


async def _set_period(request: Request) -> Reply:
    given = request.body.get("image_generation_period")
    seconds = number_of(request.body, "image_generation_period", 0) if given else None
    request.camera.image_period = seconds
    return await _period(request)


async def _begin_images(request: Request) -> Reply:
    start, end = moment_of(request.body, "start"), moment_of(request.body, "end")
    period = number_of(request.body, "period", 0)
    if start is None or end is None or period < 1:
        raise RefusedError(400, "period, start and end are needed")
    task = request.world.storage.add_task(request.camera.id, start, end, period=period)
    return Reply({"id": task.id, "status": task.status}, 201)


async def _poll_images(request: Request) -> Reply:
    task = request.world.storage.tasks.get(request.variables["task"])
    if task is None:
        raise RefusedError(404, "No such task")
    request.world.storage.poll_task(task)
    return Reply({"id": task.id, "status": task.status})


ROUTES: Final = (
    Route("GET", f"{_V4}/channel", _get, _TOKEN),
    Route("PUT", f"{_V4}/channel", _put, _TOKEN, needs_all=True, command="change_camera"),
    Route("GET", f"{_V4}/live/watch", _watch, _TOKEN, command="watch"),
    Route("GET", f"{_V4}/live/image", _image, _TOKEN),
    Route("GET", f"{_V4}/storage/records", api_storage.list_records, _TOKEN),
    Route("GET", f"{_V4}/storage/records/{{record}}", api_storage.get_record, _TOKEN),
    Route("GET", f"{_V4}/storage/images", api_storage.list_images, _TOKEN, needs_all=True),
    Route("GET", f"{_V4}/storage/calendar", api_storage.days, _TOKEN),
    Route("GET", f"{_V4}/clips", api_storage.list_clips, _TOKEN, needs_all=True),
    Route("POST", f"{_V4}/clips", api_storage.add_clip, _TOKEN, needs_all=True, command="clip"),
    Route("GET", f"{_V4}/clips/{{clip}}", api_storage.get_clip, _TOKEN, needs_all=True),
    Route("PUT", f"{_V4}/clips/{{clip}}", api_storage.change_clip, _TOKEN, needs_all=True),
    Route("DELETE", f"{_V4}/clips/{{clip}}", api_storage.delete_clip, _TOKEN, needs_all=True),
    Route("GET", f"{_V4}/images/generation/live", _period, _TOKEN, needs_all=True),
    Route(
        "PUT",
        f"{_V4}/images/generation/live",
        _set_period,
        _TOKEN,
        needs_all=True,
        command="set_image_period",
    ),
    Route(
        "POST",
        f"{_V4}/images/generation/tasks",
        _begin_images,
        _TOKEN,
        needs_all=True,
        command="generate_images",
    ),
    Route("GET", f"{_V4}/images/generation/tasks/{{task}}", _poll_images, _TOKEN, needs_all=True),
    Route(
        "GET",
        "/api/v2/cameras/{id}/live_urls",
        _watch,
        kinds("LKey", "Acc"),
        command="watch",
    ),
)
