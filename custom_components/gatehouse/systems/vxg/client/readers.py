"""Readers of the cloud's objects; what cannot be read is left out, never guessed."""

from datetime import datetime
from typing import Final

from .models import (
    Camera,
    CameraEvent,
    CameraStatus,
    Clip,
    ClipStatus,
    LiveUrls,
    Picture,
    PowerMode,
    Recording,
    RecordingMode,
    StoredImage,
)
from .parse import Json, JsonObject, as_boolean, as_integer, as_object, as_text, texts
from .times import read_time

#: Tags of a channel that only stores, and of a gateway (sections 4.1, 10.9).
_ARCHIVE: Final = "isstorage"
_ARCHIVE_NAME: Final = "#StorageFor"
_STATUSES: Final = {status.value: status for status in CameraStatus}
_MODES: Final = {mode.value: mode for mode in PowerMode}
_RECORDING_MODES: Final = {mode.value: mode for mode in RecordingMode}
_SCHEMES: Final = {"hls": ("http", "https"), "rtsp": ("rtsp", "rtsps"), "rtmp": ("rtmp", "rtmps")}


def _time(value: Json) -> datetime | None:
    return read_time(as_text(value))


def read_camera(fields: JsonObject) -> Camera | None:
    """Read a camera of v2, or a channel of v4 or v5; None for one that only stores."""
    number = as_integer(fields.get("id"))
    name = as_text(fields.get("name"))
    meta = as_object(fields.get("meta"))
    if number is None or _ARCHIVE in meta or (name or "").startswith(_ARCHIVE_NAME):
        return None
    mode = (as_text(fields.get("rec_mode")) or "").removeprefix("server_")
    recording = as_boolean(fields.get("rec_status"))
    if recording is None:
        recording = as_boolean(fields.get("recording"))
    access = texts(fields.get("access"))
    return Camera(
        id=number,
        name=name or f"Camera {number}",
        status=_STATUSES.get(as_text(fields.get("status")) or ""),
        mode=_MODES.get(as_text(fields.get("mode")) or ""),
        recording_mode=_RECORDING_MODES.get(mode),
        is_recording=recording,
        is_full=not access or "all" in access,
        manager_id=as_integer(fields.get("cmngrid")),
        time_zone=as_text(fields.get("timezone")),
        created=_time(fields.get("created")),
        brand=as_text(fields.get("brand")),
        model=as_text(fields.get("model")),
        firmware=as_text(fields.get("fw_version")),
        serial=as_text(fields.get("serial_number")),
        led=as_boolean(fields.get("led")),
        card_recording=as_boolean(fields.get("memorycard_recording")),
        is_gateway="gateway" in meta or "isgateway" in meta,
        gateway=_gateway(meta),
        area=as_text(meta.get("location")) or as_text(meta.get("group")),
    )


def _gateway(meta: JsonObject) -> str | None:
    """Return the id of the gateway that a camera is, or is behind.

    Both carry it in a tag turned round: the id is the tag, and "gateway_id" the value (10.9).
    """
    named = as_text(meta.get("gateway_id"))
    return named or next((tag for tag, value in meta.items() if value == "gateway_id"), None)


def read_picture(value: Json) -> Picture | None:
    """Read a picture; None for one without a URL."""
    fields = as_object(value)
    url = as_text(fields.get("url"))
    return Picture(url, _time(fields.get("time"))) if url else None


def read_live(fields: JsonObject) -> LiveUrls:
    """Read live URLs; one of a scheme that its name does not mean is left out."""

    def url(name: str) -> str | None:
        text = as_text(fields.get(name))
        is_right = text is not None and text.partition("://")[0].lower() in _SCHEMES[name]
        return text if is_right else None

    return LiveUrls(
        hls=url("hls"),
        rtsp=url("rtsp"),
        rtmp=url("rtmp"),
        expire=_time(fields.get("expire")),
        expire_hls=_time(fields.get("expire_hls")),
    )


def read_event(fields: JsonObject) -> CameraEvent | None:
    """Read an event (section 4.6)."""
    number, camera = as_text(fields.get("id")), as_integer(fields.get("camid"))
    name, time = as_text(fields.get("name")), _time(fields.get("time"))
    if number is None or camera is None or name is None or time is None:
        return None
    meta = as_object(fields.get("meta"))
    return CameraEvent(
        id=number,
        camera_id=camera,
        name=name,
        time=time,
        meta={key: text for key, value in meta.items() if (text := as_text(value)) is not None},
        picture=read_picture(fields.get("thumb")),
    )


def read_recording(fields: JsonObject) -> Recording | None:
    """Read a recording; its id may be missing, so that its start is what names it."""
    camera, url = as_integer(fields.get("camid")), as_text(fields.get("url"))
    start, end = _time(fields.get("start")), _time(fields.get("end"))
    if camera is None or start is None or end is None or url is None:
        return None
    return Recording(camera, start, end, as_integer(fields.get("size")), url)


def read_clip(fields: JsonObject) -> Clip | None:
    """Read a clip; what is neither pending nor done has failed (section 10.2)."""
    number = as_text(fields.get("id"))
    start, end = _time(fields.get("start")), _time(fields.get("end"))
    if number is None or start is None or end is None:
        return None
    status = as_text(fields.get("status"))
    known = {ClipStatus.PENDING.value: ClipStatus.PENDING, ClipStatus.DONE.value: ClipStatus.DONE}
    return Clip(
        id=number,
        camera_id=as_integer(fields.get("camid")),
        title=as_text(fields.get("title")) or "",
        start=start,
        end=end,
        status=known.get(status or "", ClipStatus.ERROR),
        created=_time(fields.get("created")),
        url=as_text(fields.get("url")),
        picture=read_picture(fields.get("thumb")),
    )


def read_image(fields: JsonObject) -> StoredImage | None:
    """Read a stored image."""
    number, url = as_text(fields.get("id")), as_text(fields.get("url"))
    time = _time(fields.get("time"))
    if number is None or url is None or time is None:
        return None
    return StoredImage(number, time, as_text(fields.get("origin")), url)
