"""Whatever comes over the wire, nothing but an EnlightedError comes out."""

import contextlib
from datetime import UTC, datetime, timedelta
import json
import random
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web
import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    EnlightedClient,
    EnlightedError,
    state_api,
)

from .support import READS, WRITES, ZONE, Call, StubManager, settings_for

ODDITIES: list[object] = [
    None,
    True,
    False,
    -7,
    0,
    1,
    9,
    2**63,
    2**64 - 1,
    1e308,
    0.5,
    "",
    " ",
    "0",
    "1",
    "-1",
    "157",
    "okay",
    "true",
    "9" * 5000,
    "1e300",
    "nan",
    "\u0660\u0661",
    "a/b",
    "0:c0:17",
    "-:-",
    "2024-02-12 10:05",
    "0001-01-01 00:00",
    "0001-01-01T00:00:00+1400",
    "9999-12-31 23:59",
    "2024-W30-3",
    [],
    {},
    [[]],
    [1, 2],
]
#: Every key that any reader knows, in its documented spelling.
KEYS = [
    "id",
    "name",
    "timezone_name",
    "buildingName",
    "campusName",
    "description",
    "zonesensorenable",
    "lastComm",
    "commStatus",
    "macAddress",
    "macaddress",
    "groupId",
    "groupid",
    "class",
    "status",
    "active",
    "voltage",
    "version",
    "switchid",
    "scenes",
    "sceneOrder",
    "sceneid",
    "fixtureid",
    "lightlevel",
    "lightLevel",
    "sceneColor",
    "currentProfile",
    "applicableProfiles",
    "occupancyState",
    "occupancy",
    "captureTime",
    "power",
    "temperature",
    "avgDimLevel",
    "lastCommunicationtime",
    "dimlevel",
    "total",
    "records",
    "page",
    "energy-lighting",
    "energy-plugload",
    "managed-energy",
    "unmanaged-energy",
    "intervalStart",
    "sensor",
    "energy",
    "baseEnergy",
    "savedEnergy",
    "occSavings",
    "fixtures",
    "fixture",
    "emTestResults",
    "startTime",
    "completionTime",
    "failurestatus",
    "emergencyMode",
    "batteryCharge",
    "durationResult",
    "dridentifier",
    "pricelevel",
    "duration",
    "starttime",
    "pricing",
    "msg",
    "response",
]
WRAPPERS = [
    "floor",
    "area",
    "areas",
    "fixture",
    "fixtures",
    "gateway",
    "plugload",
    "gemsGroups",
    "gemsGroup",
    "sceneLevel",
    "sensor",
    "sensors",
    "deskSensor",
    "occupancyStatus",
    "sensorEnergyStatss",
    "sensorEnergyStats",
    "facilityEnergyStatss",
    "facilityEnergyStats",
    "drs",
    "dr",
    "company",
    "switch",
]
CALLS: list[Call] = [*READS.values(), *WRITES.values()]


def anything(rng: random.Random, depth: int = 3) -> object:
    """Return some JSON, most of it of keys that mean something."""
    kind = rng.random()
    if depth and kind < 0.35:
        return {name: anything(rng, depth - 1) for name in rng.sample(KEYS, rng.randint(0, 8))}
    if depth and kind < 0.55:
        return [anything(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    return rng.choice(ODDITIES)


def some_answer(rng: random.Random) -> object:
    """Return an answer that looks somewhat like one."""
    rows: object = [
        {name: anything(rng, 2) for name in rng.sample(KEYS, rng.randint(10, len(KEYS)))}
        for _ in range(rng.randint(0, 2))
    ]
    if rng.random() < 0.2:
        rows = anything(rng)
    answer = {rng.choice(WRAPPERS): rows for _ in range(rng.randint(0, 6))}
    return answer if rng.random() < 0.8 else rows


def xml_of(name: str, value: object) -> str:
    """Return XML of which that JSON could be, however odd its names are."""
    if isinstance(value, dict):
        inner = "".join(xml_of(key, each) for key, each in value.items())
    elif isinstance(value, list):
        return "".join(xml_of(name, each) for each in value)
    else:
        inner = "" if value is None else escape(str(value))
    return f"<{name}>{inner}</{name}>"


@pytest.mark.parametrize("is_xml", [False, True])
@pytest.mark.parametrize("seed", range(4))
async def test_nothing_but_the_clients_own_errors_comes_out(
    session: aiohttp.ClientSession,
    stub: StubManager,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    *,
    is_xml: bool,
) -> None:
    monkeypatch.setattr(state_api, "_MOST_PAGES", 3)
    rng = random.Random(seed)

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        content = some_answer(rng)
        text = xml_of("r", {"r": content} if isinstance(content, list) else content)
        if not is_xml:
            text = json.dumps(content)
        if rng.random() < 0.05:
            text = text[: len(text) // 2]
        return web.Response(text=text, status=rng.choice((200,) * 9 + (404,)))

    stub.otherwise = answer
    read = 0
    client = EnlightedClient(session, settings_for(stub.port))
    client.time_zone = ZONE
    # What asks for days asks more often than all the others together.
    for call in [call for call in CALLS if call is not READS["floor days"]] * 2:
        with contextlib.suppress(EnlightedError):
            await call(client)
            read += 1
    # Much of it is understood somehow, so that this looks at what it is about.
    assert read > len(CALLS) // 2


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Dec 8999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 -1400",
        "Mon, 12 Feb 2024 18:08:00 +9999",
        "Mon, 12 Feb 2024 99:99:99 GMT",
    ],
)
async def test_no_clock_of_a_manager_breaks_the_client(
    stub: StubManager, stub_client: EnlightedClient, date: str
) -> None:
    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text="{}", headers={"Date": date})

    stub.otherwise = answer
    for call in CALLS:
        with contextlib.suppress(EnlightedError):
            await call(stub_client)
    assert len(stub.requests) >= len(CALLS)
    assert stub_client.now() - datetime.now(UTC) < timedelta(days=365 * 7000)
