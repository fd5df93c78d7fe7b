"""The options of a Net2 site: its privacy and control code, and how each door is driven."""

from collections.abc import Mapping
from typing import Any, Final

import probatio

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import Platform
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .coordinator import Net2ConfigEntry
from .devices import door_name
from .options import (
    CONF_CAMERA,
    CONF_CONTROL_CODE,
    CONF_DOORS,
    CONF_HIDE_NAMES,
    CONF_MODE,
    CONF_UNLOCK_ACTION,
    DoorMode,
    Net2Options,
    UnlockAction,
)

_CONF_DOOR: Final = "door"

_GENERAL: Final = probatio.Schema(
    {
        probatio.Optional(probatio.Secret(CONF_CONTROL_CODE)): TextSelector(
            TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
        ),
        probatio.Required(CONF_HIDE_NAMES, default=False): BooleanSelector(),
    }
)
_DOOR: Final = probatio.Schema(
    {
        probatio.Required(CONF_MODE): SelectSelector(
            SelectSelectorConfig(
                options=list(DoorMode), translation_key=CONF_MODE, mode=SelectSelectorMode.LIST
            )
        ),
        probatio.Required(CONF_UNLOCK_ACTION): SelectSelector(
            SelectSelectorConfig(
                options=list(UnlockAction),
                translation_key=CONF_UNLOCK_ACTION,
                mode=SelectSelectorMode.LIST,
            )
        ),
        probatio.Optional(CONF_CAMERA): EntitySelector(
            EntitySelectorConfig(domain=Platform.CAMERA)
        ),
    }
)


class Net2OptionsFlow(OptionsFlowWithReload):
    """Preferences; nothing here touches the server."""

    config_entry: Net2ConfigEntry
    _names: Mapping[str, str]
    _door_id: str

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what to change."""
        return self.async_show_menu(step_id="init", menu_options=["general", "door"])

    async def async_step_general(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the control code and for privacy."""
        options = self.config_entry.options
        if user_input is not None:
            kept = {key: value for key, value in options.items() if key != CONF_CONTROL_CODE}
            return self.async_create_entry(data={**kept, **user_input})
        schema = self.add_suggested_values_to_schema(_GENERAL, options)
        return self.async_show_form(step_id="general", data_schema=schema)

    async def async_step_door(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which door."""
        if user_input is not None:
            self._door_id = user_input[_CONF_DOOR]
            return await self.async_step_door_options()
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="cannot_connect")
        doors = self.config_entry.runtime_data.data.doors
        self._names = {str(state.door.id): door_name(state.door) for state in doors}
        if not self._names:
            return self.async_abort(reason="no_doors")
        choices = [
            SelectOptionDict(value=door_id, label=name)
            for door_id, name in sorted(self._names.items(), key=lambda door: door[1])
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=choices, mode=SelectSelectorMode.DROPDOWN)
        )
        schema = probatio.Schema({probatio.Required(_CONF_DOOR): selector})
        return self.async_show_form(step_id="door", data_schema=schema)

    async def async_step_door_options(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to drive the door."""
        options = self.config_entry.options
        if user_input is not None:
            doors = {**options.get(CONF_DOORS, {}), self._door_id: user_input}
            return self.async_create_entry(data={**options, CONF_DOORS: doors})
        door = Net2Options.read(options).door(int(self._door_id))
        suggested: dict[str, str] = {CONF_MODE: door.mode, CONF_UNLOCK_ACTION: door.unlock_action}
        if door.camera:
            suggested[CONF_CAMERA] = door.camera
        return self.async_show_form(
            step_id="door_options",
            data_schema=self.add_suggested_values_to_schema(_DOOR, suggested),
            description_placeholders={"door": self._names[self._door_id]},
        )
