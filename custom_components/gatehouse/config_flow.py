"""Setting up a site: a menu of systems, and one way through the form for all of them."""

from collections.abc import Mapping
from functools import partialmethod
import logging
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback

from .certificate import Certificate, async_fetch_certificate
from .const import CONF_FINGERPRINT, CONF_SYSTEM, DOMAIN
from .system import CertificateUntrustedError, SetupError, Site, StepNeededError
from .systems import SYSTEMS, SystemSteps, system_of

_LOGGER = logging.getLogger(__name__)


class GatehouseConfigFlow(SystemSteps, domain=DOMAIN):
    """Asks, proves, and only then stores.

    A form is read into the entry data to try. Trying connects; it may turn out that a person
    has to look at the server's certificate first, after which the same data is tried again.
    """

    VERSION = 1

    _certificate: Certificate

    def __init__(self) -> None:
        """Trust no certificate yet."""
        super().__init__()
        self._trusted: set[str | None] = set()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which system."""
        return self.async_show_menu(step_id="user", menu_options=list(SYSTEMS))

    async def _async_step_system(
        self, system_id: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a system's form; the step bears the system's name."""
        self._begin(system_id)
        return await self._async_step_form(system_id, user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form again, for a server that moved or got another licence."""
        entry = self._get_reconfigure_entry()
        self._system = system_of(entry)
        self._trusted.add(entry.data.get(CONF_FINGERPRINT))
        return await self._async_step_form("reconfigure", user_input, entry.data)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin to ask for credentials that work."""
        self._system = system_of(self._get_reauth_entry())
        return await self._async_go_to(self._system.form.reauth_step)

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials alone; everything else stays as it is."""
        data, form = self._get_reauth_entry().data, self._system.form
        self._step, self._schema = form.reauth_step, form.credentials
        if user_input is None:
            return self._show_form(form.suggest(data))
        self._candidates = [{**data, **form.read_credentials(user_input)}]
        return await self._async_try()

    async def async_step_confirm_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the certificate; going on pins it."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm_certificate",
                description_placeholders=self._certificate.placeholders,
            )
        return await self._async_pin()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the options flow of the entry's system."""
        return system_of(config_entry).options_flow()

    async def _async_step_form(
        self,
        step: str,
        user_input: dict[str, Any] | None,
        data: Mapping[str, Any] | None = None,
    ) -> ConfigFlowResult:
        """Show a system's form, with what the entry has where there is one already."""
        form = self._system.form
        self._step, self._schema = step, form.schema
        if user_input is None:
            return self._show_form(form.suggest(data) if data else {})
        try:
            candidates = await form.async_read(self.hass, user_input)
        except SetupError as err:
            return self._show_form(form.suggest(user_input), err.key)
        kept = {key: value for key, value in (data or {}).items() if key in form.kept}
        self._candidates = [{**kept, **candidate} for candidate in candidates]
        return await self._async_try()

    @override
    def _begin(self, system_id: str) -> None:
        self._system = SYSTEMS[system_id]

    async def _async_go_to(self, step: str) -> ConfigFlowResult:
        result: ConfigFlowResult = await getattr(self, f"async_step_{step}")()
        return result

    @override
    async def _async_try(self) -> ConfigFlowResult:
        """Try the candidates until one is not refused for its licence."""
        error = ""
        for data in self._candidates:
            try:
                site = await self._system.form.async_identify(self.hass, data)
            except CertificateUntrustedError:
                return await self._async_ask_certificate()
            except StepNeededError as err:
                self._candidates = [data]
                return await self._async_go_to(err.step)
            except SetupError as err:
                error = err.key
            except Exception:
                _LOGGER.exception("Unexpected error while setting up %s", self._system.id)
                error = "unknown"
            else:
                return await self._async_finish(site, data)
            if error != "invalid_licence":
                break
        return self._show_form(self._system.form.suggest(self._candidates[0]), error)

    async def _async_ask_certificate(self) -> ConfigFlowResult:
        data = self._candidates[0]
        try:
            self._certificate = await async_fetch_certificate(data[CONF_HOST], data[CONF_PORT])
        except OSError, ValueError:
            return self._show_form(self._system.form.suggest(data), "cannot_connect")
        fingerprint = self._certificate.sha256
        if fingerprint in self._trusted and fingerprint != data.get(CONF_FINGERPRINT):
            return await self._async_pin()
        return await self.async_step_confirm_certificate()

    async def _async_pin(self) -> ConfigFlowResult:
        """Try again with the certificate pinned; nobody is asked about it twice."""
        self._trusted.add(self._certificate.sha256)
        pin = {CONF_FINGERPRINT: self._certificate.sha256}
        self._candidates = [{**data, **pin} for data in self._candidates]
        return await self._async_try()

    async def _async_finish(self, site: Site, data: dict[str, Any]) -> ConfigFlowResult:
        """Store what works: as a new entry, or in the one that was asked about."""
        stored = {CONF_SYSTEM: self._system.id, **data}
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
        elif self.source == SOURCE_REAUTH:
            entry = self._get_reauth_entry()
        else:
            if await self._async_entries_of(site):
                return self.async_abort(reason="already_configured")
            await self.async_set_unique_id(site.unique_id)
            self._abort_if_unique_id_configured()
            return self.async_create_entry(title=site.title, data=stored)
        if await self._async_entries_of(site) != [entry]:
            return self.async_abort(reason="wrong_account")
        return self.async_update_reload_and_abort(entry, data=stored)

    async def _async_entries_of(self, site: Site) -> list[ConfigEntry]:
        """Return the entries that may be of this site.

        That is each that has a part of it; the one that is asked about too if nothing is known
        of its parts.
        """
        found = []
        for entry in self._async_current_entries(include_ignore=False):
            known = await system_of(entry).form.async_known_parts(self.hass, entry)
            is_asked_about = entry.entry_id == self.context.get("entry_id")
            if not known.isdisjoint(site.parts) or (is_asked_about and not known):
                found.append(entry)
        return found


for _system_id in SYSTEMS:
    setattr(
        GatehouseConfigFlow,
        f"async_step_{_system_id}",
        partialmethod(GatehouseConfigFlow._async_step_system, _system_id),  # noqa: SLF001  # its own
    )
