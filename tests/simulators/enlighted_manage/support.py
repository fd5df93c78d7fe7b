"""A bare client of the simulated manager, which knows HTTP, how to sign, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
import hashlib
import json
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import aiohttp
from yarl import URL

from simulators.enlighted_manage import EnlightedSimulator

#: A Monday; all sensors have reported about the five minutes that ended at 10:05.
MOMENT = datetime(2024, 2, 12, 10, 7, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
FLOORS = "/org/floor/v1/list"
#: The first floor has all kinds of fixtures: these are in its open office,
OFFICE = 9
LIGHT = 361
#: in its meeting room, whose white can be tuned,
MEETING = 10
TUNABLE = 366
#: in its kitchen, which has no zone sensor,
KITCHEN = 12
#: in no area, and no lights at all.
EMERGENCY = 380
LOOSE = 381
FIXTURELESS = 382
DESK = 383
GATEWAY = 2
#: An id that nothing has.
NOTHING = 99999


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> Any:
        assert self.status == 200, (self.status, self.body)
        return json.loads(self.body)

    @property
    def element(self) -> ET.Element:
        assert self.status == 200, (self.status, self.body)
        return ET.fromstring(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(parts).encode()).hexdigest()


def fixtures(ids: Iterable[int]) -> str:
    rows = "".join(f"<fixture><id>{number}</id></fixture>" for number in ids)
    return f"<fixtures>{rows}</fixtures>"


class Api:
    """Sends requests as a user, with the newer scheme unless other headers are given."""

    def __init__(self, manager: EnlightedSimulator, session: aiohttp.ClientSession) -> None:
        self.manager = manager
        self._session = session

    def new(self, user: str = "integration", key: str = "") -> dict[str, str]:
        key = key or self.manager.world.key_of(user)
        return {"UserId": user, "Authorization": f"apikey {key}"}

    def old(
        self, user: str = "integration", ts: str = "", *, age: float = 0.0, key: str = ""
    ) -> dict[str, str]:
        """Sign as 4.4 wants it."""
        key = key or self.manager.world.key_of(user)
        ts = ts or str(int((self.manager.clock.time() - age) * 1000))
        return {"ApiKey": user, "Authorization": sha1(user, key, ts), "ts": ts}

    async def ask(
        self,
        method: str,
        path: str,
        body: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        user: str = "integration",
        accept: str | None = "application/json",
        kind: str | None = "application/xml",
        below: str = "/ems/api",
    ) -> Answer:
        """Ask for a path as it stands, with its query."""
        sent = dict(self.new(user) if headers is None else headers)
        if accept is not None:
            sent["Accept"] = accept
        if body is not None and kind is not None:
            sent["Content-Type"] = kind
        async with self._session.request(
            method,
            URL(f"{self.manager.url}{below}{path}", encoded=True),
            data=body,
            headers=sent,
            skip_auto_headers=["Accept", "Content-Type"],
            allow_redirects=False,
        ) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.read())

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.ask("GET", path, **options)

    async def rows(self, path: str, name: str, **options: Any) -> list[Any]:
        """Return a list however it is written: absent, one element, or many."""
        found = ((await self.get(path, **options)).fields or {}).get(name, [])
        return found if isinstance(found, list) else [found]

    async def command(self, path: str, *ids: int, **options: Any) -> Any:
        return (await self.ask("POST", path, fixtures(ids), **options)).fields

    def stamp(self, moment: float) -> str:
        return self.manager.world.local(moment).strftime("%Y%m%d%H%M")

    def statistics(self, floor: int = 1, minutes: int = 15, kind: str = "v2/stats") -> str:
        """Return the path of the statistics of the last minutes."""
        now = self.manager.world.now()
        span = f"{self.stamp(now - minutes * 60)}/{self.stamp(now)}"
        return f"/org/sensor/{kind}/floor/{floor}/{span}"
