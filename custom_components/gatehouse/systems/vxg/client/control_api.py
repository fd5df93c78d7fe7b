"""What can be set on a camera, and what it can be told to do (sections 3.2, 4.9)."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from .access import V2, V3, V4, CloudAccess
from .credential import CredentialKind
from .errors import VxgNotFoundError, VxgRejectedError
from .models import (
    EventType,
    Firmwares,
    ImagePeriod,
    MediaStreams,
    MemoryCard,
    Plan,
    Preset,
    Ptz,
    Region,
    Usage,
    Values,
)
from .parse import Json, JsonObject, as_list, as_text, rows
from .rest import SLOW
from .setting_readers import (
    read_audio,
    read_card,
    read_encoder,
    read_event_type,
    read_firmwares,
    read_period,
    read_plan,
    read_preset,
    read_ptz,
    read_region,
    read_streams,
    read_usage,
    read_video,
)

_EVENTS: Final = "event_processing/events/"
_PERIOD: Final = f"{V4}/images/generation/live/"
#: Milliseconds of one move by a button: the vendor's own.
MOVE: Final = 1000
STOP: Final = "stop"


class ControlApi:
    """Reads settings, changes them, and moves cameras. Every change is sent once.

    Reading something that a camera lacks raises `VxgNotFoundError` (section 7.28).
    """

    _access: CloudAccess

    async def _get(self, camera_id: int, what: str) -> JsonObject:
        return await self._access.send(camera_id, "GET", _path(camera_id, what))

    async def _put(self, camera_id: int, what: str, body: JsonObject) -> None:
        path = _path(camera_id, what)
        await self._access.send(camera_id, "PUT", path, body=body, limit=SLOW)

    async def _post(self, camera_id: int, what: str, body: JsonObject) -> JsonObject:
        path = _path(camera_id, what)
        return await self._access.send(camera_id, "POST", path, body=body, limit=SLOW)

    async def _list(self, camera_id: int, what: str) -> list[Json]:
        return await self._access.get_all(camera_id, _path(camera_id, what))

    # PTZ

    async def get_ptz(self, camera_id: int) -> Ptz | None:
        """Return what a camera can do with its motors; None for nothing."""
        fields = await self._get(camera_id, "ptz/")
        try:
            presets = rows(await self._list(camera_id, "ptz/presets/"), read_preset)
        except VxgNotFoundError, VxgRejectedError:
            presets = ()
        return read_ptz(fields, presets)

    async def move(self, camera_id: int, action: str, milliseconds: int = MOVE) -> None:
        """Begin to move a camera, for so long; not every camera ends by itself (section 7.26)."""
        body: JsonObject = {"action": action, "timeout": milliseconds}
        await self._post(camera_id, "ptz/execute/", body)

    async def go_to_preset(self, camera_id: int, preset: str) -> None:
        """Move a camera to a preset."""
        await self._post(camera_id, "ptz/presets/goto/", {"id": preset})

    async def save_preset(self, camera_id: int, name: str) -> Preset | None:
        """Keep where a camera looks now as a preset."""
        return read_preset(await self._post(camera_id, "ptz/presets/", {"name": name}))

    async def delete_preset(self, camera_id: int, preset: str) -> None:
        """Forget a preset."""
        path = _path(camera_id, f"ptz/presets/{quote(preset, safe='')}/")
        await self._access.send(camera_id, "DELETE", path, limit=SLOW)

    # Picture, sound, streams

    async def get_video(self, camera_id: int) -> Values:
        """Return the picture's settings."""
        return read_video(await self._get(camera_id, "video/"))

    async def set_video(self, camera_id: int, name: str, value: str | float) -> None:
        """Change one of the picture's settings; the mains frequency is a number there."""
        is_number = isinstance(value, str) and value.isdigit()
        sent = int(value) if is_number or isinstance(value, float) else value
        await self._put(camera_id, "video/", {name: sent})

    async def get_audio(self, camera_id: int) -> Values:
        """Return the sound's settings."""
        return read_audio(await self._get(camera_id, "audio/"))

    async def set_audio(self, camera_id: int, name: str, value: float | bool) -> None:
        """Change one of the sound's settings."""
        sent = value if isinstance(value, bool) else int(value)
        await self._put(camera_id, "audio/", {name: sent})

    async def get_streams(self, camera_id: int) -> MediaStreams:
        """Return which pictures a camera sends."""
        return read_streams(await self._get(camera_id, "media_streams/"))

    async def set_live_stream(self, camera_id: int, stream: str) -> None:
        """Say which of a camera's pictures is the live one."""
        await self._put(camera_id, "media_streams/", {"live_ms_id": stream})

    async def get_encoder(self, camera_id: int, encoder: str) -> Values:
        """Return an encoder's settings."""
        return read_encoder(await self._get(camera_id, f"video/streams/{quote(encoder, safe='')}/"))

    async def set_encoder(self, camera_id: int, encoder: str, name: str, value: int) -> None:
        """Change one of an encoder's settings; what is not named stays."""
        await self._put(camera_id, f"video/streams/{quote(encoder, safe='')}/", {name: value})

    # Motion and events

    async def get_regions(self, camera_id: int) -> tuple[Region, ...]:
        """Return where motion counts."""
        return rows(await self._list(camera_id, "motion_detection/regions/"), read_region)

    async def change_region(self, camera_id: int, region: str, changes: JsonObject) -> None:
        """Change one region."""
        await self._change_regions(camera_id, region, changes)

    async def set_motion(self, camera_id: int, *, on: bool) -> None:
        """Let motion count in all regions, or in none."""
        await self._change_regions(camera_id, None, {"enabled": on})

    async def _change_regions(
        self, camera_id: int, wanted: str | None, changes: JsonObject
    ) -> None:
        """Send all regions, as what is not sent is gone: as they came, each map too (7.11)."""
        regions = await self._list(camera_id, "motion_detection/regions/")
        objects: list[Json] = [
            {**region, **changes}
            if isinstance(region, dict) and wanted in {None, as_text(region.get("id"))}
            else region
            for region in regions
        ]
        await self._put(camera_id, "motion_detection/regions/", {"objects": objects})

    async def get_event_types(self, camera_id: int) -> tuple[EventType, ...]:
        """Return the kinds of events that a camera can report."""
        return rows(await self._list(camera_id, _EVENTS), read_event_type)

    async def set_event_type(self, camera_id: int, name: str, changes: JsonObject) -> None:
        """Change what is done about a kind of event."""
        await self._put(camera_id, f"{_EVENTS}{quote(name, safe='')}/", changes)

    async def create_event_type(self, camera_id: int, name: str) -> None:
        """Add a kind of event of one's own."""
        await self._post(camera_id, _EVENTS, {"name": name, "notify": False})

    async def trigger_event(self, camera_id: int, name: str, meta: Mapping[str, str]) -> None:
        """Have an event happen."""
        body: JsonObject = {"meta": dict(meta)} if meta else {}
        await self._post(camera_id, f"{_EVENTS}{quote(name, safe='')}/trigger/", body)

    async def set_schedule(self, camera_id: int, week: JsonObject) -> None:
        """Say when a camera records; what is not named stays."""
        await self._put(camera_id, "schedule/", week)

    async def get_schedule(self, camera_id: int) -> JsonObject:
        """Return when a camera records, as the cloud writes it."""
        fields = await self._get(camera_id, "schedule/")
        return {day: as_list(hours) for day, hours in fields.items() if isinstance(hours, list)}

    # The rest

    async def get_card(self, camera_id: int) -> MemoryCard | None:
        """Return a camera's memory card; None for none."""
        return read_card(await self._get(camera_id, "memory_card/"))

    async def get_plan(self, camera_id: int) -> Plan:
        """Return what a camera's plan allows."""
        return read_plan(await self._get(camera_id, "limits/"))

    async def get_firmwares(self, camera_id: int) -> Firmwares | None:
        """Return the versions that a camera could have; None for none."""
        return read_firmwares(await self._list(camera_id, "firmwares/"))

    async def upgrade(self, camera_id: int, version: str) -> None:
        """Have a camera install another version."""
        await self._post(camera_id, "firmwares/upgrade/", {"version": version})

    async def get_image_period(self, camera_id: int) -> ImagePeriod:
        """Return how often the cloud makes a picture of the live stream."""
        return read_period(await self._access.send(camera_id, "GET", _PERIOD))

    async def set_image_period(self, camera_id: int, seconds: int | None) -> None:
        """Have the cloud make a picture every so many seconds; None for none (metered)."""
        # As the vendor's samples write it (section 10.16).
        body: JsonObject = {"image_generation_period": str(seconds) if seconds else None}
        await self._access.send(camera_id, "PUT", _PERIOD, body=body)

    async def get_usage(self) -> Usage | None:
        """Return what the account used; None for a credential that may not know."""
        if self._access.kind is not CredentialKind.LICENCE:
            return None
        return read_usage(await self._access.get(f"{V3}/statistics/"))


def _path(camera_id: int, what: str) -> str:
    return f"{V2}/cameras/{camera_id}/{what}"
