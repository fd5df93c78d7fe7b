"""The options of a Net2 site, and what its entities make of them."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import InvalidData

from simulators.paxton_net2 import Net2Simulator

from .form import suggested
from .site import Site

#: What moves a door, by platform and key.
CONTROLS = {("lock", "lock"), ("switch", "hold_open"), ("button", "release")}
#: Those that cannot ask for a code.
CODELESS = CONTROLS - {("lock", "lock")}


async def choose(hass: HomeAssistant, entry: MockConfigEntry, step: str) -> ConfigFlowResult:
    """Choose a step from the menu."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["menu_options"] == ["general", "door"]
    return await go_on(hass, menu, {"next_step_id": step})


async def go_on(
    hass: HomeAssistant, result: ConfigFlowResult, user_input: dict[str, Any]
) -> ConfigFlowResult:
    """Answer a step."""
    return await hass.config_entries.options.async_configure(result["flow_id"], user_input)


async def set_general(site: Site, **general: Any) -> None:
    """Set the options of the whole site, and wait for the reload."""
    result = await go_on(site.hass, await choose(site.hass, site.entry, "general"), general)
    await saved(site, result)


async def set_door(site: Site, door_id: int, mode: str, unlock_action: str = "release") -> None:
    """Set the options of one door, and wait for the reload."""
    form = await choose(site.hass, site.entry, "door")
    form = await go_on(site.hass, form, {"door": str(door_id)})
    await saved(site, await go_on(site.hass, form, {"mode": mode, "unlock_action": unlock_action}))


async def saved(site: Site, result: ConfigFlowResult) -> None:
    """Wait for the entry that the options made reload."""
    assert result["type"] == "create_entry"
    await site.hass.async_block_till_done()
    await site.connected()


def controls(site: Site, door_id: int) -> set[tuple[str, str]]:
    """Return what there is to move a door with."""
    return {(platform, key) for platform, key in CONTROLS if site.has(platform, key, door_id)}


async def test_a_control_code_takes_away_what_cannot_ask_for_it(site: Site) -> None:
    door = site.doors[0]
    assert controls(site, door) == CONTROLS
    assert site.state("lock", "lock", door).attributes.get("code_format") is None

    await set_general(site, control_code="8642", hide_names=False)
    assert controls(site, door) == CONTROLS - CODELESS
    assert site.state("lock", "lock", door).attributes["code_format"] == "^.+$"
    assert suggested(await choose(site.hass, site.entry, "general")) == {
        "control_code": "8642",
        "hide_names": False,
    }

    # A field left empty is left out.
    await set_general(site, hide_names=False)
    assert "control_code" not in site.entry.options
    assert controls(site, door) == CONTROLS


async def test_hidden_names_take_away_who_was_last(site: Site) -> None:
    door = site.doors[0]
    assert site.has("sensor", "last_user", door)

    await set_general(site, hide_names=True)
    assert not site.has("sensor", "last_user", door)
    assert site.has("sensor", "last_access", door)

    await set_general(site, hide_names=False)
    assert site.has("sensor", "last_user", door)


@pytest.mark.parametrize(
    ("mode", "left"),
    [
        ("latched", CONTROLS),
        ("momentary", {("button", "release")}),
        ("monitor", set[tuple[str, str]]()),
    ],
)
async def test_a_door_has_what_its_mode_allows(
    site: Site, mode: str, left: set[tuple[str, str]]
) -> None:
    door, other = site.doors[0], site.doors[1]
    await set_door(site, door, mode)
    assert controls(site, door) == left
    # Where there is no lock to show the relay, a sensor does.
    assert site.has("binary_sensor", "relay", door) is (mode != "latched")
    assert controls(site, other) == CONTROLS

    await set_door(site, door, "latched")
    assert controls(site, door) == CONTROLS


async def test_unlocking_may_hold_the_door_open(site: Site) -> None:
    door = site.doors[0]
    await set_door(site, door, "latched", "hold_open")
    await site.call("lock", "unlock", entity_id=site.entity_id("lock", "lock", door))
    assert [command.name for command in site.simulator.commands] == ["HoldDoorOpen"]


async def test_doors_are_chosen_by_name_and_start_from_their_options(site: Site) -> None:
    form = await choose(site.hass, site.entry, "door")
    schema = form["data_schema"]
    assert schema
    (selector,) = schema.schema.values()
    names = [option["label"] for option in selector.config["options"]]
    assert names == ["Back Door", "Garage", "Main Entrance", "Server Room"]

    form = await go_on(site.hass, form, {"door": str(site.doors[2])})
    assert form["description_placeholders"] == {"door": "Garage"}
    assert suggested(form) == {"mode": "latched", "unlock_action": "release"}

    await saved(
        site, await go_on(site.hass, form, {"mode": "momentary", "unlock_action": "release"})
    )
    form = await choose(site.hass, site.entry, "door")
    form = await go_on(site.hass, form, {"door": str(site.doors[2])})
    assert suggested(form) == {"mode": "momentary", "unlock_action": "release"}


async def test_a_door_is_given_a_camera_and_loses_it_again(site: Site) -> None:
    door, other = site.doors[:2]
    driven = {"mode": "latched", "unlock_action": "release"}

    async def form() -> ConfigFlowResult:
        doors = await choose(site.hass, site.entry, "door")
        return await go_on(site.hass, doors, {"door": str(door)})

    with pytest.raises(InvalidData):
        await go_on(site.hass, await form(), {**driven, "camera": "light.lobby"})
    assert not site.has("image", "last_access", door)

    await saved(site, await go_on(site.hass, await form(), {**driven, "camera": "camera.lobby"}))
    assert site.entry.options["doors"] == {str(door): {**driven, "camera": "camera.lobby"}}
    assert site.has("image", "last_access", door)
    assert not site.has("image", "last_access", other)
    assert suggested(await form()) == {**driven, "camera": "camera.lobby"}

    # A field left empty is left out.
    await saved(site, await go_on(site.hass, await form(), driven))
    assert site.entry.options["doors"] == {str(door): driven}
    assert not site.has("image", "last_access", door)


async def test_options_do_not_disturb_each_other(site: Site) -> None:
    first, second = site.doors[:2]
    await set_door(site, first, "momentary")
    await set_general(site, control_code="8642", hide_names=True)
    await set_door(site, second, "monitor")
    assert site.entry.options == {
        "control_code": "8642",
        "hide_names": True,
        "doors": {
            str(first): {"mode": "momentary", "unlock_action": "release"},
            str(second): {"mode": "monitor", "unlock_action": "release"},
        },
    }


async def test_a_door_may_vanish_while_it_is_set_up(site: Site) -> None:
    gone = site.doors[0]
    form = await choose(site.hass, site.entry, "door")
    site.simulator.world.remove_door(gone)
    await site.coordinator.async_read_all()

    form = await go_on(site.hass, form, {"door": str(gone)})
    assert form["step_id"] == "door_options"
    await saved(site, await go_on(site.hass, form, {"mode": "monitor", "unlock_action": "release"}))
    assert site.device(gone) is None


async def test_only_a_door_that_there_is_can_be_chosen(site: Site) -> None:
    form = await choose(site.hass, site.entry, "door")
    with pytest.raises(InvalidData):
        await go_on(site.hass, form, {"door": "1"})


async def test_a_server_without_doors_has_none_to_choose(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    simulator.world.doors.clear()
    await Site(hass, entry, simulator=simulator).set_up()
    result = await choose(hass, entry, "door")
    assert (result["type"], result["reason"]) == ("abort", "no_doors")


async def test_a_server_that_is_away_has_no_doors_to_choose(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    await simulator.stop()
    await hass.config_entries.async_setup(entry.entry_id)
    result = await choose(hass, entry, "door")
    assert (result["type"], result["reason"]) == ("abort", "cannot_connect")
