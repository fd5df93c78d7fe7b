"""The demo's dashboard, at a desk and on a phone."""

from playwright.async_api import ViewportSize, expect
import pytest

from script.lib.demo import paxton_net2
from script.lib.demo.api import HomeAssistantApi
from script.lib.demo.dashboard import PATH, show
from script.lib.demo.devices import read_devices
from script.lib.demo.setup_flow import set_options
from tests.e2e.net2 import Net2
from tests.e2e.pages import DESKTOP, PHONE, Pages
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("size", "picture"),
    [
        pytest.param(DESKTOP, "30-desktop", id="desktop"),
        pytest.param(PHONE, "31-phone", id="phone"),
    ],
)
async def test_the_dashboard_shows_every_door_and_releases_one(
    site: Net2, api: HomeAssistantApi, pages: Pages, size: ViewportSize, picture: str
) -> None:
    devices = await read_devices(api, "paxton_net2")
    for answers in paxton_net2.options({"paxton_net2": devices}):
        await set_options(api, devices[0].entry_id, answers)
    await show(api, [paxton_net2.view(await read_devices(api, "paxton_net2"))])
    for name in ("Main Entrance", "Back Door"):
        await site.do("swipe", door_id=(await site.door(name))["id"])
    await site.do("force", door_id=(await site.door("Server Room"))["id"])

    await pages.page.set_viewport_size(size)
    await pages.open(f"/{PATH}")

    for device in devices:
        name = "Whole site" if device.is_hub else device.name
        await expect(pages.page.get_by_text(name, exact=True).first).to_be_visible()
    await expect(pages.page.get_by_text("Ada Example").first).to_be_visible()
    await expect(pages.page.get_by_text("Door forced")).to_be_visible()
    await pages.picture(picture)

    gate = pages.page.locator("hui-grid-section", has_text="Garage")
    await gate.locator("hui-tile-card", has_text="Release").click()
    await expect(pages.page.get_by_text("Release Garage?")).to_be_visible()
    await pages.picture(f"{picture}-asks")
    await pages.page.get_by_role("button", name="OK").click()

    await eventually(site.commands, lambda commands: commands)
    assert [command["name"] for command in await site.commands()] == ["OpenDoor"]
