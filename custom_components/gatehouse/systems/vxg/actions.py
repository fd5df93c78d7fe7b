"""The actions of VXG: moving cameras, films and pictures, events, schedules.

What costs storage, hands film to others or changes what is recorded is for administrators;
moving a camera and marking a moment is daily work.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import probatio

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ...actions import DEVICE_FIELD, Action, ActionHandler, Data, async_get_part
from ...const import DOMAIN
from .button import MOVES
from .client import Camera, Clip, VxgNotFoundError, VxgRejectedError
from .const import SYSTEM_ID
from .coordinator import VxgCoordinator
from .errors import ERRORS
from .snapshot import Kind

ATTR_CLIP: Final = "clip_id"
ATTR_DAYS: Final = "days"
ATTR_DIRECTION: Final = "direction"
ATTR_END: Final = "end"
ATTR_EXPIRES: Final = "expires"
ATTR_FILENAME: Final = "filename"
ATTR_META: Final = "meta"
ATTR_NAME: Final = "name"
ATTR_PERIOD: Final = "period"
ATTR_PRESET: Final = "preset"
ATTR_RECORD: Final = "record"
ATTR_SECONDS: Final = "seconds"
ATTR_START: Final = "start"
ATTR_STOP: Final = "stop"
ATTR_TIME: Final = "time"
ATTR_TITLE: Final = "title"

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RECORD: Final = ("on", "off", "by_event")
#: What the vendor's player offers (section 7.18).
_SHORTEST_CLIP: Final = timedelta(seconds=10)
_LONGEST_CLIP: Final = timedelta(hours=1)
#: Bytes that are written at once.
_CHUNK: Final = 256 * 1024
#: More than this is a mistake rather than a wish.
_LONGEST_LIST: Final = timedelta(days=31)
_SPAN: Final[Mapping[Any, object]] = {
    probatio.Required(ATTR_START): cv.datetime,
    probatio.Required(ATTR_END): cv.datetime,
}
_META: Final[Mapping[Any, object]] = {
    probatio.Optional(ATTR_META, default=dict): probatio.Schema({cv.string: cv.string})
}
_PRESET: Final[Mapping[Any, object]] = {probatio.Required(ATTR_PRESET): cv.string}

type CameraHandler = Callable[[VxgCoordinator, Camera, Data], Awaitable[ServiceResponse | None]]


def _span(data: Data, longest: timedelta) -> tuple[datetime, datetime]:
    """Return a span of time.

    Raises:
        ServiceValidationError: It ends before it begins, or is too long.
    """
    start, end = dt_util.as_utc(data[ATTR_START]), dt_util.as_utc(data[ATTR_END])
    if not start < end <= start + longest:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_span",
            translation_placeholders={"longest": str(longest)},
        )
    return start, end


# PTZ


async def _move_camera(coordinator: VxgCoordinator, camera: Camera, data: Data) -> None:
    action = MOVES[data[ATTR_DIRECTION]]
    await coordinator.async_move(camera.id, action, round(data[ATTR_SECONDS] * 1000))


async def _go_to_preset(coordinator: VxgCoordinator, camera: Camera, data: Data) -> None:
    preset = await _find_preset(coordinator, camera, data)
    await coordinator.client.go_to_preset(camera.id, preset)


async def _save_preset(coordinator: VxgCoordinator, camera: Camera, data: Data) -> ServiceResponse:
    preset = await coordinator.client.save_preset(camera.id, data[ATTR_NAME])
    await coordinator.async_read_again(camera.id, Kind.PTZ)
    return {"preset": preset.id if preset else None}


async def _delete_preset(coordinator: VxgCoordinator, camera: Camera, data: Data) -> None:
    preset = await _find_preset(coordinator, camera, data)
    await coordinator.client.delete_preset(camera.id, preset)
    await coordinator.async_read_again(camera.id, Kind.PTZ)


async def _find_preset(coordinator: VxgCoordinator, camera: Camera, data: Data) -> str:
    """Return the id of the preset that a call names, by its name or its id."""
    wanted = data[ATTR_PRESET]
    ptz = await coordinator.client.get_ptz(camera.id)
    for preset in ptz.presets if ptz else ():
        if wanted in {preset.name, preset.id}:
            return preset.id
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="preset_not_found")


# Films and pictures


async def _list_recordings(
    coordinator: VxgCoordinator, camera: Camera, data: Data
) -> ServiceResponse:
    start, end = _span(data, _LONGEST_LIST)
    recordings = await coordinator.client.get_recordings(camera.id, start, end)
    return {
        "recordings": [
            {"start": each.start.isoformat(), "end": each.end.isoformat(), "size": each.size}
            for each in recordings
        ]
    }


async def _create_clip(coordinator: VxgCoordinator, camera: Camera, data: Data) -> ServiceResponse:
    start, end = _span(data, _LONGEST_CLIP)
    if end - start < _SHORTEST_CLIP:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="clip_too_short")
    clip = await coordinator.client.create_clip(camera.id, data[ATTR_TITLE], start, end)
    return {"clip": _clip(clip)}


def _clip(clip: Clip) -> JsonObjectType:
    return {
        "clip_id": clip.id,
        "title": clip.title,
        "start": clip.start.isoformat(),
        "end": clip.end.isoformat(),
    }


async def _export_recording(
    coordinator: VxgCoordinator, camera: Camera, data: Data
) -> ServiceResponse:
    """Write film to a file: as a clip, which the cloud makes of its short recordings."""
    hass = coordinator.hass
    path = Path(data[ATTR_FILENAME])
    if path.suffix.lower() != ".mp4" or not hass.config.is_allowed_path(str(path)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"path": str(path)},
        )
    start, end = _span(data, _LONGEST_CLIP)
    clip = await coordinator.client.create_clip(camera.id, path.stem, start, end)
    if clip.url is None:
        raise VxgNotFoundError("The cloud did not say where the clip is")
    async with coordinator.client.open_film(clip.url) as film:
        if film.status >= 300:
            raise VxgNotFoundError(f"The clip is not there ({film.status})")
        size = await _write(hass, path, film.content.iter_chunked(_CHUNK))
    return {"filename": str(path), "size": size, **_clip(clip)}


async def _write(hass: HomeAssistant, path: Path, chunks: AsyncIterator[bytes]) -> int:
    """Write a file; nothing half-written stays, and nothing that was there before is lost."""
    part = path.with_name(f".{path.name}.part")
    size = 0
    try:
        file = await hass.async_add_executor_job(part.open, "wb")
        try:
            async for chunk in chunks:
                size += await hass.async_add_executor_job(file.write, chunk)
        finally:
            await hass.async_add_executor_job(file.close)
        await hass.async_add_executor_job(part.replace, path)
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_written",
            translation_placeholders={"path": str(path)},
        ) from err
    finally:
        await hass.async_add_executor_job(partial(part.unlink, missing_ok=True))
    return size


async def _generate_images(
    coordinator: VxgCoordinator, camera: Camera, data: Data
) -> ServiceResponse:
    start, end = _span(data, _LONGEST_CLIP)
    images = await coordinator.client.generate_images(camera.id, start, end, data[ATTR_PERIOD])
    return {"images": [{"image_id": each.id, "time": each.time.isoformat()} for each in images]}


async def _share_clip(coordinator: VxgCoordinator, camera: Camera, data: Data) -> ServiceResponse:
    expire = dt_util.as_utc(data[ATTR_EXPIRES])
    token, until = await coordinator.client.share_clip(camera.id, data[ATTR_CLIP], expire)
    url = coordinator.client.settings.address.base_url
    return {
        "url": f"{url}/api/v2/storage/clips/{data[ATTR_CLIP]}/?token={token}",
        "expires": until.isoformat(),
    }


async def _sync_sd_card(coordinator: VxgCoordinator, camera: Camera, data: Data) -> None:
    await coordinator.client.sync_card(camera.id, *_span(data, _LONGEST_LIST))


# Events and schedules


async def _create_event(coordinator: VxgCoordinator, camera: Camera, data: Data) -> ServiceResponse:
    """Mark a moment; a kind of event that the camera does not have yet is added to it."""
    client, name = coordinator.client, data[ATTR_NAME]
    time = dt_util.as_utc(data[ATTR_TIME]) if ATTR_TIME in data else client.now()
    try:
        event = await client.create_event(camera.id, name, time, data[ATTR_META])
    except VxgRejectedError:
        if any(each.name == name for each in await client.get_event_types(camera.id)):
            raise
        await client.create_event_type(camera.id, name)
        event = await client.create_event(camera.id, name, time, data[ATTR_META])
    return {"event_id": event.id}


async def _trigger_event(coordinator: VxgCoordinator, camera: Camera, data: Data) -> None:
    await coordinator.client.trigger_event(camera.id, data[ATTR_NAME], data[ATTR_META])


async def _set_schedule(coordinator: VxgCoordinator, camera: Camera, data: Data) -> None:
    start, stop = data[ATTR_START], data[ATTR_STOP]
    if start >= stop:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="invalid_hours")
    hours = {
        "start": f"{start:%H:%M}",
        "stop": f"{stop:%H:%M}",
        "record": data[ATTR_RECORD],
    }
    await coordinator.client.set_schedule(camera.id, {day: [hours] for day in data[ATTR_DAYS]})


def _for_camera(handler: CameraHandler) -> ActionHandler:
    """Return what handles an action that is about one camera."""

    async def handle(call: ServiceCall) -> ServiceResponse:
        entry, identifier = async_get_part(call, SYSTEM_ID)
        coordinator: VxgCoordinator = entry.runtime_data
        camera = coordinator.camera_of(identifier)
        if camera is None:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_camera")
        with ERRORS.translated():
            return await handler(coordinator, camera, call.data)

    return handle


def _action(
    name: str,
    handler: CameraHandler,
    fields: Mapping[Any, object],
    *,
    is_admin: bool = False,
    response: SupportsResponse = SupportsResponse.NONE,
) -> Action:
    return Action(
        name=name,
        fields={**DEVICE_FIELD, **fields},
        handler=_for_camera(handler),
        is_admin=is_admin,
        response=response,
    )


ACTIONS: Final = (
    _action(
        "move_camera",
        _move_camera,
        {
            probatio.Required(ATTR_DIRECTION): probatio.In(MOVES),
            probatio.Optional(ATTR_SECONDS, default=1.0): probatio.All(
                probatio.Coerce(float), probatio.Range(min=0.1, max=30)
            ),
        },
    ),
    _action("go_to_preset", _go_to_preset, _PRESET),
    _action(
        "save_preset",
        _save_preset,
        {probatio.Required(ATTR_NAME): cv.string},
        is_admin=True,
        response=SupportsResponse.OPTIONAL,
    ),
    _action("delete_preset", _delete_preset, _PRESET, is_admin=True),
    _action("list_recordings", _list_recordings, _SPAN, response=SupportsResponse.ONLY),
    _action(
        "create_clip",
        _create_clip,
        {**_SPAN, probatio.Required(ATTR_TITLE): cv.string},
        is_admin=True,
        response=SupportsResponse.OPTIONAL,
    ),
    _action(
        "export_recording",
        _export_recording,
        {**_SPAN, probatio.Required(ATTR_FILENAME): cv.path},
        is_admin=True,
        response=SupportsResponse.OPTIONAL,
    ),
    _action(
        "generate_images",
        _generate_images,
        {
            **_SPAN,
            probatio.Optional(ATTR_PERIOD, default=10): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=3600)
            ),
        },
        is_admin=True,
        response=SupportsResponse.OPTIONAL,
    ),
    _action(
        "share_clip",
        _share_clip,
        {probatio.Required(ATTR_CLIP): cv.string, probatio.Required(ATTR_EXPIRES): cv.datetime},
        is_admin=True,
        response=SupportsResponse.ONLY,
    ),
    _action("sync_sd_card", _sync_sd_card, _SPAN, is_admin=True),
    _action(
        "create_event",
        _create_event,
        {
            probatio.Required(ATTR_NAME): cv.slug,
            probatio.Optional(ATTR_TIME): cv.datetime,
            **_META,
        },
        response=SupportsResponse.OPTIONAL,
    ),
    _action("trigger_event", _trigger_event, {probatio.Required(ATTR_NAME): cv.string, **_META}),
    _action(
        "set_schedule",
        _set_schedule,
        {
            probatio.Required(ATTR_DAYS): probatio.All(cv.ensure_list, [probatio.In(_DAYS)]),
            probatio.Required(ATTR_START): cv.time,
            probatio.Required(ATTR_STOP): cv.time,
            probatio.Optional(ATTR_RECORD, default="on"): probatio.In(_RECORD),
        },
        is_admin=True,
    ),
)
