"""Whatever comes over the wire, nothing but a TableTrackerError comes out, and the stream lives."""

from collections.abc import Awaitable, Callable
import json
import random

from aiohttp import web
import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    OrderPushed,
    OrderType,
    TableTrackerClient,
    TableTrackerError,
    TableTrackerStream,
)

from .support import (
    TOKEN,
    UUID,
    Listener,
    StubGateway,
    event,
    following,
    listing,
    order_row,
    snapshot,
    until,
)

ODDITIES: list[object] = [
    None,
    True,
    -7,
    0,
    2**63,
    2**70,
    1e308,
    0.5,
    "",
    " ",
    "9" * 400,
    "1e999",
    "Yes",
    "\u0000\ud7ff",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59+14:00",
    "20240502",
    [],
    {},
    [[]],
    {"a": {"b": [None]}},
    "ACTIVE_ORDERS",
    "America/New_York",
]
TIME = "2024-05-02T12:00:05"
SUMMARY = {"uuid": UUID, "name": "23", "orderType": "TO_GO", "orderStarted": TIME}
REPEATER = {"extendedAddress": "00:13", "status": "ACTIVE", "lastSeen": TIME, "hardwareVersion": 1}
BODIES: list[object] = [
    listing(order_row(), order_row(uuid="b", name="24")),
    listing(SUMMARY, returnCode=8),
    {"returnCode": 6, "activeorder": order_row()},
    {"returnCode": 1, "token": {"token": TOKEN, "creation_date": TIME, "last_used": None}},
    {"returnCode": 10, "statistics": {"ordersToday": 4.0, "percentGoal": "5"}},
    {"returnCode": 11, "gateway": {"serialNumber": "1", "nested": [{"mac": "00:13"}]}},
    {"returnCode": 13, "settings": {"timezone": "Europe/Vienna", "targetTimeDefault": 300}},
    {"returnCode": 15, "repeaters": [REPEATER]},
    {"returnCode": 18, "trackers": [{"name": "23", "battery": 80, "lastSeen": TIME}]},
    {"returnCode": 1012, "message": "Gateway listening for repeaters."},
    {"returnCode": -21, "message": "Invalid value"},
]
FRAMES: list[object] = [
    *(event(kind, 84) for kind in ("ORDER_CREATED", "ORDER_MODIFIED", "ORDER_PAGED", "ORDER_X")),
    event("ORDER_MODIFIED", 85, state="cleared"),
    event("ORDER_SUMMARY", 86),
    snapshot(order_row(), order_row(uuid="b")),
    {"returnCode": -31, "message": "Invalid JSON"},
]
STATUSES = [200, 200, 200, 201, 204, 400, 401, 403, 404, 405, 408, 500, 503]

CALLS: list[Callable[[TableTrackerClient], Awaitable[object]]] = [
    lambda client: client.probe(),
    lambda client: client.generate_token("homeassistant"),
    lambda client: client.get_token(),
    lambda client: client.list_tokens(),
    lambda client: client.delete_token(),
    lambda client: client.get_active_orders(),
    lambda client: client.get_order(UUID),
    lambda client: client.start_order("23", OrderType.TO_GO),
    lambda client: client.clear_order(UUID),
    lambda client: client.clear_all_orders(),
    lambda client: client.page_order(UUID),
    lambda client: client.cancel_page(UUID),
    lambda client: client.get_history(limit=250),
    lambda client: client.get_statistics(),
    lambda client: client.get_settings(),
    lambda client: client.set_settings(target_time=1),
    lambda client: client.get_gateway(),
    lambda client: client.get_cloud_state(),
    lambda client: client.get_repeaters(),
    lambda client: client.begin_pairing(),
    lambda client: client.end_pairing(),
    lambda client: client.get_trackers(),
]


def distorted(chance: random.Random, value: object) -> object:
    """Return JSON with something changed, lost, added or nested otherwise."""
    if chance.random() < 0.06:
        return chance.choice(ODDITIES)
    if isinstance(value, list):
        return [distorted(chance, item) for item in value] * chance.choice([0, 1, 1, 1, 2])
    if not isinstance(value, dict):
        return value
    fields = {key: distorted(chance, item) for key, item in value.items()}
    if fields and chance.random() < 0.2:
        fields.pop(chance.choice(list(fields)))
    if chance.random() < 0.2:
        fields[chance.choice(["uuid", "seq", "state", "", "new"])] = chance.choice(ODDITIES)
    return fields


def text(chance: random.Random, values: list[object]) -> bytes:
    """Return JSON, or what is left of it."""
    raw = json.dumps(distorted(chance, chance.choice(values))).encode()
    if chance.random() < 0.1:
        raw = raw[: chance.randrange(len(raw) + 1)]
    if chance.random() < 0.1:
        at = chance.randrange(len(raw) + 1)
        raw = raw[:at] + chance.choice([b"<", b"\0", b"}", b'"', b"\xff", b"NaN"]) + raw[at:]
    return raw


@pytest.mark.parametrize("seed", range(4))
async def test_no_answer_makes_anything_but_an_error_of_ours(
    gateway: StubGateway, client: TableTrackerClient, seed: int
) -> None:
    chance = random.Random(seed)

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=chance.choice(STATUSES), body=text(chance, BODIES))

    gateway.otherwise = answer
    done = failed = 0
    for number in range(440):
        try:
            await CALLS[number % len(CALLS)](client)
            done += 1
        except TableTrackerError:
            failed += 1
    assert done > 60
    assert failed > 100


@pytest.mark.parametrize("seed", range(4))
async def test_no_frame_ends_the_stream(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener, seed: int
) -> None:
    chance = random.Random(seed)
    async with following(stream, listener) as task:
        for _ in range(1500):
            await gateway.send(text(chance, FRAMES))
        await gateway.send(event("ORDER_CREATED", uuid="the last one"))
        await until(
            lambda: (
                task.done()
                or any(each.order.uuid == "the last one" for each in listener.of(OrderPushed))
            )
        )
        assert not task.done()
    assert len(listener.of(OrderPushed)) > 200
    assert len(gateway.sockets) == 1
