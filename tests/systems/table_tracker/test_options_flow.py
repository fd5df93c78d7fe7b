"""The options of a gateway: named tables, and trackers as devices or not."""

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .site import Site


async def choose(hass: HomeAssistant, site: Site, **chosen: object) -> None:
    """Walk through the options and wait until they are in force."""
    options = hass.config_entries.options
    form = await options.async_init(site.entry.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "tables")
    given = {"tables": [], "tracker_devices": True, **chosen}
    result = await options.async_configure(form["flow_id"], given)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    await site.connected()


async def test_tables_are_there_before_the_first_guest(hass: HomeAssistant, site: Site) -> None:
    assert not site.has("binary_sensor", "occupancy", "table-31")
    await choose(hass, site, tables=["1-2", "31 = Terrace"])
    assert site.state("binary_sensor", "occupancy", "table-1").state == "off"
    device = site.device_of("table_tracker-test-table-31")
    assert device
    assert device.name == "Terrace"
    await choose(hass, site, tables=["31 = Garden"])
    renamed = site.device_of("table_tracker-test-table-31")
    assert renamed
    assert renamed.name == "Garden"


@pytest.mark.parametrize("line", ["Terrace", "9-8"])
async def test_a_line_that_names_no_table_is_refused(
    hass: HomeAssistant, site: Site, line: str
) -> None:
    options = hass.config_entries.options
    form = await options.async_init(site.entry.entry_id)
    given = {"tables": ["1", line], "tracker_devices": False}
    form = await options.async_configure(form["flow_id"], given)
    assert form["errors"] == {"tables": "invalid_tables"}
    given["tables"] = ["1"]
    result = await options.async_configure(form["flow_id"], given)
    assert result["data"] == {"tables": ["1"], "tracker_devices": False}
    await hass.async_block_till_done()


async def test_trackers_that_are_not_wanted_are_removed(hass: HomeAssistant, site: Site) -> None:
    assert site.has("sensor", "activity", "tracker-5")
    assert site.device_of("table_tracker-test-tracker-5")
    await choose(hass, site, tracker_devices=False)
    assert not site.has("sensor", "activity", "tracker-5")
    assert site.device_of("table_tracker-test-tracker-5") is None
    site.gateway.start_tracker("5")
    await site.shows("1", "sensor", "active_orders")
    assert not site.has("sensor", "activity", "tracker-5")
