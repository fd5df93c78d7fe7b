"""Setting up a gateway: where it is, and the proof that it is one and lets us in."""

from collections.abc import Mapping, Sequence, Set
import hashlib
from typing import Any, override

import probatio

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import TextSelector
from homeassistant.util import dt as dt_util

from ...missed import async_load_memory
from ...system import PORT, SetupError, Site, StepNeededError, SystemForm
from .client import (
    GatewayInfo,
    TableTrackerAuthError,
    TableTrackerClient,
    TableTrackerError,
    TableTrackerNotFoundError,
    TableTrackerSettings,
    TableTrackerUnsupportedError,
)
from .const import CONF_SERVICE_NAME, LOGGER, SYSTEM_ID
from .devices import repeater_identifier
from .errors import ERRORS
from .orders import OrderBook


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> TableTrackerClient:
    """Return a client for an entry's data; there may be no token yet."""
    settings = TableTrackerSettings(data[CONF_HOST], data[CONF_PORT], data.get(CONF_TOKEN))
    return TableTrackerClient(
        async_get_clientsession(hass), settings, time_zone=dt_util.get_default_time_zone()
    )


class TableTrackerForm(SystemForm):
    """What to ask for; the token comes from pressing a button in the step `link`."""

    schema = probatio.Schema(
        {
            probatio.Required(CONF_HOST): TextSelector(),
            probatio.Required(CONF_PORT, default=8000): PORT,
        }
    )
    reauth_step = "link_again"
    kept = frozenset({CONF_TOKEN, CONF_SERVICE_NAME})

    @override
    async def async_read(
        self, hass: HomeAssistant, user_input: Mapping[str, Any]
    ) -> Sequence[dict[str, Any]]:
        """Take the form as it is."""
        return [{**user_input, CONF_HOST: user_input[CONF_HOST].strip()}]

    @override
    async def async_identify(self, hass: HomeAssistant, data: Mapping[str, Any]) -> Site:
        """Look whether a gateway is there, whether it knows our token, and which one it is.

        A token is known to one gateway only. One that answers to the token of an entry is that
        entry's, wherever it is; nothing else identifies every gateway (section 1.3).
        """
        client = create_client(hass, data)
        try:
            await client.probe()
            if not data.get(CONF_TOKEN):
                raise StepNeededError("link")
            await client.get_token()
            return await _async_site(client, data)
        except TableTrackerAuthError:
            raise StepNeededError("link") from None
        except TableTrackerError as err:
            raise SetupError(ERRORS.key_of(err)) from err

    @override
    async def async_known_parts(self, hass: HomeAssistant, entry: ConfigEntry) -> Set[str]:
        """Return what may be found again: the gateway, its repeaters, the orders of late."""
        devices = await super().async_known_parts(hass, entry)
        orders = OrderBook(await async_load_memory(hass, entry)).known
        own = {entry.unique_id or "", _token_identifier(entry.data)}
        return {*own, *devices, *map(_order_identifier, orders)}

    @override
    async def async_take_leave(self, hass: HomeAssistant, data: Mapping[str, Any]) -> None:
        """Delete our token at the gateway, if it can be reached: nobody else ever could (2.4)."""
        try:
            await create_client(hass, data).delete_token()
        except TableTrackerError as err:
            LOGGER.debug("The token was not deleted: %s", err)

    @override
    def suggest(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a form can start from."""
        return {key: data[key] for key in (CONF_HOST, CONF_PORT)}


async def _async_site(client: TableTrackerClient, data: Mapping[str, Any]) -> Site:
    repeaters: list[str] = []
    info = GatewayInfo(serial=None, mac=None, version=None, model=None)
    try:
        repeaters = sorted(
            repeater_identifier(repeater.address) for repeater in await client.get_repeaters()
        )
        info = await client.get_gateway()
    except TableTrackerUnsupportedError, TableTrackerNotFoundError:
        # Not every firmware has these; the orders remain.
        pass
    orders = [order.uuid for order in await client.get_active_orders()]
    host, port = data[CONF_HOST], data[CONF_PORT]
    serial = info.serial or info.mac
    own = f"{SYSTEM_ID}-{serial.lower()}" if serial else None
    unique_id = own or next(iter(repeaters), f"{SYSTEM_ID}-{host.lower()}:{port}")
    known = {unique_id, _token_identifier(data), *map(_order_identifier, orders)}
    return Site(
        title=f"Table Tracker {host}",
        unique_id=unique_id,
        parts=frozenset({*known, *repeaters}),
    )


def _token_identifier(data: Mapping[str, Any]) -> str:
    """Return what stands for a token where the token itself has no business."""
    return f"{SYSTEM_ID}-token-{hashlib.sha256(data[CONF_TOKEN].encode()).hexdigest()}"


def _order_identifier(uuid: str) -> str:
    return f"{SYSTEM_ID}-order-{uuid}"
