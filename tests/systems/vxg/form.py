"""Setting up an account as a person does: a menu, a pasted key or token, perhaps an address."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.gatehouse.const import DOMAIN

from ..table_tracker.linking import go_on


async def open_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose VXG from the menu."""
    menu = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": "vxg"})


async def fill(hass: HomeAssistant, credential: str, url: str | None = None) -> ConfigFlowResult:
    """Open the form and fill it."""
    return await go_on(hass, await open_form(hass), filled(credential, url))


async def reconfigure(
    hass: HomeAssistant, entry: ConfigEntry, credential: str, url: str | None = None
) -> ConfigFlowResult:
    """Open the form of an entry that is there, and fill it."""
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "reconfigure")
    return await go_on(hass, form, filled(credential, url))


def filled(credential: str, url: str | None = None) -> dict[str, Any]:
    """Return the form with a credential, and an address if there is one."""
    return {"credential": credential, **({} if url is None else {"url": url})}


async def created(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigEntry:
    """Return the entry that a flow made; it works."""
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    entry: ConfigEntry = result["result"]
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.cameras
    return entry


async def ended(hass: HomeAssistant, result: ConfigFlowResult) -> str | None:
    """Return why a flow was ended without a new entry."""
    assert result["type"] is FlowResultType.ABORT, result
    await hass.async_block_till_done()
    return result["reason"]


@asynccontextmanager
async def impostor(status: int, body: str, content_type: str) -> AsyncGenerator[str]:
    """Serve the same answer to whatever is asked; yield the URL."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=content_type)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
