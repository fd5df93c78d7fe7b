"""Finding out what answers there, and getting, describing and giving back a token."""

from datetime import UTC, datetime

import aiohttp
import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    TableTrackerAuthError,
    TableTrackerClient,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerNotFoundError,
    TableTrackerOutdatedError,
    TableTrackerRejectedError,
    TableTrackerResponseError,
    TokenInfo,
)

from .support import REFUSED, TOKEN, Answer, StubGateway, page, settings_for

GENERATE = "GET /accesstoken/generate"
OLDER = "GET /api/v1/activeorders"
CREATED = {
    "name": "homeassistant",
    "token": TOKEN,
    "creation_date": "2024-05-02T11:20:31",
    "last_used": None,
    "ip_address": None,
}


async def test_a_gateway_is_known_by_how_it_refuses(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers["GET /accesstoken"] = Answer(REFUSED, 401)
    await client.probe()
    assert gateway.routes == ["GET /accesstoken"]
    assert "authorization" not in gateway.requests[0].headers


@pytest.mark.parametrize(
    "answer",
    [
        page(200),
        page(401),
        page(403),
        Answer({"error": "unauthorized"}, 401),
        Answer({"returnCode": 0}, 200),
        Answer(["returnCode", -2], 401),
        Answer({"message": "Not found"}, 404),
        Answer("", 302, {"Location": "/login"}),
        page(404),
    ],
)
async def test_another_device_is_told_from_a_gateway(
    gateway: StubGateway, client: TableTrackerClient, answer: Answer
) -> None:
    gateway.answers["GET /accesstoken"] = answer
    with pytest.raises(TableTrackerResponseError):
        await client.probe()


@pytest.mark.parametrize(
    "older", [page(401), Answer({"status": 401}, 401), Answer({"items": []}), page(400)]
)
async def test_firmware_without_v2_is_known_by_v1(
    gateway: StubGateway, client: TableTrackerClient, older: Answer
) -> None:
    gateway.answers[OLDER] = older
    for ask in (client.probe, client.get_token, client.get_active_orders):
        with pytest.raises(TableTrackerOutdatedError):
            await ask()
    assert gateway.routes.count(OLDER) == 3


@pytest.mark.parametrize("older", [page(404), page(500), page(302)])
async def test_where_neither_is_there_is_no_gateway(
    gateway: StubGateway, client: TableTrackerClient, older: Answer
) -> None:
    gateway.answers[OLDER] = older
    for ask in (client.probe, client.get_token, client.get_active_orders):
        with pytest.raises(TableTrackerResponseError):
            await ask()


async def test_a_json_404_from_another_product_is_no_missing_order(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.otherwise = Answer({"error": "no such page"}, 404)
    with pytest.raises(TableTrackerResponseError):
        await client.get_active_orders()


@pytest.mark.parametrize("code", [-5, -6])
async def test_a_gateway_that_speaks_is_not_asked_for_its_age(
    gateway: StubGateway, client: TableTrackerClient, code: int
) -> None:
    gateway.answers["GET /activeorders"] = Answer({"returnCode": code}, 404)
    with pytest.raises(TableTrackerError) as caught:
        await client.get_active_orders()
    assert caught.value.return_code == code
    assert OLDER not in gateway.routes


async def test_a_gateway_that_fails_may_be_one(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers["GET /accesstoken"] = page(500)
    with pytest.raises(TableTrackerConnectionError):
        await client.probe()


async def test_without_a_press_there_is_no_token(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.answers[GENERATE] = Answer(
        {"status": 403, "returnCode": -3, "message": "Time window expired"}, 403
    )
    assert await client.generate_token("homeassistant") is None
    assert gateway.routes == [GENERATE]


async def test_a_press_gives_a_token_for_the_name(
    gateway: StubGateway, session: aiohttp.ClientSession
) -> None:
    gateway.answers[GENERATE] = Answer({"status": 201, "returnCode": 2, "token": CREATED}, 201)
    client = TableTrackerClient(session, settings_for(gateway.port, token=None))
    assert await client.generate_token("homeassistant") == TOKEN
    assert gateway.requests[0].query == {"name": "homeassistant"}
    assert "authorization" not in gateway.requests[0].headers


async def test_a_bad_name_is_told(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.answers[GENERATE] = Answer(
        {"status": 400, "returnCode": -4, "message": "Invalid name for access token."}, 400
    )
    with pytest.raises(TableTrackerRejectedError, match="Invalid name") as caught:
        await client.generate_token("home assistant")
    assert caught.value.return_code == -4


@pytest.mark.parametrize("token", [None, {}, {"token": ""}, {"token": "a\nb"}, {"token": ["a"]}])
async def test_an_answer_without_a_usable_token_is_unreadable(
    gateway: StubGateway, client: TableTrackerClient, token: object
) -> None:
    gateway.answers[GENERATE] = Answer({"status": 201, "returnCode": 2, "token": token}, 201)
    with pytest.raises(TableTrackerResponseError):
        await client.generate_token("homeassistant")


async def test_a_token_is_described_without_secret_and_address(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    used = CREATED | {"last_used": "2024-05-02T14:13:36", "ip_address": "192.0.2.20"}
    gateway.answers["GET /accesstoken"] = Answer({"status": 200, "returnCode": 1, "token": used})
    token = await client.get_token()
    assert token == TokenInfo(
        "homeassistant",
        datetime(2024, 5, 2, 9, 20, 31, tzinfo=UTC),
        datetime(2024, 5, 2, 12, 13, 36, tzinfo=UTC),
    )
    assert "192.0.2.20" not in repr(token)
    assert gateway.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_all_tokens_are_listed_also_nameless_ones(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    nameless = {"creation_date": "soon", "last_used": 5}
    gateway.answers["GET /accesstoken/all"] = Answer(
        {"status": 200, "returnCode": 3, "count": 7, "items": [CREATED, nameless, "odd"]}
    )
    named, other = await client.list_tokens()
    assert named.name == "homeassistant"
    assert other == TokenInfo(None, None, None)


async def test_a_token_deletes_itself(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.answers["DELETE /accesstoken"] = Answer({"returnCode": 1001, "message": "Deleted."})
    await client.delete_token()
    assert gateway.routes == ["DELETE /accesstoken"]


async def test_what_needs_a_token_is_not_asked_without_one(
    gateway: StubGateway, session: aiohttp.ClientSession
) -> None:
    client = TableTrackerClient(session, settings_for(gateway.port, token=None))
    with pytest.raises(TableTrackerAuthError):
        await client.get_active_orders()
    with pytest.raises(TableTrackerAuthError):
        await client.open_socket(by_frame=False, heartbeat=20)
    assert gateway.routes == []


async def test_a_json_404_of_an_order_is_that_of_an_order(
    gateway: StubGateway, client: TableTrackerClient
) -> None:
    gateway.otherwise = Answer({"status": 404, "message": "gone"}, 404)
    with pytest.raises(TableTrackerNotFoundError):
        await client.get_order("23")
