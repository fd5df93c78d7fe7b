"""A restaurant, by hand: its gateway is found and linked, and a guest sits down."""

import asyncio
import re
from time import perf_counter
from typing import cast

from playwright.async_api import expect
import pytest

from script.lib.demo.api import HomeAssistantApi, Json
from script.lib.demo.dashboard import PATH
from script.lib.demo.simulators import Simulator
from tests.e2e.pages import Pages
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


async def test_a_guest_is_paged_from_the_page(
    pages: Pages, restaurant: Simulator, api: HomeAssistantApi
) -> None:
    await restaurant.do("move_to_table", number="7", table="8")
    await pages.open(f"/{PATH}/restaurant")
    await expect(pages.page.get_by_text("Order 7, Table 8")).to_be_visible()

    await pages.page.locator("hui-tile-card", has_text=re.compile(r"^\s*Page\s*$")).first.click()
    await expect(pages.page.get_by_text("Page the guest at Table 8?")).to_be_visible()
    await pages.page.get_by_role("button", name="OK").click()

    async def commands() -> list[Json]:
        return cast(list[Json], await restaurant.look("commands"))

    sent = await eventually(commands, lambda seen: len(seen) > 0)
    assert [command["name"] for command in sent] == ["page_order"]
    await expect(pages.page.get_by_text("1 orders").first).to_be_visible()
    await pages.picture("47-paged")
