"""A simulated manager and a bare client of it, which knows HTTP and how to sign."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any

import aiohttp
from yarl import URL

from simulators.enlighted_manage import EnlightedSimulator
from simulators.enlighted_manage.access import sign
from simulators.enlighted_manage.fixtures import Fixture

#: A Monday morning at which the building is, in its own time: 10:07:30.
MORNING = "2024-02-12T10:07:30-08:00"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole."""

    status: int
    text: str

    @property
    def fields(self) -> dict[str, Any]:
        return json.loads(self.text)


class Api:
    """Sends requests; paths are below `/ems/api` and encoded already."""

    def __init__(self, manager: EnlightedSimulator, session: aiohttp.ClientSession) -> None:
        self.manager = manager
        self.world = manager.world
        self.user = "integration"
        self._session = session

    async def ask(
        self, method: str, path: str, body: str | None = None, *, below: str = "/ems/api"
    ) -> Answer:
        headers = {**self._signature(), "Accept": "application/json"}
        if body is not None:
            kind = "xml" if body.startswith("<") else "json"
            headers["Content-Type"] = f"application/{kind}"
        url = URL(f"{self.manager.url}{below}{path}", encoded=True)
        async with self._session.request(
            method, url, data=body, headers=headers, allow_redirects=False
        ) as answer:
            return Answer(answer.status, await answer.text())

    def _signature(self) -> dict[str, str]:
        key = self.world.key_of(self.user)
        if not self.world.is_before(4, 5):
            return {"UserId": self.user, "Authorization": f"apikey {key}"}
        ts = str(int(self.world.server_time() * 1000))
        return {"ApiKey": self.user, "Authorization": sign(self.user, key, ts), "ts": ts}

    async def get(self, path: str) -> Any:
        answer = await self.ask("GET", path)
        assert answer.status == 200, answer.text
        return answer.fields

    async def post(self, path: str, body: str | None = None) -> Any:
        answer = await self.ask("POST", path, body)
        assert answer.status == 200, answer.text
        return answer.fields

    def at(self, moment: str) -> None:
        """Set the clock."""
        self.manager.clock.set(datetime.fromisoformat(moment))

    def levels(self, fixtures: list[int]) -> set[int]:
        now = self.world.now()
        return {self.world.fixtures[each].level(now) for each in fixtures}

    @property
    def emergency(self) -> Fixture:
        return next(each for each in self.world.fixtures.values() if each.kind == "Emergency")


@asynccontextmanager
async def building(
    *, floors: int = 2, fixtures: int = 48, version: str = "4.5"
) -> AsyncIterator[Api]:
    async with (
        EnlightedSimulator(floors=floors, fixtures=fixtures, version=version) as manager,
        aiohttp.ClientSession() as session,
    ):
        api = Api(manager, session)
        api.at(MORNING)
        yield api


def fixtures_xml(*ids: int) -> str:
    inner = "".join(f"<fixture><id>{each}</id></fixture>" for each in ids)
    return f"<fixtures>{inner}</fixtures>"
