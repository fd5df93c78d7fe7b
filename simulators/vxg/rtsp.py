"""An RTSP server for live pictures: RTSP/1.0 with RTP in the same connection (RFC 2326, 6184)."""

import asyncio
import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
import contextlib
from dataclasses import dataclass, field
from http import HTTPStatus
import itertools
import secrets
import struct
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from .film import CLOCK, access_units
from .picture import Scene, Size

#: Bytes of a NAL unit that go into one packet.
_PAYLOAD: Final = 1400
_PAYLOAD_TYPE: Final = 96
_FRAGMENTS: Final = 28  # The type of an FU-A.
_PARAMETER_SETS: Final = (7, 8)
_TRACK: Final = "/trackID=0"
_METHODS: Final = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
#: What RTSP says otherwise than HTTP does, or alone.
_REASONS: Final = {
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
}

type Find = Callable[[str, Mapping[str, str]], Scene | int]


class RtspServer:
    """Shows scenes to whoever may see them.

    `find` returns what is at a path with a query, or the status that refuses it. It is asked when
    a session begins, and not again: what plays goes on when its ticket has run out.
    """

    def __init__(
        self,
        find: Find,
        size: Size,
        fps: int,
        now: Callable[[], float],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.find = find
        self.size = size
        self.fps = fps
        self.now = now
        self.host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._connections: dict[_Connection, asyncio.Task[None]] = {}

    @property
    def sessions(self) -> int:
        """How many sessions play."""
        return sum(connection.plays for connection in self._connections)

    async def start(self) -> None:
        """Serve."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop serving, and close all sessions at once."""
        if self._server is None:
            return
        self._server.close()
        self._server.abort_clients()
        await asyncio.gather(*self._connections.values(), return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    def cut(self) -> None:
        """Drop all sessions, without a word."""
        for connection in self._connections:
            if connection.plays:
                connection.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connection = _Connection(self, reader, writer)
        self._connections[connection] = task
        try:
            await connection.run()
        finally:
            del self._connections[connection]


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self._base).path.rstrip("/")

    @property
    def query(self) -> Mapping[str, str]:
        return dict(parse_qsl(urlsplit(self._base).query))

    @property
    def track_url(self) -> str:
        """The URL of the one track, with the query: it is asked for with the ticket as well."""
        parts = urlsplit(self._base)
        return parts._replace(path=parts.path.rstrip("/") + _TRACK).geturl()

    @property
    def _base(self) -> str:
        # Some clients append the track to the path, and some to whatever the URL ends with.
        return self.url.replace(_TRACK, "")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encode(self, sequence: str) -> bytes:
        reason = _REASONS.get(self.status) or HTTPStatus(self.status).phrase
        lines = [f"RTSP/1.0 {self.status} {reason}", f"CSeq: {sequence}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class _Connection:
    """A client, with the one session that it may have."""

    def __init__(
        self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._scene: Scene | None = None
        self._session = ""
        self._packets = Packets(0)
        self._playing: asyncio.Task[None] | None = None

    @property
    def plays(self) -> bool:
        return self._playing is not None and not self._playing.done()

    def abort(self) -> None:
        self._writer.transport.abort()

    async def run(self) -> None:
        """Answer until either side ends it."""
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, OSError, ValueError):
                while True:
                    request = await _read_request(self._reader)
                    answer = await self._answer(request)
                    self._writer.write(answer.encode(request.headers.get("cseq", "0")))
                    await self._writer.drain()
                    if request.method == "PLAY" and answer.status == 200 and not self.plays:
                        self._playing = asyncio.create_task(self._play())
                    if request.method == "TEARDOWN":
                        break
        finally:
            if self._playing is not None:
                self._playing.cancel()
                await asyncio.gather(self._playing, return_exceptions=True)
            self._writer.close()

    async def _answer(self, request: _Request) -> _Answer:
        match request.method:
            case "OPTIONS":
                return _Answer(headers={"Public": _METHODS})
            case "DESCRIBE":
                return await self._describe(request)
            case "SETUP":
                return self._set_up(request)
            case "PLAY" | "GET_PARAMETER" | "TEARDOWN":
                named = request.headers.get("session", "").partition(";")[0]
                if named != self._session or (not named and request.method != "GET_PARAMETER"):
                    return _Answer(454)
                return _Answer(headers={"Session": self._session} if named else {})
            case _:
                return _Answer(501, {"Public": _METHODS})

    async def _describe(self, request: _Request) -> _Answer:
        scene = self._server.find(request.path, request.query)
        if isinstance(scene, int):
            return _Answer(scene)
        frames = access_units(scene, self._server.now(), self._server.size, self._server.fps)
        _, units = await asyncio.to_thread(next, frames)
        body = _description(self._server.host, request.track_url, units)
        headers = {"Content-Type": "application/sdp", "Content-Base": request.url}
        return _Answer(200, headers, body)

    def _set_up(self, request: _Request) -> _Answer:
        scene = self._server.find(request.path, request.query)
        if isinstance(scene, int):
            return _Answer(scene)
        if self.plays:
            return _Answer(455)
        asked = request.headers.get("transport", "")
        for offer in asked.split(","):
            protocol, *parameters = offer.strip().split(";")
            if protocol.upper() != "RTP/AVP/TCP":
                continue
            named = dict(each.partition("=")[::2] for each in parameters)
            channels = named.get("interleaved", "0-1")
            self._scene = scene
            self._session = self._session or secrets.token_hex(8)
            self._packets = Packets(int(channels.partition("-")[0]))
            transport = f"{protocol};unicast;interleaved={channels};ssrc={self._packets.source:08X}"
            return _Answer(
                headers={"Transport": transport, "Session": f"{self._session};timeout=60"}
            )
        return _Answer(461)

    async def _play(self) -> None:
        assert self._scene is not None
        loop, server = asyncio.get_running_loop(), self._server
        start, started = server.now(), loop.time()
        frames = access_units(self._scene, start, server.size, server.fps)
        with contextlib.suppress(OSError):
            while True:
                moment, units = await asyncio.to_thread(next, frames)
                await asyncio.sleep(started + moment - start - loop.time())
                self._writer.write(b"".join(self._packets.of_frame(moment, units)))
                await self._writer.drain()


class Packets:
    """Makes the packets of one stream of RTP, framed for a channel of an RTSP connection."""

    def __init__(self, channel: int) -> None:
        self.source = secrets.randbits(32)
        self._channel = channel
        self._numbers = itertools.count(secrets.randbits(16))

    def of_frame(self, moment: float, units: Sequence[bytes]) -> Iterator[bytes]:
        """Yield the packets of a frame; the last one is marked."""
        time = round(moment * CLOCK) % 2**32
        payloads = [payload for unit in units for payload in _payloads(unit)]
        for place, payload in enumerate(payloads, 1):
            mark = 0x80 if place == len(payloads) else 0
            number = next(self._numbers) % 2**16
            head = struct.pack("!BBHII", 0x80, _PAYLOAD_TYPE | mark, number, time, self.source)
            length = len(head) + len(payload)
            yield struct.pack("!cBH", b"$", self._channel, length) + head + payload


def _payloads(unit: bytes) -> Iterator[bytes]:
    """Yield a NAL unit, in fragments if it is long."""
    if len(unit) <= _PAYLOAD:
        yield unit
        return
    indicator, kind = unit[0] & 0xE0 | _FRAGMENTS, unit[0] & 0x1F
    for start in range(1, len(unit), _PAYLOAD):
        first = 0x80 if start == 1 else 0
        last = 0x40 if start + _PAYLOAD >= len(unit) else 0
        yield bytes((indicator, first | last | kind)) + unit[start : start + _PAYLOAD]


def _description(host: str, track_url: str, units: Sequence[bytes]) -> bytes:
    sets = [unit for unit in units if unit[0] & 0x1F in _PARAMETER_SETS]
    encoded = ",".join(base64.b64encode(each).decode() for each in sets)
    lines = (
        "v=0",
        f"o=- 0 0 IN IP4 {host}",
        "s=Live",
        f"c=IN IP4 {host}",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        f"m=video 0 RTP/AVP {_PAYLOAD_TYPE}",
        f"a=rtpmap:{_PAYLOAD_TYPE} H264/{CLOCK}",
        f"a=fmtp:{_PAYLOAD_TYPE} packetization-mode=1;"
        f"profile-level-id={sets[0][1:4].hex().upper()};sprop-parameter-sets={encoded}",
        f"a=control:{track_url}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


async def _read_request(reader: asyncio.StreamReader) -> _Request:
    """Read a request; what the client reports about its reception is passed over.

    Raises:
        ValueError: It is none.
    """
    while (begin := await reader.readexactly(1)) == b"$":
        length = await reader.readexactly(3)
        await reader.readexactly(int.from_bytes(length[1:]))
    try:
        head = begin + await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise ValueError("too long") from error
    first, *lines = head.decode().rstrip("\r\n").split("\r\n")
    method, url, _version = first.split(" ")
    named = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in named}
    await reader.readexactly(int(headers.get("content-length", "0")))
    return _Request(method, url, headers)
