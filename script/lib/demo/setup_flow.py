"""Gatehouse's flows, walked as its user walks them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from .api import ApiError, HomeAssistantApi, Json
from .devices import DOMAIN

type Deed = Callable[[], Awaitable[object]]
"""What somebody does at the device, which a step waits for."""

type Answers = Mapping[str, Json | Deed]
"""What is filled in or done at each step of a flow, by the step's name."""

_ENTRIES = "/api/config/config_entries"


async def set_up(api: HomeAssistantApi, answers: Answers) -> bool:
    """Set up a system and return whether it was new; a known one is left alone.

    Raises:
        ApiError: A form was refused, or asked for something that `answers` does not have.
    """
    flows = f"{_ENTRIES}/flow"
    end = await _walk(api, flows, await api.post(flows, {"handler": DOMAIN}), answers)
    if end["type"] != "create_entry" and end.get("reason") != "already_configured":
        raise ApiError(f"setting up ended with {end['type']}: {end.get('reason')}")
    return end["type"] == "create_entry"


async def sign_in_again(api: HomeAssistantApi, answers: Answers) -> None:
    """Answer where Home Assistant asks for access anew, if `answers` has what it asks for.

    Raises:
        ApiError: As in `set_up`.
    """
    flows = f"{_ENTRIES}/flow"
    for flow in cast(list[Json], await api.command("config_entries/flow/progress")):
        if flow["handler"] == DOMAIN and flow["step_id"] in answers:
            step = await api.get(f"{flows}/{flow['flow_id']}")
            end = await _walk(api, flows, step, answers)
            if end.get("reason") != "reauth_successful":
                raise ApiError(f"signing in again ended with {end['type']}: {end.get('reason')}")


async def set_options(api: HomeAssistantApi, entry_id: str, answers: Answers) -> None:
    """Change an entry's options and wait until they are in force.

    Raises:
        ApiError: As in `set_up`.
    """
    flows = f"{_ENTRIES}/options/flow"
    await _walk(api, flows, await api.post(flows, {"handler": entry_id}), answers)
    # The flow reloads the entry in the background; this queues up behind it.
    await api.post(f"{_ENTRIES}/entry/{entry_id}/reload", {})


async def _walk(api: HomeAssistantApi, flows: str, step: Json, answers: Answers) -> Json:
    while step["type"] in {"menu", "form", "progress"}:
        name, flow = str(step["step_id"]), f"{flows}/{step['flow_id']}"
        if step.get("errors") or name not in answers:
            raise ApiError(f"step {name}: {step.get('errors') or 'no answer for it'}")
        answer = answers[name]
        if isinstance(answer, Mapping):
            step = await api.post(flow, answer)
        else:
            await answer()
            step = await _after(api, flow)
    return step


async def _after(api: HomeAssistantApi, flow: str) -> Json:
    """Return the step that follows one which goes on by itself."""
    while True:
        step = await api.get(flow)
        if step["type"] != "progress":
            return step
        await asyncio.sleep(0.2)
