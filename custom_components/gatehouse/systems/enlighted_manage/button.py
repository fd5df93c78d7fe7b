"""What happens once: back to the profile, tests of emergency drivers, reading anew."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory, Platform

from ...entity import setup_platform
from .client import EmergencyMode
from .coordinator import EnlightedCoordinator
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import AreaState, DriverState, FixtureState, GroupState, ManagerState


@dataclass(frozen=True, kw_only=True)
class EnlightedButtonDescription(ButtonEntityDescription, EnlightedShows[None]):
    """Something that happens once."""

    value: Callable[[Any], None] = lambda _state: None
    press: Callable[[EnlightedCoordinator, Any], Awaitable[None]]


async def _read_anew(coordinator: EnlightedCoordinator, _state: ManagerState) -> None:
    coordinator.jobs.read_whole()


async def _release(coordinator: EnlightedCoordinator, state: AreaState | FixtureState) -> None:
    fixtures = state.fixtures if isinstance(state, AreaState) else (state.fixture.id,)
    await coordinator.commands.release(state.floor.id, fixtures)


async def _release_group(coordinator: EnlightedCoordinator, state: GroupState) -> None:
    await coordinator.commands.release_group(state)


async def _set_emergency(coordinator: EnlightedCoordinator, state: AreaState) -> None:
    await coordinator.commands.set_area_emergency(state.floor.id, state.area.id)


def _auto(
    press: Callable[[EnlightedCoordinator, Any], Awaitable[None]], *, is_usual: bool = True
) -> EnlightedButtonDescription:
    return EnlightedButtonDescription(
        key="return_to_auto",
        translation_key="return_to_auto",
        entity_registry_enabled_default=is_usual,
        on_big_site=False,
        supported=lambda state: state.light is not None and getattr(state, "has_details", True),
        press=press,
    )


def _test(key: str, mode: EmergencyMode) -> EnlightedButtonDescription:
    """Return the row of a test; whoever starts one is to have looked for where it is."""

    async def press(coordinator: EnlightedCoordinator, state: DriverState) -> None:
        await coordinator.commands.test_emergency(state.fixture.id, mode)

    return EnlightedButtonDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        press=press,
    )


async def _read_driver(coordinator: EnlightedCoordinator, state: DriverState) -> None:
    await coordinator.commands.read_driver(state.floor.id, state.fixture.id)


MANAGERS: Final = (
    EnlightedButtonDescription(
        key="refresh",
        translation_key="refresh",
        entity_category=EntityCategory.DIAGNOSTIC,
        press=_read_anew,
    ),
)
AREAS: Final = (
    _auto(_release),
    EnlightedButtonDescription(
        key="emergency",
        translation_key="emergency",
        # Nothing takes it back before its time.
        entity_registry_enabled_default=False,
        supported=lambda state: state.light is not None,
        press=_set_emergency,
    ),
)
GROUPS: Final = (_auto(_release_group),)
FIXTURES: Final = (_auto(_release, is_usual=False),)
DRIVERS: Final = (
    _test("start_function_test", EmergencyMode.FUNCTION_TEST),
    _test("start_duration_test", EmergencyMode.DURATION_TEST),
    _test("stop_test", EmergencyMode.NORMAL),
    EnlightedButtonDescription(
        key="read_driver",
        translation_key="read_driver",
        entity_category=EntityCategory.DIAGNOSTIC,
        on_big_site=False,
        press=_read_driver,
    ),
)


class EnlightedButton(EnlightedEntity[None], ButtonEntity):
    """Something that happens once."""

    entity_description: EnlightedButtonDescription

    @override
    async def async_press(self) -> None:
        """Let it happen."""
        await self.entity_description.press(self.coordinator, self._state)


async_setup_entry = setup_platform(
    Platform.BUTTON,
    EnlightedButton,
    {
        ManagerState: MANAGERS,
        AreaState: AREAS,
        GroupState: GROUPS,
        FixtureState: FIXTURES,
        DriverState: DRIVERS,
    },
)
