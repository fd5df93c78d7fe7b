"""Whatever a server sends, the client raises its own errors or passes over it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
import json
import random

import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    AccessEvent,
    Net2Client,
    Net2Error,
    Net2Stream,
)

from .support import TOKENS, Answer, Listener, StubServer, connected, until

EVENT = {
    "eventTime": "2026-01-10T18:48:34",
    "eventType": 20,
    "eventSubType": 0,
    "tokenType": 0,
    "tokenNumber": 12345678,
    "userId": 8,
    "userName": "Example Ada",
    "deviceId": 7,
    "areaName": "HQ (In)",
}
REST_EVENT = {
    "eventTime": "2026-01-05T06:00:01.017+01:00",
    "id": 1540001,
    "deviceName": "HQ (In)",
    "cardNo": 12345678,
    "eventType": 20,
    "firstName": "Ada",
    "surname": "Example",
    "userID": 8,
    "address": 7,
}
STATUS = {"deviceId": 7, "status": {"doorRelayOpen": True, "doorContactClosed": False}}
FRAMES: list[object] = [
    {"C": "d-A,1", "M": [{"H": "EventHubLocal", "M": "LiveEvents", "A": [[EVENT]]}]},
    {"C": "d-A,1", "M": [{"H": "EventHubLocal", "M": "DoorStatusEvents", "A": [[STATUS]]}]},
    {"M": [{"H": "EventHubLocal", "M": "DoorEvents", "A": [[{"doorId": 7, "locked": False}]]}]},
    {"M": [{"H": "EventHubLocal", "M": "RollCallEvents", "A": [[{"rollCallReportId": 1}]]}]},
    {"I": "0", "E": "There was an error", "H": True, "D": {}},
    {"C": "d-A,0", "S": 1, "M": []},
    {},
]
BODIES: list[object] = [
    {"access_token": "t", "expires_in": 1800, "refresh_token": "r"},
    [{"id": 7, "name": "Port", "status": STATUS["status"]}],
    [REST_EVENT],
    {"id": 8, "firstName": "Ada", "expiryDate": "2026-01-01T00:00:00+01:00", "pin": "1"},
    [{"id": 0, "tokenType": "Keyfob", "tokenValue": "1", "isLost": False}],
    {"accessLevels": [1], "individualPermissions": []},
    {"commandName": "OpenDoor", "output": {"status": "FireAndForget", "errors": None}},
    {"error": "invalid_grant", "message": "no"},
    [{"userId": 8, "firstName": "Ada", "musteredAt": None}],
    "6.9",
]
ODDITIES: list[object] = [
    None, True, False, 0, -1, 1.5, 10**15, 1e308, 2**63, 10**30, "", " ", "x", "1", "-1", "1e9", "nan",
    "0001-01-01T00:00:00", "9999-12-31T23:59:59", "2026-03-29T02:30:00", "2026-10-25T01:30:00",
    "2026-01-01T00:00:00+23:59", "2026-13-45T99:99:99", "٣", "\0", "\U0001f6aa", [], {}, [[]], [None], {"a": {}},
]  # fmt: skip  # one line each would be a page
STATUSES = [200] * 12 + [201, 202, 204, 301, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503]

CALLS: list[Callable[[Net2Client], Awaitable[object]]] = [
    lambda client: client.sign_in(),
    lambda client: client.get_doors(),
    lambda client: client.get_door_statuses(),
    lambda client: client.get_events(since=datetime(2026, 1, 1, tzinfo=UTC)),
    lambda client: client.get_events_since(datetime(2026, 1, 1, tzinfo=UTC)),
    lambda client: client.get_users(),
    lambda client: client.get_user(8),
    lambda client: client.update_user(8, expires=datetime(2027, 1, 1, tzinfo=UTC)),
    lambda client: client.set_access_levels(8, [1]),
    lambda client: client.get_user_tokens(8),
    lambda client: client.set_token_lost(8, 0, lost=True),
    lambda client: client.get_access_levels(),
    lambda client: client.get_server_info(),
    lambda client: client.get_roll_call_items(1),
    lambda client: client.create_roll_call("Drill"),
    lambda client: client.open_door(7),
    lambda client: client.release_relay(7, seconds=1),
    lambda client: client.open_connection(),
]


def distorted(chance: random.Random, value: object) -> object:
    """Return JSON with something changed, lost, added or nested otherwise."""
    if chance.random() < 0.05:
        return chance.choice(ODDITIES)
    if isinstance(value, dict):
        pairs = [(key, distorted(chance, each)) for key, each in value.items()]
        if pairs and chance.random() < 0.2:
            pairs.pop(chance.randrange(len(pairs)))
        if chance.random() < 0.2:
            pairs.append(
                (chance.choice(["id", "ID", "", "new", "eventTime"]), chance.choice(ODDITIES))
            )
        return {(key.upper() if chance.random() < 0.1 else key): each for key, each in pairs}
    if isinstance(value, list):
        return [distorted(chance, each) for each in value] * chance.choice([0, 1, 1, 1, 2])
    return value


def text(chance: random.Random, values: list[object]) -> str:
    """Return JSON, or what is left of it."""
    raw = json.dumps(distorted(chance, chance.choice(values)), ensure_ascii=False)
    if chance.random() < 0.15:
        raw = raw[: chance.randrange(len(raw) + 1)]
    if chance.random() < 0.1:
        at = chance.randrange(len(raw) + 1)
        raw = raw[:at] + chance.choice(["<", "\0", "}", "]", '"', "é", "\ufeff"]) + raw[at:]
    return raw


@pytest.mark.parametrize("seed", range(4))
async def test_no_body_makes_anything_but_a_net2_error(
    stub: StubServer, stub_client: Net2Client, quick_sign_in: None, seed: int
) -> None:
    chance = random.Random(seed)
    good = stub.answers[f"POST {TOKENS}"]

    def answer(request: object) -> Answer:
        return Answer(text(chance, BODIES), chance.choice(STATUSES))

    for route in list(stub.answers):
        stub.answers[route] = answer
    stub.otherwise = answer
    stub.answers[f"POST {TOKENS}"] = lambda request: (
        good if chance.random() < 0.7 else answer(request)
    )
    done = failed = 0
    for number in range(400):
        try:
            await CALLS[number % len(CALLS)](stub_client)
            done += 1
        except Net2Error:
            failed += 1
    assert done > 20
    assert failed > 100


@pytest.mark.parametrize("seed", range(4))
async def test_no_frame_ends_the_stream(
    stub: StubServer, stub_client: Net2Client, listener: Listener, seed: int
) -> None:
    chance = random.Random(seed)
    stream = Net2Stream(stub_client, listener.append)
    async with connected(stream, listener):
        for _ in range(1500):
            await stub.send(text(chance, FRAMES))
        end = EVENT | {"eventType": 99_999}
        await stub.send({"M": [{"H": "EventHubLocal", "M": "LiveEvents", "A": [[end]]}]})
        await until(lambda: any(event.code == 99_999 for event in listener.of(AccessEvent)))
    assert len(listener.of(AccessEvent)) > 30
    assert len(stub.sockets) == 1
