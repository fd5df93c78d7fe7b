"""Lights: fixtures, areas and switch groups. Whatever they are told ends after a while."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.light import LightEntity, LightEntityDescription
from homeassistant.components.light.const import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ColorMode,
)
from homeassistant.const import Platform

from ...entity import setup_platform
from .commands import Commands
from .const import COLDEST, WARMEST
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import AreaState, FixtureState, GroupState, LightState

ATTR_OVERRIDE_UNTIL: Final = "override_until"

type Send = Callable[[Commands, Any, int], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class EnlightedLightDescription(LightEntityDescription, EnlightedShows[LightState | None]):
    """A light: `dim` sets a level in percent, `tune` a white in Kelvin."""

    value: Callable[[Any], LightState | None] = lambda state: state.light
    supported: Callable[[Any], bool] = lambda state: state.light is not None
    dim: Send
    tune: Send
    # Whatever hangs together is named like its device.
    name: str | None = None


def _fixtures(state: AreaState | FixtureState) -> Sequence[int]:
    return state.fixtures if isinstance(state, AreaState) else (state.fixture.id,)


async def _dim(commands: Commands, state: AreaState | FixtureState, level: int) -> None:
    await commands.dim(state.floor.id, _fixtures(state), level)


async def _tune(commands: Commands, state: AreaState | FixtureState, kelvin: int) -> None:
    await commands.tune(state.floor.id, _fixtures(state), kelvin)


AREAS: Final = (EnlightedLightDescription(key="light", dim=_dim, tune=_tune),)
FIXTURES: Final = (EnlightedLightDescription(key="light", dim=_dim, tune=_tune, on_big_site=False),)
GROUPS: Final = (
    EnlightedLightDescription(
        key="light",
        supported=lambda state: bool(state.fixtures),
        dim=Commands.dim_group,
        tune=Commands.tune_group,
    ),
)


class EnlightedLight(EnlightedEntity[LightState | None], LightEntity):
    """One light, or several that are told the same."""

    entity_description: EnlightedLightDescription
    _attr_min_color_temp_kelvin = WARMEST
    _attr_max_color_temp_kelvin = COLDEST

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether any of it is on; None while nobody knows."""
        level = self._light.level
        return None if level is None else level > 0

    @property
    @override
    def brightness(self) -> int | None:
        """How bright what is on is, from 1 to 255."""
        level = self._light.level
        return None if not level else max(1, round(level * 255 / 100))

    @property
    @override
    def color_mode(self) -> ColorMode:
        """What can be set of it."""
        return ColorMode.COLOR_TEMP if self._light.is_tunable else ColorMode.BRIGHTNESS

    @property
    @override
    def supported_color_modes(self) -> set[ColorMode]:
        """What can be set of it."""
        return {self.color_mode}

    @property
    @override
    def color_temp_kelvin(self) -> int | None:
        """The white that it was last told; nothing reports it."""
        return self._light.color

    @property
    @override
    def extra_state_attributes(self) -> dict[str, datetime | None]:
        """When it goes back to its profile, as far as Home Assistant told it anything."""
        return {ATTR_OVERRIDE_UNTIL: self._light.until}

    @property
    def _light(self) -> LightState:
        return self._value or LightState()

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set a level, a white, or both; without any it shines fully."""
        commands, state = self.coordinator.commands, self._state
        kelvin = kwargs.get(ATTR_COLOR_TEMP_KELVIN)
        if ATTR_BRIGHTNESS in kwargs or kelvin is None or not self.is_on:
            brightness = kwargs.get(ATTR_BRIGHTNESS, 255)
            # Something that is to shine a little is not to be off.
            level = max(1, round(brightness * 100 / 255))
            await self.entity_description.dim(commands, state, level)
        if kelvin is not None:
            await self.entity_description.tune(commands, state, kelvin)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Set it to nothing, until its override ends and motion may switch it on again."""
        await self.entity_description.dim(self.coordinator.commands, self._state, 0)


async_setup_entry = setup_platform(
    Platform.LIGHT,
    EnlightedLight,
    {AreaState: AREAS, FixtureState: FIXTURES, GroupState: GROUPS},
)
