"""Gatehouse's flows, walked as its user walks them."""

from collections.abc import Mapping

from .api import ApiError, HomeAssistantApi, Json
from .devices import DOMAIN

type Answers = Mapping[str, Json]
"""What is filled in at each step of a flow, by the step's name."""

_ENTRIES = "/api/config/config_entries"


async def set_up(api: HomeAssistantApi, answers: Answers) -> bool:
    """Set up a system and return whether it was new; a known one is left alone.

    Raises:
        ApiError: A form was refused, or asked for something that `answers` does not have.
    """
    end = await _walk(api, f"{_ENTRIES}/flow", DOMAIN, answers)
    if end["type"] != "create_entry" and end.get("reason") != "already_configured":
        raise ApiError(f"setting up ended with {end['type']}: {end.get('reason')}")
    return end["type"] == "create_entry"


async def set_options(api: HomeAssistantApi, entry_id: str, answers: Answers) -> None:
    """Change an entry's options and wait until they are in force.

    Raises:
        ApiError: As in `set_up`.
    """
    await _walk(api, f"{_ENTRIES}/options/flow", entry_id, answers)
    # The flow reloads the entry in the background; this queues up behind it.
    await api.post(f"{_ENTRIES}/entry/{entry_id}/reload", {})


async def _walk(api: HomeAssistantApi, flows: str, handler: str, answers: Answers) -> Json:
    step = await api.post(flows, {"handler": handler})
    while step["type"] in {"menu", "form"}:
        name = str(step["step_id"])
        if step.get("errors") or name not in answers:
            raise ApiError(f"step {name}: {step.get('errors') or 'no answer for it'}")
        step = await api.post(f"{flows}/{step['flow_id']}", answers[name])
    return step
