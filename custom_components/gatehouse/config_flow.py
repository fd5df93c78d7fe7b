"""Setting up a site: a menu of systems, and one way through the form for all of them."""

from collections.abc import Mapping, Sequence
from functools import partialmethod
import logging
from typing import Any, override

import probatio

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr

from .certificate import Certificate, async_fetch_certificate
from .const import CONF_FINGERPRINT, CONF_SYSTEM, DOMAIN
from .system import CertificateUntrustedError, SetupError, Site, System
from .systems import SYSTEMS, system_of

_LOGGER = logging.getLogger(__name__)


class GatehouseConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks, proves, and only then stores.

    A form is read into the entry data to try. Trying connects; it may turn out that a person
    has to look at the server's certificate first, after which the same data is tried again.
    """

    VERSION = 1

    _system: System
    _step: str
    _candidates: Sequence[dict[str, Any]]
    _certificate: Certificate

    def __init__(self) -> None:
        """Trust no certificate yet."""
        self._trusted: set[str | None] = set()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which system."""
        return self.async_show_menu(step_id="user", menu_options=list(SYSTEMS))

    async def _async_step_system(
        self, system_id: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a system's form; the step bears the system's name."""
        self._system = SYSTEMS[system_id]
        return await self._async_step_form(system_id, user_input, {})

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form again, for a server that moved or got another licence."""
        entry = self._get_reconfigure_entry()
        self._system = system_of(entry)
        self._trusted.add(entry.data.get(CONF_FINGERPRINT))
        return await self._async_step_form(
            "reconfigure", user_input, self._system.form.suggest(entry.data)
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin to ask for credentials that work."""
        self._system = system_of(self._get_reauth_entry())
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials alone; everything else stays as it is."""
        if user_input is None:
            suggested = self._system.form.suggest(self._get_reauth_entry().data)
            return self._show_form("reauth_confirm", suggested)
        self._step = "reauth_confirm"
        self._candidates = [{**self._get_reauth_entry().data, **user_input}]
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
        self, step: str, user_input: dict[str, Any] | None, suggested: Mapping[str, Any]
    ) -> ConfigFlowResult:
        self._step = step
        if user_input is None:
            return self._show_form(step, suggested)
        try:
            self._candidates = await self._system.form.async_read(self.hass, user_input)
        except SetupError as err:
            return self._show_form(step, self._system.form.suggest(user_input), err.key)
        return await self._async_try()

    async def _async_try(self) -> ConfigFlowResult:
        """Try the candidates until one is not refused for its licence."""
        error = ""
        for data in self._candidates:
            try:
                site = await self._system.form.async_identify(self.hass, data)
            except CertificateUntrustedError:
                return await self._async_ask_certificate()
            except SetupError as err:
                error = err.key
            except Exception:
                _LOGGER.exception("Unexpected error while setting up %s", self._system.id)
                error = "unknown"
            else:
                return await self._async_finish(site, data)
            if error != "invalid_licence":
                break
        return self._show_form(self._step, self._system.form.suggest(self._candidates[0]), error)

    async def _async_ask_certificate(self) -> ConfigFlowResult:
        data = self._candidates[0]
        try:
            self._certificate = await async_fetch_certificate(data[CONF_HOST], data[CONF_PORT])
        except OSError, ValueError:
            suggested = self._system.form.suggest(data)
            return self._show_form(self._step, suggested, "cannot_connect")
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
        if self.source == SOURCE_USER:
            if self._entries_of(site):
                return self.async_abort(reason="already_configured")
            await self.async_set_unique_id(site.unique_id)
            self._abort_if_unique_id_configured()
            return self.async_create_entry(
                title=site.title, data={CONF_SYSTEM: self._system.id, **data}
            )
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
        else:
            entry = self._get_reauth_entry()
        others = [other for other in self._entries_of(site) if other is not entry]
        if others or not self._is_same_site(entry, site):
            return self.async_abort(reason="wrong_account")
        return self.async_update_reload_and_abort(
            entry, data={CONF_SYSTEM: self._system.id, **data}
        )

    def _entries_of(self, site: Site) -> list[ConfigEntry]:
        """Return the entries that already have a part of this site."""
        return [
            entry
            for entry in self._async_current_entries()
            if not site.parts.isdisjoint(self._known_parts(entry))
        ]

    def _is_same_site(self, entry: ConfigEntry, site: Site) -> bool:
        known = self._known_parts(entry)
        return not known or not site.parts.isdisjoint(known)

    def _known_parts(self, entry: ConfigEntry) -> set[str]:
        """Return the vendor's identifiers among those of an entry's devices."""
        registry = dr.async_get(self.hass)
        return {
            identifier
            for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
            for domain, identifier in device.identifiers
            if domain == DOMAIN and identifier != entry.entry_id
        }

    def _show_form(
        self, step: str, suggested: Mapping[str, Any], error: str | None = None
    ) -> ConfigFlowResult:
        form = self._system.form
        schema: probatio.Schema = form.credentials if step == "reauth_confirm" else form.schema
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors={"base": error} if error else None,
        )


for _system_id in SYSTEMS:
    setattr(
        GatehouseConfigFlow,
        f"async_step_{_system_id}",
        partialmethod(GatehouseConfigFlow._async_step_system, _system_id),  # noqa: SLF001  # its own
    )
