"""The API of before v2, which stays available (section 7.9)."""

import base64
from datetime import datetime

import pytest

from simulators.table_tracker import TableTrackerSimulator

from .support import Answer, Api


class OlderApi:
    """Requests with the key that the older API takes."""

    def __init__(self, api: Api) -> None:
        self.api = api
        key = base64.b64encode(f"{api.gateway.key_v1}:".encode()).decode()
        self.headers = {"Authorization": f"Basic {key}"}

    async def ask(self, method: str, path: str, **more) -> Answer:
        """Send a request."""
        return await self.api.request(method, f"/api/v1{path}", headers=self.headers, **more)


@pytest.fixture(params=[False, True])
def older(
    gateway: TableTrackerSimulator, stranger: Api, request: pytest.FixtureRequest
) -> OlderApi:
    """Whether the gateway has v2 or not, v1 is the same."""
    gateway.faults.only_v1 = request.param
    return OlderApi(stranger)


@pytest.mark.parametrize(
    "header", [None, "Basic", "Basic ???", "Basic /w==", "Basic YWJjOg==", "Bearer abc"]
)
async def test_without_the_key_there_is_nothing(stranger: Api, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}

    answer = await stranger.request("GET", "/api/v1/activeorders", headers=headers)

    assert answer.status == 401
    assert "message" in answer.json


async def test_orders_have_other_names_and_texts(
    gateway: TableTrackerSimulator, older: OlderApi
) -> None:
    gateway.start_tracker("5")

    answer = await older.ask("GET", "/activeorders")

    assert answer.status == 200
    assert "returnCode" not in answer.json
    assert answer.json["count"] == "1"
    [order] = answer.json["items"]
    assert order["paged"] == "No"
    assert order["stateStarted"] == order["created"]
    assert "stateChanged" not in order
    assert order["elapsedTime"] == 0


async def test_an_order_is_started_found_and_cleared(
    gateway: TableTrackerSimulator, older: OlderApi
) -> None:
    order = {"name": "12", "orderType": "TO_GO", "locationName": "3"}

    started = await older.ask("POST", "/activeorders", json=order)
    found = await older.ask("GET", "/activeorders/12")
    cleared = await older.ask("DELETE", "/activeorders/12")
    gone = await older.ask("DELETE", "/activeorders/12")

    assert started.json["activeorder"]["state"] == "located"
    assert found.json["activeorder"]["uuid"] == started.json["activeorder"]["uuid"]
    assert cleared.json["activeorder"]["state"] == "cleared"
    assert gone.status == 404
    assert [command.name for command in gateway.commands] == ["start_order", *["clear_order"] * 2]


async def test_dates_of_the_history_have_a_blank(
    gateway: TableTrackerSimulator, older: OlderApi
) -> None:
    gateway.start_tracker("5")
    gateway.clear("5")
    now = gateway.world.now().astimezone(gateway.world.zone)
    yesterday = now.replace(year=now.year - 1).strftime("%Y-%m-%d %H:%M:%S")

    answer = await older.ask("GET", "/orders", params={"created_after": yesterday})
    none = await older.ask("GET", "/orders", params={"created_before": yesterday})

    assert (answer.json["count"], none.json["count"]) == ("1", "0")
    assert datetime.fromisoformat(answer.json["items"][0]["orderStarted"]).tzinfo is not None


async def test_statistics_are_not_wrapped(older: OlderApi) -> None:
    answer = await older.ask("GET", "/statistics")

    assert answer.json["ordersToday"] == 0.0
    assert "statistics" not in answer.json


async def test_a_callback_is_registered_by_a_get(
    gateway: TableTrackerSimulator, older: OlderApi
) -> None:
    query = {"http_client": "http://127.0.0.1:1/"}

    answer = await older.ask("GET", "/register", params=query)

    assert answer.json["message"] == "Registered client."
    assert (await older.ask("GET", "/register")).status == 400
    assert [command.name for command in gateway.commands] == ["register", "register"]


@pytest.mark.parametrize("path", ["/accesstoken", "/gateway/settings", "/activeorders/5/page"])
async def test_it_has_no_more(older: OlderApi, path: str) -> None:
    assert (await older.ask("GET", path)).status == 404
