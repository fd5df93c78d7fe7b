"""What a bug report about a Net2 site holds, and what it must never hold."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant

from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually


@pytest.fixture
def options(simulator: Net2Simulator) -> dict[str, Any]:
    """Return options that hold a secret."""
    door = str(min(simulator.world.doors))
    return {
        "control_code": "7531",
        "hide_names": False,
        "doors": {
            door: {
                "mode": "momentary",
                "unlock_action": "release",
                "camera": "camera.entrance_hall",
            }
        },
    }


def secrets_of(simulator: Net2Simulator) -> set[str]:
    """Return everything about a site that only concerns those who work there."""
    users = list(simulator.world.users.values())
    names = {name for user in users for name in (user.first_name, user.last_name) if name}
    pins = {user.pin for user in users if user.pin}
    cards = {token.value for user in users for token in user.tokens.values()}
    doors = {door.name for door in simulator.world.doors.values()}
    own = {
        "entrance_hall",
        simulator.password,
        simulator.client_id,
        simulator.fingerprint,
        "127.0.0.1",
        "7531",
    }
    assert all((names, pins, cards, doors))
    return names | pins | cards | doors | own


async def test_nothing_private_is_told(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, site: Site
) -> None:
    world, (door, other, *_) = site.simulator.world, site.doors
    world.swipe(door, user_id=8)
    world.swipe(other, user_id=12)
    world.swipe_unknown(other, card_number=87654321)
    world.mark_safe(1, 9, by=2)
    await eventually(lambda: site.state("sensor", "last_user", door).state == "Ada Example")
    await eventually(lambda: site.coordinator.data.door(other).last_denied is not None)

    dump = json.dumps(await get_diagnostics_for_config_entry(hass, hass_client, site.entry))

    assert str(door) in dump
    assert [secret for secret in {*secrets_of(site.simulator), "87654321"} if secret in dump] == []


async def test_what_helps_is_told(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, site: Site
) -> None:
    door = site.doors[0]
    site.simulator.world.open_leaf(door)
    await eventually(lambda: site.state("binary_sensor", "contact", door).state == "on")

    dump: Any = await get_diagnostics_for_config_entry(hass, hass_client, site.entry)

    assert (dump["system"], dump["state"]) == ("paxton_net2", "loaded")
    connection = dump["connection"]
    assert connection.pop("requests") >= len(site.doors)
    assert abs(connection.pop("clock_skew_seconds")) < 30
    assert connection == {
        "port": site.simulator.port,
        "use_https": True,
        "is_pinned": True,
        "has_client_secret": False,
        "is_host_an_address": True,
    }
    assert (dump["is_reachable"], dump["last_error"]) == (True, None)
    momentary = {"mode": "momentary", "unlock_action": "release", "has_camera": True}
    assert dump["options"] == {
        "has_control_code": True,
        "hide_names": False,
        "doors": {str(min(site.doors)): momentary},
    }
    server = dump["server"]
    assert (server["live_stream"], server["users"]) == (True, len(site.simulator.world.users))
    assert server["info"]["version"]
    assert dump["roll_call"] == {"report_id": 1, "safe": 0, "missing": 3}
    assert [state["id"] for state in dump["doors"]] == site.doors
    assert dump["doors"][0] == {
        "id": door,
        "status": {
            "relay_open": False,
            "contact_closed": False,
            "alarm": False,
            "tamper_ok": True,
            "power_ok": True,
            "intruder_armed": False,
        },
        "held": False,
        "online": True,
        "has_last_user": False,
        "last_access": None,
        "last_denied": None,
    }


async def test_a_site_in_trouble_tells_what_trouble(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, site: Site
) -> None:
    site.simulator.faults.service_down = True
    await site.coordinator.async_refresh()
    dump: Any = await get_diagnostics_for_config_entry(hass, hass_client, site.entry)
    assert dump["is_reachable"] is False
    assert dump["last_error"] == "Net2ConnectionError"
