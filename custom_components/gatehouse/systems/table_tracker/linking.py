"""The steps that only a gateway with a button has: being discovered, and pressing it."""

import asyncio
from typing import Any, Final

import probatio

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from ...const import CONF_SYSTEM
from ...system import SystemFlow
from .client import TableTrackerConnectionError, TableTrackerError
from .const import CONF_SERVICE_NAME, SYSTEM_ID, TOKEN_NAME
from .errors import ERRORS
from .flow import create_client

#: Seconds to press the button in: more than the 120 of its window (section 2.1), since whoever
#: is asked to press it has to get there first.
_PATIENCE: Final = 150
_INTERVAL: Final = 2
_NOTHING: Final = probatio.Schema({})


class LinkSteps(SystemFlow):
    """Finds a gateway that announces itself, and waits until somebody presses its button."""

    _asking: asyncio.Task[str | None] | None = None
    _deadline = 0.0

    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take in what a gateway announces: where it is, and under which name."""
        addresses = discovery_info.ip_addresses
        host = next((str(each) for each in addresses if each.version == 4), discovery_info.host)
        port = discovery_info.port or 8000
        name = discovery_info.name.removesuffix(f".{discovery_info.type}").lower()
        self._begin(SYSTEM_ID)
        self._candidates = [{CONF_HOST: host, CONF_PORT: port, CONF_SERVICE_NAME: name}]
        for entry in self._async_current_entries(include_ignore=False):
            if entry.data[CONF_SYSTEM] == SYSTEM_ID and self._is_of(entry):
                return self.async_abort(reason="already_configured")
        await self.async_set_unique_id(f"{SYSTEM_ID}-{name}")
        self._abort_if_unique_id_configured()
        try:
            await create_client(self.hass, self._candidates[0]).probe()
        except TableTrackerError:
            return self.async_abort(reason="no_gateway")
        self.context["title_placeholders"] = {"name": f"Table Tracker {host}"}
        return await self.async_step_discovery_confirm()

    def _is_of(self, entry: ConfigEntry) -> bool:
        """Tell whether it is an entry's gateway that announces itself; it may have moved.

        An address is believed only where the known one no longer answers: whoever else bears
        the name is not to get the token.
        """
        [found] = self._candidates
        is_there = all(entry.data[key] == found[key] for key in (CONF_HOST, CONF_PORT))
        if not is_there and entry.data.get(CONF_SERVICE_NAME) != found[CONF_SERVICE_NAME]:
            return False
        is_loaded = entry.state is ConfigEntryState.LOADED
        if not (is_loaded and entry.runtime_data.last_update_success) or is_there:
            changed = self.hass.config_entries.async_update_entry(
                entry, data={**entry.data, **found}
            )
            if changed and not is_there:
                self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return True

    async def async_step_discovery_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to set up what was found."""
        self._step, self._schema = "discovery_confirm", _NOTHING
        if user_input is None:
            return self._show_step()
        return await self._async_try()

    async def async_step_link_again(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that access was lost, before anything asks for a new one."""
        self._step, self._schema = "link_again", _NOTHING
        self._candidates = [dict(self._get_reauth_entry().data)]
        if user_input is None:
            return self._show_step()
        return await self._async_try()

    async def async_step_link(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that the button is to be pressed, and ask every two seconds whether it was."""
        now = self.hass.loop.time()
        if self._asking is None:
            self._deadline = now + _PATIENCE
            self._asking = self.hass.async_create_task(self._async_ask())
        elif self._asking.done():
            if self._asking.exception() or self._asking.result():
                return self.async_show_progress_done(next_step_id="linked")
            if now >= self._deadline:
                return self.async_show_progress_done(next_step_id="link_timeout")
            self._asking = self.hass.async_create_task(self._async_ask(_INTERVAL))
        left = max(0.0, self._deadline - now)
        self.async_update_progress(1 - left / _PATIENCE)
        return self.async_show_progress(
            step_id="link",
            progress_action="press_button",
            progress_task=self._asking,
            description_placeholders={
                "host": self._candidates[0][CONF_HOST],
                "seconds": str(round(left)),
            },
        )

    async def _async_ask(self, delay: float = 0.0) -> str | None:
        await asyncio.sleep(delay)
        try:
            return await create_client(self.hass, self._candidates[0]).generate_token(TOKEN_NAME)
        except TableTrackerConnectionError:
            # It may be starting; there is time.
            return None

    async def async_step_linked(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Go on with the token; one that no entry takes is given back."""
        asking, self._asking = self._asking, None
        assert asking
        [data] = self._candidates
        try:
            data = {**data, CONF_TOKEN: asking.result()}
        except TableTrackerError as err:
            return self._show_step(ERRORS.key_of(err))
        self._candidates = [data]
        result = await self._async_try()
        is_taken = result["type"] is FlowResultType.CREATE_ENTRY or any(
            entry.data.get(CONF_TOKEN) == data[CONF_TOKEN]
            for entry in self._async_current_entries()
        )
        if not is_taken:
            await self._system.form.async_take_leave(self.hass, data)
        return result

    async def async_step_link_timeout(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what may have gone wrong, and offer another try."""
        if user_input is None:
            [data] = self._candidates
            return self.async_show_form(
                step_id="link_timeout", description_placeholders={"host": data[CONF_HOST]}
            )
        self._asking = None
        return await self.async_step_link()

    def _show_step(self, error: str | None = None) -> ConfigFlowResult:
        [data] = self._candidates
        return self._show_form(self._system.form.suggest(data), error)
