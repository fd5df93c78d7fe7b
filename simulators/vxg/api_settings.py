"""v2: what can be set on a camera, and what it can be told to do (sections 3.2, 4.9)."""

import asyncio
from typing import Final

from .cameras import Camera, EventType
from .routing import Request, Route, act, kinds
from .wire import Json, JsonObject, RefusedError, Reply, page
from .world import World

_ONE: Final = kinds("LKey", "Acc")
_CAMERA: Final = "/api/v2/cameras/{id}"
#: Settings that are one document each, by the end of their path; whether they can be written.
_DOCUMENTS: Final = {
    "video": True,
    "audio": True,
    "media_streams": True,
    "schedule": True,
    "osd": True,
    "wifi": True,
    "motion_detection": False,
    "memory_card": False,
    "usage": False,
}
#: What a body may name without a meaning: the vendor's SDK sends the share it holds as well.
_IGNORED: Final = frozenset({"id", "token"})
#: What the vendor's player reads with a `watch` token, before it asks for live URLs.
_WATCHED: Final = frozenset({"media_streams"})
_FLAGS: Final = {"record": "can_record", "snapshot": "can_snapshot", "period": "is_periodic"}


def _document(camera: Camera, name: str) -> JsonObject:
    if name not in camera.settings:
        raise RefusedError(404, f"This camera has no {name}")
    return camera.settings[name]


async def reach(world: World, camera: Camera) -> None:
    """Hand a write on to the camera, as the server does.

    Raises:
        RefusedError: The camera is offline (10.17).
    """
    if not camera.is_online:
        await asyncio.sleep(world.faults.offline_hangs)
        raise RefusedError(503, "The camera is offline")


def _merge(request: Request, document: JsonObject) -> JsonObject:
    """Change a document in place; what is not named stays."""
    if "caps" in request.body and request.world.faults.refuse_caps:
        raise RefusedError(400, "caps cannot be written")
    if unknown := request.body.keys() - document.keys() - _IGNORED:
        raise RefusedError(400, f"unknown: {', '.join(sorted(unknown))}")
    ignored = _IGNORED | {"caps"}
    document |= {key: value for key, value in request.body.items() if key not in ignored}
    return document


async def _get(request: Request) -> Reply:
    return Reply(_document(request.camera, request.path.rstrip("/").rpartition("/")[2]))


async def _put(request: Request) -> Reply:
    document = _document(request.camera, request.path.rstrip("/").rpartition("/")[2])
    await reach(request.world, request.camera)
    return Reply(_merge(request, document))


async def _encoders(request: Request) -> Reply:
    encoders: list[Json] = list(request.camera.encoders.values())
    if not encoders:
        raise RefusedError(404, "This camera has no streams")
    return Reply(page(encoders, request.path, request.query))


def _encoder(request: Request) -> JsonObject:
    encoder = request.camera.encoders.get(request.variables["stream"])
    if encoder is None:
        raise RefusedError(404, "No such stream")
    return encoder


async def _get_encoder(request: Request) -> Reply:
    return Reply(_encoder(request))


async def _put_encoder(request: Request) -> Reply:
    encoder = _encoder(request)
    await reach(request.world, request.camera)
    return Reply(_merge(request, encoder))


# PTZ


async def _move(request: Request) -> Reply:
    action = request.body.get("action")
    actions = _document(request.camera, "ptz")["actions"]
    if not isinstance(actions, list) or action not in actions:
        raise RefusedError(400, "no such action")
    await reach(request.world, request.camera)
    return await act(request)


async def _get_ptz(request: Request) -> Reply:
    return Reply(_document(request.camera, "ptz"))


async def _presets(request: Request) -> Reply:
    _document(request.camera, "ptz")
    presets: list[Json] = [
        {"id": key, "name": name} for key, name in request.camera.presets.items()
    ]
    return Reply(page(presets, request.path, request.query))


async def _add_preset(request: Request) -> Reply:
    camera = request.camera
    most = _document(camera, "ptz")["maximum_number_of_presets"]
    if len(camera.presets) >= int(str(most)):
        raise RefusedError(400, "too many presets")
    await reach(request.world, camera)
    key = str(max((int(each) for each in camera.presets), default=0) + 1)
    camera.presets[key] = str(request.body.get("name", ""))
    return Reply({"id": key, "name": camera.presets[key]}, 201)


async def _go_to_preset(request: Request) -> Reply:
    if str(request.body.get("id")) not in request.camera.presets:
        raise RefusedError(404, "No such preset")
    await reach(request.world, request.camera)
    return await act(request)


async def _delete_preset(request: Request) -> Reply:
    if request.camera.presets.pop(request.variables["preset"], None) is None:
        raise RefusedError(404, "No such preset")
    return Reply(status=204)


# Motion, and the kinds of events


async def _regions(request: Request) -> Reply:
    _document(request.camera, "motion_detection")
    return Reply(page(list(request.camera.regions), request.path, request.query))


async def _put_regions(request: Request) -> Reply:
    _document(request.camera, "motion_detection")
    regions = request.body.get("objects")
    if not isinstance(regions, list) or not all(isinstance(each, dict) for each in regions):
        raise RefusedError(400, "objects is missing")
    await reach(request.world, request.camera)
    objects = [each for each in regions if isinstance(each, dict)]
    request.camera.regions = [
        {"id": number, "name": "", **each} for number, each in enumerate(objects, 1)
    ]
    return Reply(page(list(request.camera.regions), request.path, request.query))


async def _event_types(request: Request) -> Reply:
    types: list[Json] = [each.document() for each in request.camera.event_types]
    return Reply(page(types, request.path, request.query))


async def _add_event_type(request: Request) -> Reply:
    name = str(request.body.get("name", ""))
    if not name or any(each.name == name for each in request.camera.event_types):
        raise RefusedError(400, "There is one of this name")
    names = ("can_be_triggered", "can_record", "can_snapshot", "is_periodic")
    caps = dict.fromkeys(names, False)
    flags = {"notify": bool(request.body.get("notify")), "receive": False}
    made = EventType(name, flags, {**caps, "can_be_triggered": True}, is_custom=True)
    request.camera.event_types.append(made)
    return Reply(made.document(), 201)


def _event_type(request: Request) -> EventType:
    for each in request.camera.event_types:
        if each.name == request.variables["name"]:
            return each
    raise RefusedError(404, "No such event")


async def _get_event_type(request: Request) -> Reply:
    return Reply(_event_type(request).document())


async def _put_event_type(request: Request) -> Reply:
    changed = _event_type(request)
    for name, value in request.body.items():
        cap = _FLAGS.get(name)
        if cap is not None and not changed.caps[cap]:
            raise RefusedError(400, f"{name} is not possible")
        if name == "period":
            changed.period = int(str(value))
        elif name in changed.flags:
            changed.flags[name] = bool(value)
    return Reply(changed.document())


async def _delete_event_type(request: Request) -> Reply:
    if not _event_type(request).is_custom:
        raise RefusedError(400, "It is the camera's own")
    request.camera.event_types.remove(_event_type(request))
    return Reply(status=204)


async def _trigger(request: Request) -> Reply:
    triggered = _event_type(request)
    if not triggered.caps["can_be_triggered"]:
        raise RefusedError(400, "It cannot be triggered")
    meta = request.body.get("meta")
    request.world.happen(
        request.camera.id, triggered.name, meta=meta if isinstance(meta, dict) else None
    )
    return await act(request)


# Firmware, the card


async def _firmwares(request: Request) -> Reply:
    firmwares: list[Json] = list(request.camera.firmwares)
    if not firmwares:
        raise RefusedError(404, "This camera has no firmwares")
    return Reply(page(firmwares, request.path, request.query))


async def _upgrade(request: Request) -> Reply:
    version = str(request.body.get("version", ""))
    if all(each["version"] != version for each in request.camera.firmwares):
        raise RefusedError(400, "No such firmware")
    await reach(request.world, request.camera)
    request.camera.firmware = version
    return await act(request)


async def _format_card(request: Request) -> Reply:
    _document(request.camera, "memory_card")["status"] = "formatting"
    return await act(request)


ROUTES: Final = (
    *(
        Route("GET", f"{_CAMERA}/{name}", _get, _ONE, needs_all=name not in _WATCHED)
        for name in _DOCUMENTS
    ),
    *(
        Route("PUT", f"{_CAMERA}/{name}", _put, _ONE, needs_all=True, command=f"set_{name}")
        for name, is_writable in _DOCUMENTS.items()
        if is_writable
    ),
    Route("GET", f"{_CAMERA}/video/streams", _encoders, _ONE, needs_all=True),
    Route("GET", f"{_CAMERA}/video/streams/{{stream}}", _get_encoder, _ONE),
    Route(
        "PUT",
        f"{_CAMERA}/video/streams/{{stream}}",
        _put_encoder,
        _ONE,
        needs_all=True,
        command="set_encoder",
    ),
    Route("GET", f"{_CAMERA}/ptz", _get_ptz, _ONE, needs_all=True),
    Route("POST", f"{_CAMERA}/ptz/execute", _move, _ONE, needs_all=True, command="move"),
    Route("POST", f"{_CAMERA}/send_ptz", _move, _ONE, needs_all=True, command="move"),
    Route("GET", f"{_CAMERA}/ptz/presets", _presets, _ONE, needs_all=True),
    Route("POST", f"{_CAMERA}/ptz/presets", _add_preset, _ONE, needs_all=True, command="preset"),
    Route(
        "POST",
        f"{_CAMERA}/ptz/presets/goto",
        _go_to_preset,
        _ONE,
        needs_all=True,
        command="go_to_preset",
    ),
    Route(
        "DELETE",
        f"{_CAMERA}/ptz/presets/{{preset}}",
        _delete_preset,
        _ONE,
        needs_all=True,
        command="delete_preset",
    ),
    Route("GET", f"{_CAMERA}/motion_detection/regions", _regions, _ONE, needs_all=True),
    Route(
        "PUT",
        f"{_CAMERA}/motion_detection/regions",
        _put_regions,
        _ONE,
        needs_all=True,
        command="set_regions",
    ),
    Route("GET", f"{_CAMERA}/event_processing/events", _event_types, _ONE, needs_all=True),
    Route("POST", f"{_CAMERA}/event_processing/events", _add_event_type, _ONE, needs_all=True),
    Route("GET", f"{_CAMERA}/event_processing/events/{{name}}", _get_event_type, _ONE),
    Route(
        "PUT",
        f"{_CAMERA}/event_processing/events/{{name}}",
        _put_event_type,
        _ONE,
        needs_all=True,
        command="set_event_type",
    ),
    Route(
        "DELETE",
        f"{_CAMERA}/event_processing/events/{{name}}",
        _delete_event_type,
        _ONE,
        needs_all=True,
    ),
    Route(
        "POST",
        f"{_CAMERA}/event_processing/events/{{name}}/trigger",
        _trigger,
        _ONE,
        needs_all=True,
        command="trigger",
    ),
    Route("GET", f"{_CAMERA}/firmwares", _firmwares, _ONE, needs_all=True),
    Route(
        "POST", f"{_CAMERA}/firmwares/upgrade", _upgrade, _ONE, needs_all=True, command="upgrade"
    ),
    Route(
        "POST",
        f"{_CAMERA}/format_memory_card",
        _format_card,
        _ONE,
        needs_all=True,
        command="format_card",
    ),
)
