"""What tests do to a manager and to what Home Assistant made of it, in few words."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier

from .site import SITE, Site

#: Seconds after which no command is believed any more, and every sensor reported what came of it.
REPORTED = 720
#: All tiers that tell how things are.
STATES = (Tier.OCCUPANCY, Tier.STATISTICS, Tier.DEVICES)

type Sent = tuple[str, tuple[int, ...], dict[str, Any]]


def sent(site: Site, name: str | None = None) -> list[Sent]:
    """Return the commands that the manager got: their names, ids and values."""
    return [
        (each.name, each.ids, dict(each.values))
        for each in site.manager.commands
        if name in (None, each.name)
    ]


def enabling[T: Callable[..., Any]](*keys: str) -> Callable[[T], T]:
    """Return what lets a test have entities with these keys that nobody has enabled."""

    def mark(test: T) -> T:
        given = pytest.mark.parametrize("enabled", [keys], indirect=True, ids=[""])
        marked: T = pytest.mark.usefixtures("enabled")(given(test))
        return marked

    return mark


async def later(site: Site, seconds: float, *tiers: Tier) -> None:
    """Let time go by at the manager, and read how things are then."""
    site.manager.clock.advance(seconds)
    # The first answer tells of the new time, and what is asked for next is asked by it.
    await site.read(Tier.OCCUPANCY)
    await site.read(*(tiers or STATES))


async def light(site: Site, action: str, kind: str, number: int, **data: Any) -> None:
    """Call an action of a light."""
    entity_id = site.entity_id("light", "light", kind, number)
    await site.call("light", action, entity_id=entity_id, **data)


def level(site: Site, kind: str, number: int) -> tuple[str, int | None]:
    """Return the state and the brightness of a light."""
    state = site.state("light", "light", kind, number)
    return state.state, state.attributes.get("brightness")


def happened(site: Site, floor: int = 1) -> list[dict[str, Any]]:
    """Return what the event entity of a floor fired, with what it said of it."""
    entity_id = site.entity_id("event", "activity", "floor", floor)
    own = ("event_type", "area", "area_id", "sensor", "sensor_id", "group", "scene")
    return [
        {key: state.attributes[key] for key in own if key in state.attributes}
        for state in site.fired
        if state.entity_id == entity_id
    ]


def device(site: Site, kind: str = "", number: int = 0) -> str:
    """Return the id of a part's device, for actions."""
    found = site.device_of(f"{SITE}-{kind}-{number}")
    assert found, f"no device of {kind} {number}"
    return found.id


async def act(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call an action of Gatehouse and return its answer, if it has one."""
    answers = hass.services.supports_response("gatehouse", action).value != "none"
    return await hass.services.async_call(
        "gatehouse", action, data, blocking=True, return_response=answers
    )


async def refused(doing: Any, key: str) -> None:
    """Await something that fails, and check which sentence is given for it."""
    with pytest.raises(HomeAssistantError) as caught:
        await doing
    assert caught.value.translation_key == key


def enabled(hass: HomeAssistant, owner: str) -> Mapping[str, bool]:
    """Return the keys of the entities of an owner, and whether each is enabled by itself."""
    prefix = f"{SITE}-{owner}-"
    return {
        each.unique_id.removeprefix(prefix): each.disabled_by is None
        for each in er.async_get(hass).entities.values()
        if each.unique_id.startswith(prefix)
    }
