"""Setting up a gateway: the address, the button, and whose gateway it is."""

import asyncio
from collections.abc import AsyncGenerator
from ipaddress import ip_address
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_ZEROCONF, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.table_tracker import linking
from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .linking import INTERVAL, asked, fill, go_on, look, open_form, paired, waited
from .site import Site

SERVICE = "_tracker-http._tcp.local."


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for the button more often than every two seconds."""
    monkeypatch.setattr(linking, "_INTERVAL", INTERVAL)


@pytest.fixture
async def another(socket_enabled: None) -> AsyncGenerator[TableTrackerSimulator]:
    """Run another gateway, which has nothing in common with the first."""
    async with TableTrackerSimulator(seed=2, repeaters=0) as running:
        running.faults.gateway_has_ids = False
        yield running


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


async def test_a_gateway_is_paired_by_its_button(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await fill(hass, gateway, host=f" {gateway.host} ")
    assert (result["type"], result["step_id"]) == (FlowResultType.SHOW_PROGRESS, "link")
    assert result["progress_action"] == "press_button"
    gateway.press_button()
    result = await waited(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"Table Tracker {gateway.host}"
    assert result["result"].unique_id == "table_tracker-sim0001"
    [token] = gateway.tokens
    assert token.name == "homeassistant"
    assert result["data"] == {
        "system": "table_tracker",
        "host": gateway.host,
        "port": gateway.port,
        "token": token.token,
    }


@pytest.mark.parametrize(
    ("fault", "unique_id"),
    [
        ("unknown_endpoints", "table_tracker-00:13:a2:00:40:aa:bb:01"),
        ("gateway_has_ids", "table_tracker-00:13:a2:00:40:aa:bb:01"),
    ],
)
async def test_a_gateway_without_a_serial_has_its_first_repeaters_id(
    hass: HomeAssistant, gateway: TableTrackerSimulator, fault: str, unique_id: str
) -> None:
    setattr(gateway.faults, fault, fault == "unknown_endpoints")
    assert (await paired(hass, gateway)).unique_id == unique_id


async def test_a_gateway_without_anything_is_known_by_its_address(
    hass: HomeAssistant, another: TableTrackerSimulator
) -> None:
    entry = await paired(hass, another)
    assert entry.unique_id == f"table_tracker-{another.host}:{another.port}"


async def test_the_page_waits_and_tells_how_long(
    hass: HomeAssistant, gateway: TableTrackerSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "_PATIENCE", 4)
    result = await fill(hass, gateway)
    seconds = [int(result["description_placeholders"]["seconds"])]
    await eventually(lambda: asked(gateway) >= 3)
    while seconds[-1] > 2:
        result = await look(hass, result)
        seconds.append(int(result["description_placeholders"]["seconds"]))
    assert seconds[0] == 4
    assert seconds == sorted(seconds, reverse=True)
    hass.config_entries.flow.async_abort(result["flow_id"])
    count = asked(gateway)
    await asyncio.sleep(4 * INTERVAL)
    assert asked(gateway) == count


async def test_nobody_presses_and_then_somebody_does(
    hass: HomeAssistant, gateway: TableTrackerSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "_PATIENCE", 0.2)
    result = await waited(hass, await fill(hass, gateway))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "link_timeout")
    monkeypatch.setattr(linking, "_PATIENCE", 30)
    result = await go_on(hass, result)
    assert result["step_id"] == "link"
    gateway.press_button()
    assert (await waited(hass, result))["type"] is FlowResultType.CREATE_ENTRY


async def test_somebody_else_takes_the_window(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await fill(hass, gateway)
    gateway.press_button()
    gateway.access.take_window("kitchen")
    result = await look(hass, result)
    assert result["step_id"] == "link"
    gateway.press_button()
    assert (await waited(hass, result))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_gateway_that_is_away_for_a_moment_is_waited_for(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await fill(hass, gateway)
    await gateway.stop()
    result = await look(hass, result)
    assert result["step_id"] == "link"
    gateway.press_button()
    await gateway.start()
    assert (await waited(hass, result))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_name_that_the_gateway_does_not_take_is_told(
    hass: HomeAssistant, gateway: TableTrackerSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "TOKEN_NAME", "home assistant!")
    result = await fill(hass, gateway)
    gateway.press_button()
    result = await waited(hass, result)
    assert (result["step_id"], result["errors"]) == (
        "table_tracker",
        {"base": "invalid_token_name"},
    )


async def _serve(body: str, content_type: str) -> web.AppRunner:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=body, content_type=content_type)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("<html>Hello</html>", "text/html"), ('{"returnCode": 7}', "application/json")],
)
async def test_something_else_answers_there(
    hass: HomeAssistant, gateway: TableTrackerSimulator, body: str, content_type: str
) -> None:
    other = await _serve(body, content_type)
    result = await fill(hass, gateway, port=other.addresses[0][1])
    assert (result["step_id"], result["errors"]) == ("table_tracker", {"base": "wrong_system"})
    await other.cleanup()
    result = await go_on(hass, result, {"host": gateway.host, "port": gateway.port})
    assert result["step_id"] == "link"
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_nothing_answers_there(hass: HomeAssistant, gateway: TableTrackerSimulator) -> None:
    await gateway.stop()
    result = await fill(hass, gateway)
    assert result["errors"] == {"base": "cannot_connect"}
    assert asked(gateway) == 0


async def test_old_firmware_is_told(hass: HomeAssistant, gateway: TableTrackerSimulator) -> None:
    gateway.faults.only_v1 = True
    result = await fill(hass, gateway)
    assert result["errors"] == {"base": "gateway_outdated"}


async def test_a_gateway_that_is_set_up_already_gets_its_token_back(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    await paired(hass, gateway)
    result = await fill(hass, gateway)
    gateway.press_button()
    result = await waited(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert len(gateway.tokens) == 1


async def test_a_token_that_fails_at_once_is_given_back(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await fill(hass, gateway)
    gateway.faults.fail(500, path="activeorders", times=1)
    gateway.press_button()
    result = await waited(hass, result)
    assert (result["step_id"], result["errors"]) == ("table_tracker", {"base": "cannot_connect"})
    assert gateway.tokens == []


async def test_a_deleted_entry_takes_its_token_along(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    entry = await paired(hass, gateway)
    assert len(gateway.tokens) == 1
    await hass.config_entries.async_remove(entry.entry_id)
    assert gateway.tokens == []


async def test_an_entry_of_a_gateway_that_is_away_can_be_deleted(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    entry = await paired(hass, gateway)
    await gateway.stop()
    await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)


# Reauthentication


async def test_access_that_was_lost_is_got_again_by_the_button(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    gateway.revoke_token()
    await site.coordinator.async_refresh()
    [result] = hass.config_entries.flow.async_progress()
    await asyncio.sleep(4 * INTERVAL)
    assert (result["step_id"], asked(gateway)) == ("link_again", 0)
    result = await go_on(hass, result)
    assert result["step_id"] == "link"
    gateway.press_button()
    result = await waited(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done()
    assert [token.token for token in gateway.tokens] == [site.entry.data["token"]]
    await site.connected()


async def test_access_that_works_after_all_needs_no_button(hass: HomeAssistant, site: Site) -> None:
    result = await site.entry.start_reauth_flow(hass)
    result = await go_on(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert asked(site.gateway) == 0


async def test_another_gateway_at_the_old_address_is_refused_its_place(
    hass: HomeAssistant, site: Site, another: TableTrackerSimulator
) -> None:
    hass.config_entries.async_update_entry(
        site.entry, data={**site.entry.data, "port": another.port}
    )
    result = await site.entry.start_reauth_flow(hass)
    result = await go_on(hass, result)
    another.press_button()
    result = await waited(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_account")
    assert another.tokens == []


@pytest.mark.parametrize("evidence", ["repeaters", "orders"])
async def test_a_gateway_without_a_serial_is_known_by_what_it_has(
    hass: HomeAssistant, site: Site, evidence: str
) -> None:
    gateway = site.gateway
    gateway.faults.gateway_has_ids = False
    gateway.start_tracker("5")
    await eventually(lambda: len(site.order_events) == 2)
    if evidence == "orders":
        gateway.world.repeaters.clear()
    await hass.config_entries.async_unload(site.entry.entry_id)
    gateway.revoke_token()
    result = await go_on(hass, await site.entry.start_reauth_flow(hass))
    gateway.press_button()
    result = await waited(hass, result)
    assert result["reason"] == "reauth_successful"


# Reconfiguration


async def test_a_gateway_that_moved_keeps_its_entry_and_its_token(
    hass: HomeAssistant, site: Site
) -> None:
    gateway, token = site.gateway, site.entry.data["token"]
    await gateway.stop()
    gateway.port = 0
    await gateway.start()
    result = await site.entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    result = await go_on(hass, result, {"host": gateway.host, "port": gateway.port})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert (site.entry.data["port"], site.entry.data["token"]) == (gateway.port, token)
    assert asked(gateway) == 0
    await hass.async_block_till_done()
    await site.connected()


async def test_another_gateway_is_no_new_address(
    hass: HomeAssistant, site: Site, another: TableTrackerSimulator
) -> None:
    result = await site.entry.start_reconfigure_flow(hass)
    result = await go_on(hass, result, {"host": another.host, "port": another.port})
    assert result["step_id"] == "link"
    another.press_button()
    result = await waited(hass, result)
    assert result["reason"] == "wrong_account"
    assert another.tokens == []
    assert site.entry.data["port"] == site.gateway.port


# Discovery


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
    other = await _serve("<html></html>", "text/html")
    info = service(gateway)
    info.port = other.addresses[0][1]
    result = await discovered(hass, info)
    await other.cleanup()
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


async def test_the_form_is_offered_with_the_usual_port(hass: HomeAssistant) -> None:
    result = await open_form(hass)
    assert result["data_schema"]({"host": "gateway"}) == {"host": "gateway", "port": 8000}
