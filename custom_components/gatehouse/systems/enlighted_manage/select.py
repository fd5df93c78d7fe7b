"""Who is in charge of some lights, and which profile a fixture has."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import callback

from ...entity import setup_platform
from .client import EnlightedError
from .const import LOGGER
from .coordinator import EnlightedCoordinator
from .entity import EnlightedEntity, EnlightedShows
from .floor import FloorWatch
from .snapshot import AreaState, FixtureState, GroupState, Kind, ProfileState

#: Automatic: the profile is in charge. Manual: a command of ours is, until it ends.
AUTO: Final = "auto"
MANUAL: Final = "manual"


@dataclass(frozen=True, kw_only=True)
class EnlightedSelectDescription(SelectEntityDescription, EnlightedShows[str | None]):
    """Something that can be chosen; `choices` returns what there is to choose from."""

    choices: Callable[[Any], list[str]]
    send: Callable[[EnlightedCoordinator, Any, str], Awaitable[None]]
    entity_category: EntityCategory | None = EntityCategory.CONFIG


def _mode(state: AreaState | FixtureState | GroupState) -> str | None:
    if state.light is None:
        return None
    return AUTO if state.light.until is None else MANUAL


async def _set_mode(
    coordinator: EnlightedCoordinator, state: AreaState | FixtureState | GroupState, mode: str
) -> None:
    """Give lights back to their profiles, or hold them as bright as they are."""
    commands = coordinator.commands
    level = state.light.level if state.light else None
    if isinstance(state, GroupState):
        if mode == AUTO:
            await commands.release_group(state)
        else:
            await commands.dim_group(state, level or 0)
        return
    fixtures = state.fixtures if isinstance(state, AreaState) else (state.fixture.id,)
    if mode == AUTO:
        await commands.release(state.floor.id, fixtures)
    else:
        await commands.dim(state.floor.id, fixtures, level or 0)


def _has_light(state: Any) -> bool:
    return state.light is not None


def _control(
    *, is_usual: bool = True, supported: Callable[[Any], bool] = _has_light
) -> EnlightedSelectDescription:
    return EnlightedSelectDescription(
        key="control",
        translation_key="control",
        entity_registry_enabled_default=is_usual,
        choices=lambda _state: [AUTO, MANUAL],
        supported=supported,
        value=_mode,
        send=_set_mode,
    )


def _profiles(state: ProfileState) -> list[str]:
    return [profile.name for profile in state.profiles.applicable] if state.profiles else []


async def _assign(coordinator: EnlightedCoordinator, state: ProfileState, name: str) -> None:
    profiles = state.profiles.applicable if state.profiles else ()
    profile = next(profile for profile in profiles if profile.name == name)
    await coordinator.commands.assign_profile(state.floor.id, state.fixture.id, profile.id)


AREAS: Final = (_control(),)
GROUPS: Final = (_control(),)
FIXTURES: Final = (
    _control(is_usual=False, supported=lambda state: state.has_details and _has_light(state)),
)
PROFILES: Final = (
    EnlightedSelectDescription(
        key="profile",
        translation_key="profile",
        # Nothing brings the one before back by itself.
        entity_registry_enabled_default=False,
        choices=_profiles,
        value=lambda state: (
            state.profiles.current.name if state.profiles and state.profiles.current else None
        ),
        send=_assign,
    ),
)


class EnlightedSelect(EnlightedEntity[str | None], SelectEntity):
    """Something that can be chosen."""

    entity_description: EnlightedSelectDescription

    @override
    async def async_added_to_hass(self) -> None:
        """Read the profile of a fixture: that takes a request for each."""
        await super().async_added_to_hass()
        part, coordinator = self.coordinator_context, self.coordinator
        watch = coordinator.watches.get(part.floor)
        if part.kind is Kind.PROFILE and watch is not None:
            coordinator.run(self._read_profile(watch), "profile of a fixture")

    async def _read_profile(self, watch: FloorWatch) -> None:
        try:
            await self.coordinator.jobs.read_profile(watch, self.coordinator_context.id)
        except EnlightedError as err:
            LOGGER.debug("The profile of a fixture was not read: %s", err)

    @callback
    @override
    def _read(self) -> bool:
        has_changed = super()._read()
        state = self.coordinator.data.parts.get(self.coordinator_context)
        before = getattr(self, "_attr_options", None)
        if state is not None:
            self._attr_options = self.entity_description.choices(state)
        return has_changed or before != getattr(self, "_attr_options", None)

    @property
    @override
    def current_option(self) -> str | None:
        """What is chosen; None while nobody knows."""
        return self._value

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose something."""
        await self.entity_description.send(self.coordinator, self._state, option)


async_setup_entry = setup_platform(
    Platform.SELECT,
    EnlightedSelect,
    {AreaState: AREAS, FixtureState: FIXTURES, GroupState: GROUPS, ProfileState: PROFILES},
)
