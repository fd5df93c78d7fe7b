"""Active orders, paging, history and statistics, as requests and answers."""

from datetime import UTC, datetime
import json
from typing import Any

from aiohttp import web
import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    OrderState,
    OrderSummary,
    OrderType,
    Statistics,
    TableTrackerClient,
    TableTrackerNotFoundError,
    TableTrackerRejectedError,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
)

from .support import UUID, Answer, StubGateway, listing, order_row, page

PAGE = f"POST /activeorders/{UUID}/page"
GUEST = f"POST /activeorders/{UUID}/guest_paging"
PAGED = Answer({"status": 200, "returnCode": 7})


def one(code: int = 6, **changes: object) -> Answer:
    row = order_row(**changes)
    return Answer({"status": 200, "returnCode": code, "activeorder": row})


async def test_the_active_orders_are_listed(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    to_go = order_row(uuid="b", name="66", orderType="TO_GO", state="started", locationName="")
    gateway.answers["GET /activeorders"] = Answer(listing(order_row(), to_go, count="7"))
    located, started = await client.get_active_orders()
    assert (located.uuid, located.number, located.table) == (UUID, "23", "8")
    assert (located.order_type, located.state) == (OrderType.ON_PREMISE, OrderState.LOCATED)
    assert (started.number, started.table, started.order_type) == ("66", None, OrderType.TO_GO)
    assert gateway.requests[0].query == {}


async def test_no_order_is_a_list_too(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.answers["GET /activeorders"] = Answer(listing())
    assert await client.get_active_orders() == ()


async def test_many_orders_are_read_whole(gateway: StubGateway, client: TableTrackerClient) -> None:
    rows = [order_row(uuid=f"order-{number}", name=str(number)) for number in range(2000)]
    gateway.answers["GET /activeorders"] = Answer(listing(*rows, count=1))
    orders = await client.get_active_orders()
    assert [order.number for order in orders] == [str(number) for number in range(2000)]


async def test_a_list_that_is_none_is_unreadable(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    for body in ({"returnCode": 5}, {"returnCode": 5, "items": {}}, {}):
        gateway.answers["GET /activeorders"] = Answer(body)
        with pytest.raises(TableTrackerResponseError):
            await client.get_active_orders()


@pytest.mark.parametrize("code", [5, 6])
async def test_one_order_is_known_by_its_key_whatever_the_code(
    gateway: StubGateway, client: TableTrackerClient, code: int
) -> None:
    gateway.answers["GET /activeorders/23"] = one(code)
    assert (await client.get_order("23")).uuid == UUID


@pytest.mark.parametrize("order", [None, [], {}, {"uuid": UUID}, {"name": "23"}])
async def test_an_answer_without_its_order_is_unreadable(
    gateway: StubGateway, client: TableTrackerClient, order: object
) -> None:
    gateway.answers["GET /activeorders/23"] = Answer({"returnCode": 6, "activeorder": order})
    with pytest.raises(TableTrackerResponseError):
        await client.get_order("23")


async def test_a_missing_order_is_told(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.answers["GET /activeorders/23"] = Answer({"returnCode": -6, "message": "None"}, 404)
    with pytest.raises(TableTrackerNotFoundError) as caught:
        await client.get_order("23")
    assert caught.value.return_code == -6


@pytest.mark.parametrize("order_id", ["", ".", "..", "23/page", "a b", "23?x=1", "%2e", "é"])
async def test_what_is_no_id_is_never_part_of_a_path(
    gateway: StubGateway, client: TableTrackerClient, order_id: str
) -> None:
    for act in (client.clear_order, client.get_order, client.page_order, client.cancel_page):
        with pytest.raises(TableTrackerRejectedError) as caught:
            await act(order_id)
        assert caught.value.return_code == -7
    assert gateway.routes == []


@pytest.mark.parametrize(
    ("table", "body"),
    [
        (None, {"name": "24", "orderType": "TO_GO"}),
        ("12", {"name": "24", "orderType": "TO_GO", "locationName": "12"}),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
async def test_an_order_is_started_or_located(
    gateway: StubGateway,
    client: TableTrackerClient,
    table: str | None,
    body: dict[str, str],
    status: int,
) -> None:
    answer = one(5, name="24")
    answer.status = status
    gateway.answers["POST /activeorders"] = answer
    order = await client.start_order("24", OrderType.TO_GO, table)
    assert order is not None
    assert order.number == "24"
    assert json.loads(gateway.requests[0].body) == body


@pytest.mark.parametrize("code", [1009, 1010])
async def test_an_order_that_is_so_already_is_no_error(
    gateway: StubGateway, client: TableTrackerClient, code: int
) -> None:
    gateway.answers["POST /activeorders"] = Answer({"returnCode": code, "message": "already"})
    assert await client.start_order("24", OrderType.TO_GO) is None


async def test_one_order_or_all_are_cleared(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers[f"DELETE /activeorders/{UUID}"] = one(state="cleared")
    gateway.answers["DELETE /activeorders"] = Answer("", 204)
    await client.clear_order(UUID)
    await client.clear_all_orders()
    assert gateway.routes == [f"DELETE /activeorders/{UUID}", "DELETE /activeorders"]
    assert [request.body for request in gateway.requests] == [b"", b""]


@pytest.mark.parametrize("continuous", [True, False])
async def test_paging_says_whether_it_goes_on(
    gateway: StubGateway, client: TableTrackerClient, continuous: bool
) -> None:
    gateway.answers[PAGE] = PAGED
    await client.page_order(UUID, continuous=continuous)
    assert json.loads(gateway.requests[0].body) == {"tracking": continuous}


@pytest.mark.parametrize("lack", [page(404), page(405), Answer({"returnCode": -5}, 404)])
async def test_another_firmware_pages_by_another_path_which_is_remembered(
    gateway: StubGateway, client: TableTrackerClient, lack: Answer
) -> None:
    gateway.answers[PAGE] = lack
    gateway.answers[GUEST] = PAGED
    await client.page_order(UUID)
    await client.page_order(UUID)
    assert gateway.routes == [PAGE, GUEST, GUEST]


async def test_an_updated_firmware_pages_by_the_documented_path_again(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers[GUEST] = PAGED
    await client.page_order(UUID)
    del gateway.answers[GUEST]
    gateway.answers[PAGE] = PAGED
    await client.page_order(UUID)
    assert gateway.routes == [PAGE, GUEST, GUEST, PAGE]


@pytest.mark.parametrize("code", [-6, -13, -14])
async def test_an_order_that_cannot_be_paged_is_not_tried_elsewhere(
    gateway: StubGateway, client: TableTrackerClient, code: int
) -> None:
    gateway.answers[PAGE] = Answer({"returnCode": code}, 404)
    with pytest.raises((TableTrackerNotFoundError, TableTrackerRejectedError)) as caught:
        await client.page_order(UUID)
    assert caught.value.return_code == code
    assert gateway.routes == [PAGE]


async def test_firmware_that_cannot_page_at_all_is_told(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    with pytest.raises(TableTrackerUnsupportedError):
        await client.page_order(UUID)
    assert gateway.routes == [PAGE, GUEST]


@pytest.mark.parametrize(("code", "was_paged"), [(1002, True), (1003, False), (7, True)])
async def test_cancelling_tells_whether_there_was_a_page(
    gateway: StubGateway, client: TableTrackerClient, code: int, was_paged: bool
) -> None:
    gateway.answers[f"DELETE /activeorders/{UUID}/page"] = Answer({"returnCode": code})
    assert await client.cancel_page(UUID) is was_paged


def summaries(first: int, count: int) -> list[dict[str, Any]]:
    return [
        {"type": "ORDER_SUMMARY", "name": str(number), "uuid": f"order-{number}"}
        for number in range(first, first + count)
    ]


class History:
    """An answer by offset and limit."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        items = self.rows[offset : offset + limit]
        return web.json_response({"returnCode": 8, "count": "1", "items": items})


@pytest.mark.parametrize(
    ("there", "limit", "pages"),
    [
        (0, 100, [("0", "100")]),
        (250, 1000, [("0", "100"), ("100", "100"), ("200", "100")]),
        (200, 1000, [("0", "100"), ("100", "100"), ("200", "100")]),
        (250, 130, [("0", "100"), ("100", "30")]),
        (250, 30, [("0", "30")]),
        (250, 0, []),
    ],
)
async def test_history_is_read_until_a_short_page_or_the_limit(
    gateway: StubGateway,
    client: TableTrackerClient,
    there: int,
    limit: int,
    pages: list[tuple[str, str]],
) -> None:
    gateway.answers["GET /orders"] = History(summaries(0, there))
    orders = await client.get_history(limit=limit)
    assert [order.uuid for order in orders] == [
        f"order-{number}" for number in range(min(there, limit))
    ]
    asked = [(request.query["offset"], request.query["limit"]) for request in gateway.requests]
    assert asked == pages


async def test_a_gateway_that_repeats_its_page_is_asked_twice_only(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers["GET /orders"] = Answer({"returnCode": 8, "items": summaries(0, 150)})
    assert len(await client.get_history(limit=1000)) == 150
    assert len(gateway.requests) == 2
    assert len(await client.get_history(limit=50)) == 50


async def test_history_takes_filters_in_the_gateways_own_time(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers["GET /orders"] = Answer({"returnCode": 8, "items": []})
    await client.get_history(
        created_after=datetime(2024, 7, 1, 10, 0, 0, 900_000, tzinfo=UTC),
        created_before=datetime(2024, 12, 1, 10, tzinfo=UTC),
        order_type=OrderType.TO_GO,
        table="8",
    )
    assert gateway.requests[0].query == {
        "created_after": "2024-07-01T12:00:00",
        "created_before": "2024-12-01T11:00:00",
        "order_type": "TO_GO",
        "location_name": "8",
        "offset": "0",
        "limit": "100",
    }


async def test_history_reads_dates_with_offset_and_without(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    v1 = summaries(1, 1)[0] | {
        "orderType": "ON_PREMISE",
        "locationName": "8",
        "orderStarted": "2024-05-02T12:00:05+00:00",
        "orderLocated": "2024-05-02T12:01:40+00:00",
        "orderCleared": "2024-05-02T12:09:12+00:00",
    }
    v2 = summaries(2, 1)[0] | {
        "orderType": "TO_GO",
        "locationName": None,
        "orderStarted": "2024-05-02T14:00:05",
        "orderLocated": None,
        "orderCleared": 12,
        "orderPaged": "2024-05-02T14:05:00",
        "orderClearedReason": "TRACKER",
    }
    gateway.answers["GET /orders"] = Answer({"returnCode": 8, "items": [v1, v2, {"name": "3"}, 4]})
    at = datetime(2024, 5, 2, 12, 0, 5, tzinfo=UTC)
    assert await client.get_history() == (
        OrderSummary(
            uuid="order-1",
            number="1",
            order_type=OrderType.ON_PREMISE,
            table="8",
            started_at=at,
            located_at=at.replace(minute=1, second=40),
            cleared_at=at.replace(minute=9, second=12),
            paged_at=None,
            cleared_reason=None,
        ),
        OrderSummary(
            uuid="order-2",
            number="2",
            order_type=OrderType.TO_GO,
            table=None,
            started_at=at,
            located_at=None,
            cleared_at=None,
            paged_at=at.replace(minute=5, second=0),
            cleared_reason="TRACKER",
        ),
    )


STATISTICS = {
    "ordersToday": 42.0,
    "averageSeconds": 287.4,
    "targetTime": 300.0,
    "percentGoal": "64.3",
}


@pytest.mark.parametrize("body", [{"statistics": STATISTICS}, STATISTICS])
async def test_statistics_are_read_wrapped_or_not(
    gateway: StubGateway, client: TableTrackerClient, body: dict[str, object]
) -> None:
    gateway.answers["GET /statistics"] = Answer({"returnCode": 10} | body)
    assert await client.get_statistics() == Statistics(42, 287.4, 300.0, 64.3)
    await client.get_statistics(240)
    assert [request.query for request in gateway.requests] == [{}, {"target_time": "240"}]


async def test_statistics_may_be_silent_or_odd(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    odd = {"ordersToday": 4.5, "averageSeconds": "nan", "targetTime": True, "percentGoal": [1]}
    gateway.answers["GET /statistics"] = Answer({"returnCode": 10, "statistics": odd})
    assert await client.get_statistics() == Statistics(None, None, None, None)
