"""The `/signalr` addresses: negotiate, connect, start, send, poll, reconnect, ping, abort."""

import asyncio
import contextlib
from typing import Final
import uuid

from aiohttp import WSMsgType, web

from .faults import Net2Faults
from .routing import RefusedError
from .sign_in import Authority
from .signalr_bus import Action, Bus, Command, Subscription
from .signalr_connections import CONNECTION_TIMEOUT, Connections
from .signalr_hub import Call, Hub, NeverAnsweredError, known_hubs
from .signalr_tokens import Keys
from .signalr_transports import TRANSPORTS, Transport, WebSocket
from .wire import BadRequestError, Json, dump
from .world import World

_LOWEST, _HIGHEST = (1, 2), (2, 0)
_TRANSPORT_CONNECT_TIMEOUT: Final = 5.0
_OTHER_USER: Final = (
    "Unrecognized user identity.  "
    "The user identity cannot change during an active SignalR connection."
)


class SignalR:
    """One life of the server's live stream; a restart makes a new one."""

    def __init__(self, world: World, authority: Authority, faults: Net2Faults, keys: Keys) -> None:
        self.hub = Hub(Bus(), world, faults)
        self.connections = Connections(
            world.clock, faults, lambda request: self._operator(request) is not None
        )
        self._world = world
        self._authority = authority
        self._faults = faults
        self._keys = keys
        world.chronicle.listeners.append(self.hub)

    def close(self) -> None:
        """End every connection, and hear of nothing any more."""
        self._world.chronicle.listeners.remove(self.hub)
        self.connections.end_all(shutdown=True)
        self.connections.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request below `/signalr`."""
        try:
            return await self._answer(request)
        except RefusedError as error:
            return web.Response(status=error.status, text=str(error))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        operator = self._operator(request)
        if operator is None:
            raise RefusedError(401, "")
        query = request.query
        if not known_hubs(query.get("connectionData", "")):
            raise RefusedError(500, "Hub could not be resolved.")
        verb = request.path.lower().rpartition("/")[2]
        if verb == "negotiate":
            return self._negotiate(request, operator)
        if verb == "ping":
            return _json('{ "Response": "pong" }')
        transport = TRANSPORTS.get(query.get("transport", ""))
        if transport is None:
            raise RefusedError(400, "Protocol error: Unknown transport.")
        connection_id = self._connection_id(query.get("connectionToken", ""), operator)
        match verb:
            case "start":
                return _json('{ "Response": "started" }')
            case "abort":
                self.hub.bus.publish(f"connection {connection_id}", Command(Action.ABORT))
                self.connections.remove(connection_id)
                return web.Response(content_type="text/plain")
            case "send":
                return await self._send(request, connection_id)
            case _:
                return await self._carry(request, verb, connection_id, transport)

    def _connection_id(self, token: str, operator: str) -> str:
        if not token:
            raise RefusedError(400, "Protocol error: Missing connection token.")
        match self._keys.open(token):
            case [connection_id, owner] if owner == operator:
                return connection_id
            case [_, _]:
                raise RefusedError(403, _OTHER_USER)
            case _:
                raise RefusedError(400, "The ConnectionId is in the incorrect format.")

    def _operator(self, request: web.Request) -> str | None:
        token = request.query.get("token", "")
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        if not token and scheme.lower() == "bearer":
            token = credentials.strip()
        operator = self._authority.operator_of(token)
        return None if operator is None else str(operator)

    def _negotiate(self, request: web.Request, operator: str) -> web.Response:
        # A Core client's negotiate is a POST; Net2 does not answer it 200 (section 5.6).
        if request.method != "GET":
            raise RefusedError(405, "")
        faults, timeout = self._faults, self._faults.disconnect_timeout
        connection_id = str(uuid.uuid4())
        answer: dict[str, Json] = {
            "Url": "/signalr",
            "ConnectionToken": self._keys.seal(connection_id, operator),
            "ConnectionId": connection_id,
            "KeepAliveTimeout": None if faults.keep_alive_disabled else timeout / 3 * 2,
            "DisconnectTimeout": timeout,
            "ConnectionTimeout": CONNECTION_TIMEOUT,
            "TryWebSockets": not faults.no_web_sockets,
            "ProtocolVersion": _protocol_version(request.query.get("clientProtocol", "")),
            "TransportConnectTimeout": _TRANSPORT_CONNECT_TIMEOUT,
            "LongPollDelay": 0.0,
        }
        return _json(dump(answer).decode())

    async def _send(self, request: web.Request, connection_id: str) -> web.Response:
        form = await request.post()
        try:
            call = Call.parse(str(form.get("data", "")).encode())
            result = self.hub.invoke(connection_id, call)
        except BadRequestError:
            return web.Response(status=500)
        except NeverAnsweredError:
            await asyncio.sleep(CONNECTION_TIMEOUT)
            return web.Response()
        return _json(result.decode())

    async def _carry(
        self, request: web.Request, verb: str, connection_id: str, kind: type[Transport]
    ) -> web.StreamResponse:
        form = await request.post() if request.method == "POST" else {}
        given = {**{key: str(value) for key, value in form.items()}, **request.query}
        if kind is WebSocket and (
            self._faults.no_web_sockets or request.headers.get("Upgrade", "").lower() != "websocket"
        ):
            raise RefusedError(400, "Not a valid web socket request.")
        groups = self._keys.open(given.get("groupsToken", "")) or [""]
        subscription = Subscription(
            self.hub.bus,
            connection_id,
            groups[1:] if groups[0] == connection_id else (),
            given.get("messageId", ""),
        )
        transport = kind(request, connection_id, subscription, self._keys, self._faults)
        self.connections.add(transport)
        self.hub.subscriptions.add(subscription)
        if verb == "connect":
            self.hub.bus.publish(f"connection {connection_id}", Command(Action.INITIALIZE))
        try:
            await transport.response.prepare(request)
            # A client that went away is no error.
            with contextlib.suppress(ConnectionError):
                await (
                    self._converse(transport)
                    if isinstance(transport, WebSocket)
                    else transport.run()
                )
        finally:
            transport.alive = False
            self.hub.subscriptions.discard(subscription)
            subscription.close()
        return transport.response

    async def _converse(self, transport: WebSocket) -> None:
        """Send messages, and meanwhile carry out the calls that come in."""
        sender = asyncio.get_running_loop().create_task(transport.run())
        try:
            async for message in transport.socket:
                if message.type is WSMsgType.TEXT:
                    # What cannot be read is logged by the real server, and not answered.
                    with contextlib.suppress(BadRequestError, NeverAnsweredError):
                        call = Call.parse(message.data.encode())
                        result = self.hub.invoke(transport.connection_id, call)
                        if not self._faults.silent:
                            await transport.send(result)
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await sender


def _protocol_version(asked: str) -> str:
    """Return the version to talk: the asked one, within bounds; nonsense is answered 1.2."""
    try:
        version = tuple(int(part) for part in asked.split("."))
    except ValueError:
        version = _LOWEST
    if not 2 <= len(version) <= 4:
        version = _LOWEST
    return ".".join(str(part) for part in min(max(version, _LOWEST), _HIGHEST))


def _json(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json", charset="UTF-8")
