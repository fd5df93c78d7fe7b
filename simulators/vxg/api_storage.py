"""v2: what the cloud keeps (section 3.3), and what v4 has of it in the same shapes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from .routing import Request, Route, kinds
from .storage import Clip, Event, Image, Record
from .tickets import film_size
from .tokens import CLIP_GRANTS
from .wire import (
    Json,
    JsonObject,
    RefusedError,
    Reply,
    is_true,
    moment_of,
    ordered,
    page,
    page_of,
    stamp,
    words,
)

_STORAGE: Final = "/api/v2/storage"
_LISTS: Final = kinds("LKey", "Acc", "SI")
_ONE: Final = kinds("LKey", "Acc")
#: Seconds of gap between recordings that a timeline does not show.
_GAP: Final = 5


def _span(request: Request) -> tuple[float, float]:
    now = request.world.now()
    start, end = moment_of(request.query, "start"), moment_of(request.query, "end")
    return start if start is not None else 0.0, end if end is not None else now


def _records(request: Request) -> list[Record]:
    return request.world.storage.records_of(request.camera, *_span(request))


def _record(request: Request, record: Record) -> JsonObject:
    seconds = record.end - record.start
    document: JsonObject = {
        "id": record.id,
        "camid": record.camera,
        "start": stamp(record.start, micro=True),
        "end": stamp(record.end, micro=True),
        "size": film_size(seconds),
        "url": request.tickets.file("rec", record.camera, record.start, seconds),
    }
    if request.world.faults.recordless_ids:
        del document["id"]
    return document


async def list_records(request: Request) -> Reply:
    """Return the recordings that overlap a span of time."""
    query = request.query
    records = ordered(_records(request), query, {"time": lambda each: each.start})
    expire = request.tickets.expiry()
    return Reply(page_of(records, partial(_record, request), request.path, query, expire=expire))


async def get_record(request: Request) -> Reply:
    """Return one recording."""
    number = request.variables["record"]
    kept = request.world.storage.records_of(request.camera, 0, request.world.now())
    for record in kept:
        if str(record.id) == number:
            return Reply(_record(request, record))
    raise RefusedError(404, "No such record")


async def timeline(request: Request) -> Reply:
    """Return when there are recordings; the key is what was asked for, as text (4.5)."""
    spans: list[list[float]] = []
    for record in _records(request):
        if spans and record.start - sum(spans[-1]) <= _GAP:
            spans[-1][1] = record.end - spans[-1][0]
        else:
            spans.append([record.start, record.end - record.start])
    pairs: list[Json] = [[stamp(start), int(seconds)] for start, seconds in spans]
    document: JsonObject = {request.query.get("slices", "1"): pairs}
    return Reply(page([document], request.path, request.query))


async def _timeline_of(request: Request) -> Reply:
    return await timeline(request)


async def days(request: Request) -> Reply:
    """Return the days that have anything, in the camera's zone if that is asked for."""
    camera = request.camera
    zone = ZoneInfo(camera.time_zone) if "daysincamtz" in request.query else UTC
    storage, now = request.world.storage, request.world.now()
    moments = [each.start for each in storage.records_of(camera, 0, now)]
    moments += [each.time for each in storage.events_of({camera.id}, None, None)]
    found = sorted({datetime.fromtimestamp(each, zone).date().isoformat() for each in moments})
    listed: list[Json] = list(found)
    return Reply({"meta": {"total_count": len(listed)}, "objects": listed})


# Events


def _event(request: Request, event: Event) -> JsonObject:
    document: JsonObject = {
        "id": event.id,
        "camid": event.camera,
        "name": event.name,
        "time": stamp(event.time, micro=True),
        "thumb": None,
    }
    if event.thumb_at is not None and event.thumb_at <= request.world.now():
        document["thumb"] = request.tickets.picture("t", event.camera, event.time)
    if is_true(request.query, "include_meta"):
        is_numeric = request.world.faults.numeric_meta
        document["meta"] = {
            key: int(str(value)) if is_numeric and str(value).isdigit() else value
            for key, value in event.meta.items()
        }
    if is_true(request.query, "include_filemeta_download") and event.meta:
        document["filemeta"] = {
            "download": {"url": request.tickets.file("m", event.camera, event.time)}
        }
    return document


async def _list_events(request: Request) -> Reply:
    world, caller, query = request.world, request.caller, request.query
    if not caller.has_all and not world.faults.watch_reads_events:
        raise RefusedError(403)
    if "camid" in query or caller.camera is not None:
        cameras = {request.camera.id}
    elif caller.kind == "LKey" and not world.faults.key_reads_all_events:
        raise RefusedError(400, "camid is missing")
    else:
        cameras = {camera.id for camera in world.visible(caller)}
    start, end = moment_of(query, "start"), moment_of(query, "end")
    names, wanted, unwanted = words(query, "events"), words(query, "meta"), words(query, "meta_not")
    found = [
        event
        for event in world.storage.events_of(cameras, start, end)
        if (not names or event.name in names)
        and wanted <= event.meta.keys()
        and not unwanted & event.meta.keys()
    ]
    found = ordered(found, query, {"time": lambda each: each.time})
    return Reply(page_of(found, partial(_event, request), request.path, query))


def _find_event(request: Request) -> Event:
    number = request.variables["event"]
    event = request.world.storage.events.get(int(number)) if number.isdigit() else None
    if event is None:
        raise RefusedError(404, "No such event")
    request.world.find(request.caller, event.camera)
    return event


async def _get_event(request: Request) -> Reply:
    return Reply(_event(request, _find_event(request)))


async def _add_event(request: Request) -> Reply:
    camera, meta = request.camera, request.body.get("meta")
    name = str(request.body.get("name", ""))
    if all(each.name != name for each in camera.event_types):
        raise RefusedError(400, "The camera has no such event")
    moment = moment_of(request.body, "time")
    event = request.world.storage.add_event(
        camera.id,
        name,
        request.world.now() if moment is None else moment,
        meta if isinstance(meta, dict) else {},
        None,
    )
    document = _event(request, event)
    return Reply({**document, "meta": event.meta}, 201)


async def _tag_event(request: Request) -> Reply:
    event = _find_event(request)
    request.world.record_command("tag_event", event.camera, request.body)
    tag = request.variables.get("tag") or str(request.body.get("tag", ""))
    if request.variables.get("tag") is None and tag in event.meta:
        raise RefusedError(400, "meta tag already exists")
    event.meta[tag] = request.body.get("data")
    # A tag that the path names is changed, not made.
    status = 200 if "tag" in request.variables else 201
    return Reply({"tag": tag, "data": event.meta[tag]}, status)


async def _untag_event(request: Request) -> Reply:
    _find_event(request).meta.pop(request.variables["tag"], None)
    return Reply(status=204)


# Images


def _image(request: Request, image: Image) -> JsonObject:
    picture = request.tickets.picture("i", image.camera, image.time)
    return {"id": image.id, "camid": image.camera, **picture, "origin": image.origin}


async def list_images(request: Request) -> Reply:
    """Return the images of a camera (4.7); a group's token need not name one (10.6)."""
    query = request.query
    if "camid" in query or request.caller.camera is not None:
        cameras = [request.camera]
    else:
        cameras = list(request.world.visible(request.caller))
    origins, tasks = words(query, "origin"), words(query, "origin_ids")
    found = [
        image
        for camera in cameras
        for image in request.world.storage.images_of(camera, *_span(request))
        if (not origins or image.origin in origins) and (not tasks or image.task in tasks)
    ]
    found = ordered(found, query, {"time": lambda each: each.time})
    expire = request.tickets.expiry()
    return Reply(page_of(found, partial(_image, request), request.path, query, expire=expire))


# Clips


def _clip(request: Request, clip: Clip) -> JsonObject:
    document: JsonObject = {
        "id": clip.id,
        "camid": clip.camera,
        "title": clip.title,
        "start": stamp(clip.start),
        "end": stamp(clip.end),
        "created": stamp(clip.created),
        "delete_at": stamp(clip.delete_at) if clip.delete_at is not None else None,
        "duration": clip.end - clip.start,
        "status": clip.status,
    }
    if clip.status == "done":
        seconds = clip.end - clip.start
        seen = clip.source or clip.camera
        document["url"] = request.tickets.file("clip", seen, clip.start, seconds)
        document["thumb"] = {"url": request.tickets.file("t", seen, clip.start)}
        document["size"] = film_size(seconds)
    return document


def _visible_clips(request: Request) -> Iterable[Clip]:
    cameras = {camera.id for camera in request.world.visible(request.caller)}
    return [clip for clip in request.world.storage.clips.values() if clip.camera in cameras]


async def list_clips(request: Request) -> Reply:
    """Return the clips of a camera, or of all that one may see."""
    query = request.query
    ids, wanted = words(query, "ids"), query.get("camid")
    event_time = moment_of(query, "event_time")
    start, end = moment_of(query, "start"), moment_of(query, "end")
    found = [
        clip
        for clip in _visible_clips(request)
        if (not ids or str(clip.id) in ids)
        and (wanted is None or str(clip.camera) == wanted)
        and (event_time is None or clip.event_time == event_time)
        and (start is None or clip.end > start)
        and (end is None or clip.start < end)
    ]
    found = ordered(
        found,
        query,
        {"created": lambda each: each.created, "event_time": lambda each: each.event_time or 0},
    )
    documents: list[Json] = [_clip(request, each) for each in found]
    return Reply(page(documents, request.path, query, expire=request.tickets.expiry()))


async def add_clip(request: Request) -> Reply:
    """Begin to make a clip."""
    start, end = moment_of(request.body, "start"), moment_of(request.body, "end")
    if start is None or end is None or end <= start:
        raise RefusedError(400, "start and end are needed")
    clip = request.world.storage.add_clip(
        request.camera.id,
        str(request.body.get("title", "")),
        start,
        end,
        moment_of(request.body, "delete_at"),
    )
    if (source := request.body.get("source_camid")) is not None:
        clip.source = request.world.find(request.caller, int(str(source))).id
    return Reply(_clip(request, clip), 201)


def _find_clip(request: Request) -> Clip:
    for clip in _visible_clips(request):
        if str(clip.id) == request.variables["clip"]:
            return clip
    raise RefusedError(404, "No such clip")


async def get_clip(request: Request) -> Reply:
    """Return a clip, which takes a few looks until it is done."""
    clip = _find_clip(request)
    request.world.storage.poll_clip(clip)
    return Reply(_clip(request, clip))


async def change_clip(request: Request) -> Reply:
    """Name a clip anew, or say when it is to go."""
    clip = _find_clip(request)
    clip.title = str(request.body.get("title", clip.title))
    clip.delete_at = moment_of(request.body, "delete_at") or clip.delete_at
    return Reply(_clip(request, clip))


async def delete_clip(request: Request) -> Reply:
    """Delete a clip."""
    del request.world.storage.clips[_find_clip(request).id]
    return Reply(status=204)


async def _share_clip(request: Request) -> Reply:
    clip = _find_clip(request)
    expire = moment_of(request.body, "expire")
    request.world.record_command("share_clip", clip.camera, request.body)
    share = request.world.keys.share(("clipplay",), camera=clip.camera, expire=expire)
    return Reply(
        {
            "token": share.token,
            "created": stamp(request.world.now()),
            "expire": stamp(expire) if expire is not None else None,
        },
        201,
    )


_CLIP: Final = f"{_STORAGE}/clips/{{clip}}"
_EVENT: Final = f"{_STORAGE}/events/{{event}}"

ROUTES: Final = (
    Route("GET", f"{_STORAGE}/data", list_records, _ONE),
    Route("GET", f"{_STORAGE}/timeline/{{id}}", _timeline_of, _ONE),
    Route("GET", f"{_STORAGE}/activity", days, _ONE),
    Route("GET", f"{_STORAGE}/events", _list_events, _LISTS),
    Route("POST", f"{_STORAGE}/events", _add_event, _ONE, needs_all=True, command="create_event"),
    Route("GET", _EVENT, _get_event, _LISTS),
    Route("POST", f"{_EVENT}/meta", _tag_event, _LISTS, needs_all=True),
    Route("PUT", f"{_EVENT}/meta/{{tag}}", _tag_event, _LISTS, needs_all=True),
    Route("DELETE", f"{_EVENT}/meta/{{tag}}", _untag_event, _LISTS, needs_all=True),
    Route("GET", f"{_STORAGE}/thumbnails", list_images, _LISTS, needs_all=True),
    Route("GET", f"{_STORAGE}/clips", list_clips, _LISTS, needs_all=True),
    Route("POST", f"{_STORAGE}/clips", add_clip, _LISTS, needs_all=True, command="create_clip"),
    Route("GET", _CLIP, get_clip, _LISTS, needs_all=True, grants=CLIP_GRANTS),
    Route("PUT", _CLIP, change_clip, _LISTS, needs_all=True),
    Route("DELETE", _CLIP, delete_clip, _LISTS, needs_all=True),
    Route("POST", f"{_CLIP}/sharings", _share_clip, _LISTS, needs_all=True),
)
