"""The options of an account: how often to look, what to play, and what to leave out."""

from typing import Any, Final

import probatio

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .options import (
    CONF_EXCLUDED,
    CONF_MEDIA_DAYS,
    CONF_MOTION_HOLD,
    CONF_POLL_INTERVAL,
    CONF_STREAM,
    StreamKind,
)


def _number(least: int, most: int, unit: str) -> probatio.All[int]:
    selector = NumberSelector(
        NumberSelectorConfig(
            min=least, max=most, unit_of_measurement=unit, mode=NumberSelectorMode.BOX
        )
    )
    return probatio.All(selector, probatio.Coerce(int))


_ACCOUNT: Final = probatio.Schema(
    {
        probatio.Required(CONF_POLL_INTERVAL, default=10): _number(5, 300, UnitOfTime.SECONDS),
        probatio.Required(CONF_MOTION_HOLD, default=30): _number(5, 3600, UnitOfTime.SECONDS),
        probatio.Required(CONF_STREAM, default=StreamKind.AUTO): SelectSelector(
            SelectSelectorConfig(options=list(StreamKind), translation_key="stream")
        ),
        probatio.Required(CONF_MEDIA_DAYS, default=30): _number(1, 365, UnitOfTime.DAYS),
    }
)


class VxgOptionsFlow(OptionsFlowWithReload):
    """Preferences; nothing here touches the cloud."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin with the only form there is."""
        return await self.async_step_account()

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for everything at once."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        schema = _ACCOUNT.extend(self._cameras())
        return self.async_show_form(
            step_id="account",
            data_schema=self.add_suggested_values_to_schema(schema, self.config_entry.options),
        )

    def _cameras(self) -> dict[probatio.Optional, SelectSelector]:
        """Return the field for the cameras to leave out, with all that are known by name."""
        known = {
            str(number): str(number) for number in self.config_entry.options.get(CONF_EXCLUDED, ())
        }
        if self.config_entry.state is ConfigEntryState.LOADED:
            known |= self.config_entry.runtime_data.names
        if not known:
            return {}
        options = [SelectOptionDict(value=number, label=name) for number, name in known.items()]
        config = SelectSelectorConfig(
            options=options, multiple=True, mode=SelectSelectorMode.DROPDOWN
        )
        return {probatio.Optional(CONF_EXCLUDED, default=[]): SelectSelector(config)}
