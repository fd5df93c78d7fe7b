"""The blueprints work with what the integration really fires."""

from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from ..watching import eventually
from .site import Site

_BLUEPRINTS = Path(__file__).parents[3] / "blueprints"


async def _automate(hass: HomeAssistant, folder: Path, name: str, **given: Any) -> None:
    shutil.copytree(_BLUEPRINTS, folder / "blueprints")
    hass.config.config_dir = str(folder)
    blueprint = {"path": f"gatehouse/{name}.yaml", "input": given}
    assert await async_setup_component(
        hass, "automation", {"automation": {"alias": "Ours", "use_blueprint": blueprint}}
    )
    await hass.async_block_till_done()


@pytest.mark.parametrize("moves_too", [True, False])
async def test_guests_are_announced(
    hass: HomeAssistant, site: Site, tmp_path: Path, moves_too: bool
) -> None:
    said = async_mock_service(hass, "notify", "kitchen")
    message = {"message": "Order {{ order }} to table {{ table }}{{ ', to go' if to_go }}"}
    await _automate(
        hass,
        tmp_path,
        "announce_table",
        gateway=site.entity_id("event", "order"),
        moves_too=moves_too,
        announcement={"action": "notify.kitchen", "data": message},
    )
    gateway = site.gateway
    gateway.start_tracker("5", "TO_GO")
    gateway.move_to_table("5", "8")
    gateway.move_to_table("5", "9")
    gateway.move_to_table("6", "1")
    gateway.clear("5")
    await eventually(lambda: site.order_events[-1:] == ["order_cleared"])
    await hass.async_block_till_done()
    moved = ["Order 5 to table 9, to go"] if moves_too else []
    assert [call.data["message"] for call in said] == [
        "Order 5 to table 8, to go",
        *moved,
        "Order 6 to table 1",
    ]


async def test_a_lamp_is_on_while_somebody_waits_too_long(
    hass: HomeAssistant, site: Site, tmp_path: Path
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "input_boolean", {"input_boolean": {"lamp": {}}})
    lamp = "input_boolean.lamp"
    await _automate(
        hass,
        tmp_path,
        "overdue_lamp",
        overdue=site.entity_id("binary_sensor", "overdue"),
        lamp={"entity_id": lamp},
    )
    gateway = site.gateway
    gateway.world.target = 1
    site.coordinator.reader.expect_changes("settings")
    await site.coordinator.async_refresh()
    gateway.start_tracker("5")

    def is_on() -> bool:
        state = hass.states.get(lamp)
        assert state
        return state.state == "on"

    await eventually(is_on, "the lamp on")
    gateway.clear("5")
    await eventually(lambda: not is_on(), "the lamp off")
