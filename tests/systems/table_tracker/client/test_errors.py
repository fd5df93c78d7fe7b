"""What each code of the gateway's means, and what a status means where there is none."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    OrderType,
    TableTrackerAuthError,
    TableTrackerClient,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerNotFoundError,
    TableTrackerOutcomeUnknownError,
    TableTrackerRejectedError,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
)

from .support import TOKEN, Answer, StubGateway, page

type Call = Callable[[TableTrackerClient], Awaitable[object]]

SPECIAL = {
    -2: TableTrackerAuthError,
    -5: TableTrackerUnsupportedError,
    -6: TableTrackerNotFoundError,
    -32: TableTrackerConnectionError,
}


async def read(client: TableTrackerClient) -> object:
    return await client.get_settings()


async def write(client: TableTrackerClient) -> object:
    return await client.start_order("23", OrderType.TO_GO)


async def delete(client: TableTrackerClient) -> object:
    return await client.clear_all_orders()


CALLS: list[Call] = [read, write, delete]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", range(-36, 0))
async def test_every_negative_code_is_an_error_of_its_own(
    gateway: StubGateway, client: TableTrackerClient, call: Call, code: int
) -> None:
    gateway.otherwise = Answer({"status": 400, "returnCode": code, "message": " No\n way "}, 400)
    with pytest.raises(TableTrackerError, match=r"^No way$") as caught:
        await call(client)
    assert type(caught.value) is SPECIAL.get(code, TableTrackerRejectedError)
    assert caught.value.return_code == code
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("status", [200, 401, 404, 500])
async def test_the_code_decides_before_the_status(
    gateway: StubGateway, client: TableTrackerClient, status: int
) -> None:
    gateway.otherwise = Answer({"status": 400, "returnCode": "-20", "message": "No"}, status)
    with pytest.raises(TableTrackerRejectedError):
        await client.get_settings()
    gateway.otherwise = Answer({"returnCode": 13, "settings": {"targetTimeDefault": 5}}, status)
    assert (await client.get_settings()).target_seconds == 5


@pytest.mark.parametrize(
    "code", [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013]
)
async def test_every_code_above_a_thousand_is_success(
    gateway: StubGateway, client: TableTrackerClient, code: int
) -> None:
    gateway.otherwise = Answer({"status": 200, "returnCode": code, "message": "Done."})
    await client.set_settings(target_time=240)
    await client.clear_all_orders()
    assert len(gateway.requests) == 2


@pytest.mark.parametrize(
    ("answer", "read_error", "write_error"),
    [
        (page(200), TableTrackerResponseError, TableTrackerOutcomeUnknownError),
        (Answer(' {"status": 20'), TableTrackerResponseError, TableTrackerOutcomeUnknownError),
        (Answer([]), TableTrackerResponseError, TableTrackerOutcomeUnknownError),
        (page(302), TableTrackerResponseError, TableTrackerResponseError),
        (page(400), TableTrackerRejectedError, TableTrackerRejectedError),
        (page(401), TableTrackerAuthError, TableTrackerAuthError),
        (Answer({"error": "who?"}, 401), TableTrackerAuthError, TableTrackerAuthError),
        (page(403), TableTrackerRejectedError, TableTrackerRejectedError),
        (page(404), TableTrackerUnsupportedError, TableTrackerUnsupportedError),
        (Answer({"status": 404}, 404), TableTrackerNotFoundError, TableTrackerNotFoundError),
        (page(405), TableTrackerUnsupportedError, TableTrackerUnsupportedError),
        (page(408), TableTrackerConnectionError, TableTrackerOutcomeUnknownError),
        (page(411), TableTrackerRejectedError, TableTrackerRejectedError),
        (page(415), TableTrackerRejectedError, TableTrackerRejectedError),
        (page(500), TableTrackerConnectionError, TableTrackerOutcomeUnknownError),
        (
            Answer({"status": 500}, 500),
            TableTrackerConnectionError,
            TableTrackerOutcomeUnknownError,
        ),
        (page(503), TableTrackerConnectionError, TableTrackerOutcomeUnknownError),
    ],
)
async def test_without_a_code_the_status_decides(
    gateway: StubGateway,
    client: TableTrackerClient,
    answer: Answer,
    read_error: type[TableTrackerError],
    write_error: type[TableTrackerError],
) -> None:
    gateway.otherwise = answer
    for call, error in ((read, read_error), (write, write_error), (delete, write_error)):
        with pytest.raises(TableTrackerError) as caught:
            await call(client)
        assert type(caught.value) is error
        assert caught.value.return_code is None
    assert len(gateway.requests) == 3


async def test_an_empty_success_is_one(gateway: StubGateway, client: TableTrackerClient) -> None:
    gateway.otherwise = Answer("", 204)
    await client.clear_all_orders()
    with pytest.raises(TableTrackerResponseError):
        await client.get_repeaters()


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (None, "Refused (-21)"),
        (["x"], "Refused (-21)"),
        ("x" * 300, "x" * 200),
        (f"Token {TOKEN} is odd", "Token … is odd"),
        ("See http://192.0.2.1:8000/api/v2?x=1 for it", "See … for it"),
        ("Not aa01b2c3d4e5f6aa01b2c3d4e5f6aa01", "Not …"),
    ],
)
async def test_the_gateways_words_are_kept_without_what_is_nobodys_business(
    gateway: StubGateway, client: TableTrackerClient, message: object, text: str
) -> None:
    gateway.otherwise = Answer({"returnCode": -21, "message": message}, 400)
    with pytest.raises(TableTrackerRejectedError) as caught:
        await client.get_settings()
    assert str(caught.value) == text
