"""Setting up a Net2 server as a person does: a menu, a form, perhaps a certificate."""

from typing import Any

import probatio

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv

from custom_components.gatehouse.const import DOMAIN
from simulators.paxton_net2 import Net2Simulator


def filled(simulator: Net2Simulator, **changes: Any) -> dict[str, Any]:
    """Return the form as it is right for a server; a change to None leaves the field out."""
    form = {
        "host": simulator.host,
        "port": simulator.port,
        "username": simulator.username,
        "password": simulator.password,
        "client_id": simulator.client_id,
        "advanced": {"use_https": simulator.https},
        **changes,
    }
    return {key: value for key, value in form.items() if value is not None}


async def open_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose Net2 from the menu."""
    flows = hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await flows.async_configure(menu["flow_id"], {"next_step_id": "paxton_net2"})


async def go_on(
    hass: HomeAssistant, result: ConfigFlowResult, user_input: dict[str, Any] | None = None
) -> ConfigFlowResult:
    """Answer a step; without input, confirm it."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], user_input or {})


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what the browser fills into a form before anybody types; sections are flattened."""
    fields = probatio.to_field_list(result["data_schema"], custom_serializer=cv.custom_serializer)
    fields += [inner for field in fields for inner in field.get("schema", ())]
    return {
        field["name"]: field["description"]["suggested_value"]
        for field in fields
        if "description" in field
    }
