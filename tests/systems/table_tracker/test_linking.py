"""The button: a person presses it in time, too late, or for somebody else."""

import asyncio

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.table_tracker import linking
from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .linking import INTERVAL, asked, fill, go_on, look, paired, sentence, waited
from .site import Site

pytestmark = pytest.mark.usefixtures("quick_link")


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
    # The last question may be on its way.
    await asyncio.sleep(INTERVAL)
    count = asked(gateway)
    await asyncio.sleep(4 * INTERVAL)
    assert asked(gateway) == count


async def test_nobody_presses_and_then_somebody_does(
    hass: HomeAssistant, gateway: TableTrackerSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "_PATIENCE", 0.2)
    result = await waited(hass, await fill(hass, gateway))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "link_timeout")
    assert result["description_placeholders"] == {"host": gateway.host}
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
    before = asked(gateway)
    await eventually(lambda: asked(gateway) >= before + 2)
    result = await look(hass, result)
    assert result["step_id"] == "link"
    gateway.press_button()
    assert (await waited(hass, result))["type"] is FlowResultType.CREATE_ENTRY
    assert [token.name for token in gateway.tokens] == ["kitchen", "homeassistant"]


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


async def test_nothing_but_the_step_asks_for_the_window(hass: HomeAssistant, site: Site) -> None:
    """A question alone would take it away from whoever it was opened for (section 1.3)."""
    gateway = site.gateway
    gateway.press_button()
    result = await site.entry.start_reauth_flow(hass)
    await go_on(hass, result)
    form = await site.entry.start_reconfigure_flow(hass)
    await go_on(hass, form, {"host": gateway.host, "port": gateway.port})
    await hass.async_block_till_done()
    await site.connected()
    site.coordinator.reader.expect_changes()
    await site.coordinator.async_refresh()
    gateway.cut_sockets()
    await site.lost()
    await site.connected()
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert asked(gateway) == 0
    # Whoever pressed the button still gets what it opened.
    assert gateway.access.take_window("kitchen")


async def test_only_the_step_asks_and_only_for_a_token(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    await paired(hass, gateway)
    paths = [(each.method, each.path) for each in gateway.requests]
    assert paths[0] == ("GET", "/api/v2/accesstoken")
    generated = [each for each in gateway.requests if each.path.endswith("/generate")]
    assert {(each.method, each.query, each.is_authorised) for each in generated} == {
        ("GET", ("name",), False)
    }
    assert gateway.commands == []


async def test_access_is_asked_for_again_where_the_pressed_gateway_fell_silent(
    hass: HomeAssistant, gateway: TableTrackerSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "_PATIENCE", 0.2)
    result = await fill(hass, gateway)
    await gateway.stop()
    result = await waited(hass, result)
    assert result["step_id"] == "link_timeout"
    monkeypatch.setattr(linking, "_PATIENCE", 30)
    gateway.press_button()
    await gateway.start()
    result = await waited(hass, await go_on(hass, result))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_gateway_that_is_no_longer_one_ends_the_waiting(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await fill(hass, gateway)
    gateway.faults.only_v1 = True
    result = await waited(hass, result)
    assert result["step_id"] == "table_tracker"
    [key] = result["errors"].values()
    assert key in ("gateway_outdated", "not_supported")
    assert sentence("error", key)


async def test_a_form_that_failed_with_a_token_asks_for_the_button_again(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    result = await fill(hass, gateway)
    gateway.faults.fail(500, path="activeorders", times=1)
    gateway.press_button()
    result = await waited(hass, result)
    assert result["errors"] == {"base": "cannot_connect"}
    result = await go_on(hass, result, {"host": gateway.host, "port": gateway.port})
    assert result["step_id"] == "link"
    gateway.press_button()
    result = await waited(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(gateway.tokens) == 1


async def test_two_persons_set_up_one_gateway_at_once(
    hass: HomeAssistant, gateway: TableTrackerSimulator
) -> None:
    first, second = await fill(hass, gateway), await fill(hass, gateway)
    for _ in range(2):
        gateway.press_button()
        given = len(gateway.tokens)
        await eventually(lambda given=given: len(gateway.tokens) > given)
    results = [await waited(hass, first), await waited(hass, second)]
    await hass.async_block_till_done()
    assert [each["type"] for each in results] == [
        FlowResultType.CREATE_ENTRY,
        FlowResultType.ABORT,
    ]
    reason = results[1]["reason"]
    assert reason == "already_configured"
    assert sentence("abort", reason)
    [token] = gateway.tokens
    assert token.token == results[0]["result"].data["token"]
