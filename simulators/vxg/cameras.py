"""One camera (or channel, or gateway): what it is and what can be set on it (sections 3.2, 4.9)."""

import base64
from dataclasses import dataclass, field
from typing import Final

from .picture import Scene
from .tokens import ALL, Share
from .wire import JsonObject, stamp

_MOVES: Final = ("left", "right", "top", "bottom", "zoom_in", "zoom_out", "stop")
_HOURS: Final = {"start": "08:00", "stop": "18:00", "record": "on"}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: What an account may use of a channel: gigabytes, hours, numbers of images (4.10).
_LIMITS: Final[JsonObject] = {
    "storage_size": 10,
    "download_size": 5,
    "live_size": 50,
    "records_max_age": 168,
    "meta_max_age": 168,
    "gen_images_size": 1,
    "gen_images_amount": 1000,
    "gen_liveimages_size": 1,
    "gen_liveimages_amount": 1000,
    "expire": None,
}
#: The cells of a motion map: columns and rows.
_CELLS: Final = (24, 15)


@dataclass(slots=True)
class EventType:
    """A kind of event that a camera can report (4.6)."""

    name: str
    flags: dict[str, bool]
    caps: dict[str, bool]
    is_custom: bool = False
    period: int | None = None

    def document(self) -> JsonObject:
        """Return what the API tells; flags appear only where the caps allow them."""
        return {
            "name": self.name,
            "caps": dict(self.caps),
            **({"custom": True} if self.is_custom else {}),
            **self.flags,
            **({"period": self.period} if self.period is not None else {}),
        }


def event_type(name: str, *, record: bool = False, snapshot: bool = False) -> EventType:
    """Return a kind of event that the camera itself reports."""
    flags = {"receive": True, "notify": True, "generate_images": False}
    if record:
        flags["record"] = True
    if snapshot:
        flags["snapshot"] = True
    caps = {
        "can_be_triggered": False,
        "can_record": record,
        "can_snapshot": snapshot,
        "is_periodic": name == "snapshot",
    }
    return EventType(name, flags, caps, period=0 if name == "snapshot" else None)


@dataclass(slots=True)
class Camera:
    """A camera; `settings` are its documents, by what follows its id in the path."""

    id: int
    manager: int
    owner: str
    name: str
    created: float
    seed: int
    status: str = "active"
    mode: str = "on"
    rec_mode: str = "on"
    time_zone: str = "Europe/Lisbon"
    brand: str = "Acme"
    model: str = "C100"
    firmware: str = "1.2.3"
    #: Set for a camera that is pulled by RTSP: it has no settings (10.15).
    url: str = ""
    login: str = "viewer"
    password: str = "camera-password"
    led: bool = True
    latitude: float | None = None
    longitude: float | None = None
    is_public: bool = False
    card_recording: bool = False
    meta: JsonObject = field(default_factory=dict)
    settings: dict[str, JsonObject] = field(default_factory=dict)
    encoders: dict[str, JsonObject] = field(default_factory=dict)
    event_types: list[EventType] = field(default_factory=list)
    regions: list[JsonObject] = field(default_factory=list)
    presets: dict[str, str] = field(default_factory=dict)
    firmwares: list[JsonObject] = field(default_factory=list)
    image_period: int | None = None
    limits: JsonObject = field(default_factory=lambda: dict(_LIMITS))
    #: When the picture that `preview` shows was taken; None for one that is always a bit old.
    preview_at: float | None = None
    #: Since when somebody watches, and so the server pulls the camera.
    pulled_since: float | None = None
    #: The shares of its two channel tokens.
    shares: dict[str, Share] = field(default_factory=dict)

    @property
    def serial(self) -> str:
        """Its serial number."""
        return f"SN{self.id:06d}"

    @property
    def is_gateway(self) -> bool:
        """Whether it is no camera but the box that carries some (10.9)."""
        return "gateway" in self.meta

    @property
    def is_online(self) -> bool:
        """Whether the cloud can reach it."""
        return self.status in {"active", "inactive", "inactive_by_scheduler"}

    @property
    def is_recording(self) -> bool:
        """Whether it is being written now."""
        return self.status == "active" and self.rec_mode == "on"

    @property
    def scene(self) -> Scene:
        """What it sees; the name is written into it."""
        return Scene(self.name, self.seed)

    def document(self, *, reads_back: str) -> JsonObject:
        """Return the object of v2 (4.1)."""
        return {
            "id": self.id,
            "cmngrid": self.manager,
            "name": self.name,
            "url": self.url,
            "login": self.login if self.url else "",
            "password": self.password if self.url else "",
            "status": self.status,
            "mode": self.mode,
            "rec_mode": reads_back,
            "rec_status": "on" if self.is_recording else "off",
            "timezone": self.time_zone,
            "brand": self.brand,
            "model": self.model,
            "fw_version": self.firmware,
            "serial_number": self.serial,
            "uuid": "",
            "group_name": "",
            "led": self.led,
            "public": self.is_public,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "created": stamp(self.created),
            "delete_at": None,
            "access": [ALL],
            "streaming": self.status == "active",
            "memorycard_recording": self.card_recording,
            "p2p_streaming": False,
            "ip": f"192.0.2.{self.id % 250}",
        }


def motion_map() -> str:
    """Return a map as the vendor's web interface writes it: PackBits of one character a cell."""
    columns, rows = _CELLS
    row = b"".join((bytes([1 - (columns - 2) & 0xFF]), b"1", bytes([0xFF]), b"0"))
    return base64.b64encode(row * rows).decode()


def _video() -> JsonObject:
    return {
        "vert_flip": "off",
        "horz_flip": "off",
        "tdn": "auto",
        "ir_light": "auto",
        "brightness": 50,
        "contrast": 50,
        "saturation": 50,
        "sharpness": 50,
        "wb_type": "auto",
        "pwr_frequency": 50,
        "caps": {
            "vert_flip": ["off", "on"],
            "horz_flip": ["off", "on"],
            "tdn": ["day", "night", "auto"],
            "ir_light": ["off", "on", "auto"],
            "wb_type": ["auto", "indoor", "outdoor"],
            "pwr_frequency": [50, 60],
            "brightness": True,
            "contrast": {"min": 0, "max": 100},
            "saturation": [0, 100],
            "sharpness": True,
        },
    }


def _documents(name: str) -> dict[str, JsonObject]:
    return {
        "video": _video(),
        "audio": {
            "mic_gain": 50,
            "mic_mute": False,
            "spkr_vol": 60,
            "spkr_mute": False,
            "echo_cancel": "auto",
            "caps": {
                "mic": True,
                "spkr": True,
                "backward": True,
                "backward_formats": ["RAW", "ALAW"],
                "audio_file_formats": [],
            },
        },
        "media_streams": {
            "live_ms_id": "Main",
            "rec_ms_id": "Main",
            "mstreams_supported": [
                {"id": "Main", "vs_id": "vs_1", "as_id": "as_1"},
                {"id": "Second", "vs_id": "vs_2", "as_id": "as_1"},
                {"id": "Stills", "vs_id": "JPEG_1", "as_id": ""},
            ],
        },
        "schedule": {day: [dict(_HOURS)] for day in _DAYS},
        "osd": {"system_id": True, "system_id_text": name, "date": True, "time": True},
        "motion_detection": {
            "caps": {
                "columns": _CELLS[0],
                "rows": _CELLS[1],
                "max_regions": 8,
                "region_shape": "any",
                "sensitivity": "region",
            }
        },
    }


def equip(camera: Camera, *, moves: bool, card: bool) -> None:
    """Give a camera everything that one with the vendor's software inside has."""
    camera.settings = _documents(camera.name)
    if moves:
        camera.settings["ptz"] = {"actions": list(_MOVES), "maximum_number_of_presets": 8}
        camera.presets = {"1": "Gate", "2": "Drive"}
    if card:
        camera.settings["memory_card"] = {"status": "normal", "size": 30436, "free": 1204}
    camera.encoders = {name: _encoder(name, size) for name, size in _STREAMS.items()}
    camera.regions = [
        {"id": 1, "name": "Drive", "enabled": True, "sensitivity": 50, "map": motion_map()}
    ]
    camera.firmwares = [
        {"version": camera.firmware, "created": stamp(camera.created)},
        {"version": "1.3.0", "created": stamp(camera.created + 86400)},
    ]
    camera.event_types = [
        event_type("motion", record=True, snapshot=True),
        event_type("sound", record=True, snapshot=True),
        event_type("net"),
        event_type("memorycard"),
        event_type("object_and_scene_detection", record=True, snapshot=True),
        event_type("line_crossing", record=True, snapshot=True),
        event_type("intrusion", record=True, snapshot=True),
        event_type("face_detection", record=True, snapshot=True),
        event_type("plate_recognition", record=True, snapshot=True),
        event_type("snapshot", snapshot=True),
    ]


_STREAMS: Final = {"vs_1": (1280, 720), "vs_2": (640, 360)}


def _encoder(name: str, size: tuple[int, int]) -> JsonObject:
    return {
        "id": name,
        "format": "H264",
        "resolution": list(size),
        "fps": 10,
        "gop": 20,
        "cbr_bitrate": 2048,
        "vbr": True,
        "vbr_bitrate": 3000,
        "vbr_quality": 0,
        "profile": "main",
        "caps": [
            {
                "resolutions": [list(each) for each in _STREAMS.values()],
                "fps": [5, 10, 15, 25],
                "gop": [1, 100],
                "cbr_bitrate": [64, 8192, 64],
                "vbr_supported": True,
                "vbr_bitrate": [64, 8192],
                "vbr_quality": [-4, 4],
            }
        ],
    }
