"""Setting up a manager as a person does: a menu, a form, perhaps a certificate and floors."""

from typing import Any

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
from simulators.enlighted_manage import EnlightedSimulator

from ..table_tracker.linking import go_on, sentence

#: What a flow's form is called.
FORM = "enlighted_manage"


def filled(manager: EnlightedSimulator, **changes: Any) -> dict[str, Any]:
    """Return the form as it is right for a manager."""
    details = manager.details()
    advanced = {
        "auth_scheme": changes.pop("auth_scheme", "auto"),
        "use_https": manager.certificate is not None,
    }
    return {
        "host": manager.host,
        "port": manager.port,
        "username": details["username"],
        "api_key": details["api_key"],
        "advanced": advanced,
        **changes,
    }


async def open_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose the system from the menu."""
    flows = hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await flows.async_configure(menu["flow_id"], {"next_step_id": FORM})


async def fill(
    hass: HomeAssistant, manager: EnlightedSimulator, **changes: Any
) -> ConfigFlowResult:
    """Open the form and fill it."""
    return await go_on(hass, await open_form(hass), filled(manager, **changes))


async def reconfigure(
    hass: HomeAssistant, entry: ConfigEntry, manager: EnlightedSimulator, **changes: Any
) -> ConfigFlowResult:
    """Open the form of an entry that is there, and fill it."""
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "reconfigure")
    return await go_on(hass, form, filled(manager, **changes))


def told(result: ConfigFlowResult, step: str = FORM) -> str:
    """Return the error that a form shows, which has words."""
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, step), result
    assert result["errors"]
    assert sentence("error", result["errors"]["base"])
    return result["errors"]["base"]


async def created(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigEntry:
    """Return the entry that a flow made; it works."""
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    entry: ConfigEntry = result["result"]
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    return entry


async def ended(hass: HomeAssistant, result: ConfigFlowResult) -> str | None:
    """Return why a flow was ended without a new entry."""
    assert result["type"] is FlowResultType.ABORT, result
    await hass.async_block_till_done()
    assert result["reason"]
    assert sentence("abort", result["reason"])
    return result["reason"]


async def all_floors(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigEntry:
    """Leave the choice of floors as it is offered, and return the entry."""
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "floors"), result
    schema = result["data_schema"]
    assert schema
    return await created(hass, await go_on(hass, result, schema({})))
