"""The options of a manager: each is stored, and in force at once."""

from typing import Any

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import config_validation as cv, entity_registry as er

from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier

from ..watching import eventually
from .site import SITE, Site

#: What the form has when nobody chose anything.
USUAL = {
    "fixtures": "auto",
    "override_minutes": 60,
    "tunable_white": False,
    "lamp_faults": False,
    "occupancy": True,
    "occupancy_interval": 60,
    "statistics_interval": 300,
}
#: What identifies the entities of a fixture with a light in an area, and its device.
FIXTURE = f"{SITE}-fixture-361"


async def open_form(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Open the options."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "manager")
    return form


async def choose(site: Site, **chosen: object) -> None:
    """Walk through the options, what is not chosen as it is usual, and wait until it counts."""
    hass, entry = site.hass, site.entry
    form = await open_form(hass, entry)
    floors = {"floors": ["1", "2"]} if floors_of(form) else {}
    given = {**USUAL, **floors, **chosen}
    result = await hass.config_entries.options.async_configure(form["flow_id"], given)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    if entry.state is ConfigEntryState.LOADED:
        await site.settled()


def floors_of(form: ConfigFlowResult) -> dict[str, str]:
    """Return the floors that a form offers, by what it stores of them."""
    fields = probatio.to_field_list(form["data_schema"], custom_serializer=cv.custom_serializer)
    for field in fields:
        if field["name"] == "floors":
            options = field["selector"]["select"]["options"]
            return {each["value"]: each["label"] for each in options}
    return {}


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what the browser fills into the form."""
    schema = form["data_schema"]
    assert schema
    return {
        str(key): key.description["suggested_value"] for key in schema.schema if key.description
    }


def keys_of(site: Site, owner: str) -> set[str]:
    """Return the keys of the entities of a part, disabled ones too."""
    registry = er.async_get(site.hass)
    return {
        entry.unique_id.removeprefix(f"{owner}-")
        for entry in er.async_entries_for_config_entry(registry, site.entry.entry_id)
        if entry.unique_id.startswith(f"{owner}-")
    }


def orphans(site: Site) -> list[str]:
    """Return the entities that the registry has and that nobody provides."""
    registry = er.async_get(site.hass)
    return [
        entry.unique_id
        for entry in er.async_entries_for_config_entry(registry, site.entry.entry_id)
        if not entry.disabled_by
        and (
            (state := site.hass.states.get(entry.entity_id)) is None
            or state.attributes.get("restored")
        )
    ]


# The form


async def test_what_nobody_chose_is_as_the_form_says(hass: HomeAssistant, site: Site) -> None:
    form = await open_form(hass, site.entry)
    assert floors_of(form) == {"1": "Main: First Floor", "2": "Main: Second Floor"}
    assert suggested(form) == {"floors": ["1", "2"]}
    before = site.coordinator.options
    await choose(site)
    # All floors are stored as none of them, so that later ones come too.
    assert site.entry.options == {**USUAL, "floors": []}
    assert site.coordinator.options == before


async def test_everything_chosen_is_stored_and_offered_again(
    hass: HomeAssistant, site: Site
) -> None:
    chosen = {
        "floors": ["2"],
        "fixtures": "lights",
        "override_minutes": 90,
        "tunable_white": True,
        "lamp_faults": True,
        "occupancy": False,
        "occupancy_interval": 30,
        "statistics_interval": 600,
    }
    await choose(site, **chosen)
    assert site.entry.options == chosen
    form = await open_form(hass, site.entry)
    assert suggested(form) == chosen
    # The other floor can be chosen again.
    assert list(floors_of(form)) == ["1", "2"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"fixtures": "some"},
        {"override_minutes": 0},
        {"override_minutes": 1441},
        {"occupancy_interval": 29},
        {"occupancy_interval": 91},
        {"statistics_interval": 299},
        {"statistics_interval": 3601},
        {"floors": ["3"]},
    ],
    ids=str,
)
async def test_what_cannot_be_chosen_is_refused(
    hass: HomeAssistant, site: Site, chosen: dict[str, Any]
) -> None:
    form = await open_form(hass, site.entry)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(
            form["flow_id"], {**USUAL, "floors": ["1"], **chosen}
        )
    assert site.entry.options == {}


async def test_no_floor_is_no_choice(hass: HomeAssistant, site: Site) -> None:
    form = await open_form(hass, site.entry)
    flow = hass.config_entries.options
    given = {**USUAL, "lamp_faults": True, "floors": []}
    refused = await flow.async_configure(form["flow_id"], given)
    assert refused["errors"] == {"base": "no_floors"}
    assert site.entry.options == {}
    # What else was chosen is not to be chosen again.
    assert suggested(refused)["lamp_faults"] is True
    result = await flow.async_configure(refused["flow_id"], {**given, "floors": ["1"]})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_floor_that_is_gone_is_not_suggested(hass: HomeAssistant, site: Site) -> None:
    """It is not among those that are offered: the form could never be sent."""
    site.manager.world.add_floor()
    await site.coordinator.async_refresh()
    await choose(site, floors=["1", "2"])
    assert site.entry.options["floors"] == ["1", "2"]
    site.manager.world.remove_floor(2)
    await site.coordinator.async_refresh()
    form = await open_form(hass, site.entry)
    assert list(floors_of(form)) == ["1", "3"]
    assert suggested(form)["floors"] == ["1"]


async def test_an_entry_that_is_not_loaded_has_options_too(hass: HomeAssistant, site: Site) -> None:
    await choose(site, floors=["2"])
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    # Without the manager the floors are not known, and the choice of them stays.
    form = await open_form(hass, site.entry)
    assert floors_of(form) == {}
    await choose(site, override_minutes=5)
    assert site.entry.options == {**USUAL, "override_minutes": 5, "floors": ["2"]}
    assert list(site.coordinator.floors) == [2]


async def test_the_first_choice_of_floors_stays_while_nobody_can_be_asked(
    hass: HomeAssistant, site: Site
) -> None:
    entry = site.entry
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "floors": ["1"]})
    await site.manager.stop()
    await choose(site)
    assert entry.options == {**USUAL, "floors": ["1"]}
    assert entry.state is ConfigEntryState.SETUP_RETRY


# What they do


async def test_a_floor_that_is_not_chosen_leaves_with_all_its_devices_and_may_come_back(
    hass: HomeAssistant, site: Site
) -> None:
    second, gateway = f"{SITE}-floor-2", "enlighted_manage-gateway-00:b3:d6:0c:73:57"
    assert site.device_of(second)
    assert site.device_of(gateway)
    await choose(site, floors=["1"])
    await eventually(lambda: site.device_of(second) is None)
    assert site.device_of(gateway) is None
    assert site.device_of(f"{SITE}-area-13") is None
    assert not site.has("sensor", "power", "floor", 2)
    assert site.state("sensor", "power", "floor", 1).state not in {"unknown", "unavailable"}
    assert orphans(site) == []
    # And nothing of it is asked for any more.
    seen = len(site.manager.requests)
    await site.read(*Tier)
    paths = {each.path for each in site.manager.requests[seen:]}
    assert [path for path in paths if path.endswith(("/floor/2", "/floor/2/1"))] == []
    await choose(site, floors=["1", "2"])
    assert site.device_of(second)
    assert site.has("sensor", "power", "floor", 2)


@pytest.mark.parametrize(
    ("choice", "extra"), [("auto", True), ("all", True), ("lights", False), ("none", None)]
)
async def test_fixtures_have_the_entities_that_were_chosen(
    site: Site, choice: str, extra: bool | None
) -> None:
    before = keys_of(site, FIXTURE)
    assert {"light", "power", "level"} <= before
    await choose(site, fixtures=choice)
    after = keys_of(site, FIXTURE)
    assert ("light" in after, "power" in after) == (extra is not None, bool(extra))
    assert (site.device_of(FIXTURE) is None) is (extra is None)
    if extra:
        assert after == before
    assert keys_of(site, f"{SITE}-motion-361") == ({"motion"} if extra else set())
    # What an area has is not touched by it.
    assert site.has("light", "light", "area", 9)
    assert site.state("sensor", "power", "area", 9).state not in {"unknown", "unavailable"}
    # Desks and emergency drivers are more than fixtures.
    assert site.has("binary_sensor", "occupancy", "desk", 383)
    assert site.has("binary_sensor", "emergency_driver", "driver", 380)
    assert orphans(site) == []


@pytest.mark.parametrize("options", [{"fixtures": "none"}])
async def test_entities_of_fixtures_come_with_the_choice(site: Site) -> None:
    assert keys_of(site, FIXTURE) == set()
    await choose(site, fixtures="all")
    assert {"light", "power", "level"} <= keys_of(site, FIXTURE)


async def test_without_occupancy_nobody_asks_who_is_where(site: Site) -> None:
    await choose(site, occupancy=False)
    seen = len(site.manager.requests)
    await site.read(*Tier)
    paths = [each.path for each in site.manager.requests[seen:]]
    assert paths
    assert [path for path in paths if "occ" in path.lower()] == []
    assert not site.has("binary_sensor", "occupancy", "area", 9)
    assert not site.has("sensor", "occupied_areas", "floor", 1)
    assert not site.has("binary_sensor", "occupancy", "desk", 383)
    assert orphans(site) == []
    assert site.state("sensor", "power", "floor", 1).state not in {"unknown", "unavailable"}


async def test_broken_lamps_are_told_where_that_was_chosen(site: Site) -> None:
    assert not site.has("binary_sensor", "lamp", "fixture", 361)
    await choose(site, lamp_faults=True)
    assert site.state("binary_sensor", "lamp", "fixture", 361).state == "off"
    # A sensor without a light has no lamp.
    assert not site.has("binary_sensor", "lamp", "fixture", 382)
    await choose(site, lamp_faults=False)
    assert not site.has("binary_sensor", "lamp", "fixture", 361)


async def test_every_light_is_tunable_where_that_was_chosen(site: Site) -> None:
    def modes(fixture: int) -> list[str]:
        state = site.state("light", "light", "fixture", fixture)
        return list(state.attributes["supported_color_modes"])

    assert (modes(361), modes(366)) == (["brightness"], ["color_temp"])
    await choose(site, tunable_white=True)
    assert (modes(361), modes(366)) == (["color_temp"], ["color_temp"])


async def test_commands_hold_as_long_as_was_chosen(site: Site) -> None:
    await choose(site, override_minutes=7)
    assert site.state("number", "override_minutes").state == "7"
    light = site.entity_id("light", "light", "fixture", 361)
    await site.call("light", "turn_on", entity_id=light)
    [command] = site.manager.commands
    assert command.values["seconds"] == 7 * 60


async def test_things_are_asked_as_often_as_was_chosen(site: Site) -> None:
    await choose(site, occupancy_interval=30, statistics_interval=900)
    rounds, now = site.coordinator.rounds, site.coordinator.client.now()
    await site.read(Tier.OCCUPANCY, Tier.STATISTICS)
    dues = {
        (tier, job.floor): (job.due - now).total_seconds()
        for (tier, _), job in rounds._jobs.items()
    }
    assert dues[Tier.OCCUPANCY, 1] == pytest.approx(30, abs=5)
    assert dues[Tier.STATISTICS, 1] % 900 == pytest.approx((960 - now.timestamp()) % 900, abs=5)
