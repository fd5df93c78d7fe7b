"""A bare client of the simulated cloud, which knows HTTP and nothing else."""

from dataclasses import dataclass
import json
from typing import Any

import aiohttp

from simulators.vxg import VxgSimulator

#: A camera that moves and has a card; and one without either.
CAMERA = 100101
SECOND = 100102


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def objects(self) -> list[Any]:
        return self.fields["objects"]


class Api:
    """Sends requests, with the licence key unless another credential is given."""

    def __init__(self, cloud: VxgSimulator, session: aiohttp.ClientSession) -> None:
        self.cloud = cloud
        self._session = session

    @property
    def key(self) -> str:
        return f"LKey {self.cloud.world.licence_key()}"

    @property
    def group(self) -> str:
        return f"SI {self.cloud.world.group_token()}"

    def channel(self, level: str = "all", camera: int = CAMERA) -> str:
        return f"Acc {self.cloud.world.channel_token(camera, level)}"

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        header: str | None = "",
        **params: str | int,
    ) -> Answer:
        """Ask for a path of the API, or for a whole URL."""
        given = self.key if header == "" else header
        async with self._session.request(
            method,
            path if "://" in path else f"{self.cloud.url}{path}",
            params=params,
            json=body,
            headers={"Authorization": given} if given else {},
            allow_redirects=False,
        ) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.read())

    async def get(self, path: str, *, header: str | None = "", **params: str | int) -> Answer:
        return await self.ask("GET", path, header=header, **params)

    async def fetch(self, url: str, **headers: str) -> Answer:
        """Fetch a file, by its URL as it is."""
        async with self._session.get(url, headers=headers) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.read())

    async def watch(self, **params: str) -> dict[str, Any]:
        """Return live URLs."""
        answer = await self.get("/api/v4/live/watch/", header=self.channel(), **params)
        assert answer.status == 200
        return answer.fields
