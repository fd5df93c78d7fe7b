"""The actions of Net2: doors, people, alarms and roll calls.

What opens doors, changes people or tells about them is for administrators. Everybody else has
the entities, which Home Assistant's permissions cover.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final

import probatio

from homeassistant.const import ATTR_CODE
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ...actions import (
    DEVICE_FIELD,
    SITE_FIELD,
    Action,
    ActionHandler,
    Data,
    async_get_part,
    for_site,
)
from ...const import DOMAIN
from .client import UNCHANGED, NamedItem, NewUser, Relay, User
from .const import SYSTEM_ID
from .coordinator import Net2Coordinator
from .devices import door_identifier
from .errors import ERRORS

ATTR_ACCESS_LEVELS: Final = "access_levels"
ATTR_ACTIVATES: Final = "activates"
ATTR_BLOCKED: Final = "blocked"
ATTR_CARD_NUMBER: Final = "card_number"
ATTR_DEPARTMENT: Final = "department"
ATTR_END: Final = "end"
ATTR_EXPIRES: Final = "expires"
ATTR_FIRST_NAME: Final = "first_name"
ATTR_LAST_NAME: Final = "last_name"
ATTR_LIMIT: Final = "limit"
ATTR_NAME: Final = "name"
ATTR_PIN: Final = "pin"
ATTR_RELAY: Final = "relay"
ATTR_REPORT_ID: Final = "report_id"
ATTR_SECONDS: Final = "seconds"
ATTR_START: Final = "start"
ATTR_TOKEN_ID: Final = "token_id"  # a field's name, no secret
ATTR_USER_ID: Final = "user_id"

_RELAYS: Final = {"1": Relay.ONE, "2": Relay.TWO}
#: What the vendor's own tools use is half a second to half a minute (section 3.3); an hour is
#: the longest that was seen to work.
_SECONDS: Final = probatio.All(probatio.Coerce(float), probatio.Range(min=0.5, max=3600))
_USER_ID: Final = {probatio.Required(ATTR_USER_ID): cv.positive_int}
_VALIDITY: Final = {
    probatio.Optional(ATTR_ACTIVATES): cv.datetime,
    probatio.Optional(ATTR_EXPIRES): cv.datetime,
}
_LEVELS: Final = probatio.All(cv.ensure_list, [cv.string])


def _digits(fewest: int, most: int) -> probatio.All[str]:
    """Check a secret number; `cv.matches_regex` would repeat it in its error."""
    return probatio.All(cv.string, probatio.Match(rf"^[0-9]{{{fewest},{most}}}\Z"))


type DoorHandler = Callable[[Net2Coordinator, int, Data], Awaitable[None]]


# Doors


async def _open_door(coordinator: Net2Coordinator, door_id: int, data: Data) -> None:
    coordinator.control.check_code(data.get(ATTR_CODE))
    relay = _RELAYS[data[ATTR_RELAY]]
    await coordinator.control.async_release(door_id, relay=relay, seconds=data.get(ATTR_SECONDS))


async def _hold_door_open(coordinator: Net2Coordinator, door_id: int, data: Data) -> None:
    coordinator.control.check_code(data.get(ATTR_CODE))
    await coordinator.control.async_hold_open(door_id)


async def _close_door(coordinator: Net2Coordinator, door_id: int, _data: Data) -> None:
    await coordinator.control.async_close(door_id)


async def _acknowledge_alarm(coordinator: Net2Coordinator, door_id: int, _data: Data) -> None:
    await coordinator.client.acknowledge_alarm(door_id=door_id)
    await coordinator.async_request_refresh()


# Events and people


async def _get_events(coordinator: Net2Coordinator, data: Data) -> ServiceResponse:
    start, end = data.get(ATTR_START), data.get(ATTR_END)
    events = await coordinator.client.get_events(
        since=start and dt_util.as_utc(start),
        until=end and dt_util.as_utc(end),
        limit=data[ATTR_LIMIT],
    )
    return {
        "events": [
            {
                "event_type": event.kind.value,
                "door_id": event.door_id,
                **coordinator.fields_of(event),
            }
            for event in events
        ]
    }


async def _get_users(coordinator: Net2Coordinator, _data: Data) -> ServiceResponse:
    hide_names = coordinator.options.hide_names
    users = await coordinator.client.get_users()
    return {"users": [_user(user, hide_names=hide_names) for user in users]}


def _user(user: User, *, hide_names: bool) -> JsonObjectType:
    return {
        "user_id": user.id,
        "name": None if hide_names else user.name,
        "activates": user.activates.isoformat() if user.activates else None,
        "expires": user.expires.isoformat() if user.expires else None,
    }


async def _create_user(coordinator: Net2Coordinator, data: Data) -> ServiceResponse:
    client = coordinator.client
    department = data.get(ATTR_DEPARTMENT)
    user = await client.create_user(
        NewUser(
            first_name=data.get(ATTR_FIRST_NAME, ""),
            last_name=data[ATTR_LAST_NAME],
            access_levels=await _level_ids(coordinator, data.get(ATTR_ACCESS_LEVELS, [])),
            department_id=_find(ATTR_DEPARTMENT, department, await client.get_departments())
            if department
            else None,
            activates=_utc(data, ATTR_ACTIVATES),
            expires=_utc(data, ATTR_EXPIRES),
            pin=data.get(ATTR_PIN),
            card_number=data.get(ATTR_CARD_NUMBER),
        )
    )
    return {"user_id": user.id}


async def _update_user_access(coordinator: Net2Coordinator, data: Data) -> None:
    client, user_id = coordinator.client, data[ATTR_USER_ID]
    levels = data.get(ATTR_ACCESS_LEVELS)
    level_ids = None if levels is None else await _level_ids(coordinator, levels)
    # First what may be refused: not every licence allows several levels.
    if level_ids is not None:
        await client.set_access_levels(user_id, level_ids)
    if ATTR_ACTIVATES in data or ATTR_EXPIRES in data:
        await client.update_user(
            user_id,
            activates=_utc(data, ATTR_ACTIVATES) or UNCHANGED,
            expires=_utc(data, ATTR_EXPIRES) or UNCHANGED,
        )


async def _delete_user(coordinator: Net2Coordinator, data: Data) -> None:
    await coordinator.client.delete_user(data[ATTR_USER_ID])


async def _block_token(coordinator: Net2Coordinator, data: Data) -> None:
    client, user_id = coordinator.client, data[ATTR_USER_ID]
    token_ids = [token.id for token in await client.get_user_tokens(user_id)]
    if (token_id := data.get(ATTR_TOKEN_ID)) is not None:
        token_ids = [known for known in token_ids if known == token_id]
    if not token_ids:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_token")
    for known in token_ids:
        await client.set_token_lost(user_id, known, lost=data[ATTR_BLOCKED])


async def _reset_antipassback(coordinator: Net2Coordinator, data: Data) -> None:
    await coordinator.client.reset_antipassback(data[ATTR_USER_ID])


# Roll calls


async def _start_roll_call(coordinator: Net2Coordinator, data: Data) -> ServiceResponse:
    report = await coordinator.client.create_roll_call(data[ATTR_NAME])
    await coordinator.async_read_all()
    return {"report_id": report.id}


async def _mark_safe(coordinator: Net2Coordinator, data: Data) -> None:
    newest = coordinator.data.roll_call
    report_id = data.get(ATTR_REPORT_ID, newest.report_id if newest else None)
    if report_id is None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_roll_call")
    await coordinator.client.mark_safe(report_id, data[ATTR_USER_ID])
    await coordinator.async_read_all()


def _utc(data: Data, key: str) -> datetime | None:
    """Return a time of a call in UTC; a time without a zone is meant as Home Assistant's."""
    return dt_util.as_utc(data[key]) if key in data else None


async def _level_ids(coordinator: Net2Coordinator, levels: list[str]) -> tuple[int, ...]:
    """Return the ids of access levels that are given by id or by name."""
    if not levels:
        return ()
    known = await coordinator.client.get_access_levels()
    return tuple(_find(ATTR_ACCESS_LEVELS, level, known) for level in levels)


def _find(what: str, wanted: str, known: tuple[NamedItem, ...]) -> int:
    # Names before ids, since a name may look like another one's id.
    by_name = [item.id for item in known if item.name.casefold() == wanted.casefold()]
    found = by_name or [item.id for item in known if str(item.id) == wanted]
    if len(found) == 1:
        return found[0]
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="not_in_net2",
        translation_placeholders={"field": what, "value": wanted},
    )


def _for_door(handler: DoorHandler) -> ActionHandler:
    async def handle(call: ServiceCall) -> ServiceResponse:
        entry, identifier = async_get_part(call, SYSTEM_ID)
        coordinator: Net2Coordinator = entry.runtime_data
        for state in coordinator.data.doors:
            if door_identifier(state.door.id) == identifier:
                with ERRORS.translated():
                    await handler(coordinator, state.door.id, call.data)
                return None
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_door")

    return handle


_for_site: Final = partial(for_site, SYSTEM_ID, ERRORS)
_CODE: Final = {probatio.Optional(probatio.Secret(ATTR_CODE)): cv.string}

ACTIONS: Final = (
    Action(
        name="open_door",
        fields={
            **DEVICE_FIELD,
            **_CODE,
            probatio.Optional(ATTR_SECONDS): _SECONDS,
            probatio.Optional(ATTR_RELAY, default="1"): probatio.All(
                cv.string, probatio.In(_RELAYS)
            ),
        },
        handler=_for_door(_open_door),
        is_admin=True,
    ),
    Action(
        name="hold_door_open",
        fields={**DEVICE_FIELD, **_CODE},
        handler=_for_door(_hold_door_open),
        is_admin=True,
    ),
    Action(
        name="close_door",
        fields={**DEVICE_FIELD},
        handler=_for_door(_close_door),
        is_admin=True,
    ),
    Action(
        name="acknowledge_alarm",
        fields={**DEVICE_FIELD},
        handler=_for_door(_acknowledge_alarm),
    ),
    Action(
        name="get_events",
        fields={
            **SITE_FIELD,
            probatio.Optional(ATTR_START): cv.datetime,
            probatio.Optional(ATTR_END): cv.datetime,
            probatio.Optional(ATTR_LIMIT, default=100): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=1000)
            ),
        },
        handler=_for_site(_get_events),
        is_admin=True,
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="get_users",
        fields={**SITE_FIELD},
        handler=_for_site(_get_users),
        is_admin=True,
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="create_user",
        fields={
            **SITE_FIELD,
            **_VALIDITY,
            probatio.Optional(ATTR_FIRST_NAME, default=""): cv.string,
            probatio.Required(ATTR_LAST_NAME): cv.string,
            probatio.Optional(ATTR_ACCESS_LEVELS, default=list): _LEVELS,
            probatio.Optional(ATTR_DEPARTMENT): cv.string,
            probatio.Optional(probatio.Secret(ATTR_PIN)): _digits(4, 8),
            probatio.Optional(probatio.Secret(ATTR_CARD_NUMBER)): _digits(1, 16),
        },
        handler=_for_site(_create_user),
        is_admin=True,
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="update_user_access",
        fields={
            **SITE_FIELD,
            **_USER_ID,
            **_VALIDITY,
            probatio.Optional(ATTR_ACCESS_LEVELS): _LEVELS,
        },
        handler=_for_site(_update_user_access),
        is_admin=True,
    ),
    Action(
        name="delete_user",
        fields={**SITE_FIELD, **_USER_ID},
        handler=_for_site(_delete_user),
        is_admin=True,
    ),
    Action(
        name="block_token",
        fields={
            **SITE_FIELD,
            **_USER_ID,
            # Id 0 is a valid one (section 3.5).
            probatio.Optional(ATTR_TOKEN_ID): probatio.All(
                probatio.Coerce(int), probatio.Range(min=0)
            ),
            probatio.Optional(ATTR_BLOCKED, default=True): cv.boolean,
        },
        handler=_for_site(_block_token),
        is_admin=True,
    ),
    Action(
        name="reset_antipassback",
        fields={**SITE_FIELD, **_USER_ID},
        handler=_for_site(_reset_antipassback),
        is_admin=True,
    ),
    Action(
        name="start_roll_call",
        fields={**SITE_FIELD, probatio.Required(ATTR_NAME): cv.string},
        handler=_for_site(_start_roll_call),
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="mark_safe",
        fields={
            **SITE_FIELD,
            **_USER_ID,
            probatio.Optional(ATTR_REPORT_ID): cv.positive_int,
        },
        handler=_for_site(_mark_safe),
    ),
)
