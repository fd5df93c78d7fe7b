"""The life of an order, asked for by HTTP (sections 3, 4 and 6)."""

from datetime import datetime
import uuid

import pytest

from simulators.table_tracker import TableTrackerSimulator

from .support import BASE, Api


async def test_an_order_has_nine_fields(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.start_tracker("23")
    gateway.clock.advance(95)
    number = gateway.move_to_table("23", "8")

    answer = await api.get("/activeorders")

    assert answer.code == 5
    assert answer.json["count"] == 1
    [order] = answer.json["items"]
    assert str(uuid.UUID(number)) == order["uuid"]
    created, changed = (datetime.fromisoformat(order[key]) for key in ("created", "stateChanged"))
    assert created.tzinfo is None
    assert (changed - created).total_seconds() == pytest.approx(95, abs=1)
    assert order["elapsedTime"] == pytest.approx(95, abs=1)
    assert {key: order[key] for key in ("name", "orderType", "locationName", "state", "paged")} == {
        "name": "23",
        "orderType": "ON_PREMISE",
        "locationName": "8",
        "state": "located",
        "paged": False,
    }
    assert len(order) == 9


async def test_times_are_those_of_the_gateways_own_zone(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    gateway.set_zone("America/New_York")
    gateway.start_tracker("1")

    [order] = (await api.get("/activeorders")).json["items"]

    created = datetime.fromisoformat(order["created"]).replace(tzinfo=gateway.world.zone)
    assert abs((gateway.world.now() - created).total_seconds()) < 60


async def test_an_order_is_found_by_its_number_and_by_its_uuid(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    name = gateway.start_tracker("7", "TO_GO")

    for given in ("7", name):
        answer = await api.get(f"/activeorders/{given}")
        assert answer.code == 6
        assert answer.json["activeorder"]["orderType"] == "TO_GO"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ("99", (404, -6)),
        (str(uuid.UUID(int=1)), (404, -6)),
        ("abc", (400, -7)),
        ("1-2", (400, -7)),
    ],
)
@pytest.mark.parametrize(
    ("method", "below"), [("get", ""), ("delete", ""), ("post", "/page"), ("delete", "/page")]
)
async def test_what_is_no_active_order(
    api: Api, method: str, below: str, given: str, refusal: tuple[int, int]
) -> None:
    answer = await getattr(api, method)(f"/activeorders/{given}{below}")

    assert (answer.status, answer.code) == refusal


async def test_an_order_with_a_table_is_located_at_once(api: Api) -> None:
    body = {"name": "12", "orderType": "ON_PREMISES", "locationName": "3"}

    answer = await api.post("/activeorders", body)

    assert (answer.status, answer.code) == (201, 5)
    assert answer.json["activeorder"]["state"] == "located"
    assert answer.json["activeorder"]["orderType"] == "ON_PREMISE"


async def test_posting_again_locates_moves_or_does_nothing(api: Api) -> None:
    order = {"name": "12", "orderType": "TO_GO"}

    started = await api.post("/activeorders", order)
    again = await api.post("/activeorders", order)
    located = await api.post("/activeorders", {**order, "locationName": "3"})
    still = await api.post("/activeorders", {**order, "locationName": "3"})
    moved = await api.post("/activeorders", {**order, "locationName": "4"})

    assert started.json["activeorder"]["state"] == "started"
    assert (again.status, again.code) == (200, 1009)
    assert located.json["activeorder"]["state"] == "located"
    assert (still.status, still.code) == (200, 1010)
    assert moved.json["activeorder"]["locationName"] == "4"
    names = {answer.json["activeorder"]["uuid"] for answer in (started, located, moved)}
    assert len(names) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": None}, -8),
        ({"name": "twelve"}, -9),
        ({"locationName": "bar"}, -10),
        ({"orderType": None}, -11),
        ({"orderType": "DELIVERY"}, -12),
    ],
)
async def test_what_is_no_order(api: Api, change: dict, code: int) -> None:
    order = {"name": "12", "orderType": "TO_GO", **change}
    body = {key: value for key, value in order.items() if value is not None}

    answer = await api.post("/activeorders", body)

    assert (answer.status, answer.code) == (400, code)
    assert (await api.get("/activeorders")).json["count"] == 0


async def test_a_number_is_used_again_with_another_uuid(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    first = gateway.start_tracker("5")
    gateway.clear("5")
    second = gateway.start_tracker("5")

    assert first != second
    assert (await api.get("/activeorders/5")).json["activeorder"]["uuid"] == second


async def test_clearing_ends_an_order(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.move_to_table("5", "8")

    answer = await api.delete("/activeorders/5")

    assert answer.code == 6
    assert answer.json["activeorder"]["state"] == "cleared"
    assert (await api.get("/activeorders/5")).code == -6


async def test_all_are_cleared_at_once(gateway: TableTrackerSimulator, api: Api) -> None:
    for number in ("5", "6", "7"):
        gateway.start_tracker(number)

    answer = await api.delete("/activeorders")

    assert (answer.status, answer.code) == (200, 5)
    assert (await api.get("/activeorders")).json["count"] == 0
    assert len((await api.get("/orders")).json["items"]) == 3


async def test_a_single_order_may_carry_the_code_of_the_list(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    gateway.faults.single_order_rc = 5
    gateway.start_tracker("5")

    assert (await api.get("/activeorders/5")).code == 5


async def test_paging_goes_on_until_it_is_cancelled(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    gateway.start_tracker("5")

    paged = await api.post("/activeorders/5/page")
    gateway.clock.advance(600)
    [order] = (await api.get("/activeorders")).json["items"]
    cancelled = await api.delete("/activeorders/5/page")
    again = await api.delete("/activeorders/5/page")

    assert (paged.status, paged.code) == (200, 7)
    assert order["paged"] is True
    assert (cancelled.code, again.code) == (1002, 1003)


@pytest.mark.parametrize("tracking", [False, "false"])
async def test_a_page_that_is_not_continuous_ends_after_a_minute(
    gateway: TableTrackerSimulator, api: Api, tracking: bool | str
) -> None:
    gateway.start_tracker("5")
    await api.post("/activeorders/5/page", {"tracking": tracking})

    gateway.clock.advance(59)
    assert (await api.get("/activeorders/5")).json["activeorder"]["paged"] is True
    gateway.clock.advance(2)
    assert (await api.get("/activeorders/5")).json["activeorder"]["paged"] is False


async def test_an_order_without_a_tracker_cannot_be_paged(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    await api.post("/activeorders", {"name": "500", "orderType": "TO_GO"})
    gateway.start_tracker("5")

    assert (await api.post("/activeorders/500/page")).code == -14
    gateway.faults.cannot_page = True
    assert (await api.post("/activeorders/5/page")).code == -13


@pytest.mark.parametrize(
    ("firmware", "page", "guest_paging"),
    [("both", 200, 200), ("page", 200, 404), ("guest_paging", 404, 200)],
)
async def test_paging_has_one_path_or_the_other(
    gateway: TableTrackerSimulator, api: Api, firmware: str, page: int, guest_paging: int
) -> None:
    gateway.faults.page_path = firmware
    gateway.start_tracker("5")

    assert (await api.post("/activeorders/5/page")).status == page
    assert (await api.post("/activeorders/5/guest_paging")).status == guest_paging


async def test_the_history_grows_when_orders_end(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.start_tracker("66", "TO_GO")
    name = gateway.move_to_table("23", "8")
    gateway.clock.advance(60)
    gateway.clear("66")
    gateway.clear("23")

    answer = await api.get("/orders")

    assert (answer.code, answer.json["count"]) == (8, 2)
    to_go, eaten_here = answer.json["items"]
    assert to_go["type"] == "ORDER_SUMMARY"
    assert (to_go["locationName"], to_go["orderLocated"]) == (None, None)
    assert (eaten_here["uuid"], eaten_here["locationName"]) == (name, "8")
    started, cleared = (
        datetime.fromisoformat(eaten_here[key]) for key in ("orderStarted", "orderCleared")
    )
    assert started.tzinfo is not None
    assert (cleared - started).total_seconds() == pytest.approx(60, abs=1)

    one = await api.get(f"/orders/{name}")
    assert (one.code, one.json["order"]) == (9, eaten_here)
    assert (await api.get("/orders/23")).code == -27
    assert (await api.get(f"/orders/{uuid.UUID(int=1)}")).code == -6


async def test_the_history_may_be_naive(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.faults.naive_history = True
    gateway.start_tracker("5")
    gateway.clear("5")

    [item] = (await api.get("/orders")).json["items"]

    assert datetime.fromisoformat(item["orderStarted"]).tzinfo is None


async def test_the_history_is_asked_for_page_by_page_and_filtered(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    marks = []
    for number in range(1, 31):
        gateway.start_tracker(str(number), "TO_GO" if number % 2 else "ON_PREMISE")
        marks.append(gateway.world.local(gateway.world.now()))
        gateway.move_to_table(str(number), str(number % 3 + 1))
        gateway.clear(str(number))
        gateway.clock.advance(60)

    async def numbers(**query: str | int) -> list[int]:
        return [int(item["name"]) for item in (await api.get("/orders", **query)).json["items"]]

    assert await numbers() == list(range(1, 26))
    assert await numbers(offset=25) == list(range(26, 31))
    assert await numbers(offset=10, limit=3) == [11, 12, 13]
    assert await numbers(order_type="TO_GO", limit=2) == [1, 3]
    assert await numbers(location_name=3, limit=2) == [2, 5]
    assert await numbers(created_after=marks[27]) == [28, 29, 30]
    assert await numbers(created_before=marks[1]) == [1, 2]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("offset", "-1", -24),
        ("limit", "101", -23),
        ("limit", "ten", -23),
        ("created_after", "yesterday", -25),
        ("created_after", "2024-05-02 12:00:00", -25),
        ("created_before", "2024-13-02T12:00:00", -26),
        ("order_type", "DELIVERY", -12),
        ("location_name", "bar", -10),
    ],
)
async def test_what_is_no_filter(api: Api, name: str, value: str, code: int) -> None:
    answer = await api.get("/orders", **{name: value})

    assert (answer.status, answer.code) == (400, code)


async def test_statistics_are_of_today_by_the_gateways_zone(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    now = gateway.world.now().astimezone(gateway.world.zone)
    gateway.clock.set(now.replace(hour=12, minute=0))
    for seconds in (100, 500):
        gateway.start_tracker("5")
        gateway.clock.advance(seconds)
        gateway.clear("5")

    answer = await api.get("/statistics")
    assert answer.code == 10
    assert answer.json["statistics"] == {
        "ordersToday": 2.0,
        "averageSeconds": pytest.approx(300, abs=1),
        "targetTime": 300.0,
        "percentGoal": 50.0,
    }
    relaxed = (await api.get("/statistics/", target_time=600)).json["statistics"]
    assert (relaxed["targetTime"], relaxed["percentGoal"]) == (600.0, 100.0)
    assert (await api.get("/statistics", target_time="soon")).code == -22

    gateway.clock.advance(24 * 3600)
    assert (await api.get("/statistics")).json["statistics"]["ordersToday"] == 0.0


async def test_what_was_asked_for_is_noted(gateway: TableTrackerSimulator, api: Api) -> None:
    await api.post("/activeorders", {"name": "12", "orderType": "TO_GO"})
    await api.delete("/activeorders/12")

    assert [(each.name, dict(each.arguments)) for each in gateway.commands] == [
        ("start_order", {"name": "12", "orderType": "TO_GO"}),
        ("clear_order", {"id": "12"}),
    ]
    assert [(each.method, each.path) for each in gateway.requests] == [
        ("POST", f"{BASE}/activeorders"),
        ("DELETE", f"{BASE}/activeorders/12"),
    ]
    assert all(each.is_authorised for each in gateway.requests)
