"""Media URLs: tickets and signatures that end (sections 2.4, 4.3, 4.4)."""

import base64
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import orjson

from .cameras import Camera
from .wire import Json, JsonObject, stamp
from .world import World

#: The names of a camera's streams on the media hosts, by the ids of its media streams.
STREAMS: Final[Mapping[str, str]] = {"Main": "primary", "Second": "secondary"}
_SIZES: Final = {"p": (640, 360), "t": (640, 360), "i": (1280, 720), "live": (1280, 720)}
_BYTES_PER_SECOND: Final = 60_000


class Tickets:
    """Writes media URLs, and tells later whether one is still good."""

    def __init__(self, world: World) -> None:
        self._world = world
        #: Origins, set once the servers have their ports.
        self.media_url = ""
        self.rtsp_url = ""
        self.socket_url = ""

    def live(self, camera: Camera, stream: str) -> JsonObject:
        """Return the URLs of a live stream (4.3)."""
        world, faults = self._world, self._world.faults
        now = world.now()
        name = f"u17m{camera.manager}c{camera.id}_{STREAMS.get(stream, 'primary')}"
        hls = self._ticket(name, now + faults.hls_life + faults.hls_grace)
        rtsp = self._ticket(name, now + faults.rtsp_life)
        socket = self._ticket(name, now + faults.webrtc_life)
        answer: JsonObject = {
            "expire": stamp(now + faults.rtsp_life, micro=True),
            "expire_hls": stamp(now + faults.hls_life, micro=True),
            "rtmp": f"rtmp://127.0.0.1:1935/live/{name}?ticket={rtsp}",
            "rtsp": f"{self.rtsp_url}/live/{name}?ticket={rtsp}",
            "hls": f"{self.media_url}/live/media-22/{hls}/hls/{name}/index.m3u8?ticket={hls}",
            "webrtc": {
                "version": "2.0.2",
                "connection_url": f"{self.socket_url}/{camera.id}/watch/?ticket={socket}",
                "ice_servers": [
                    {"urls": ["stun:stun.example.test:19302"]},
                    {
                        "urls": ["turn:turn.example.test:3478?transport=udp"],
                        "username": "u",
                        "credential": "turn-password",
                    },
                ],
                "scripts": {
                    "player": f"{self.media_url}/static/webrtc/CloudPlayer.webrtc2.js",
                    "helpers": f"{self.media_url}/static/webrtc/CloudHelpers.js",
                },
            },
        }
        if faults.old_signalling:
            answer["rtc"] = f"http://127.0.0.1:8080?source={answer['rtmp']}"
        return {key: url for key, url in answer.items() if key not in faults.missing_live_keys}

    def _ticket(self, name: str, until: float) -> str:
        head = base64.urlsafe_b64encode(orjson.dumps({"n": name})).decode().rstrip("=")
        body = f"media.{head}.{int(until)}"
        return f"{body}.{self._world.keys.sign(body)}"

    def stream_of(self, ticket: str) -> str | None:
        """Return the stream that a ticket is good for; None when it is not, or no more."""
        body, _, signature = ticket.rpartition(".")
        if signature != self._world.keys.sign(body):
            return None
        _, head, until = body.split(".")
        if float(until) <= self._world.now():
            return None
        fields: dict[str, str] = orjson.loads(base64.urlsafe_b64decode(head + "=="))
        return fields["n"]

    def camera_of(self, stream: str) -> Camera | None:
        """Return the camera whose stream has this name."""
        number = stream.partition("c")[2].partition("_")[0]
        return self._world.cameras.get(int(number)) if number.isdigit() else None

    # Files: as signed by the storage's own rules, so that not a parameter may be added (10.13).

    def file(self, kind: str, camera: int, moment: float, seconds: float = 0.0) -> str:
        """Return the URL of a file: a film of so many seconds, or a picture for none."""
        suffix = "mp4" if seconds else "jpg"
        path = f"/bucket/{kind}/{camera}_{moment:.3f}_{seconds:.3f}.{suffix}"
        until = self._world.now() + self._world.faults.file_life
        query = {"X-Amz-Date": stamp(self._world.now()), "X-Amz-Expires": str(int(until))}
        signature = self._world.keys.sign(f"{path}?{urlencode(query)}")
        return f"{self.media_url}{path}?{urlencode({**query, 'X-Amz-Signature': signature})}"

    def is_signed(self, path: str, query: Mapping[str, str]) -> bool:
        """Tell whether a URL is as it was signed, and still good."""
        # As a list: a parameter that is given twice was not signed so.
        others = [(key, value) for key, value in query.items() if key != "X-Amz-Signature"]
        signature = self._world.keys.sign(f"{path}?{urlencode(others)}")
        if query.get("X-Amz-Signature") != signature:
            return False
        return float(query["X-Amz-Expires"]) > self._world.now()

    def picture(self, kind: str, camera: int, moment: float) -> dict[str, Json]:
        """Return a picture as the API tells of it."""
        width, height = _SIZES[kind]
        return {
            "url": self.file(kind, camera, moment),
            "time": stamp(moment),
            "width": width,
            "height": height,
            "size": width * height // 8,
        }

    def expiry(self) -> str:
        """Return when files that are listed now can be fetched no more."""
        return stamp(self._world.now() + self._world.faults.file_life)


def film_size(seconds: float) -> int:
    """Return about how many bytes a film has."""
    return int(seconds * _BYTES_PER_SECOND)


def picture_size(kind: str) -> tuple[int, int]:
    """Return the width and height of a kind of picture."""
    return _SIZES[kind]
