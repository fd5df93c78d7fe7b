"""The config flow, walked as a user walks it."""

from collections.abc import Mapping

from .api import ApiError, HomeAssistantApi, Json

DOMAIN = "gatehouse"


async def set_up(api: HomeAssistantApi, answers: Mapping[str, Json]) -> bool:
    """Set up one system.

    Args:
        api: A signed-in owner.
        answers: What is filled in at each step, by the step's name.

    Returns:
        Whether an entry was made; a system that has one already is left alone.

    Raises:
        ApiError: A form was refused, or asked for something that `answers` does not know.
    """
    step = await api.post("/api/config/config_entries/flow", {"handler": DOMAIN})
    path = f"/api/config/config_entries/flow/{step['flow_id']}"
    while step["type"] in {"menu", "form"}:
        name = str(step["step_id"])
        if step.get("errors") or name not in answers:
            raise ApiError(f"step {name}: {step.get('errors') or 'nothing to answer'}")
        step = await api.post(path, answers[name])
    if step["type"] != "create_entry" and step.get("reason") != "already_configured":
        raise ApiError(f"the flow ended with {step['type']}: {step.get('reason')}")
    return step["type"] == "create_entry"
