"""A gateway that announces itself: a new one is offered, a known one is followed."""

import asyncio
from ipaddress import ip_address
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_ZEROCONF,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from custom_components.gatehouse.const import DOMAIN
from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .linking import INTERVAL, asked, go_on, host_of, impostor, paired, waited
from .site import Site

pytestmark = pytest.mark.usefixtures("quick_link")

SERVICE = "_tracker-http._tcp.local."


def service(gateway: TableTrackerSimulator, name: str = "Kitchen") -> ZeroconfServiceInfo:
    """Return what mDNS tells of a gateway, with an address that nobody can use first."""
    return ZeroconfServiceInfo(
        ip_address=ip_address("fe80::1"),
        ip_addresses=[ip_address("fe80::1"), ip_address(gateway.host)],
        port=gateway.port,
        hostname="kitchen.local.",
        type=SERVICE,
        name=f"{name}.{SERVICE}",
        properties={},
    )


async def discovered(hass: HomeAssistant, info: ZeroconfServiceInfo) -> Any:
    """Let a gateway announce itself."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=info
    )


async def test_a_gateway_that_announces_itself_is_offered(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await discovered(hass, service(gateway))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "discovery_confirm")
    assert result["description_placeholders"] == {"host": gateway.host}
    await asyncio.sleep(4 * INTERVAL)
    assert asked(gateway) == 0
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": f"Table Tracker {gateway.host}"}
    result = await go_on(hass, result)
    gateway.press_button()
    result = await waited(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["service_name"] == "kitchen"
    assert result["result"].unique_id == "table_tracker-sim0001"


async def test_a_known_gateway_is_not_offered_again_and_its_name_is_learnt(
    hass: HomeAssistant, site: Site
) -> None:
    result = await discovered(hass, service(site.gateway))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert site.entry.data["service_name"] == "kitchen"
    assert site.coordinator.is_live


async def test_a_gateway_that_moved_is_followed_once_it_is_lost(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    await discovered(hass, service(gateway))
    await gateway.stop()
    gateway.port = 0
    await gateway.start()
    await site.coordinator.async_refresh()
    result = await discovered(hass, service(gateway))
    assert result["reason"] == "already_configured"
    await hass.async_block_till_done()
    assert site.entry.data["port"] == gateway.port
    await site.connected()


async def test_whoever_bears_the_name_of_a_gateway_that_is_there_is_not_believed(
    hass: HomeAssistant, site: Site, another: TableTrackerSimulator
) -> None:
    await discovered(hass, service(site.gateway))
    result = await discovered(hass, service(another))
    assert result["reason"] == "already_configured"
    await hass.async_block_till_done()
    assert site.entry.data["port"] == site.gateway.port
    assert another.requests == []


async def test_the_gateway_of_somebody_else_is_offered(
    hass: HomeAssistant, site: Site, another: TableTrackerSimulator
) -> None:
    await discovered(hass, service(site.gateway))
    MockConfigEntry(domain=DOMAIN, data={"system": "paxton_net2"}).add_to_hass(hass)
    result = await discovered(hass, service(another, "Bar"))
    assert result["step_id"] == "discovery_confirm"


async def test_what_is_no_gateway_is_not_offered(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    info = service(gateway)
    async with impostor("<html></html>", "text/html") as info.port:
        result = await discovered(hass, info)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_gateway")


async def test_what_is_ignored_stays_ignored(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await discovered(hass, service(gateway))
    await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_IGNORE},
        data={"unique_id": "table_tracker-kitchen", "title": "Kitchen"},
    )
    result = await discovered(hass, service(gateway))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    entry = await paired(hass, gateway)
    assert entry.state is ConfigEntryState.LOADED


async def test_an_announcement_without_a_port_means_the_usual_one(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    info = service(gateway)
    info.port = None
    result = await discovered(hass, info)
    # Nobody is at port 8000 here.
    assert result["reason"] == "no_gateway"
    assert gateway.requests == []


async def test_an_entry_that_never_loaded_is_followed_too(hass: HomeAssistant, site: Site) -> None:
    gateway = site.gateway
    await discovered(hass, service(gateway))
    await hass.config_entries.async_unload(site.entry.entry_id)
    await gateway.stop()
    assert not await hass.config_entries.async_setup(site.entry.entry_id)
    assert site.entry.state is ConfigEntryState.SETUP_RETRY
    await gateway.reboot(port=0)
    result = await discovered(hass, service(gateway))
    assert result["reason"] == "already_configured"
    await hass.async_block_till_done()
    assert site.entry.data["port"] == gateway.port
    await site.connected()


async def test_an_entry_that_is_switched_off_learns_and_stays_off(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    await discovered(hass, service(gateway))
    disabled = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(site.entry.entry_id, disabled)
    await gateway.reboot(port=0)
    requests = len(gateway.requests)
    await discovered(hass, service(gateway))
    await hass.async_block_till_done()
    assert site.entry.data["port"] == gateway.port
    assert site.entry.state is ConfigEntryState.NOT_LOADED
    assert len(gateway.requests) == requests


async def test_a_gateway_is_offered_once_though_it_announces_itself_again(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    first = await discovered(hass, service(gateway))
    again = await discovered(hass, service(gateway))
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_in_progress")
    assert [each["flow_id"] for each in hass.config_entries.flow.async_progress()] == [
        first["flow_id"]
    ]


async def test_an_offered_gateway_that_left_says_so_and_may_come_back(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await discovered(hass, service(gateway))
    await gateway.stop()
    result = await go_on(hass, result)
    assert (result["step_id"], result["errors"]) == (
        "discovery_confirm",
        {"base": "cannot_connect"},
    )
    # The page still says which gateway it is about.
    assert host_of(result) == gateway.host
    await gateway.start()
    result = await go_on(hass, result)
    assert result["step_id"] == "link"
    gateway.press_button()
    assert (await waited(hass, result))["type"] is FlowResultType.CREATE_ENTRY


async def test_an_address_that_is_no_ipv4_is_taken_where_there_is_no_other(
    hass: HomeAssistant, socket_enabled: None
) -> None:
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"])
    async with TableTrackerSimulator(host="::1") as gateway:
        info = service(gateway)
        info.ip_addresses = [ip_address("::1")]
        info.ip_address = info.ip_addresses[0]
        result = await go_on(hass, await discovered(hass, info))
        gateway.press_button()
        result = await waited(hass, result)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert result["data"]["host"] == "::1"
        await hass.async_block_till_done()
        await eventually(lambda: gateway.sockets == 1)
        assert await hass.config_entries.async_unload(result["result"].entry_id)


async def test_old_firmware_is_not_offered(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    gateway.faults.only_v1 = True
    result = await discovered(hass, service(gateway))
    assert result["reason"] == "no_gateway"


async def test_a_gateway_known_by_another_name_is_not_set_up_twice(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    data = {**site.entry.data, "host": "localhost"}
    hass.config_entries.async_update_entry(site.entry, data=data)
    result = await discovered(hass, service(gateway))
    assert result["step_id"] == "discovery_confirm"
    result = await go_on(hass, result)
    gateway.press_button()
    result = await waited(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert [each.token for each in gateway.tokens] == [site.entry.data["token"]]
