"""Home Assistant's pages, as the person in front of them sees them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import re
from typing import Final

from playwright.async_api import Browser, Locator, Page, StorageState, ViewportSize, expect

from script.lib.demo.api import Owner
from tests.e2e.waiting import PATIENCE

PICTURES: Final = Path(__file__).parents[2] / "artefacts" / "e2e"
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE * 1000)


class Pages:
    """One browser tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        page.set_default_timeout(PATIENCE * 1000)

    async def open(self, path: str) -> None:
        """Go to one of Home Assistant's pages."""
        await self.page.goto(f"{self._url}{path}")

    async def picture(self, name: str) -> None:
        """Keep what is to be seen, for somebody to look at."""
        # What was just done is drawn with the next frame; dialogs then glide into their place.
        await self.page.evaluate(
            """async () => {
                await document.fonts.ready;
                for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
            }"""
        )
        await self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    async def log_in(self, owner: Owner) -> None:
        """Fill in the login page and wait for what comes behind it."""
        await self.page.get_by_label("Username").fill(owner.username)
        await self.page.get_by_label("Password", exact=True).fill(owner.password)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.page.locator("home-assistant-main")).to_be_visible()

    @property
    def dialog(self) -> Locator:
        """The flow that is open: a config, options or repair flow."""
        return self.page.locator("dialog-data-entry-flow")

    def field(self, label: str) -> Locator:
        """Find a field of the open flow by the label that a person reads."""
        named = self.page.get_by_text(re.compile(rf"^{label}\*?$"))
        return self.dialog.locator("ha-selector").filter(has=named).locator("input")

    async def submit(self) -> None:
        """Press the button below the open form."""
        await self.dialog.get_by_role("button", name="Submit").click()

    async def find_gatehouse(self) -> None:
        """Look Gatehouse up among all integrations and begin to set it up."""
        await self.open("/config/integrations/dashboard")
        await self.page.get_by_role("button", name="Add integration").click()
        await self.page.get_by_placeholder("Search for a brand name").fill("gatehouse")
        await (
            self.page.locator("dialog-add-integration").get_by_text("Gatehouse", exact=True).click()
        )


@asynccontextmanager
async def opened(
    browser: Browser, url: str, size: ViewportSize, state: StorageState | None = None
) -> AsyncIterator[Pages]:
    """Open a tab that knows nothing but `state`."""
    context = await browser.new_context(viewport=size, storage_state=state)
    try:
        yield Pages(await context.new_page(), url)
    finally:
        await context.close()
