"""Doors in the browser: released, opened with a card, driven another way, asked for a code."""

from playwright.async_api import expect
import pytest

from script.lib.demo.api import HomeAssistantApi
from script.lib.demo.devices import Device, read_devices
from tests.e2e.net2 import Net2
from tests.e2e.pages import Pages
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def device(api: HomeAssistantApi, name: str) -> Device:
    """Find a door among the devices."""
    devices = await read_devices(api, "paxton_net2")
    return next(device for device in devices if device.name == name)


async def test_pressing_release_moves_the_relay(
    site: Net2, api: HomeAssistantApi, pages: Pages
) -> None:
    door = await device(api, "Main Entrance")
    await pages.open(f"/config/devices/device/{door.id}")
    await expect(pages.page.get_by_text("Doorbell").first).to_be_visible()
    await pages.picture("10-door")
    assert not (await site.door("Main Entrance"))["relay_open"]

    await pages.page.get_by_role("button", name="Press").click()

    await eventually(lambda: site.door("Main Entrance"), lambda door: door["relay_open"])
    # The lock offers to lock it again.
    await expect(pages.page.get_by_role("button", name="Lock", exact=True)).to_be_visible()
    await pages.picture("11-released")
    assert [command["name"] for command in await site.commands()] == ["OpenDoor"]


async def test_a_card_at_the_reader_shows_in_the_doors_activity(
    site: Net2, api: HomeAssistantApi, pages: Pages
) -> None:
    door = await device(api, "Back Door")
    await pages.open(f"/config/devices/device/{door.id}")
    await expect(pages.page.get_by_text("Doorbell").first).to_be_visible()
    door_id = (await site.door("Back Door"))["id"]

    await site.do("swipe", door_id=door_id, user_id=8)

    await expect(pages.page.get_by_text("Ada Example")).to_be_visible()
    await expect(pages.page.get_by_text("Access granted")).to_be_visible()
    await pages.picture("12-let-in")

    await site.do("swipe_unknown", door_id=door_id)
    await pages.open(f"/history?more-info-entity-id={door.events['activity']}")

    shown = pages.page.locator("ha-more-info-dialog")
    await expect(shown.get_by_text("Access denied").first).to_be_visible()
    await pages.picture("13-turned-away")


async def test_a_gate_is_made_a_button_in_the_options(
    site: Net2, api: HomeAssistantApi, pages: Pages
) -> None:
    gate = await device(api, "Garage")
    assert {"lock", "release", "hold_open"} <= gate.entities.keys()
    await pages.open(f"/config/integrations/integration/gatehouse#config_entry={gate.entry_id}")
    await pages.page.get_by_role("button", name="Configure").click()
    await pages.dialog.get_by_text("How a door is driven").click()
    await pages.dialog.get_by_text("The door to set up.").wait_for()
    await pages.picture("14-which-door")
    await pages.dialog.locator("ha-selector").click()
    await pages.dialog.locator("ha-dropdown-item", has_text="Garage").click()
    await pages.submit()
    await pages.dialog.get_by_text("Release by a button only").click()
    await pages.picture("15-how-it-is-driven")

    await pages.submit()

    async def entities() -> set[str]:
        return set((await device(api, "Garage")).entities)

    await eventually(entities, lambda keys: "release" in keys and "lock" not in keys)
    assert "hold_open" not in await entities()


async def test_a_lock_asks_for_the_control_code(
    site: Net2, api: HomeAssistantApi, pages: Pages
) -> None:
    door = await device(api, "Main Entrance")
    await pages.open(f"/config/integrations/integration/gatehouse#config_entry={door.entry_id}")
    await pages.page.get_by_role("button", name="Configure").click()
    await pages.dialog.get_by_text("Control code and privacy").click()
    await pages.field("Control code").fill("2468")
    await pages.picture("16-control-code")
    await pages.submit()
    await pages.open(f"/config/devices/device/{door.id}")
    code = pages.page.locator("dialog-enter-code")
    unlock = pages.page.get_by_role("button", name="Unlock")
    await unlock.click()
    await code.locator("input").fill("1111")
    await pages.picture("17-asked-for-the-code")

    await code.get_by_role("button", name="Unlock").click()

    wrong = pages.page.get_by_text("The control code is missing or wrong.")
    await expect(wrong.first).to_be_visible()
    await pages.picture("18-wrong-code")
    assert await site.commands() == []

    await unlock.click()
    await code.locator("input").fill("2468")
    await code.get_by_role("button", name="Unlock").click()

    await eventually(lambda: site.door("Main Entrance"), lambda door: door["relay_open"])
