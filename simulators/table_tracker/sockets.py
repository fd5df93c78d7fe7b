"""The WebSocket: who is authenticated is subscribed, and nothing is asked for (section 5)."""

import asyncio
from dataclasses import dataclass, field
import socket
import struct
from typing import Final

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
import orjson

from .access import Access
from .codes import RefusedError
from .connections import Connection
from .faults import TableTrackerFaults
from .orders import Order
from .wire import Json, Wire
from .world import World

#: Seconds in which an unauthenticated socket has to send its token.
TOKEN_LIMIT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Frame:
    """What is to be sent, and how many seconds it is kept back."""

    data: bytes
    kind: WSMsgType = WSMsgType.TEXT
    delay: float = 0.0


@dataclass(slots=True)
class Socket:
    """One connection that has become a socket; frames leave it in order."""

    response: web.WebSocketResponse
    connection: Connection
    frames: asyncio.Queue[Frame] = field(default_factory=asyncio.Queue)
    is_leaving: bool = False

    async def write(self, faults: TableTrackerFaults) -> None:
        """Send what there is to send, until cancelled."""
        while True:
            frame = await self.frames.get()
            await asyncio.sleep(frame.delay)
            await faults.thaw()
            try:
                await self.response.send_frame(frame.data, frame.kind)
            except ConnectionError:
                return

    async def say_goodbye(self, code: int = WSCloseCode.OK, reason: str = "") -> None:
        """Begin to close."""
        self.is_leaving = True
        data = struct.pack(">H", code) + reason.encode()
        await self.response.send_frame(data, WSMsgType.CLOSE)

    async def end(self, goodbye: WSMessage | None = None) -> None:
        """Close what the client began to close, in its own words; else leave that to it (10.13)."""
        if goodbye is not None and not self.is_leaving:
            await self.say_goodbye(goodbye.data or WSCloseCode.OK, goodbye.extra or "")
            if self.connection.transport is not None:
                self.connection.transport.close()
        await self.connection.lost.wait()

    def cut(self) -> None:
        """Break the connection without a word."""
        if self.connection.transport is not None:
            own: socket.socket = self.connection.transport.get_extra_info("socket")
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.transport.abort()


class Sockets:
    """All connections of a gateway."""

    def __init__(self, world: World, access: Access, wire: Wire) -> None:
        self.open: list[Socket] = []
        self._world = world
        self._access = access
        self._wire = wire
        world.listeners.append(self._on_change)

    def send_raw(self, text: str) -> None:
        """Send a text to everybody, whatever it is."""
        self._send(Frame(text.encode()))

    def send_pong(self) -> None:
        """Send everybody a pong that nobody asked for: the library's heartbeat (10.14)."""
        self._send(Frame(b"beep", WSMsgType.PONG))

    def cut(self) -> None:
        """Break every connection without a word."""
        for each in tuple(self.open):
            each.cut()

    async def close(self) -> None:
        """Take leave of everybody, as a service that is shut down."""
        for each in tuple(self.open):
            await each.say_goodbye(WSCloseCode.GOING_AWAY, "Server is shutting down")

    async def answer(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        """Live through one connection."""
        is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        if not is_upgrade or request.headers.get("Sec-WebSocket-Version") != "13":
            return self._wire.page(500)
        refusal = self._refusal(request)
        faults = self._world.faults
        if refusal and faults.refuse_handshake == "http":
            response = self._wire.reply(refusal.status, refusal.body())
            # So it says, and leaves the connection open (section 10.12).
            response.headers["Connection"] = "close"
            return response
        # Pings and goodbyes are answered here, or not; no extension and no subprotocol is offered.
        opened = web.WebSocketResponse(autoping=False, autoclose=False, compress=False)
        opened.headers.update(self._wire.headers())
        if "Authorization" in request.headers:
            # The list can come in the same segment as the 101 (section 10.9).
            connection.join_writes()
        await opened.prepare(request)
        own = Socket(opened, connection)
        if refusal:
            await self._refuse(own, refusal, is_told=faults.refuse_handshake == "frame")
        elif "Authorization" in request.headers or await self._authenticate(own, request):
            await self._serve(own)
        return opened

    def _refusal(self, request: web.BaseRequest) -> RefusedError | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        try:
            self._access.check(header, request.remote)
        except RefusedError as error:
            return error
        return None

    async def _authenticate(self, own: Socket, request: web.BaseRequest) -> bool:
        """Wait for the token in the first frame."""
        try:
            message = await self._first_frame(own)
        except TimeoutError:
            await self._refuse(own, RefusedError(-32))
            return False
        if message.type is WSMsgType.CLOSE:
            await own.end(message)
        if message.type is not WSMsgType.TEXT:
            return False
        try:
            frame: object = orjson.loads(message.data)
            token = frame.get("accesstoken") if isinstance(frame, dict) else None
            self._access.use(str(token), request.remote)
        except orjson.JSONDecodeError:
            await self._refuse(own, RefusedError(-31))
        except RefusedError as error:
            await self._refuse(own, error)
        else:
            return True
        return False

    async def _first_frame(self, own: Socket) -> WSMessage:
        async with asyncio.timeout(None) as limit:
            timer = self._world.clock.call_later(TOKEN_LIMIT, lambda: limit.reschedule(0.0))
            try:
                while (message := await own.response.receive()).type is WSMsgType.PING:
                    await own.response.pong(message.data)
            finally:
                timer.cancel()
        return message

    async def _serve(self, own: Socket) -> None:
        self.open.append(own)
        if self._world.faults.event_before_list:
            self._world.start_tracker(str(900 + len(self._world.orders)))
        own.frames.put_nowait(self._text({"type": "ACTIVE_ORDERS", **self._wire.orders()}))
        writing = asyncio.create_task(own.write(self._world.faults))
        try:
            await self._listen(own)
        finally:
            self.open.remove(own)
            writing.cancel()
            await asyncio.wait([writing])

    async def _listen(self, own: Socket) -> None:
        """Answer pings; whatever else a client says means nothing (section 5.3)."""
        faults = self._world.faults
        while True:
            message = await own.response.receive()
            match message.type:
                case WSMsgType.PING if not (faults.mute_pongs or faults.frozen):
                    await own.response.pong(message.data)
                case WSMsgType.CLOSE:
                    await own.end(message)
                case WSMsgType.CLOSING | WSMsgType.CLOSED | WSMsgType.ERROR:
                    return
                case WSMsgType.TEXT:
                    try:
                        orjson.loads(message.data)
                    except orjson.JSONDecodeError:
                        own.frames.put_nowait(self._error(RefusedError(-31)))

    def _on_change(self, kind: str, order: Order, seq: int) -> None:
        delay = self._world.faults.delay_frames
        self._send(self._text(self._wire.event(kind, order, seq), delay))

    def _send(self, frame: Frame) -> None:
        for each in self.open:
            each.frames.put_nowait(frame)

    async def _refuse(self, own: Socket, error: RefusedError, *, is_told: bool = True) -> None:
        if is_told:
            await own.response.send_frame(self._error(error).data, WSMsgType.TEXT)
        await own.say_goodbye()
        await own.end()

    def _text(self, frame: Json, delay: float = 0.0) -> Frame:
        return Frame(self._wire.dump(frame).encode(), delay=delay)

    def _error(self, error: RefusedError) -> Frame:
        return self._text({"status": error.status, **error.body()})
