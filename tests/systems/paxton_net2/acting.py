"""Doing the actions of Net2, with data that is right unless a test says otherwise."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError

from custom_components.gatehouse.const import DOMAIN
from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually

#: What each action needs, besides the door that those of `DOORS` are about.
VALID: dict[str, dict[str, Any]] = {
    "open_door": {},
    "hold_door_open": {},
    "close_door": {},
    "acknowledge_alarm": {},
    "get_events": {},
    "get_users": {},
    "create_user": {"last_name": "Visitor"},
    "update_user_access": {"user_id": 8, "access_levels": []},
    "delete_user": {"user_id": 8},
    "block_token": {"user_id": 8},
    "reset_antipassback": {"user_id": 8},
    "start_roll_call": {"name": "Drill"},
    "mark_safe": {"user_id": 8},
}
DOORS = ("open_door", "hold_door_open", "close_door", "acknowledge_alarm")
READS = ("get_events", "get_users")
#: What everybody in the building may do when the alarm rings.
FOR_ALL = ("acknowledge_alarm", "start_roll_call", "mark_safe")


def valid(site: Site, action: str) -> dict[str, Any]:
    """Return data that an action takes."""
    door = {"device_id": device_of(site)} if action in DOORS else {}
    return {**VALID[action], **door}


def device_of(site: Site, index: int = 0) -> str:
    """Return the id of a door's device."""
    device = site.device(site.doors[index])
    assert device
    return device.id


async def act(site: Site, action: str, *, user: MockUser | None = None, **data: Any) -> Any:
    """Do an action with some data in place of the valid one; return its response, if it has one."""
    has_response = action in (*READS, "create_user", "start_roll_call")
    return await site.hass.services.async_call(
        DOMAIN,
        action,
        {**valid(site, action), **data},
        blocking=True,
        return_response=has_response,
        context=Context(user_id=user.id if user else None),
    )


async def refused(site: Site, action: str, **data: Any) -> str | None:
    """Return why an action is refused: the key of its sentence, with the site left as it was."""
    before, commands = repr(site.simulator.world.site), list(site.simulator.commands)
    with pytest.raises(HomeAssistantError) as error:
        await act(site, action, **data)
    assert repr(site.simulator.world.site) == before
    assert site.simulator.commands == commands
    return error.value.translation_key


async def quiet(site: Site) -> Site:
    """Wait until a site that was just set up reads nothing more; return it.

    A fault is meant for the action under test, and so is a request that is counted.
    """
    tasks = site.entry._background_tasks
    live = f"{site.entry.title} live stream"
    await eventually(lambda: {task.get_name() for task in tasks} == {live}, "quiet")
    return site


def writes(simulator: Net2Simulator) -> list[str]:
    """Return the paths of all requests that may have changed something."""
    seen = (each for each in simulator.requests if each.method != "GET")
    return [each.path for each in seen if "tokens" not in each.path or "users" in each.path]
