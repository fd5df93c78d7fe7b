"""What a bug report holds of an account, and what it must not."""

from collections.abc import Awaitable, Callable
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.systems.vxg.diagnostics import health
from simulators.vxg import VxgSimulator

from ..watching import eventually
from .site import Site

type DumpOf = Callable[[MockConfigEntry], Awaitable[Any]]


def secrets_of(cloud: VxgSimulator) -> list[str]:
    """Return all that is nobody's business, as a cloud knows it."""
    world = cloud.world
    cameras = world.cameras.values()
    tokens = [world.channel_token(each.id, level) for each in cameras for level in each.shares]
    return [
        world.licence_key(),
        world.group_token(),
        *tokens,
        *world.keys.shares,
        world.account.email,
        cloud.host,
        "192.0.2.",
        *(each.name for each in cameras),
        *(each.password for each in cameras),
        *(each.login for each in cameras),
        *(each.serial for each in cameras),
        *(tag for each in cameras for tag in each.meta if tag.startswith("gw")),
        "gateway-password",
        "AA00AA",
    ]


@pytest.fixture(autouse=True)
def gateway(cloud: VxgSimulator) -> int:
    """Add a gateway with a camera behind it."""
    return cloud.world.add_gateway("Attic")


@pytest.fixture
def dump_of(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> DumpOf:
    """Return a function that downloads an entry's dump."""

    async def download(entry: MockConfigEntry) -> Any:
        assert await async_setup_component(hass, "diagnostics", {})
        return await get_diagnostics_for_config_entry(hass, hass_client, entry)

    return download


@pytest.mark.parametrize("credential", ["group", "key", "channel", "watch"], indirect=True)
async def test_no_secret_and_no_name_is_told(
    site: Site, dump_of: DumpOf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    plate = {"license_plate": "AA00AA"}
    site.cloud.world.happen(site.cameras[0], "plate_recognition", meta=plate)
    await eventually(lambda: site.fired, "the event")
    await site.coordinator.async_refresh()
    text = json.dumps(await dump_of(site.entry))
    assert [secret for secret in secrets_of(site.cloud) if secret in text] == []
    own = [each for each in caplog.records if each.name.startswith("custom_components")]
    told = " ".join(each.getMessage() for each in own)
    world = site.cloud.world
    keys = [site.entry.data["credential"], *world.keys.shares, world.licence_key()]
    assert [secret for secret in keys if secret in told] == []


async def test_what_helps_is_told(site: Site, dump_of: DumpOf) -> None:
    dump = await dump_of(site.entry)
    assert (dump["system"], dump["is_reachable"], dump["last_error"]) == ("vxg", True, None)
    link = dump["connection"]
    assert link.pop("requests") > 10
    assert abs(link.pop("clock_offset_seconds")) < 5
    assert link == {
        "credential": "group",
        "is_full": True,
        "port": site.cloud.port,
        "use_https": False,
        "has_path": False,
        "is_pinned": False,
    }
    assert dump["options"] == {
        "poll_interval": 0.05,
        "stream": "auto",
        "motion_hold": 30.0,
        "media_days": 30,
        "excluded_cameras": 0,
    }
    assert dump["events"] == {"heard": True, "is_live": True}
    assert dump["account"] == {"cameras": 5, "online": 5, "usage": None, "hears_events": True}


async def test_each_camera_is_told_without_its_name(site: Site, dump_of: DumpOf) -> None:
    dump = await dump_of(site.entry)
    assert len(dump["cameras"]) == len(site.cameras)
    full = next(each for each in dump["cameras"] if "card" in each["settings"])
    settings = {"camera", "sights", "ptz", "video", "audio", "streams", "encoder", "plan", "event"}
    assert settings <= set(full["settings"])
    assert {"motion", "plate", "person"} <= set(full["kinds"])
    assert {key: full[key] for key in ("status", "mode", "recording_mode", "is_recording")} == {
        "status": "active",
        "mode": "on",
        "recording_mode": "on",
        "is_recording": True,
    }
    assert (full["brand"], full["model"], full["firmware"]) == ("Acme", "C100", "1.2.3")
    assert full["time_zone"] == "Europe/Lisbon"
    [box] = [each for each in dump["cameras"] if each["is_gateway"]]
    assert (box["settings"], box["kinds"]) == (["camera"], [])


@pytest.mark.parametrize("credential", ["key"], indirect=True)
async def test_what_an_account_used_is_told(site: Site, dump_of: DumpOf) -> None:
    dump = await dump_of(site.entry)
    assert dump["connection"]["credential"] == "licence"
    assert dump["account"]["usage"]["records_size"] == 123_456_789


@pytest.mark.parametrize("credential", ["watch"], indirect=True)
async def test_a_token_that_may_only_look_is_told(site: Site, dump_of: DumpOf) -> None:
    dump = await dump_of(site.entry)
    assert (dump["connection"]["credential"], dump["connection"]["is_full"]) == ("channel", False)
    [camera] = dump["cameras"]
    assert (camera["is_full"], camera["settings"]) == (False, ["camera", "sights"])


async def test_an_entry_that_is_not_loaded_tells_what_it_is(
    hass: HomeAssistant, site: Site, dump_of: DumpOf
) -> None:
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    assert await dump_of(site.entry) == {"system": "vxg", "state": "not_loaded"}


async def test_health_in_a_line(hass: HomeAssistant, site: Site) -> None:
    assert health(site.entry) == "5 of 5 cameras, live"
    site.cloud.world.set_status(site.cameras[0], "offline")
    await site.coordinator.async_refresh()
    assert health(site.entry) == "4 of 5 cameras, live"
    await site.cloud.stop()
    await site.coordinator.async_refresh()
    assert health(site.entry) == "unreachable"


@pytest.mark.parametrize("credential", ["watch"], indirect=True)
async def test_health_of_an_account_that_may_not_see_events(
    hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry
) -> None:
    cloud.faults.watch_reads_events = False
    await Site(hass, entry, cloud=cloud).set_up()
    assert health(entry) == "1 of 1 cameras, no events"
