"""Microsoft's own SignalR client speaks with the simulated server, over each of its transports.

This is what keeps the simulator from being shaped after our own client.
"""

from collections.abc import AsyncIterator
from pathlib import Path
import shutil

from playwright.async_api import Page, async_playwright
import pytest

from simulators.paxton_net2 import Net2Simulator
from tests.e2e.waiting import eventually

HERE = Path(__file__).parent
SCRIPTS = (
    "node_modules/jquery/dist/jquery.js",
    "node_modules/signalr/jquery.signalR.js",
    "vendor_client.js",
)

TRANSPORTS = ("webSockets", "serverSentEvents", "longPolling")


@pytest.fixture
async def simulator() -> AsyncIterator[Net2Simulator]:
    async with Net2Simulator() as simulator:
        yield simulator


@pytest.fixture
async def page(simulator: Net2Simulator) -> AsyncIterator[Page]:
    """A page of the server's own origin, with the vendor's client in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        context = await browser.new_context(ignore_https_errors=True)
        page = await context.new_page()
        # Any answer will do, as long as the page is of the server's origin.
        await page.goto(simulator.url)
        for script in SCRIPTS:
            await page.add_script_tag(path=HERE / script)
        yield page
        await browser.close()


async def start(
    page: Page, simulator: Net2Simulator, transport: str, expected: str | None = None
) -> int:
    """Connect and subscribe to the first door, whose id is returned."""
    token = await page.evaluate(
        "async (form) => (await $.post('/api/v1/authorization/tokens', form)).access_token",
        {
            "username": simulator.username,
            "password": simulator.password,
            "client_id": simulator.client_id,
            "grant_type": "password",
        },
    )
    used = await page.evaluate("(given) => start(...given)", [token, transport])
    assert used == (expected or transport)
    door_id = next(iter(simulator.world.doors))
    await page.evaluate("(door) => subscribe(door)", door_id)
    return door_id


async def told(page: Page, condition: str) -> None:
    """Wait until something was told that `condition` holds of."""
    await page.wait_for_function(f"told.some((one) => {condition})", timeout=60_000)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_vendors_client_is_told_of_a_swipe(
    page: Page, simulator: Net2Simulator, transport: str
) -> None:
    door_id = await start(page, simulator, transport)

    simulator.world.swipe(door_id, user_id=8)

    await told(page, "one.stream == 'liveEvents' && one.eventType == 20 && one.userId == 8")
    await told(page, "one.stream == 'liveEvents' && one.eventType == 28")
    await told(page, f"one.stream == 'doorEvents' && one.doorId == {door_id} && !one.locked")
    await told(
        page,
        f"one.stream == 'doorStatusEvents' && one.deviceId == {door_id} && one.status.doorRelayOpen",
    )
    simulator.clock.advance(simulator.world.doors[door_id].open_seconds)
    await told(page, "one.stream == 'doorEvents' && one.locked")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_vendors_client_reconnects_and_is_told_what_it_missed(
    page: Page, simulator: Net2Simulator, transport: str
) -> None:
    door_id = await start(page, simulator, transport)
    simulator.world.press_bell(door_id)
    await told(page, "one.eventType == 52")

    simulator.cut_streams()
    simulator.world.open_leaf(door_id)

    await told(page, "one.stream == 'reconnected'")
    await told(page, "one.eventType == 46")
    simulator.world.close_leaf(door_id)
    await told(page, "one.eventType == 47")
    assert "/signalr/reconnect" in [request.path for request in simulator.requests]
    counts = await page.evaluate(
        "[52, 46, 47].map((code) => told.filter((one) => one.eventType == code).length)"
    )
    assert counts == [1, 1, 1]


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_stopping_the_vendors_client_aborts_the_connection(
    page: Page, simulator: Net2Simulator, transport: str
) -> None:
    async def connections() -> list[str]:
        return simulator.connections

    await start(page, simulator, transport)
    # Between two long polls there is none for a moment.
    await eventually(connections, lambda seen: len(seen) == 1)

    async with page.expect_response("**/signalr/abort?*"):
        await page.evaluate("connection.stop()")

    await eventually(connections, lambda seen: not seen)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_vendors_client_hears_why_a_call_failed(
    page: Page, simulator: Net2Simulator, transport: str
) -> None:
    await start(page, simulator, transport)

    message = await page.evaluate("failure('subscribeToNothing')")

    assert message == "There was an error invoking Hub method 'eventhublocal.subscribeToNothing'."


async def test_the_vendors_client_falls_back_where_web_sockets_do_not_pass(
    page: Page, simulator: Net2Simulator
) -> None:
    simulator.faults.no_web_sockets = True

    await start(page, simulator, "auto", expected="serverSentEvents")
