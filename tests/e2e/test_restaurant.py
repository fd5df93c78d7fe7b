"""A restaurant, by hand: its gateway is found and linked, and a guest sits down."""

import asyncio
import re
from time import perf_counter
from typing import cast

from playwright.async_api import ViewportSize, expect
import pytest

from script.lib.demo.api import Json
from script.lib.demo.dashboard import PATH
from script.lib.demo.simulators import Simulator
from tests.e2e.pages import DESKTOP, PHONE, Pages
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Seconds from a guest who sits down to the page that shows it.
SOON = 1.0


async def seconds_left(pages: Pages) -> int:
    """Return how long the page says that it goes on waiting."""
    text = await pages.dialog.get_by_text("seconds left").inner_text()
    found = re.search(r"(\d+) seconds left", text)
    assert found, text
    return int(found[1])


async def press_and_finish(pages: Pages, gateway: Simulator, picture: str) -> None:
    """Press the gateway's button while the page waits; it goes on by itself."""
    first = await seconds_left(pages)
    await pages.picture(f"{picture}-press-the-button")
    await eventually(lambda: seconds_left(pages), lambda seconds: seconds < first)

    await gateway.do("press_button")

    await expect(pages.dialog.get_by_role("button", name="Skip and finish")).to_be_visible()
    await pages.picture(f"{picture}-linked")
    await pages.dialog.get_by_role("button", name="Skip and finish").click()


async def test_a_gateway_is_linked_by_pressing_its_button(pages: Pages, gateway: Simulator) -> None:
    await pages.find_gatehouse()
    await pages.dialog.get_by_text("LRS Table Tracker", exact=True).click()
    await pages.field("Gateway").fill(str(gateway.ready["host"]))
    await pages.field("Port").fill(str(gateway.ready["port"]))
    await pages.picture("40-form")
    await pages.submit()

    await press_and_finish(pages, gateway, "41")

    for name in ("Table Tracker 127.0.0.1", "Cashier 2", "Tracker 12"):
        await expect(pages.page.get_by_text(name, exact=True).first).to_be_visible()
    await pages.picture("42-devices")
    state = cast(Json, await gateway.look("state"))
    assert state["tokens"] == ["homeassistant"]


async def test_a_gateway_that_announces_itself_is_offered(pages: Pages, gateway: Simulator) -> None:
    await gateway.do("advertise", name="Kitchen")
    await pages.open("/config/integrations/dashboard")

    card = pages.page.locator("ha-config-flow-card", has_text="Table Tracker 127.0.0.1")
    await expect(card).to_be_visible()
    await pages.picture("43-discovered")
    await card.get_by_role("button", name="Add").click()
    await expect(pages.dialog.get_by_text("Table Tracker gateway found")).to_be_visible()
    await pages.picture("44-found")
    await pages.submit()

    await press_and_finish(pages, gateway, "45")

    await gateway.do("hide")


async def test_a_guest_who_sits_down_is_seen_within_a_second(
    pages: Pages, restaurant: Simulator
) -> None:
    await pages.open(f"/{PATH}/restaurant")
    await expect(pages.page.get_by_text("Terrace", exact=True).first).to_be_visible()
    for number, table in enumerate(("Table 8", "Window", "Terrace"), 1):
        where = {"Table 8": "8", "Window": "4", "Terrace": "12"}[table]
        item = pages.page.get_by_text(f"Order {number}, {table}")
        assert not await item.count()
        began = perf_counter()
        await restaurant.do("move_to_table", number=str(number), table=where)
        while not await item.count():
            await asyncio.sleep(0.02)
            assert perf_counter() - began < SOON
    await pages.picture("46-guests")


@pytest.mark.parametrize(
    ("size", "picture"),
    [
        pytest.param(DESKTOP, "47-desktop", id="desktop"),
        pytest.param(PHONE, "48-phone", id="phone"),
    ],
)
async def test_a_guest_is_paged_from_the_page_until_it_is_stopped(
    pages: Pages, restaurant: Simulator, size: ViewportSize, picture: str
) -> None:
    await restaurant.do("move_to_table", number="7", table="8")
    await pages.page.set_viewport_size(size)
    await pages.open(f"/{PATH}/restaurant")
    await expect(pages.page.get_by_text("Order 7, Table 8")).to_be_visible()
    table = pages.page.locator("hui-horizontal-stack-card", has_text="Table 8")
    page = table.locator("hui-tile-card", has_text="Page order")
    paged = table.locator("hui-tile-card", has_text="Paged order")

    await page.click()
    await expect(pages.page.get_by_text("Page the guest at Table 8?")).to_be_visible()
    await pages.picture(f"{picture}-asks")
    await pages.page.get_by_role("button", name="OK").click()

    await expect(paged).to_be_visible()
    await pages.picture(f"{picture}-paged")
    assert await commands(restaurant) == ["page_order"]

    await paged.click()
    await expect(pages.page.get_by_text("Stop paging the guest at Table 8?")).to_be_visible()
    await pages.page.get_by_role("button", name="OK").click()

    await expect(page).to_be_visible()
    assert await commands(restaurant) == ["page_order", "cancel_page"]


async def commands(restaurant: Simulator) -> list[object]:
    """Return what the gateway was told to do."""
    seen = cast(list[Json], await restaurant.look("commands"))
    return [command["name"] for command in seen]
