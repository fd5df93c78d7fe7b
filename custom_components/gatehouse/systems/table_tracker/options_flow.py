"""The options of a gateway: its tables, and whether trackers are devices."""

from typing import Any, Final

import probatio

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers.selector import BooleanSelector, TextSelector, TextSelectorConfig

from .options import CONF_TABLES, CONF_TRACKER_DEVICES, read_tables

_TABLES: Final = probatio.Schema(
    {
        probatio.Optional(CONF_TABLES, default=[]): TextSelector(TextSelectorConfig(multiple=True)),
        probatio.Required(CONF_TRACKER_DEVICES, default=True): BooleanSelector(),
    }
)


class TableTrackerOptionsFlow(OptionsFlowWithReload):
    """Preferences; nothing here touches the gateway."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin with the only form there is."""
        return await self.async_step_tables()

    async def async_step_tables(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the tables, and whether to have a device for each tracker."""
        if user_input is not None:
            try:
                read_tables(user_input[CONF_TABLES])
            except ValueError:
                pass
            else:
                return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="tables",
            data_schema=self.add_suggested_values_to_schema(
                _TABLES, user_input or self.config_entry.options
            ),
            errors={CONF_TABLES: "invalid_tables"} if user_input else None,
        )
