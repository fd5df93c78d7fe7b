"""What a bug report holds of a manager, and what it must not."""

from collections.abc import Awaitable, Callable
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from .site import Site, data_of

type DumpOf = Callable[[MockConfigEntry], Awaitable[Any]]


def secrets_of(manager: EnlightedSimulator) -> list[str]:
    """Return all that is nobody's business, as a manager knows it."""
    world = manager.world
    named = (
        *world.floors.values(),
        *world.areas.values(),
        *world.fixtures.values(),
        *world.gateways.values(),
        *world.switches.groups.values(),
        *world.plugloads.all.values(),
        *world.buildings.values(),
        *world.campuses.values(),
        world.company,
    )
    macs = [
        separator.join(f"{byte:02x}" for byte in each.mac)
        for each in (*world.gateways.values(), *world.fixtures.values())
        for separator in ("", ":", "-")
    ]
    return [
        *world.users,
        *(world.key_of(user) for user in world.users),
        manager.host,
        *(each.name.casefold() for each in named),
        *(
            scene.name.casefold()
            for each in world.switches.groups.values()
            for scene in each.scenes
        ),
        *macs,
        *(each.address for each in world.gateways.values()),
    ]


@pytest.fixture
def dump_of(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> DumpOf:
    """Return a function that downloads an entry's dump."""

    async def download(entry: MockConfigEntry) -> Any:
        assert await async_setup_component(hass, "diagnostics", {})
        return await get_diagnostics_for_config_entry(hass, hass_client, entry)

    return download


async def test_no_secret_and_no_name_is_told(
    site: Site, dump_of: DumpOf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secrets = secrets_of(site.manager)
    assert {"integration", "open office", "main", "lobby", "00:b3:d6:0c:72:3a"} <= set(secrets)
    light = site.entity_id("light", "light", "area", 9)
    await site.call("light", "turn_on", entity_id=light)
    site.manager.faults.failing_floors = [2]
    await site.read(Tier.STATISTICS)
    # The names of options and of counts are words too.
    text = json.dumps(await dump_of(site.entry)).casefold()
    assert [each for each in secrets if f'"{each}"' in text] == []
    sharp = [each for each in secrets if len(each) > 5]
    assert [each for each in sharp if each in text] == []
    own = [each for each in caplog.records if each.name.startswith("custom_components")]
    told = " ".join(each.getMessage() for each in own)
    keys = [site.manager.world.key_of(user) for user in site.manager.world.users]
    assert [each for each in (*keys, site.manager.host) if each in told] == []


async def test_what_helps_is_told(site: Site, dump_of: DumpOf) -> None:
    dump = await dump_of(site.entry)
    assert (dump["system"], dump["is_reachable"], dump["last_error"]) == (
        "enlighted_manage",
        True,
        None,
    )
    link = dump["connection"]
    assert link.pop("requests") > 20
    assert abs(link.pop("clock_offset_seconds")) < 5
    assert link == {
        "port": site.manager.port,
        "use_https": False,
        "is_pinned": False,
        "is_scheme_given": False,
        "scheme": "v4_5",
        "time_zone": "America/Los_Angeles",
        "is_live": True,
    }
    assert dump["options"] == {
        "floors": 0,
        "fixtures": "auto",
        "occupancy": True,
        "occupancy_interval": 60.0,
        "statistics_interval": 300.0,
        "override_minutes": 60,
        "tunable_white": False,
        "lamp_faults": False,
    }
    assert dump["manager"] == {
        "lighting": 0.0,
        "plug_load": 0.0,
        "is_bacnet_running": True,
        "has_demand_response": False,
        "overrides": 0,
    }


async def test_each_floor_is_told_without_its_name(site: Site, dump_of: DumpOf) -> None:
    site.manager.world.set_gateway(2, okay=False)
    await site.read(Tier.DEVICES)
    first, second = (await dump_of(site.entry))["floors"]
    assert first == {
        "is_reachable": True,
        "is_whole": True,
        "is_licensed": True,
        "refused": [],
        "areas": 4,
        "sensors": {"Fixtured": 20, "Emergency": 1, "Fixtureless": 1, "Desk": 2},
        "stale_sensors": 0,
        "readings": 24,
        "has_levels": True,
        "groups": [{"has_switch": True, "fixtures": 5}, {"has_switch": True, "fixtures": 5}],
        "tunable": 5,
        "gateways": [False],
        "plug_loads": 3,
        "energy": 0.0,
    }
    assert second["gateways"] == [True]


async def test_what_is_the_matter_is_told(site: Site, dump_of: DumpOf) -> None:
    site.manager.faults.failing_floors = [2]
    await site.read(Tier.STATISTICS)
    first, second = (await dump_of(site.entry))["floors"]
    assert (first["is_reachable"], second["is_reachable"]) == (True, False)
    await site.manager.stop()
    await site.coordinator.async_refresh()
    dump = await dump_of(site.entry)
    assert dump["is_reachable"] is False
    # Whether the link that was open breaks, or none can be opened, is a matter of moments.
    assert dump["last_error"] in {"AnswerLostError", "EnlightedConnectionError"}


async def test_an_entry_that_is_not_loaded_tells_what_it_is(
    hass: HomeAssistant, site: Site, dump_of: DumpOf
) -> None:
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    assert await dump_of(site.entry) == {"system": "enlighted_manage", "state": "not_loaded"}


async def test_health_in_a_line(hass: HomeAssistant, site: Site) -> None:
    async def health() -> Any:
        return (await get_system_health_info(hass, DOMAIN))["enlighted_manage"]

    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    assert await health() == "2 of 2 floors"
    site.manager.faults.failing_floors = [2]
    await site.read(Tier.OCCUPANCY)
    assert await health() == "1 of 2 floors"
    await site.manager.stop()
    await site.coordinator.async_refresh()
    assert await health() == "unreachable"


@pytest.mark.parametrize("scheme", ["v4_5", "v4_4"])
async def test_a_scheme_that_was_given_is_told(
    hass: HomeAssistant, manager: EnlightedSimulator, dump_of: DumpOf, scheme: str
) -> None:
    data = {**data_of(manager), "auth_scheme": scheme}
    entry = MockConfigEntry(domain=DOMAIN, unique_id="x", data=data)
    entry.add_to_hass(hass)
    await Site(hass, entry, manager=manager).set_up()
    link = (await dump_of(entry))["connection"]
    assert (link["is_scheme_given"], link["scheme"]) == (True, scheme)
