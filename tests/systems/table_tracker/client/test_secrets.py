"""No token, no address and nobody's body gets out of the client, whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
import logging

import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    OrderType,
    TableTrackerClient,
    TableTrackerError,
    TableTrackerSettings,
    TableTrackerStream,
)

from .support import (
    REFUSED,
    TOKEN,
    UUID,
    Answer,
    Listener,
    StubGateway,
    event,
    following,
    page,
    words_of,
)

ADDRESS = "192.0.2.77"
QUOTE = f"Bearer {TOKEN} from http://{ADDRESS}:8000/api/v2/accesstoken?name=x"

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
    lambda client: client.page_order(UUID),
    lambda client: client.cancel_page(UUID),
    lambda client: client.get_history(),
    lambda client: client.get_settings(),
    lambda client: client.get_gateway(),
    lambda client: client.get_repeaters(),
]
TROUBLES = {
    "quoted": Answer({"returnCode": -21, "message": QUOTE}, 400),
    "quoted by another code": Answer({"returnCode": -99, "message": QUOTE}, 500),
    "quoted in a page": Answer(f"<html>{QUOTE}</html>", 500),
    "quoted in half an answer": Answer(f'{{"token": "{TOKEN}'),
    "unreadable": Answer({"returnCode": 1, "token": [TOKEN], "items": TOKEN, "settings": QUOTE}),
    "refused": Answer(REFUSED | {"message": QUOTE}, 401),
    "sent elsewhere": Answer("", 302, {"Location": f"http://{ADDRESS}/{TOKEN}"}),
    "missing": page(404),
}


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Log everything that anybody has to say, and return it."""
    caplog.set_level(logging.DEBUG)
    for name in ("aiohttp", "asyncio", "custom_components"):
        caplog.set_level(logging.DEBUG, name)
    return lambda: "\n".join(
        f"{record.getMessage()} {record.args} {record.exc_text}" for record in caplog.records
    )


def assert_clean(text: str, gateway: StubGateway) -> None:
    for secret in (TOKEN, TOKEN[:20], ADDRESS, f":{gateway.port}", "http:"):
        assert secret not in text


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_error_and_no_log_line_tells(
    gateway: StubGateway,
    client: TableTrackerClient,
    logs: Callable[[], str],
    trouble: str,
) -> None:
    gateway.otherwise = TROUBLES[trouble]
    failed = 0
    for call in CALLS:
        try:
            await call(client)
        except TableTrackerError as error:
            failed += 1
            words = words_of(error)
            # The words of a traceback may name this test's own constants, not their values.
            assert_clean(words, gateway)
    assert failed > 3
    assert_clean(logs(), gateway)


async def test_no_error_tells_when_nobody_is_there(
    gateway: StubGateway, client: TableTrackerClient, logs: Callable[[], str]
) -> None:
    await gateway.stop()
    for call in CALLS:
        with pytest.raises(TableTrackerError) as caught:
            await call(client)
        assert_clean(words_of(caught.value), gateway)
    with pytest.raises(TableTrackerError) as caught:
        await client.open_socket(by_frame=False, heartbeat=20)
    assert_clean(words_of(caught.value), gateway)
    assert_clean(logs(), gateway)
    await gateway.start()


async def test_no_repr_tells(client: TableTrackerClient, stream: TableTrackerStream) -> None:
    settings = TableTrackerSettings("gateway.lan", 8000, TOKEN)
    parts = (settings, client.settings, client, client.clock, client.order_reader, stream)
    for part in (*parts, *vars(client).values()):
        assert TOKEN not in repr(part) + str(part)


@pytest.mark.parametrize("refusal", [Answer(REFUSED, 401), REFUSED | {"message": QUOTE}])
async def test_no_refused_stream_tells(
    gateway: StubGateway,
    stream: TableTrackerStream,
    logs: Callable[[], str],
    refusal: Answer | dict[str, object],
) -> None:
    gateway.refusal = refusal
    gateway.header_is_good = gateway.frame_is_good = False
    with pytest.raises(TableTrackerError) as caught:
        await stream.follow()
    assert gateway.tokens_by_frame == [TOKEN]
    assert_clean(words_of(caught.value), gateway)
    assert_clean(logs(), gateway)


async def test_no_message_of_the_stream_tells(
    gateway: StubGateway, stream: TableTrackerStream, listener: Listener, logs: Callable[[], str]
) -> None:
    frames = [
        f"{{ {QUOTE}",
        {"type": QUOTE},
        event("ORDER_CREATED", 1, accesstoken=TOKEN, ip_address=ADDRESS),
        event("ORDER_CREATED", 1, uuid=None, message=QUOTE),
        {"returnCode": -31, "message": QUOTE},
        REFUSED | {"message": QUOTE},
    ]
    async with following(stream, listener) as task:
        for frame in frames:
            await gateway.send(frame)
        await asyncio.wait([task])
        error = task.exception()
    assert isinstance(error, TableTrackerError)
    assert_clean(words_of(error), gateway)
    assert len(listener) >= 8
    assert_clean(repr(listener), gateway)
    assert_clean(logs(), gateway)
