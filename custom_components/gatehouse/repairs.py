"""Repairs that the user can make right here: trusting a server's new certificate."""

from typing import Any

import probatio

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant

from .certificate import Certificate, async_fetch_certificate
from .const import CONF_FINGERPRINT


class CertificateRepairFlow(RepairsFlow):
    """Shows the certificate that a server has now; confirming pins it."""

    _certificate: Certificate

    def __init__(self, entry: ConfigEntry) -> None:
        """Repair one entry."""
        self._entry = entry

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Read the certificate."""
        data = self._entry.data
        try:
            self._certificate = await async_fetch_certificate(data[CONF_HOST], data[CONF_PORT])
        except OSError, ValueError:
            return self.async_abort(reason="cannot_connect")
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show it; pin the very one that was shown."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=probatio.Schema({}),
                description_placeholders={
                    "title": self._entry.title,
                    **self._certificate.placeholders,
                },
            )
        self.hass.config_entries.async_update_entry(
            self._entry,
            data={**self._entry.data, CONF_FINGERPRINT: self._certificate.sha256},
        )
        self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow for an issue; the certificate's is the only fixable one."""
    assert data is not None
    return CertificateRepairFlow(hass.config_entries.async_get_known_entry(str(data["entry_id"])))
