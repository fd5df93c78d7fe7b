"""What was measured on the web server itself, by bare TCP (section 10)."""

import asyncio
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from simulators.table_tracker import TableTrackerSimulator, connections

from .support import BASE, Answer, Api, Raw

JSON = "Content-Type: application/json"
ORDERS = f"{BASE}/activeorders"


def is_page(answer: Answer, status: int) -> bool:
    """Return whether it is a page that the web server makes by itself."""
    return (
        answer.status == status
        and answer.headers["Content-Type"] == "text/html;charset=utf-8"
        and f"<h2>{status} " in answer.text
    )


@pytest.fixture
def bearer(gateway: TableTrackerSimulator) -> str:
    return f"Authorization: Bearer {gateway.issue_token('tests')}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api", 404),
        ("GET", "/api/v2x", 404),
        ("GET", "/api/V2/activeorders", 404),
        ("GET", f"{BASE}/ActiveOrders", 404),
        ("GET", f"{BASE}/tables", 404),
        ("OPTIONS", ORDERS, 405),
        ("DELETE", f"{BASE}/statistics", 405),
        ("POST", f"{BASE}/websocket", 405),
        ("PUT", ORDERS, 405),
        ("GET", f"{BASE}/websocket", 500),
        ("HEAD", f"{BASE}/websocket", 500),
    ],
)
async def test_pages_are_html(
    gateway: TableTrackerSimulator, method: str, path: str, status: int
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.ask(method, path, *(["Content-Length: 0"] if method in {"POST", "PUT"} else []))
        answer = await raw.answer(has_body=method != "HEAD")

    assert method == "HEAD" or is_page(answer, status)
    assert answer.status == status
    assert ("Allow" in answer.headers) == (status == 405)


async def test_slashes_do_not_matter(gateway: TableTrackerSimulator, bearer: str) -> None:
    async with await Raw.to(gateway) as raw:
        raw.ask("GET", "/api//v2/activeorders//", bearer)
        assert (await raw.answer()).code == 5


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ((), b"", 411),
        ((JSON,), b"", 411),
        (("Content-Length: 0",), b"", 415),
        (("Content-Length: 2",), b"{}", 415),
        (("Content-Length: 2", "Content-Type: application/x-www-form-urlencoded"), b"{}", 415),
        ((JSON, "Content-Length: 0"), b"", 400),
        ((JSON, "Content-Length: 1"), b"{", 400),
    ],
)
async def test_a_post_needs_a_length_the_type_and_json(
    gateway: TableTrackerSimulator, bearer: str, headers: tuple[str], body: bytes, status: int
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.ask("POST", ORDERS, bearer, *headers, body=body)

        assert is_page(await raw.answer(), status)
        assert await raw.stays_open()


async def test_the_type_may_name_a_character_set(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.ask("POST", ORDERS, bearer, f"{JSON}; charset=utf-8", "Content-Length: 2", body=b"{}")

        assert (await raw.answer()).code == -8


async def test_chunks_are_not_understood_and_end_the_connection(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        chunks = b"2\r\n{}\r\n0\r\n\r\n"
        raw.ask("POST", ORDERS, bearer, JSON, "Transfer-Encoding: chunked", body=chunks)

        assert is_page(await raw.answer(), 411)
        assert await raw.read() == b""


async def test_the_vendor_may_have_taught_it_json(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    gateway.faults.vendor_json_errors = True

    async with await Raw.to(gateway) as raw:
        raw.ask("POST", ORDERS, bearer, JSON, "Content-Length: 1", body=b"{")
        assert (await raw.answer()).code == -31
        raw.ask("GET", f"{BASE}/tables", bearer)
        assert (await raw.answer()).code == -5


@pytest.mark.parametrize("path", [ORDERS, f"{BASE}/statistics", f"{BASE}/accesstoken/generate"])
async def test_an_unknown_parameter_is_a_page(
    gateway: TableTrackerSimulator, bearer: str, path: str
) -> None:
    gateway.press_button()
    async with await Raw.to(gateway) as raw:
        raw.ask("GET", f"{path}?_=1700000000", bearer)

        answer = await raw.answer()

    assert is_page(answer, 404)
    assert "Unexpected query string parameters: _" in answer.text


async def test_the_body_of_a_delete_is_not_read(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        body = b'{"http_client": "http://127.0.0.1/"}'
        raw.ask(
            "DELETE", f"{BASE}/register", bearer, JSON, f"Content-Length: {len(body)}", body=body
        )

        assert (await raw.answer()).code == -28


async def test_a_head_says_how_long_the_body_would_be(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.ask("GET", ORDERS, bearer)
        got = await raw.answer()
        raw.ask("HEAD", ORDERS, bearer)
        head = await raw.answer(has_body=False)

        assert head.headers["Content-Length"] == got.headers["Content-Length"]
        assert await raw.stays_open()


async def test_the_date_is_by_the_gateways_own_clock_and_in_gmt(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    gateway.skew(-3600)

    async with await Raw.to(gateway) as raw:
        raw.ask("GET", ORDERS, bearer)
        headers = (await raw.answer()).headers

    ahead = parsedate_to_datetime(headers["Date"]) - gateway.clock.now()
    assert headers["Date"].endswith("GMT")
    assert abs(ahead + timedelta(hours=1)) < timedelta(seconds=5)
    assert headers["Server"] == "CherryPy/3.2.2"


async def test_who_says_close_gets_it(gateway: TableTrackerSimulator, bearer: str) -> None:
    async with await Raw.to(gateway) as raw:
        raw.ask("GET", ORDERS, bearer, "Connection: close")

        assert (await raw.answer()).headers["Connection"] == "close"
        assert await raw.read() == b""


async def test_ten_connections_are_served_at_a_time(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    idle = [await Raw.to(gateway) for _ in range(10)]
    for raw in idle:
        raw.ask("GET", BASE)
        assert (await raw.answer()).status == 200

    async with await Raw.to(gateway) as eleventh:
        eleventh.ask("GET", ORDERS, bearer)
        assert await eleventh.stays_open()
        idle[0].writer.close()
        assert (await eleventh.reader.readline()) == b"HTTP/1.1 200 OK\r\n"

    for raw in idle[1:]:
        raw.writer.close()


async def test_sockets_need_no_worker(gateway: TableTrackerSimulator, bearer: str) -> None:
    sockets = [await Raw.to(gateway) for _ in range(11)]
    for raw in sockets:
        raw.shake_hands(bearer)
        assert (await raw.answer()).status == 101

    async with await Raw.to(gateway) as raw:
        raw.ask("GET", ORDERS, bearer)
        assert (await raw.answer()).code == 5

    for raw in sockets:
        raw.writer.close()


@pytest.fixture
def _is_hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE_LIMIT", 0.2)


@pytest.mark.usefixtures("_is_hasty")
async def test_an_idle_connection_is_closed_without_a_word(
    gateway: TableTrackerSimulator,
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.ask("GET", BASE)
        assert (await raw.answer()).status == 200
        assert await raw.read() == b""


@pytest.mark.usefixtures("_is_hasty")
@pytest.mark.parametrize("half", [b"", b"GET /api/v2 HTTP/1.1\r\nHo"])
async def test_whoever_owes_a_request_is_told_so(
    gateway: TableTrackerSimulator, half: bytes
) -> None:
    async with await Raw.to(gateway) as raw:
        raw.send(half)

        answer = await raw.answer()

        assert (answer.status, answer.text) == (408, "")
        assert await raw.read() == b""


@pytest.mark.usefixtures("_is_hasty")
async def test_a_slow_answer_is_no_idleness(gateway: TableTrackerSimulator) -> None:
    gateway.faults.delay = 0.4

    async with await Raw.to(gateway) as raw:
        raw.ask("GET", BASE)
        assert (await raw.answer()).status == 200


async def test_a_frozen_gateway_takes_connections_and_does_not_answer(
    gateway: TableTrackerSimulator, bearer: str
) -> None:
    gateway.faults.frozen = True

    async with await Raw.to(gateway) as raw:
        raw.ask("GET", ORDERS, bearer)
        assert await raw.stays_open()
        gateway.faults.frozen = False
        assert (await raw.reader.readline()) == b"HTTP/1.1 200 OK\r\n"


async def test_answers_fail_are_lost_or_cut(gateway: TableTrackerSimulator, api: Api) -> None:
    gateway.faults.fail(500, path="activeorders")
    gateway.faults.fail(503, path="statistics", body="later", retry_after="3")

    assert is_page(await api.get("/activeorders"), 500)
    later = await api.get("/statistics")
    assert (later.status, later.text, later.headers["Retry-After"]) == (503, "later", "3")

    gateway.faults.truncate_answers(path="gateway")
    assert not (await api.get("/gateway/settings")).text.endswith("}")

    gateway.faults.lose_answers(path="activeorders")
    async with await Raw.to(gateway) as raw:
        order = b'{"name": "9", "orderType": "TO_GO"}'
        bearer = f"Authorization: Bearer {api.token}"
        raw.ask("POST", ORDERS, bearer, JSON, f"Content-Length: {len(order)}", body=order)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await raw.answer()
    assert gateway.world.order_of("9")


async def test_a_gateway_of_before_v2(gateway: TableTrackerSimulator, bearer: str) -> None:
    gateway.faults.only_v1 = True

    async with await Raw.to(gateway) as raw:
        raw.ask("GET", ORDERS, bearer)
        assert is_page(await raw.answer(), 404)
        raw.shake_hands(bearer)
        assert is_page(await raw.answer(), 404)
        raw.ask("GET", "/api/v1/activeorders")
        assert (await raw.answer()).status == 401


async def test_it_comes_back_where_it_was(gateway: TableTrackerSimulator, api: Api) -> None:
    port = gateway.port
    gateway.start_tracker("5")

    await gateway.stop()
    with pytest.raises(OSError, match="onnect"):
        await Raw.to(gateway)
    await gateway.start()

    assert gateway.port == port
    assert (await api.get("/activeorders")).json["count"] == 1
    await gateway.reboot(lose_orders=True)
    assert (await api.get("/activeorders")).json["count"] == 0
    assert (await api.get("/orders")).json["count"] == 0
