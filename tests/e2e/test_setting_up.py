"""Setting up a Net2 server, by hand."""

from pathlib import Path

from playwright.async_api import Browser, expect
import pytest

from script.lib.demo.api import OWNER, HomeAssistantApi
from script.lib.demo.devices import read_devices
from script.lib.demo.home_assistant import HomeAssistant
from tests.e2e.net2 import Net2
from tests.e2e.pages import DESKTOP, Pages, opened
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOORS = ("Back Door", "Garage", "Main Entrance", "Server Room")


async def test_the_owner_logs_in(browser: Browser, house: HomeAssistant) -> None:
    async with opened(browser, house.url, DESKTOP) as pages:
        await pages.open("/")
        await expect(pages.page.get_by_role("button", name="Log in")).to_be_visible()
        await pages.picture("01-login")

        await pages.log_in(OWNER)

        await expect(pages.page.get_by_text("Settings", exact=True)).to_be_visible()
        await pages.picture("02-logged-in")


async def fill_in(pages: Pages, net2: Net2, **instead: str) -> None:
    """Fill in the form with what is right, or with something else."""
    given = {**net2.ready, **instead}
    await pages.field("Server").fill(given["host"])
    await pages.field("Port").fill(str(given["port"]))
    await pages.field("Operator").fill(given["username"])
    await pages.field("Password").fill(given["password"])
    await pages.field("Client ID").fill(given["client_id"])


async def test_a_net2_server_is_set_up_with_its_certificate_compared(
    pages: Pages, net2: Net2
) -> None:
    await pages.find_gatehouse()
    await expect(pages.dialog.get_by_text("Each site is set up on its own.")).to_be_visible()
    await pages.picture("03-which-system")
    await pages.dialog.get_by_text("Paxton Net2", exact=True).click()
    await fill_in(pages, net2)
    await pages.picture("04-form")

    await pages.submit()

    await expect(pages.dialog.get_by_text("Is this your server?")).to_be_visible()
    shown = await pages.dialog.get_by_text("SHA-256").inner_text()
    assert net2.ready["fingerprint"] in shown.replace(":", "").lower()
    await pages.picture("05-certificate")

    await pages.submit()

    for door in DOORS:
        await expect(pages.dialog.get_by_placeholder(door)).to_be_visible()
    await pages.picture("06-devices-found")
    await pages.dialog.get_by_role("button", name="Skip and finish").click()
    for door in DOORS:
        await expect(pages.page.get_by_text(door, exact=True)).to_be_visible()
    await pages.picture("07-devices")


async def test_a_wrong_password_is_told_and_the_rest_of_the_form_kept(
    pages: Pages, net2: Net2
) -> None:
    await pages.find_gatehouse()
    await pages.dialog.get_by_text("Paxton Net2", exact=True).click()
    await fill_in(pages, net2, password="not this one")

    await pages.submit()
    await expect(pages.dialog.get_by_text("Is this your server?")).to_be_visible()
    await pages.submit()

    wrong = pages.dialog.get_by_text("The name, or the password or key, is not right.")
    await expect(wrong).to_be_visible()
    await expect(pages.field("Server")).to_have_value(net2.ready["host"])
    await expect(pages.field("Operator")).to_have_value(net2.ready["username"])
    await expect(pages.field("Password")).to_have_value("")
    await pages.picture("08-wrong-password")

    await pages.field("Password").fill(net2.ready["password"])
    await pages.submit()

    await expect(pages.dialog.get_by_role("button", name="Skip and finish")).to_be_visible()


async def test_the_licence_file_is_as_good_as_its_client_id(pages: Pages, net2: Net2) -> None:
    await pages.find_gatehouse()
    await pages.dialog.get_by_text("Paxton Net2", exact=True).click()
    await fill_in(pages, net2, client_id="")

    licence = Path(net2.ready["licence_file"])
    await pages.dialog.locator("input[type=file]").set_input_files(licence)
    await expect(pages.dialog.get_by_text(licence.name)).to_be_visible()
    await pages.dialog.locator("ha-file-upload").scroll_into_view_if_needed()
    await pages.picture("09-licence-file")
    await pages.submit()
    await expect(pages.dialog.get_by_text("Is this your server?")).to_be_visible()
    await pages.submit()

    await expect(pages.dialog.get_by_role("button", name="Skip and finish")).to_be_visible()


async def test_an_operator_whose_password_changed_signs_in_again(
    site: Net2, api: HomeAssistantApi, pages: Pages
) -> None:
    await site.do("change_password", password="the new one")
    await site.do("expire_tokens", refresh_tokens=True)
    await site.do("cut_streams")
    await pages.open("/config/integrations/dashboard")
    again = pages.page.get_by_role("button", name="Reconfigure")
    await expect(again).to_be_visible()
    await pages.picture("20-attention")

    await again.click()
    await expect(pages.dialog.get_by_text("Sign in again", exact=True)).to_be_visible()
    await expect(pages.field("Operator or user")).to_have_value(site.ready["username"])
    await pages.field("Password").fill("the new one")
    await pages.picture("21-sign-in-again")
    await pages.submit()

    await expect(pages.dialog.get_by_text("Re-authentication was successful")).to_be_visible()
    await pages.picture("22-signed-in-again")
    live = next(
        device.entities["live_stream"]
        for device in await read_devices(api, "paxton_net2")
        if device.is_hub
    )
    await eventually(lambda: api.get(f"/api/states/{live}"), lambda state: state["state"] == "on")
