"""The button: a person presses it in time, too late, or for somebody else."""

import asyncio

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.table_tracker import linking
from simulators.table_tracker import TableTrackerSimulator

from ..watching import eventually
from .linking import INTERVAL, asked, fill, go_on, look, paired, waited

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
