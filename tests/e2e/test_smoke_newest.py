"""The newest Home Assistant, over its interface alone."""

from typing import cast

import pytest

from script.lib.demo.api import HomeAssistantApi, Json
from script.lib.demo.devices import read_devices
from tests.e2e.net2 import Net2
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT_REST = {
    "lock": "locked",
    "contact": "off",
    "alarm": "off",
    "hold_open": "off",
}


async def door_states(api: HomeAssistantApi) -> dict[str, str]:
    """Return the states of the main entrance by the keys of its entities."""
    devices = await read_devices(api, "paxton_net2")
    door = next(device for device in devices if device.name == "Main Entrance")
    return {
        key: str((await api.get(f"/api/states/{entity}"))["state"])
        for key, entity in door.entities.items()
    }


async def errors(api: HomeAssistantApi) -> list[object]:
    """Return what Home Assistant logged as an error since its log was cleared."""
    logged = cast(list[Json], await api.command("system_log/list"))
    return [each["message"] for each in logged if each["level"] in {"ERROR", "CRITICAL"}]


async def test_a_site_is_loaded_unloaded_and_loaded_again(
    site: Net2, api: HomeAssistantApi
) -> None:
    await api.post("/api/services/system_log/clear", {})
    assert AT_REST.items() <= (await door_states(api)).items()
    await eventually(site.connections, lambda connections: len(connections) == 1)
    entry_id = (await read_devices(api, "paxton_net2"))[0].entry_id

    await api.command("config_entries/disable", entry_id=entry_id, disabled_by="user")

    assert await door_states(api) == {}
    await eventually(site.connections, lambda connections: not connections)

    await api.command("config_entries/disable", entry_id=entry_id, disabled_by=None)

    await eventually(lambda: door_states(api), lambda states: states.items() >= AT_REST.items())
    await eventually(site.connections, lambda connections: len(connections) == 1)
    assert await errors(api) == []


async def test_a_state_follows_the_door(site: Net2, api: HomeAssistantApi) -> None:
    door_id = (await site.door("Main Entrance"))["id"]

    await site.do("force", door_id=door_id)

    forced = {**AT_REST, "contact": "on", "alarm": "on"}
    await eventually(lambda: door_states(api), lambda states: states.items() >= forced.items())
