"""Home Assistant as its own frontend sees it: sign-in, HTTP and WebSocket."""

import asyncio
from collections.abc import Mapping
import contextlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self, cast

import aiohttp

type Json = Mapping[str, object]
"""An object of Home Assistant's API; whoever reads it narrows its values."""


class ApiError(Exception):
    """A server refused a request."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An account."""

    name: str
    username: str
    password: str


#: It protects nothing: Home Assistant only listens on this machine.
OWNER = Owner("Facility manager", "demo", "gatehouse")


class HomeAssistantApi:
    """One signed-in user; use it as a context manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client_id = f"{url}/"
        self._session = aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(total=120))
        self._token = ""
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._last_id = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._session.close()

    async def wait_until_served(self) -> None:
        """Wait until Home Assistant answers at all."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.get("/auth/providers"):
                    return
            await asyncio.sleep(0.2)

    async def wait_until_running(self) -> None:
        """Wait until every integration had its turn."""
        while True:
            if (await self.get("/api/core/state"))["state"] == "RUNNING":
                return
            await asyncio.sleep(0.2)

    async def sign_in(self, owner: Owner) -> None:
        """Sign in as the owner, whom a new Home Assistant is told of first."""
        async with self._session.get("/api/onboarding") as answer:
            # Once all of onboarding is done, Home Assistant no longer serves it.
            new = answer.status == HTTPStatus.OK and any(
                step["step"] == "user" and not step["done"] for step in await answer.json()
            )
        code = await (self._onboard(owner) if new else self._log_in(owner))
        async with self._session.post(
            "/auth/token",
            data={"grant_type": "authorization_code", "code": code, "client_id": self._client_id},
        ) as answer:
            self._token = cast(str, (await read_answer(answer))["access_token"])

    async def get(self, path: str) -> Json:
        """Read `path`."""
        async with self._session.get(path, headers=self._headers) as answer:
            return await read_answer(answer)

    async def post(self, path: str, body: Json) -> Json:
        """Send `body` to `path`."""
        async with self._session.post(path, json=body, headers=self._headers) as answer:
            return await read_answer(answer)

    async def delete(self, path: str) -> None:
        """Remove what is at `path`."""
        async with self._session.delete(path, headers=self._headers) as answer:
            await read_answer(answer)

    async def command(self, command: str, **fields: object) -> object:
        """Run a command of the WebSocket interface and return its result."""
        if self._socket is None:
            self._socket = await self._session.ws_connect("/api/websocket", max_msg_size=0)
            await self._socket.send_json({"type": "auth", "access_token": self._token})
        self._last_id += 1
        await self._socket.send_json({"id": self._last_id, "type": command, **fields})
        while True:
            message = cast(Json, await self._socket.receive_json())
            if message.get("id") == self._last_id:
                break
        if not message["success"]:
            raise ApiError(f"{command}: {message['error']}")
        return message["result"]

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _onboard(self, owner: Owner) -> object:
        answer = await self.post(
            "/api/onboarding/users",
            {
                "name": owner.name,
                "username": owner.username,
                "password": owner.password,
                "client_id": self._client_id,
                "language": "en",
            },
        )
        return answer["auth_code"]

    async def _log_in(self, owner: Owner) -> object:
        flow = await self.post(
            "/auth/login_flow",
            {
                "client_id": self._client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": self._client_id,
            },
        )
        result = await self.post(
            f"/auth/login_flow/{flow['flow_id']}",
            {"client_id": self._client_id, "username": owner.username, "password": owner.password},
        )
        if result["type"] != "create_entry":
            raise ApiError(f"{owner.username} may not sign in: {result.get('errors')}")
        return result["result"]


async def read_answer(answer: aiohttp.ClientResponse) -> Json:
    """Return what a server answered.

    Raises:
        ApiError: It refused.
    """
    if not answer.ok:
        raise ApiError(f"{answer.method} {answer.url.path}: {answer.status} {await answer.text()}")
    return cast(Json, await answer.json())
