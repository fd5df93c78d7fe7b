"""Pairing a gateway as a person does: a menu, an address, and a walk to the button."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components import gatehouse
from custom_components.gatehouse.const import DOMAIN
from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually

#: What the interval of asking is in tests.
INTERVAL = 0.05


async def open_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose the system from the menu."""
    flows = hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await flows.async_configure(menu["flow_id"], {"next_step_id": "table_tracker"})


async def go_on(
    hass: HomeAssistant, result: ConfigFlowResult, user_input: dict[str, Any] | None = None
) -> ConfigFlowResult:
    """Answer a step; without input, confirm it."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], user_input or {})


async def fill(
    hass: HomeAssistant, gateway: TableTrackerSimulator, **changes: Any
) -> ConfigFlowResult:
    """Open the form and fill it."""
    form = await open_form(hass)
    return await go_on(hass, form, {"host": gateway.host, "port": gateway.port, **changes})


async def look(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Look at a flow that goes on by itself, as the page does when it is told of a change."""
    await asyncio.sleep(2 * INTERVAL)
    return await hass.config_entries.flow.async_configure(result["flow_id"])


async def waited(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Look until a step is no longer in progress."""
    while result["type"] in (FlowResultType.SHOW_PROGRESS, FlowResultType.SHOW_PROGRESS_DONE):
        result = await look(hass, result)
    return result


async def paired(hass: HomeAssistant, gateway: TableTrackerSimulator) -> MockConfigEntry:
    """Set a gateway up by its button and return the entry."""
    result = await fill(hass, gateway)
    gateway.press_button()
    result = await waited(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    entry: MockConfigEntry = result["result"]
    await eventually(lambda: entry.runtime_data.is_live, "the socket")
    return entry


@asynccontextmanager
async def impostor(body: str, content_type: str) -> AsyncGenerator[int]:
    """Serve the same answer to whatever is asked; yield the port."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=body, content_type=content_type)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


def host_of(result: ConfigFlowResult) -> str:
    """Return which gateway a page says it is about."""
    placeholders = result["description_placeholders"]
    assert placeholders
    return placeholders["host"]


def sentence(section: str, key: str) -> str:
    """Return the words that a person reads for an `error` or an `abort` of the flow.

    A key that has none fails the test: the page would show the bare key.
    """
    file = Path(gatehouse.__file__).parent / "translations" / "en.json"
    words: str = json.loads(file.read_text())["config"][section][key]
    return words


def asked(gateway: TableTrackerSimulator) -> int:
    """Return how often somebody asked for the window of the button."""
    return sum(each.path.endswith("/generate") for each in gateway.requests)
