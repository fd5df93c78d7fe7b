"""The blueprints work with what the integration really fires."""

from pathlib import Path
import shutil

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.systems.paxton_net2 import journal, missed

from .site import Site, eventually

_BLUEPRINTS = Path(__file__).parents[3] / "blueprints"


async def test_a_door_alert_comes_at_once_or_late_but_once(
    hass: HomeAssistant,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Live, and read back; other doors and other events are left alone."""
    for module in (journal, missed):
        monkeypatch.setattr(module, "GRACE", 0.2)
    shutil.copytree(_BLUEPRINTS, tmp_path / "blueprints")
    hass.config.config_dir = str(tmp_path)
    alerts = async_mock_service(hass, "notify", "everybody")
    door, other = site.doors[0], site.doors[1]
    alert = {
        "action": "notify.everybody",
        "data": {"message": "{{ door }}: {{ what }}", "late": "{{ is_late }}"},
    }
    blueprint = {
        "path": "gatehouse/door_alert.yaml",
        "input": {"doors": [site.entity_id("event", "activity", door)], "alert": alert},
    }
    assert await async_setup_component(
        hass, "automation", {"automation": {"alias": "Alert", "use_blueprint": blueprint}}
    )
    await hass.async_block_till_done()
    site.simulator.world.swipe(door)
    site.simulator.world.force(other)
    site.simulator.world.force(door)
    await eventually(lambda: alerts, "the alert")
    assert [call.data for call in alerts] == [
        {"message": "Main Entrance: door forced", "late": False}
    ]
    site.simulator.world.emit(95, door, 8, seconds_ago=3600)
    site.simulator.world.emit(95, other, 8, seconds_ago=3600)
    await eventually(lambda: len(alerts) > 1, "the late alert")
    await site.coordinator.async_refresh()
    assert [call.data for call in alerts[1:]] == [
        {"message": "Main Entrance: duress", "late": True}
    ]
