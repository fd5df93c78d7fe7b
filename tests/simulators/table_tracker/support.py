"""Bare clients: they encode, send and decode, and have no opinion."""

import asyncio
from dataclasses import dataclass
import json
import os
import struct
from typing import Self

import aiohttp

from simulators.table_tracker import TableTrackerSimulator

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None

BASE = "/api/v2"

#: Kinds of frames.
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


@dataclass
class Answer:
    """An answer: its status, headers and text."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self):
        """The content, read as JSON."""
        return json.loads(self.text)

    @property
    def code(self) -> int:
        """The return code; the status is repeated beside it (section 0)."""
        assert self.json["status"] == self.status
        return self.json["returnCode"]


class Api:
    """Requests to a gateway, with a token once there is one."""

    def __init__(self, gateway: TableTrackerSimulator, session: aiohttp.ClientSession) -> None:
        self.gateway = gateway
        self.session = session
        self.token = ""
        self._lines: list[Line] = []

    async def close(self) -> None:
        """Close the sockets that are still open."""
        for line in self._lines:
            await line.socket.close()

    async def get(self, path: str, **query: str | int) -> Answer:
        """Read."""
        return await self.request("GET", BASE + path, params=query)

    async def post(self, path: str, body: Json = None) -> Answer:
        """Post JSON; an empty object if there is nothing to say."""
        return await self.request("POST", BASE + path, json={} if body is None else body)

    async def delete(self, path: str, **query: str) -> Answer:
        """Delete."""
        return await self.request("DELETE", BASE + path, params=query)

    async def request(self, method: str, path: str, **more) -> Answer:
        """Send any request."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        url = self.gateway.url + path
        async with self.session.request(method, url, headers=headers, **more) as response:
            return Answer(response.status, dict(response.headers), await response.text())

    async def listen(self, *, by_frame: bool = False) -> Line:
        """Open a socket; the token goes in the handshake, or in the first frame."""
        headers = {} if by_frame or not self.token else {"Authorization": f"Bearer {self.token}"}
        url = f"{self.gateway.url}{BASE}/websocket"
        line = Line(await self.session.ws_connect(url, headers=headers))
        self._lines.append(line)
        if by_frame:
            await line.socket.send_json({"accesstoken": self.token})
        return line


@dataclass
class Line:
    """A live socket."""

    socket: aiohttp.ClientWebSocketResponse

    async def frame(self) -> dict:
        """Wait for a frame."""
        async with asyncio.timeout(10):
            message = await self.socket.receive()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return json.loads(message.data)

    async def frames(self, count: int) -> list[dict]:
        """Wait for so many frames."""
        return [await self.frame() for _ in range(count)]

    async def is_quiet(self, seconds: float = 0.1) -> bool:
        """Return whether nothing comes for a moment."""
        try:
            async with asyncio.timeout(seconds):
                await self.socket.receive()
        except TimeoutError:
            return True
        return False

    async def end(self) -> aiohttp.WSMessage:
        """Wait for the end."""
        async with asyncio.timeout(10):
            return await self.socket.receive()


class Raw:
    """A TCP connection, for what the libraries of clients hide."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, gateway: TableTrackerSimulator) -> Self:
        """Connect."""
        return cls(*await asyncio.open_connection(gateway.host, gateway.port))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)

    def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> None:
        """Send a request with these headers and no others but `Host`."""
        lines = [f"{method} {path} HTTP/1.1", "Host: gateway", *headers, "", ""]
        self.send("\r\n".join(lines).encode() + body)

    def shake_hands(self, *headers: str, version: int = 13) -> None:
        """Ask for a socket."""
        upgrade = ("Upgrade: websocket", "Connection: Upgrade")
        key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        version_header = f"Sec-WebSocket-Version: {version}"
        self.ask("GET", f"{BASE}/websocket", *upgrade, key, version_header, *headers)

    async def answer(self, *, has_body: bool = True) -> Answer:
        """Read an answer by its `Content-Length`."""
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            length = int(headers.get("Content-Length", 0)) if has_body else 0
            body = await self.reader.readexactly(length)
        return Answer(int(first.split()[1]), headers, body.decode())

    async def read(self) -> bytes:
        """Read what comes next; nothing is the end."""
        async with asyncio.timeout(10):
            return await self.reader.read(65536)

    async def stays_open(self, seconds: float = 0.1) -> bool:
        """Return whether nothing comes for a moment, nor the end."""
        try:
            async with asyncio.timeout(seconds):
                await self.reader.read(1)
        except TimeoutError:
            return True
        return False

    def send_frame(self, kind: int, data: bytes = b"", *, fin: bool = True) -> None:
        """Send a frame of less than 64 KiB, masked as clients must."""
        self.send(frame(kind, data, fin=fin))

    async def frame(self) -> tuple[int, bytes]:
        """Read a frame; the server does not mask."""
        async with asyncio.timeout(10):
            first, length = await self.reader.readexactly(2)
            if length == 126:
                [length] = struct.unpack(">H", await self.reader.readexactly(2))
            return first & 0x0F, await self.reader.readexactly(length)


def frame(kind: int, data: bytes = b"", *, fin: bool = True) -> bytes:
    """Write a masked frame."""
    size = len(data)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
    return bytes([(0x80 if fin else 0) | kind]) + length + mask + masked
