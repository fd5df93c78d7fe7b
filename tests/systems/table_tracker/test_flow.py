"""Setting up a gateway, signing in again and changing its address: whose gateway is it?"""

import asyncio

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .linking import (
    INTERVAL,
    asked,
    fill,
    go_on,
    host_of,
    impostor,
    open_form,
    paired,
    sentence,
    waited,
)
from .site import Site

pytestmark = pytest.mark.usefixtures("quick_link")


async def test_the_form_is_offered_with_the_usual_port(hass: HomeAssistant) -> None:
    result = await open_form(hass)
    assert result["data_schema"]({"host": "gateway"}) == {"host": "gateway", "port": 8000}


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


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("<html>Hello</html>", "text/html"), ('{"returnCode": 7}', "application/json")],
)
async def test_something_else_answers_there(
    hass: HomeAssistant, gateway: TableTrackerSimulator, body: str, content_type: str
) -> None:
    async with impostor(body, content_type) as port:
        result = await fill(hass, gateway, port=port)
    assert (result["step_id"], result["errors"]) == ("table_tracker", {"base": "wrong_system"})
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


async def test_a_gateway_that_moved_and_forgot_us_asks_for_its_button(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    before = site.entry.data["token"]
    gateway.revoke_token()
    await gateway.reboot(port=0)
    result = await site.entry.start_reconfigure_flow(hass)
    result = await go_on(hass, result, {"host": gateway.host, "port": gateway.port})
    assert (result["step_id"], asked(gateway) <= 1) == ("link", True)
    gateway.press_button()
    result = await waited(hass, result)
    # Its repeaters tell that it is the same one, though it knows no token of ours.
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    [token] = gateway.tokens
    assert site.entry.data["token"] == token.token != before
    assert site.entry.data["port"] == gateway.port
    await hass.async_block_till_done()
    await site.connected()


async def test_the_form_suggests_what_is_known_and_never_the_token(
    hass: HomeAssistant, site: Site
) -> None:
    form = await site.entry.start_reconfigure_flow(hass)
    schema = form["data_schema"].schema
    suggested = {str(key): (key.description or {}).get("suggested_value") for key in schema}
    assert suggested == {"host": site.gateway.host, "port": site.gateway.port}
    assert site.entry.data["token"] not in repr(form)


async def test_a_new_address_where_nothing_answers_is_told(hass: HomeAssistant, site: Site) -> None:
    form = await site.entry.start_reconfigure_flow(hass)
    async with impostor("<html></html>", "text/html") as port:
        pass
    result = await go_on(hass, form, {"host": site.gateway.host, "port": port})
    assert (result["step_id"], result["errors"]) == ("reconfigure", {"base": "cannot_connect"})
    assert site.coordinator.is_live


async def test_a_wrong_gateway_says_so_in_words() -> None:
    for key in ("wrong_account", "already_configured", "no_gateway"):
        assert sentence("abort", key)


@pytest.mark.parametrize("port", [0, 65536])
async def test_a_port_that_is_none_is_not_tried(
    hass: HomeAssistant, gateway: TableTrackerSimulator, port: int
) -> None:
    with pytest.raises(InvalidData):
        await fill(hass, gateway, port=port)
    assert gateway.requests == []


@pytest.mark.parametrize("host", ["http://gateway", "[::1"])
async def test_a_host_that_cannot_be_one_is_told(
    hass: HomeAssistant, gateway: TableTrackerSimulator, host: str
) -> None:
    result = await fill(hass, gateway, host=host)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "table_tracker")
    assert result["errors"] == {"base": "cannot_connect"}
    assert gateway.requests == []


async def test_a_gateway_that_is_away_when_access_was_lost_is_tried_again(
    hass: HomeAssistant, site: Site
) -> None:
    gateway = site.gateway
    result = await site.entry.start_reauth_flow(hass)
    assert result["step_id"] == "link_again"
    assert host_of(result) == gateway.host
    await gateway.stop()
    result = await go_on(hass, result)
    assert (result["step_id"], result["errors"]) == ("link_again", {"base": "cannot_connect"})
    # The page still says which gateway it is about.
    assert host_of(result) == gateway.host
    await gateway.start()
    result = await go_on(hass, result)
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
