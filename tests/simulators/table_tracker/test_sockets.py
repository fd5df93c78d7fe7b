"""The WebSocket, byte by byte where it matters (sections 5 and 10)."""

import asyncio
import json
import struct

import pytest

from simulators.table_tracker import TableTrackerSimulator

from .support import CLOSE, PING, PONG, TEXT, Api, Line, Raw, frame

DENIED = "Access denied using provided token or no access token provided."


@pytest.fixture
def token(gateway: TableTrackerSimulator) -> str:
    return gateway.issue_token("tests")


@pytest.fixture
def bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


async def test_whoever_is_known_gets_the_list_at_once(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    gateway.start_tracker("23")
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(
            bearer,
            "Sec-WebSocket-Extensions: permessage-deflate",
            "Sec-WebSocket-Protocol: orders",
        )
        answer = await raw.answer()
        kind, data = await raw.frame()

    assert answer.status == 101
    assert answer.headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert "Sec-WebSocket-Extensions" not in answer.headers
    assert "Sec-WebSocket-Protocol" not in answer.headers
    assert kind == TEXT
    orders = json.loads(data)
    assert orders.keys() == {"type", "count", "items"}
    assert (orders["type"], orders["count"]) == ("ACTIVE_ORDERS", 1)
    assert orders["items"][0]["name"] == "23"


async def test_the_list_may_come_in_the_segment_of_the_101(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)

        segment = await raw.read()

    head, _, first_frame = segment.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"ACTIVE_ORDERS" in first_frame


async def test_the_token_may_come_in_the_first_frame(
    gateway: TableTrackerSimulator, token: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands()
        await raw.answer()
        assert gateway.sockets == 0
        raw.send_frame(PING, b"early")
        assert await raw.frame() == (PONG, b"early")

        raw.send_frame(TEXT, json.dumps({"accesstoken": token}).encode())

        _, data = await raw.frame()
        assert json.loads(data)["type"] == "ACTIVE_ORDERS"
        assert gateway.sockets == 1


async def test_a_token_before_the_101_is_lost(gateway: TableTrackerSimulator, token: str) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands()
        raw.send(frame(TEXT, json.dumps({"accesstoken": token}).encode()))
        await raw.answer()
        assert await raw.stays_open()

        gateway.clock.advance(20)

        _, data = await raw.frame()
        assert json.loads(data)["returnCode"] == -32


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (b'{"accesstoken": "abc"}', -2),
        (b'{"token": "abc"}', -2),
        (b'"abc"', -2),
        (b"abc", -31),
    ],
)
async def test_a_bad_first_frame_is_answered_and_the_socket_closed(
    gateway: TableTrackerSimulator, first: bytes, code: int
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands()
        await raw.answer()

        raw.send_frame(TEXT, first)

        kind, data = await raw.frame()
        assert (kind, json.loads(data)["returnCode"]) == (TEXT, code)
        assert await raw.frame() == (CLOSE, struct.pack(">H", 1000))


async def test_the_gateway_says_goodbye_and_leaves_the_rest_to_the_client(
    gateway: TableTrackerSimulator,
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands()
        await raw.answer()
        gateway.clock.advance(20)
        await raw.frame()
        assert (await raw.frame())[0] == CLOSE

        raw.send_frame(CLOSE, struct.pack(">H", 1000))

        assert await raw.stays_open()


async def test_a_goodbye_of_the_client_is_echoed_and_ends_it(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        raw.send_frame(CLOSE, struct.pack(">H", 1001) + b"bye")

        assert await raw.frame() == (CLOSE, struct.pack(">H", 1001) + b"bye")
        assert await raw.read() == b""
    await asyncio.sleep(0.05)
    assert gateway.sockets == 0


@pytest.mark.parametrize(
    ("kind", "data", "code"), [(PING, b"a" * 126, 1002), (TEXT, b"\xff\xfe", 1007)]
)
async def test_what_breaks_the_protocol_ends_it(
    gateway: TableTrackerSimulator, bearer: str, kind: int, data: bytes, code: int
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        raw.send_frame(kind, data)

        assert await raw.frame() == (CLOSE, struct.pack(">H", code))
        assert await raw.read() == b""


async def test_pings_are_answered_unless_the_link_is_half_open(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()
        raw.send_frame(PING, b"1")
        assert await raw.frame() == (PONG, b"1")

        gateway.faults.mute_pongs = True
        raw.send_frame(PING, b"2")
        assert await raw.stays_open()


async def test_a_heartbeat_is_a_pong(gateway: TableTrackerSimulator, bearer: str) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        gateway.send_pong()

        assert await raw.frame() == (PONG, b"beep")


async def test_later_frames_of_a_client_mean_nothing(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        raw.send_frame(TEXT, b'{"subscribe": ', fin=False)
        raw.send_frame(0, b'"all"}')
        raw.send_frame(TEXT, b"what?")

        _, data = await raw.frame()
        assert json.loads(data)["returnCode"] == -31
        gateway.start_tracker("5")
        assert json.loads((await raw.frame())[1])["type"] == "ORDER_CREATED"


@pytest.mark.parametrize(
    ("header", "status", "code"), [("Bearer abc", 401, -2), ("Basic abc", 400, -1)]
)
async def test_a_refused_handshake_says_close_and_does_not(
    gateway: TableTrackerSimulator, header: str, status: int, code: int
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(f"Authorization: {header}")

        answer = await raw.answer()

        assert (answer.status, answer.code) == (status, code)
        assert answer.headers["Connection"] == "close"
        assert await raw.stays_open()


@pytest.mark.parametrize(("way", "count"), [("frame", 1), ("frame_close_only", 0)])
async def test_a_handshake_may_be_refused_after_the_101(
    gateway: TableTrackerSimulator, way: str, count: int
) -> None:
    gateway.faults.refuse_handshake = way
    async with await Raw.to(gateway) as raw:
        raw.shake_hands("Authorization: Bearer abc")
        assert (await raw.answer()).status == 101

        frames = [await raw.frame() for _ in range(count + 1)]

        assert [json.loads(data)["message"] for _, data in frames[:-1]] == [DENIED] * count
        assert frames[-1] == (CLOSE, struct.pack(">H", 1000))
        assert gateway.sockets == 0


async def test_other_versions_are_a_page(gateway: TableTrackerSimulator, bearer: str) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer, version=12)

        answer = await raw.answer()

    assert answer.status == 500
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_every_change_is_a_flat_frame_with_the_next_number(
    gateway: TableTrackerSimulator, line: Line
) -> None:
    name = gateway.start_tracker("24")
    gateway.move_to_table("24", "12")
    gateway.switch_type("24", "TO_GO")
    gateway.page("24")
    gateway.cancel_page("24")
    gateway.leave_table("24")
    gateway.clear("24")

    frames = await line.frames(7)

    assert [frame["seq"] for frame in frames] == list(range(1, 8))
    assert {frame["uuid"] for frame in frames} == {name}
    assert all("returnCode" not in frame and "status" not in frame for frame in frames)
    assert [
        (each["type"], each["state"], each["locationName"], each["orderType"], each["paged"])
        for each in frames
    ] == [
        ("ORDER_CREATED", "started", "", "ON_PREMISE", False),
        ("ORDER_MODIFIED", "located", "12", "ON_PREMISE", False),
        ("ORDER_MODIFIED", "located", "12", "TO_GO", False),
        ("ORDER_PAGED", "located", "12", "TO_GO", True),
        ("ORDER_MODIFIED", "located", "12", "TO_GO", False),
        ("ORDER_MODIFIED", "started", "", "TO_GO", False),
        ("ORDER_MODIFIED", "cleared", "", "TO_GO", False),
    ]


async def test_an_order_can_be_born_at_a_table(gateway: TableTrackerSimulator, line: Line) -> None:
    gateway.move_to_table("23", "8")

    frame = await line.frame()

    assert (frame["type"], frame["state"], frame["locationName"]) == (
        "ORDER_CREATED",
        "located",
        "8",
    )


async def test_a_page_that_ends_by_itself_is_told(
    gateway: TableTrackerSimulator, line: Line
) -> None:
    gateway.start_tracker("5")
    gateway.page("5", continuous=False)
    gateway.clock.advance(61)

    _, paged, ended = await line.frames(3)

    assert (paged["type"], ended["type"]) == ("ORDER_PAGED", "ORDER_MODIFIED")
    assert ended["paged"] is False


@pytest.mark.parametrize(
    ("way", "kind"), [("modified", "ORDER_MODIFIED"), ("cleared", "ORDER_CLEARED")]
)
async def test_the_end_of_an_order_has_variants(
    gateway: TableTrackerSimulator, line: Line, way: str, kind: str
) -> None:
    gateway.faults.end_of_order = way
    gateway.start_tracker("5")
    gateway.clear("5")

    _, ended = await line.frames(2)

    assert (ended["type"], ended["state"]) == (kind, "cleared")


async def test_the_end_of_an_order_may_be_silent(
    gateway: TableTrackerSimulator, line: Line
) -> None:
    gateway.faults.end_of_order = "silent"
    gateway.start_tracker("5")
    await line.frame()

    gateway.clear("5")

    assert await line.is_quiet()


async def test_all_sockets_are_told(gateway: TableTrackerSimulator, api: Api) -> None:
    lines = [await api.listen(by_frame=by_frame) for by_frame in (False, True)]
    for line in lines:
        await line.frame()

    gateway.start_tracker("5")

    first, second = [await line.frame() for line in lines]
    assert first == second


async def test_numbers_have_gaps_and_frames_are_lost(
    gateway: TableTrackerSimulator, line: Line
) -> None:
    gateway.start_tracker("1")
    gateway.skip_seq()
    gateway.start_tracker("2")
    gateway.drop_events(2)
    for number in ("3", "4", "5"):
        gateway.start_tracker(number)
    gateway.send_raw("<what>")

    frames = await line.frames(3)

    assert [(frame["name"], frame["seq"]) for frame in frames] == [("1", 1), ("2", 3), ("5", 6)]
    assert (await line.end()).data == "<what>"


async def test_frames_may_be_late(gateway: TableTrackerSimulator, line: Line) -> None:
    gateway.faults.delay_frames = 0.2
    gateway.start_tracker("1")

    assert gateway.sockets == 1
    async with asyncio.timeout(5):
        started = asyncio.get_running_loop().time()
        assert (await line.frame())["name"] == "1"
        assert asyncio.get_running_loop().time() - started > 0.15


async def test_an_event_may_come_before_the_list(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.faults.event_before_list = True

    line = await api.listen()

    event, orders = await line.frames(2)
    assert (event["type"], orders["type"]) == ("ORDER_CREATED", "ACTIVE_ORDERS")
    assert [order["uuid"] for order in orders["items"]] == [event["uuid"]]


async def test_a_frozen_gateway_keeps_frames_and_pongs(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        gateway.faults.frozen = True
        gateway.start_tracker("5")
        raw.send_frame(PING)
        assert await raw.stays_open()

        gateway.faults.frozen = False
        await asyncio.sleep(0.1)
        assert gateway.sockets == 1


async def test_power_loss_says_nothing_and_numbers_begin_anew(
    gateway: TableTrackerSimulator, api: Api, bearer: str
) -> None:
    gateway.start_tracker("1")
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        await gateway.reboot()

        with pytest.raises(ConnectionResetError):
            await raw.read()
    line = await api.listen()
    assert (await line.frame())["count"] == 1
    gateway.start_tracker("2")
    assert (await line.frame())["seq"] == 1


async def test_a_link_that_breaks_says_nothing(gateway: TableTrackerSimulator, bearer: str) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        gateway.cut_sockets()

        with pytest.raises(ConnectionResetError):
            await raw.read()


async def test_a_service_that_is_shut_down_says_so(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.shake_hands(bearer)
        await raw.answer()
        await raw.frame()

        await gateway.shut_down()

        assert await raw.frame() == (CLOSE, struct.pack(">H", 1001) + b"Server is shutting down")
        assert await raw.read() == b""
