"""The WebSocket: who is authenticated is subscribed, and nothing is asked for (section 5)."""

import asyncio
from typing import Final

from aiohttp import WSCloseCode, WSMsgType, web
import orjson

from .access import Access
from .codes import RefusedError
from .faults import TableTrackerFaults
from .orders import Order
from .wire import Json, Wire
from .world import World

#: Seconds in which an unauthenticated socket has to send its token.
TOKEN_LIMIT: Final = 20.0


class Socket:
    """One authenticated connection; frames leave it in order."""

    def __init__(self, response: web.WebSocketResponse, request: web.Request) -> None:
        self._response = response
        self._transport = request.transport
        self._frames: asyncio.Queue[tuple[str, float]] = asyncio.Queue()

    def send(self, text: str, delay: float = 0.0) -> None:
        """Send a text after those before it."""
        self._frames.put_nowait((text, delay))

    def cut(self) -> None:
        """Break the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def close(self) -> None:
        """Take leave, as a service that is shut down."""
        await self._response.close(code=WSCloseCode.GOING_AWAY, message=b"Server is shutting down")

    async def write(self, faults: TableTrackerFaults) -> None:
        """Send what there is to send, until cancelled."""
        while True:
            text, delay = await self._frames.get()
            await asyncio.sleep(delay)
            await faults.thaw()
            try:
                await self._response.send_str(text)
            except ConnectionError:
                return


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
        for socket in self.open:
            socket.send(text)

    def cut(self) -> None:
        """Break every connection without a word."""
        for socket in tuple(self.open):
            socket.cut()

    async def close(self) -> None:
        """Take leave of everybody."""
        for socket in tuple(self.open):
            await socket.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Live through one connection."""
        is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        if not is_upgrade or request.headers.get("Sec-WebSocket-Version") != "13":
            return self._wire.page(500, "The server encountered an unexpected condition.")
        refusal = self._refusal(request)
        faults = self._world.faults
        if refusal and faults.refuse_handshake == "http":
            return self._wire.reply(
                refusal.status, {"returnCode": refusal.code, "message": refusal.message}
            )
        # Pings are answered here, or not; no extension and no subprotocol is offered (10.10).
        response = web.WebSocketResponse(autoping=False, compress=False)
        await response.prepare(request)
        if refusal:
            if faults.refuse_handshake == "frame":
                await self._send(response, self._error(refusal))
            await response.close()
            return response
        if "Authorization" in request.headers or await self._authenticate(request, response):
            await self._serve(request, response)
        return response

    def _refusal(self, request: web.Request) -> RefusedError | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        try:
            self._access.check(header, request.remote)
        except RefusedError as error:
            return error
        return None

    async def _authenticate(self, request: web.Request, response: web.WebSocketResponse) -> bool:
        """Wait for the token in the first frame."""
        try:
            async with asyncio.timeout(TOKEN_LIMIT):
                message = await response.receive()
        except TimeoutError:
            await self._refuse(response, RefusedError(-32))
            return False
        if message.type is not WSMsgType.TEXT:
            await response.close()
            return False
        try:
            frame: object = orjson.loads(message.data)
            token = frame.get("accesstoken") if isinstance(frame, dict) else None
            self._access.use(str(token), request.remote)
        except orjson.JSONDecodeError:
            await self._refuse(response, RefusedError(-31))
        except RefusedError as error:
            await self._refuse(response, error)
        else:
            return True
        return False

    async def _serve(self, request: web.Request, response: web.WebSocketResponse) -> None:
        socket = Socket(response, request)
        self.open.append(socket)
        if self._world.faults.event_before_list:
            self._world.start_tracker(str(900 + len(self._world.orders)))
        socket.send(self._text({"type": "ACTIVE_ORDERS", **self._wire.orders()}))
        writing = asyncio.create_task(socket.write(self._world.faults))
        try:
            await self._listen(response)
        finally:
            self.open.remove(socket)
            writing.cancel()
            await asyncio.wait([writing])

    async def _listen(self, response: web.WebSocketResponse) -> None:
        """Answer pings; whatever else a client says means nothing (section 5.3)."""
        faults = self._world.faults
        async for message in response:
            if message.type is WSMsgType.PING and not (faults.mute_pongs or faults.frozen):
                await response.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                try:
                    orjson.loads(message.data)
                except orjson.JSONDecodeError:
                    await self._send(response, self._error(RefusedError(-31)))

    def _on_change(self, kind: str, order: Order, seq: int) -> None:
        text = self._text(self._wire.event(kind, order, seq))
        for socket in self.open:
            socket.send(text, self._world.faults.delay_frames)

    async def _refuse(self, response: web.WebSocketResponse, error: RefusedError) -> None:
        await self._send(response, self._error(error))
        await response.close()

    async def _send(self, response: web.WebSocketResponse, frame: Json) -> None:
        await response.send_str(self._text(frame))

    def _text(self, frame: Json) -> str:
        return self._wire.dump(frame).decode()

    def _error(self, error: RefusedError) -> Json:
        return {"status": error.status, "returnCode": error.code, "message": error.message}
