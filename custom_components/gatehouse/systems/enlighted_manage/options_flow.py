"""The options of a manager: which floors, which entities, and how often to ask."""

from typing import Any, Final

import probatio

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)

from .const import CONF_FLOORS
from .flow import floor_field
from .options import (
    CONF_FIXTURES,
    CONF_LAMP_FAULTS,
    CONF_OCCUPANCY,
    CONF_OCCUPANCY_INTERVAL,
    CONF_OVERRIDE_MINUTES,
    CONF_STATISTICS_INTERVAL,
    CONF_TUNABLE,
    DEFAULT_MINUTES,
    FixtureEntities,
)


def _number(least: int, most: int, unit: str) -> probatio.All[int]:
    selector = NumberSelector(
        NumberSelectorConfig(
            min=least, max=most, unit_of_measurement=unit, mode=NumberSelectorMode.BOX
        )
    )
    return probatio.All(selector, probatio.Coerce(int))


_MANAGER: Final = probatio.Schema(
    {
        probatio.Required(CONF_FIXTURES, default=FixtureEntities.AUTO): SelectSelector(
            SelectSelectorConfig(options=list(FixtureEntities), translation_key=CONF_FIXTURES)
        ),
        probatio.Required(CONF_OVERRIDE_MINUTES, default=DEFAULT_MINUTES): _number(
            1, 1440, UnitOfTime.MINUTES
        ),
        probatio.Required(CONF_TUNABLE, default=False): BooleanSelector(),
        probatio.Required(CONF_LAMP_FAULTS, default=False): BooleanSelector(),
        probatio.Required(CONF_OCCUPANCY, default=True): BooleanSelector(),
        # The vendor asks for a minute: more often is a load, less often misses people.
        probatio.Required(CONF_OCCUPANCY_INTERVAL, default=60): _number(30, 90, UnitOfTime.SECONDS),
        # Sensors report every five minutes: more often tells nothing new.
        probatio.Required(CONF_STATISTICS_INTERVAL, default=300): _number(
            300, 3600, UnitOfTime.SECONDS
        ),
    }
)


class EnlightedOptionsFlow(OptionsFlowWithReload):
    """Preferences; nothing here touches the manager."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin with the only form there is."""
        return await self.async_step_manager()

    async def async_step_manager(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for everything at once."""
        floors = self._floors()
        if user_input is not None:
            chosen = user_input.get(CONF_FLOORS)
            if chosen or chosen is None:
                if chosen and set(chosen) >= floors.keys():
                    user_input[CONF_FLOORS] = []
                return self.async_create_entry(data={**self._kept(), **user_input})
        schema, entry = _MANAGER, self.config_entry
        suggested = {**self._kept(), **entry.options, **(user_input or {})}
        if floors:
            field = floor_field(list(floors.items()))
            schema = schema.extend({probatio.Required(CONF_FLOORS): field})
            # One that is gone could not be chosen again, nor taken back.
            kept = [floor for floor in self._kept()[CONF_FLOORS] if floor in floors]
            suggested[CONF_FLOORS] = kept or list(floors)
        return self.async_show_form(
            step_id="manager",
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=None if user_input is None else {"base": "no_floors"},
        )

    def _kept(self) -> dict[str, Any]:
        """Return the choice of floors as it is, for when it cannot be asked about."""
        entry = self.config_entry
        return {CONF_FLOORS: entry.options.get(CONF_FLOORS, entry.data[CONF_FLOORS])}

    def _floors(self) -> dict[str, str]:
        """Return the names of all floors by their ids, none while nobody knows them."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return {}
        names: dict[str, str] = self.config_entry.runtime_data.floor_names
        return names
