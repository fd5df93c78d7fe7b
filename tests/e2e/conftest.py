"""The programs: one Home Assistant and one browser for all tests, a simulator for each."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
import shutil
from types import ModuleType
from typing import cast

from playwright.async_api import Browser, StorageState, async_playwright
import pytest
import pytest_asyncio

from script.lib.demo import enlighted_manage, paxton_net2, table_tracker, vxg
from script.lib.demo.api import OWNER, HomeAssistantApi, Json
from script.lib.demo.dashboard import show
from script.lib.demo.devices import read_devices, settled_devices
from script.lib.demo.home_assistant import HomeAssistant, free_port, home_assistant
from script.lib.demo.setup_flow import set_options, set_up
from script.lib.demo.simulators import Simulator, simulator
from tests.e2e.net2 import Net2
from tests.e2e.pages import DESKTOP, PICTURES, Pages, opened

ENTRIES = "/api/config/config_entries/entry"

_once = pytest_asyncio.fixture(scope="session", loop_scope="session")
_each = pytest_asyncio.fixture(loop_scope="session")


@_once
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HomeAssistant]:
    """Home Assistant with its owner's account, and nothing in it."""
    folder = tmp_path_factory.mktemp("home_assistant")
    # It looks around the network only here, where a test wants to be found.
    async with home_assistant(folder, free_port(), also=["zeroconf"]) as house:
        async with HomeAssistantApi(house.url) as api:
            await api.wait_until_served()
            await api.sign_in(OWNER)
            await api.wait_until_running()
        yield house


@_once
async def browser() -> AsyncIterator[Browser]:
    """The machine's own browser."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )


@_once
async def signed_in(browser: Browser, house: HomeAssistant) -> StorageState:
    """What the browser remembers of a login."""
    async with opened(browser, house.url, DESKTOP) as pages:
        await pages.open("/")
        await pages.log_in(OWNER)
        return await pages.page.context.storage_state()


@_each
async def pages(
    request: pytest.FixtureRequest, browser: Browser, house: HomeAssistant, signed_in: StorageState
) -> AsyncIterator[Pages]:
    """A tab in which the owner is logged in; what it shows in the end is kept."""
    async with opened(browser, house.url, DESKTOP, signed_in) as pages:
        yield pages
        await pages.picture(f"last-{request.node.name}")


@_each
async def api(house: HomeAssistant) -> AsyncIterator[HomeAssistantApi]:
    """Home Assistant's interface, for what a test needs beside the pages."""
    async with HomeAssistantApi(house.url) as api:
        await api.sign_in(OWNER)
        yield api


@asynccontextmanager
async def _running(
    api: HomeAssistantApi, system: str, folder: Path, options: Sequence[str]
) -> AsyncIterator[Simulator]:
    """Run a simulator; whatever a test made of it in Home Assistant is removed."""
    async with simulator(system, folder, options) as running:
        yield running
        entries = await api.command("config_entries/get", domain="gatehouse")
        for entry in cast(list[Json], entries):
            await api.delete(f"{ENTRIES}/{entry['entry_id']}")


async def configure(api: HomeAssistantApi, system: ModuleType) -> None:
    """Set the options of a system as the demo does, now that its devices are known."""
    house = {system.ID: await settled_devices(api, system.ID)}
    for answers in system.options(house):
        await set_options(api, house[system.ID][0].entry_id, answers)


@_each
async def net2(tmp_path: Path, api: HomeAssistantApi) -> AsyncIterator[Net2]:
    """A Net2 server, at which nothing happens by itself."""
    async with _running(api, "paxton_net2", tmp_path / "net2", ()) as server:
        yield Net2(server)


@_each
async def site(net2: Net2, api: HomeAssistantApi) -> Net2:
    """A Net2 server that is set up."""
    assert await set_up(api, paxton_net2.set_up(net2.simulator))
    return net2


@_each
async def gateway(tmp_path: Path, api: HomeAssistantApi) -> AsyncIterator[Simulator]:
    """A Table Tracker gateway, to which no guest comes by itself."""
    async with _running(api, "table_tracker", tmp_path / "gateway", ()) as running:
        yield running


@_each
async def restaurant(gateway: Simulator, api: HomeAssistantApi) -> Simulator:
    """A gateway that is set up, with its tables named and its view on the dashboard."""
    assert await set_up(api, table_tracker.set_up(gateway))
    await configure(api, table_tracker)
    await show(api, [table_tracker.view(await read_devices(api, "table_tracker"))])
    return gateway


@_each
async def cloud(tmp_path: Path, api: HomeAssistantApi) -> AsyncIterator[Simulator]:
    """A cloud with cameras, before which nobody passes by himself."""
    async with _running(api, "vxg", tmp_path / "cloud", ()) as running:
        yield running


@_each
async def cameras(cloud: Simulator, api: HomeAssistantApi) -> Simulator:
    """A cloud that is set up, with its view on the dashboard."""
    assert await set_up(api, vxg.set_up(cloud))
    await show(api, [vxg.view(await settled_devices(api, "vxg"))])
    return cloud


@_each
async def manager(tmp_path: Path, api: HomeAssistantApi) -> AsyncIterator[Simulator]:
    """A manager of lights, in whose building nobody walks by himself."""
    folder = tmp_path / "manager"
    certificate = f"--certificate={folder / 'certificate.pem'}"
    async with _running(api, "enlighted_manage", folder, [certificate]) as running:
        yield running


@_each
async def building(manager: Simulator, api: HomeAssistantApi) -> Simulator:
    """A manager that is set up, with its view on the dashboard."""
    assert await set_up(api, enlighted_manage.set_up(manager))
    await configure(api, enlighted_manage)
    await show(api, [enlighted_manage.view(await settled_devices(api, "enlighted_manage"))])
    return manager
