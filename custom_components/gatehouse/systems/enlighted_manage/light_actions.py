"""The actions of Enlighted Manage that are about lights: daily work, and for everybody."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import probatio

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ...actions import (
    DEVICE_FIELD,
    DEVICES_FIELD,
    Action,
    ActionHandler,
    Data,
    async_get_part,
    async_get_parts,
)
from ...const import DOMAIN
from .const import COLDEST, SYSTEM_ID, WARMEST
from .coordinator import EnlightedCoordinator
from .errors import ERRORS
from .floor import FloorWatch
from .snapshot import (
    AreaState,
    FixtureState,
    FloorState,
    GroupState,
    SceneState,
    SensorState,
    State,
)

ATTR_KELVIN: Final = "color_temp_kelvin"
ATTR_LEVEL: Final = "level"
ATTR_MINUTES: Final = "minutes"
ATTR_PROFILE: Final = "profile"
ATTR_SCENE: Final = "scene"

MINUTES: Final = probatio.All(probatio.Coerce(int), probatio.Range(min=1, max=1440))
#: How long something holds.
HOLD: Final = {probatio.Optional(ATTR_MINUTES): MINUTES}
_LEVEL: Final = {
    probatio.Required(ATTR_LEVEL): probatio.All(
        probatio.Coerce(int), probatio.Range(min=0, max=100)
    )
}

type Targets = Mapping[EnlightedCoordinator, Mapping[int, list[int]]]
"""What a call is about, by the site and the floor that it is on."""


def lights_of(call: ServiceCall) -> Targets:
    """Return the lights of the floors, areas, groups and fixtures that a call names, each once.

    Raises:
        ServiceValidationError: One of them has no light.
    """
    return _targets_of(call, lambda watch, sensors: watch.plan.lights(sensors))


def sensors_of(call: ServiceCall) -> Targets:
    """Return the sensors, with a light or without, of what a call names, each once.

    Raises:
        ServiceValidationError: One of them has no sensor.
    """
    return _targets_of(call, lambda _watch, sensors: sensors)


def _targets_of(
    call: ServiceCall, choose: Callable[[FloorWatch, tuple[int, ...]], tuple[int, ...]]
) -> Targets:
    found: dict[EnlightedCoordinator, dict[int, list[int]]] = {}
    for entry, identifier in async_get_parts(call, SYSTEM_ID):
        coordinator: EnlightedCoordinator = entry.runtime_data
        floor, sensors = _sensors_at(coordinator, identifier)
        chosen = choose(coordinator.watches[floor], sensors) if sensors else ()
        if not chosen:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_light")
        known = found.setdefault(coordinator, {}).setdefault(floor, [])
        known += [each for each in chosen if each not in known]
    return found


def _for_lights(
    send: Callable[[EnlightedCoordinator, int, list[int], Data], Awaitable[None]],
) -> ActionHandler:
    async def handle(call: ServiceCall) -> ServiceResponse:
        for coordinator, floors in lights_of(call).items():
            for floor, lights in floors.items():
                await send(coordinator, floor, lights, call.data)
        return None

    return handle


async def _dim(
    coordinator: EnlightedCoordinator, floor: int, lights: list[int], data: Data
) -> None:
    await coordinator.commands.dim(floor, lights, data[ATTR_LEVEL], data.get(ATTR_MINUTES))


async def _release(
    coordinator: EnlightedCoordinator, floor: int, lights: list[int], _data: Data
) -> None:
    await coordinator.commands.release(floor, lights)


async def _tune(
    coordinator: EnlightedCoordinator, floor: int, lights: list[int], data: Data
) -> None:
    await coordinator.commands.tune(floor, lights, data[ATTR_KELVIN], data.get(ATTR_MINUTES))


def _sensors_at(coordinator: EnlightedCoordinator, identifier: str) -> tuple[int, tuple[int, ...]]:
    """Return the floor and the sensors of what has a device: sensors, and what holds them."""
    devices = coordinator.devices
    for part, state in coordinator.data.parts.items():
        if devices.identifier_of(part, state) != identifier:
            continue
        plan = coordinator.watches[part.floor].plan
        match state:
            case FloorState():
                return part.floor, tuple(plan.fixtures)
            case AreaState():
                return part.floor, plan.members.get(state.area.id, ())
            case GroupState():
                return part.floor, state.fixtures
            case SensorState():
                return part.floor, (state.fixture.id,)
    return 0, ()


# One part of a kind

type PartHandler[StateT] = Callable[
    [EnlightedCoordinator, StateT, Data], Awaitable[ServiceResponse | None]
]


def state_of[StateT: State](
    coordinator: EnlightedCoordinator, identifier: str, kind: type[StateT]
) -> StateT:
    """Return the state of the part that has a device.

    Raises:
        ServiceValidationError: There is none of this kind.
    """
    devices = coordinator.devices
    for part, state in coordinator.data.parts.items():
        if isinstance(state, kind) and devices.identifier_of(part, state) == identifier:
            return state
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="other_device")


def for_part[StateT: State](kind: type[StateT], handler: PartHandler[StateT]) -> ActionHandler:
    """Return what handles an action that is about one part of a kind."""

    async def handle(call: ServiceCall) -> ServiceResponse:
        entry, identifier = async_get_part(call, SYSTEM_ID)
        coordinator: EnlightedCoordinator = entry.runtime_data
        state = state_of(coordinator, identifier, kind)
        with ERRORS.translated():
            return await handler(coordinator, state, call.data)

    return handle


async def _apply_scene(coordinator: EnlightedCoordinator, state: GroupState, data: Data) -> None:
    wanted = data[ATTR_SCENE].casefold()
    for scene in coordinator.data.floors[state.floor.id].values():
        if not isinstance(scene, SceneState) or scene.group != state.group:
            continue
        if wanted == scene.scene.name.casefold():
            await coordinator.commands.apply_scene(scene)
            return
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="scene_not_found")


async def _dim_group(coordinator: EnlightedCoordinator, state: GroupState, data: Data) -> None:
    await coordinator.commands.dim_group(state, data[ATTR_LEVEL], data.get(ATTR_MINUTES))


async def _assign_profile(
    coordinator: EnlightedCoordinator, state: FixtureState, data: Data
) -> None:
    wanted = data[ATTR_PROFILE].casefold()
    profiles = await coordinator.client.get_profiles(state.fixture.id)
    for profile in profiles.applicable:
        if profile.name.casefold() == wanted:
            await coordinator.commands.assign_profile(state.floor.id, state.fixture.id, profile.id)
            return
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="profile_not_found")


LIGHTS: Final = (
    Action(
        name="dim_fixtures",
        fields={**DEVICES_FIELD, **_LEVEL, **HOLD},
        handler=_for_lights(_dim),
    ),
    Action(name="set_auto", fields=DEVICES_FIELD, handler=_for_lights(_release)),
    Action(
        name="set_color_temperature",
        fields={
            **DEVICES_FIELD,
            probatio.Required(ATTR_KELVIN): probatio.All(
                probatio.Coerce(int), probatio.Range(min=WARMEST, max=COLDEST)
            ),
            **HOLD,
        },
        handler=_for_lights(_tune),
    ),
    Action(
        name="apply_scene",
        fields={**DEVICE_FIELD, probatio.Required(ATTR_SCENE): cv.string},
        handler=for_part(GroupState, _apply_scene),
    ),
    Action(
        name="dim_group",
        fields={**DEVICE_FIELD, **_LEVEL, **HOLD},
        handler=for_part(GroupState, _dim_group),
    ),
    Action(
        name="assign_profile",
        fields={**DEVICE_FIELD, probatio.Required(ATTR_PROFILE): cv.string},
        handler=for_part(FixtureState, _assign_profile),
        is_admin=True,
    ),
)
