"""The blueprints work with what the integration really shows."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier

from ..watching import eventually
from .site import Site

_BLUEPRINTS = Path(__file__).parents[3] / "blueprints"
_EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: Areas of the first floor.
_OFFICE, _MEETING_ROOM, _LOBBY = 9, 10, 11


type Automate = Callable[[str, dict[str, Any]], Awaitable[None]]


@pytest.fixture
async def automate(hass: HomeAssistant, site: Site, tmp_path: Path) -> AsyncGenerator[Automate]:
    """Return what makes an automation of a blueprint; it waits for no time of day in the end."""
    shutil.copytree(_BLUEPRINTS, tmp_path / "blueprints")
    hass.config.config_dir = str(tmp_path)

    async def make(name: str, given: dict[str, Any]) -> None:
        blueprint = {"path": f"gatehouse/{name}.yaml", "input": given}
        assert await async_setup_component(
            hass, "automation", {"automation": {"alias": "Ours", "use_blueprint": blueprint}}
        )
        await hass.async_block_till_done()

    yield make
    await site.call("automation", "turn_off", entity_id="all")


def _out_of_hours(
    site: Site, *areas: int, closes: int, opens: int, days: list[str]
) -> dict[str, Any]:
    """Return the inputs of that blueprint, with hours from now on."""
    return {
        "areas": [site.entity_id("binary_sensor", "occupancy", "area", area) for area in areas],
        "closes": _at(closes),
        "opens": _at(opens),
        "closed_days": days,
        "alert": {
            "action": "notify.guard",
            "data": {"message": "{{ area }}{{ ' still' if is_left_over }}"},
        },
    }


def _at(hours: int) -> str:
    """Return the time of day in so many hours."""
    return f"{dt_util.now() + timedelta(hours=hours):%H:%M:%S}"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"closes": -1, "opens": 1, "days": []}, ["Open Office"]),
        ({"closes": 1, "opens": 2, "days": []}, []),
        ({"closes": 1, "opens": 2, "days": _EVERY_DAY}, ["Open Office"]),
    ],
    ids=["closed by now", "open", "closed all day"],
)
async def test_who_comes_out_of_hours_is_told(
    hass: HomeAssistant, site: Site, automate: Automate, hours: dict[str, Any], said: list[str]
) -> None:
    told = async_mock_service(hass, "notify", "guard")
    await automate("out_of_hours", _out_of_hours(site, _OFFICE, **hours))
    site.manager.world.enter(_OFFICE)
    site.manager.world.enter(_LOBBY)
    await site.read(Tier.OCCUPANCY)
    assert [call.data["message"] for call in told] == said


async def test_whoever_is_there_at_closing_time_is_told(
    hass: HomeAssistant, site: Site, automate: Automate
) -> None:
    told = async_mock_service(hass, "notify", "guard")
    given = _out_of_hours(site, _OFFICE, _MEETING_ROOM, _LOBBY, closes=1, opens=2, days=[])
    await automate("out_of_hours", given)
    site.manager.world.enter(_OFFICE)
    site.manager.world.enter(_LOBBY)
    await site.read(Tier.OCCUPANCY)
    assert not told
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
    await eventually(lambda: told, "the alert")
    assert [call.data["message"] for call in told] == ["Open Office, Lobby still"]


@pytest.mark.parametrize("is_dimmed", [True, False])
async def test_an_area_that_was_left_goes_back_to_auto(
    hass: HomeAssistant, site: Site, automate: Automate, is_dimmed: bool
) -> None:
    """Where nobody had told its lights anything nothing is sent."""
    manager = site.manager
    occupancy = site.entity_id("binary_sensor", "occupancy", "area", _OFFICE)
    await automate("back_to_auto", {"areas": [occupancy], "pause": {"milliseconds": 1}})
    manager.world.enter(_OFFICE)
    await site.read(Tier.OCCUPANCY)
    if is_dimmed:
        light = site.entity_id("light", "light", "area", _OFFICE)
        await site.call("light", "turn_on", entity_id=light, brightness_pct=50)
    before = len(manager.commands)
    manager.world.leave(_OFFICE)
    manager.clock.advance(120)
    await site.read(Tier.OCCUPANCY)
    await site.shows("off", "binary_sensor", "occupancy", "area", _OFFICE)
    await site.shows("auto", "select", "control", "area", _OFFICE)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))
    await hass.async_block_till_done()
    assert len(manager.commands) - before == is_dimmed
