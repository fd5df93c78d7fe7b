"""Actions: how those of all systems are registered and find what they are about."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import probatio

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .const import CONF_SYSTEM, DOMAIN
from .errors import Errors

#: The field that names a site; it may be left out where there is only one.
SITE_FIELD: Final = {probatio.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
#: The field that names a part by its device.
DEVICE_FIELD: Final = {probatio.Required(ATTR_DEVICE_ID): cv.string}
#: The field that names several parts.
DEVICES_FIELD: Final = {
    probatio.Required(ATTR_DEVICE_ID): probatio.All(cv.ensure_list, [cv.string])
}


type Data = dict[str, Any]
"""The fields of a call, as its schema made them."""
type SiteHandler[CoordinatorT] = Callable[[CoordinatorT, Data], Awaitable[ServiceResponse | None]]
type ActionHandler = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action. Where `is_admin`, a user who is no administrator is refused."""

    name: str
    fields: Mapping[Any, object] = field(default_factory=dict)
    handler: ActionHandler
    is_admin: bool = False
    response: SupportsResponse = SupportsResponse.NONE


@callback
def async_register(hass: HomeAssistant, actions: Iterable[Action]) -> None:
    """Register a system's actions."""
    for action in actions:
        schema = probatio.Schema(dict(action.fields))
        if action.is_admin:
            service.async_register_admin_service(
                hass, DOMAIN, action.name, action.handler, schema, action.response
            )
        else:
            hass.services.async_register(
                DOMAIN, action.name, action.handler, schema, action.response
            )


def for_site[CoordinatorT](
    system_id: str, errors: Errors[Any], handler: SiteHandler[CoordinatorT]
) -> ActionHandler:
    """Return what handles an action that is about a whole site."""

    async def handle(call: ServiceCall) -> ServiceResponse:
        coordinator: CoordinatorT = async_get_site(call, system_id).runtime_data
        with errors.translated():
            return await handler(coordinator, call.data)

    return handle


@callback
def async_get_site(call: ServiceCall, system_id: str) -> ConfigEntry:
    """Return the loaded entry that a call names, or the only one of its system.

    Raises:
        ServiceValidationError: There is no such entry.
    """
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    entries = call.hass.config_entries.async_loaded_entries(DOMAIN)
    if entry_id is None:
        own = [entry for entry in entries if entry.data[CONF_SYSTEM] == system_id]
        if len(own) == 1:
            return own[0]
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="which_site")
    entry = service.async_get_config_entry(call.hass, DOMAIN, entry_id)
    return _of_system(entry, system_id)


@callback
def async_get_part(call: ServiceCall, system_id: str) -> tuple[ConfigEntry, str]:
    """Return the entry and the device identifier of the part that a call names.

    Raises:
        ServiceValidationError: The device is unknown, or not one of this system's.
    """
    return _part_of(call, system_id, call.data[ATTR_DEVICE_ID])


@callback
def async_get_parts(call: ServiceCall, system_id: str) -> list[tuple[ConfigEntry, str]]:
    """Return the entries and the device identifiers of the parts that a call names.

    Raises:
        ServiceValidationError: A device is unknown, or not one of this system's.
    """
    return [_part_of(call, system_id, device) for device in call.data.get(ATTR_DEVICE_ID, ())]


def _part_of(call: ServiceCall, system_id: str, device_id: str) -> tuple[ConfigEntry, str]:
    device, entry = service.async_get_device_and_config_entry(call.hass, DOMAIN, device_id)
    identifier = next(name for domain, name in device.identifiers if domain == DOMAIN)
    return _of_system(entry, system_id), identifier


def _of_system(entry: ConfigEntry, system_id: str) -> ConfigEntry:
    if entry.data[CONF_SYSTEM] != system_id:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="other_system",
            translation_placeholders={"title": entry.title},
        )
    return entry
