"""The actions of Enlighted Manage: lights and scenes for everybody, the rest for administrators.

What lights a whole building up, dims it for the price of electricity, or empties the batteries of
its emergency lights has to be confirmed as well: nothing takes it back.
"""

from datetime import timedelta
from typing import Final

import probatio

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from ...actions import (
    DEVICE_FIELD,
    DEVICES_FIELD,
    SITE_FIELD,
    Action,
    ActionHandler,
    Data,
    async_get_parts,
    async_get_site,
    for_site,
)
from ...const import DOMAIN
from .client import (
    HISTORY,
    BleMode,
    DemandResponse,
    EmergencyMode,
    EmergencyStatus,
    PriceLevel,
)
from .const import SYSTEM_ID
from .coordinator import EnlightedCoordinator
from .errors import ERRORS
from .light_actions import ATTR_MINUTES, HOLD, LIGHTS, MINUTES, for_part, sensors_of, state_of
from .rounds import Tier
from .snapshot import (
    AreaState,
    DriverState,
    FloorState,
)

ATTR_CONFIRM: Final = "confirm"
ATTR_DURATION: Final = "duration"
ATTR_END: Final = "end"
ATTR_IDENTIFIER: Final = "identifier"
ATTR_MODE: Final = "mode"
ATTR_PRICE: Final = "price"
ATTR_PRICE_LEVEL: Final = "price_level"
ATTR_START: Final = "start"
ATTR_TEST: Final = "test"

_MODES: Final = {mode.lower(): mode for mode in BleMode}
_PRICES: Final = {level.lower(): level for level in PriceLevel}
_TESTS: Final = {
    "function": EmergencyMode.FUNCTION_TEST,
    "duration": EmergencyMode.DURATION_TEST,
}
_CONFIRM: Final = {probatio.Required(ATTR_CONFIRM): cv.boolean}
#: Left out it is everything. A list that came out empty is none, and surely not meant so.
_FLOORS: Final = {
    probatio.Optional(ATTR_DEVICE_ID): probatio.All(
        cv.ensure_list, probatio.Length(min=1), [cv.string]
    )
}
_EVENT: Final = {
    probatio.Required(ATTR_IDENTIFIER): cv.string,
    probatio.Required(ATTR_PRICE_LEVEL): probatio.All(probatio.In(_PRICES), _PRICES.__getitem__),
    probatio.Required(ATTR_START): cv.datetime,
    probatio.Required(ATTR_DURATION): MINUTES,
    probatio.Optional(ATTR_PRICE): probatio.Coerce(float),
}


def _check_confirmed(data: Data) -> None:
    if not data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_confirmed_building"
        )


# Emergency lights


async def _start_test(coordinator: EnlightedCoordinator, state: DriverState, data: Data) -> None:
    if not data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_confirmed_test"
        )
    await coordinator.commands.test_emergency(state.fixture.id, _TESTS[data[ATTR_TEST]])


async def _stop_test(coordinator: EnlightedCoordinator, state: DriverState, _data: Data) -> None:
    await coordinator.commands.test_emergency(state.fixture.id, EmergencyMode.NORMAL)


async def _get_status(
    coordinator: EnlightedCoordinator, state: DriverState, _data: Data
) -> ServiceResponse:
    return _status(await coordinator.commands.read_driver(state.floor.id, state.fixture.id))


def _status(status: EmergencyStatus) -> ServiceResponse:
    failures, mode = status.failures, status.mode
    return {
        "started": status.started.isoformat() if status.started else None,
        "completed": status.completed.isoformat() if status.completed else None,
        "failures": None if failures is None else [str(each.name).lower() for each in failures],
        "mode": None if mode is None else [str(each.name).lower() for each in mode],
        "battery": status.battery,
        "duration_minutes": status.duration / timedelta(minutes=1) if status.duration else None,
    }


async def _set_emergency(call: ServiceCall) -> ServiceResponse:
    """Light up areas, or everything where no area is named, which is why it is confirmed."""
    _check_confirmed(call.data)
    areas = [
        (coordinator, state_of(coordinator, identifier, AreaState))
        for entry, identifier in async_get_parts(call, SYSTEM_ID)
        for coordinator in [_coordinator(entry)]
    ]
    for coordinator, state in areas:
        minutes = call.data.get(ATTR_MINUTES)
        await coordinator.commands.set_area_emergency(state.floor.id, state.area.id, minutes)
    if not areas:
        coordinator = _coordinator(async_get_site(call, SYSTEM_ID))
        await coordinator.commands.set_emergency(call.data.get(ATTR_MINUTES))
    return None


# Demand response


def _demand(*, update: bool) -> ActionHandler:
    async def handle(call: ServiceCall) -> ServiceResponse:
        _check_confirmed(call.data)
        coordinator = _coordinator(async_get_site(call, SYSTEM_ID))
        floors = [
            state_of(coordinator, identifier, FloorState).floor.id
            for _, identifier in async_get_parts(call, SYSTEM_ID)
        ]
        data = call.data
        event = DemandResponse(
            identifier=data[ATTR_IDENTIFIER],
            level=data[ATTR_PRICE_LEVEL],
            start=dt_util.as_utc(data[ATTR_START]),
            duration=timedelta(minutes=data[ATTR_DURATION]),
            price=data.get(ATTR_PRICE),
        )
        client = coordinator.client
        send = client.update_demand_response if update else client.schedule_demand_response
        with ERRORS.translated():
            await send(event, floors)
        coordinator.hurry(Tier.MANAGER)
        return None

    return handle


async def _cancel_demand_response(coordinator: EnlightedCoordinator, data: Data) -> None:
    _check_confirmed(data)
    await coordinator.client.cancel_demand_response(data[ATTR_IDENTIFIER])
    coordinator.hurry(Tier.MANAGER)


# The rest


async def _get_energy_history(
    coordinator: EnlightedCoordinator, state: FloorState, data: Data
) -> ServiceResponse:
    start, end = dt_util.as_utc(data[ATTR_START]), dt_util.as_utc(data[ATTR_END])
    if not start < end <= start + HISTORY:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_span",
            translation_placeholders={"longest": str(HISTORY)},
        )
    windows = await coordinator.client.get_floor_windows(state.floor.id, start, end)
    return {
        "windows": [
            {
                "start": window.start.isoformat(),
                "energy": window.energy,
                "base": window.base,
                "saved": window.saved,
                "saved_occupancy": window.occupancy,
                "saved_daylight": window.daylight,
                "saved_tuning": window.tuning,
                "saved_manual": window.manual,
            }
            for window in windows
        ]
    }


async def _set_ble_mode(call: ServiceCall) -> ServiceResponse:
    changed = 0
    for coordinator, floors in sensors_of(call).items():
        for sensors in floors.values():
            with ERRORS.translated():
                changed += await coordinator.client.set_ble_mode(sensors, call.data[ATTR_MODE])
    return {"changed": changed}


async def _refresh_topology(coordinator: EnlightedCoordinator, _data: Data) -> None:
    coordinator.jobs.read_whole()


def _coordinator(entry: ConfigEntry) -> EnlightedCoordinator:
    coordinator: EnlightedCoordinator = entry.runtime_data
    return coordinator


ACTIONS: Final = (
    *LIGHTS,
    Action(
        name="set_emergency",
        fields={**SITE_FIELD, **_FLOORS, **HOLD, **_CONFIRM},
        handler=_set_emergency,
        is_admin=True,
    ),
    Action(
        name="schedule_demand_response",
        fields={**SITE_FIELD, **_FLOORS, **_EVENT, **_CONFIRM},
        handler=_demand(update=False),
        is_admin=True,
    ),
    Action(
        name="update_demand_response",
        fields={**SITE_FIELD, **_FLOORS, **_EVENT, **_CONFIRM},
        handler=_demand(update=True),
        is_admin=True,
    ),
    Action(
        name="cancel_demand_response",
        fields={**SITE_FIELD, probatio.Required(ATTR_IDENTIFIER): cv.string, **_CONFIRM},
        handler=for_site(SYSTEM_ID, ERRORS, _cancel_demand_response),
        is_admin=True,
    ),
    Action(
        name="start_emergency_test",
        fields={**DEVICE_FIELD, probatio.Required(ATTR_TEST): probatio.In(_TESTS), **_CONFIRM},
        handler=for_part(DriverState, _start_test),
        is_admin=True,
    ),
    Action(
        name="stop_emergency_test",
        fields=DEVICE_FIELD,
        handler=for_part(DriverState, _stop_test),
        is_admin=True,
    ),
    Action(
        name="get_emergency_status",
        fields=DEVICE_FIELD,
        handler=for_part(DriverState, _get_status),
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="get_energy_history",
        fields={
            **DEVICE_FIELD,
            probatio.Required(ATTR_START): cv.datetime,
            probatio.Required(ATTR_END): cv.datetime,
        },
        handler=for_part(FloorState, _get_energy_history),
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="set_ble_mode",
        fields={
            **DEVICES_FIELD,
            probatio.Required(ATTR_MODE): probatio.All(probatio.In(_MODES), _MODES.__getitem__),
        },
        handler=_set_ble_mode,
        is_admin=True,
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="refresh_topology",
        fields=SITE_FIELD,
        handler=for_site(SYSTEM_ID, ERRORS, _refresh_topology),
    ),
)
