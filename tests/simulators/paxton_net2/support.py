"""A bare client: it encodes, sends and decodes, and has no opinion."""

import asyncio
from dataclasses import dataclass, field
import json
from urllib.parse import urlencode

import aiohttp

from simulators.paxton_net2 import Net2Simulator

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None

HUB = "eventhublocal"


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


class Api:
    """Requests to a simulator, with an access token once signed in."""

    def __init__(self, simulator: Net2Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.session = session
        self.token = ""
        self._lines: list[Line] = []

    async def close(self) -> None:
        """Close the sockets that are still open."""
        for line in self._lines:
            await line.socket.close()

    async def sign_in(self, **changes: str) -> Answer:
        """Ask for tokens by password, with changes to the form."""
        form = {
            "username": self.simulator.username,
            "password": self.simulator.password,
            "grant_type": "password",
            "client_id": self.simulator.client_id,
            "scope": "offline_access",
        }
        return await self.tokens(**{**form, **changes})

    async def refresh(self, refresh_token: str, **changes: str) -> Answer:
        """Ask for tokens by refresh token."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": self.simulator.client_id,
            "scope": "offline_access",
        }
        return await self.tokens(**{**form, **changes})

    async def tokens(self, **form: str) -> Answer:
        """Post a form to the token route, and remember the access token."""
        answer = await self.request("POST", "/api/v1/authorization/tokens", data=form)
        if answer.status == 200 and "access_token" in answer.text:
            self.token = answer.json["access_token"]
        return answer

    async def get(self, path: str, **query: str | int) -> Answer:
        """Read."""
        return await self.request("GET", f"/api/v1{path}", params=query)

    async def post(self, path: str, body: Json = None) -> Answer:
        """Post JSON."""
        return await self.request("POST", f"/api/v1{path}", json=body)

    async def put(self, path: str, body: Json) -> Answer:
        """Put JSON."""
        return await self.request("PUT", f"/api/v1{path}", json=body)

    async def delete(self, path: str, body: Json = None) -> Answer:
        """Delete."""
        return await self.request("DELETE", f"/api/v1{path}", json=body)

    async def request(self, method: str, path: str, **more) -> Answer:
        """Send any request."""
        headers = {"Authorization": f"bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        url = self.simulator.url + path
        async with self.session.request(method, url, headers=headers, **more) as response:
            return Answer(response.status, dict(response.headers), await response.text())

    # The live stream

    async def negotiate(self, **changes: str) -> Answer:
        """Negotiate a connection."""
        return await self.live("GET", "negotiate", "", **changes)

    async def live(self, method: str, verb: str, connection_token: str, **changes) -> Answer:
        """Send a request below /signalr."""
        data = changes.pop("data", None)
        return await self.request(
            method,
            f"/signalr/{verb}?{self.query(connection_token, **changes)}",
            data=data,
            headers={"Authorization": ""},
        )

    def query(self, connection_token: str, **changes: str) -> str:
        """Return the query that requests below /signalr carry."""
        query = {
            "clientProtocol": "1.5",
            "connectionData": json.dumps([{"name": HUB}]),
            "token": self.token,
            **({"connectionToken": connection_token} if connection_token else {}),
            **changes,
        }
        return urlencode({key: value for key, value in query.items() if value != "-"})

    async def connect(self, verb: str = "connect", token: str = "", **changes: str) -> Line:
        """Open a WebSocket, on a connection of its own unless a token is given."""
        token = token or (await self.negotiate()).json["ConnectionToken"]
        query = self.query(token, transport="webSockets", **changes)
        socket = await self.session.ws_connect(f"{self.simulator.url}/signalr/{verb}?{query}")
        line = Line(socket, token)
        self._lines.append(line)
        if verb == "connect":
            line.first = await line.frame()
        return line


@dataclass
class Line:
    """A WebSocket of the live stream, and all frames that came on it."""

    socket: aiohttp.ClientWebSocketResponse
    token: str
    first: dict = field(default_factory=dict)
    frames: list[dict] = field(default_factory=list)

    async def frame(self) -> dict:
        """Wait for a frame."""
        async with asyncio.timeout(30):
            message = await self.socket.receive()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        self.frames.append(json.loads(message.data))
        return self.frames[-1]

    async def call(self, method: str, *arguments: Json, number: Json = 1) -> dict:
        """Call a method of the hub, and wait for its result."""
        call = {"H": HUB, "M": method, "A": arguments, "I": number}
        await self.socket.send_json(call)
        while "I" not in (frame := await self.frame()):
            pass
        return frame

    async def subscribe(self, *door_ids: int) -> None:
        """Subscribe to live events, and to the doors."""
        await self.call("subscribeToLiveEvents")
        for door_id in door_ids:
            await self.call("subscribeToDoorEvents", str(door_id))
            await self.call("subscribeToDoorStatusEvents", str(door_id))

    async def told(self, stream: str, count: int = 1) -> list[dict]:
        """Wait for so many contents of a stream, and return all that came so far."""
        while len(told := contents(self.frames, stream)) < count:
            await self.frame()
        return told

    async def groups_token(self) -> str:
        """Wait for a groups token, and return the latest."""
        while not (tokens := [frame["G"] for frame in self.frames if "G" in frame]):
            await self.frame()
        return tokens[-1]

    async def close_code(self) -> int:
        """Wait for the end, and return the code that the server closed with."""
        async with asyncio.timeout(30):
            while (message := await self.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        closed = message.type is aiohttp.WSMsgType.CLOSE
        return message.data if closed else aiohttp.WSCloseCode.ABNORMAL_CLOSURE


def contents(frames: list[dict], stream: str) -> list[dict]:
    """Return what was told on a stream."""
    return [
        content
        for frame in frames
        for message in frame.get("M", ())
        if message["M"].lower() == stream.lower()
        for content in message["A"][0]
    ]
