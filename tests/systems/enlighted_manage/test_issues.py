"""What a person can do something about is an issue, as long as it is so."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from ..watching import eventually
from .site import Site


def issues_of(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the issues that are there, by what they are about."""
    return {
        str(issue.translation_key): issue
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }


async def test_nothing_is_wrong_with_a_manager_that_is_well(
    hass: HomeAssistant, site: Site
) -> None:
    await site.read(*Tier)
    assert issues_of(hass) == {}
    assert site.manager.world.mistakes == []


@pytest.mark.parametrize("ahead", [90.0, -90.0])
async def test_a_clock_that_is_off_is_an_issue_until_it_is_right(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry, ahead: float
) -> None:
    manager.faults.clock_offset = ahead
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    [(key, issue)] = issues_of(hass).items()
    assert key == "manager_clock"
    assert issue.translation_placeholders
    assert issue.translation_placeholders["title"] == "Manager"
    assert abs(int(issue.translation_placeholders["seconds"]) - 90) <= 1
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)
    # What is shown is right nevertheless: everything is due by the manager's clock.
    assert site.state("sensor", "stale_sensors", "floor", 1).state == "0"
    # It does not come and go with a clock that is at the limit.
    manager.faults.clock_offset = ahead / 2
    await site.coordinator.async_refresh()
    assert "manager_clock" in issues_of(hass)
    manager.faults.clock_offset = ahead / 6
    await site.coordinator.async_refresh()
    assert issues_of(hass) == {}


@pytest.mark.parametrize("ahead", [50.0, -50.0])
async def test_a_clock_that_is_off_by_little_is_none(
    hass: HomeAssistant, site: Site, ahead: float
) -> None:
    site.manager.faults.clock_offset = ahead
    await site.coordinator.async_refresh()
    assert issues_of(hass) == {}


async def test_a_licence_that_ended_is_an_issue_until_it_is_renewed(
    hass: HomeAssistant, site: Site
) -> None:
    site.manager.world.set_licence(licensed=False)
    await site.read(Tier.OCCUPANCY)
    [(key, issue)] = issues_of(hass).items()
    assert key == "occupancy_licence"
    assert issue.translation_placeholders == {
        "title": "Manager",
        "floors": "First Floor, Second Floor",
    }
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)
    # Nobody knows whether somebody is there; that is no vacancy.
    assert site.state("binary_sensor", "occupancy", "area", 9).state == "unknown"
    assert site.state("binary_sensor", "occupancy", "desk", 383).state == "unknown"
    site.manager.world.set_licence(licensed=True)
    await site.read(Tier.OCCUPANCY)
    assert issues_of(hass) == {}
    assert site.state("binary_sensor", "occupancy", "area", 9).state == "off"
    assert site.fired == []


async def test_an_area_at_fault_is_none(hass: HomeAssistant, site: Site) -> None:
    site.manager.world.set_area_fault(9, fault=True)
    await site.read(Tier.OCCUPANCY)
    assert site.state("binary_sensor", "occupancy", "area", 9).state == "unknown"
    assert issues_of(hass) == {}


@pytest.mark.parametrize("options", [{"occupancy": False}])
async def test_a_licence_that_nobody_asks_for_is_none(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry
) -> None:
    manager.world.set_licence(licensed=False)
    await Site(hass, entry, manager=manager).set_up()
    assert issues_of(hass) == {}


async def test_what_a_user_may_not_see_is_an_issue_until_it_is_given(
    hass: HomeAssistant, site: Site
) -> None:
    user = site.manager.world.gate.users["integration"]
    user.role, user.floors, user.areas = "Facilities Admin", {1}, {13}
    await site.read(Tier.STRUCTURE)
    [(key, issue)] = issues_of(hass).items()
    assert key == "objects_refused"
    assert issue.translation_placeholders == {"title": "Manager", "floors": "Second Floor"}
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)
    user.floors = {1, 2}
    await site.read(Tier.STRUCTURE)
    assert issues_of(hass) == {}


@pytest.mark.parametrize("options", [{"floors": ["1"]}])
async def test_a_floor_that_is_left_out_is_none(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry
) -> None:
    user = manager.world.gate.users["integration"]
    user.role, user.floors, user.areas = "Facilities Admin", {1}, {13}
    await Site(hass, entry, manager=manager).set_up()
    assert issues_of(hass) == {}


async def test_issues_about_a_floor_that_is_gone_go_with_it(
    hass: HomeAssistant, site: Site
) -> None:
    user = site.manager.world.gate.users["integration"]
    user.role, user.floors, user.areas = "Facilities Admin", {1}, {13}
    await site.read(Tier.STRUCTURE)
    assert "objects_refused" in issues_of(hass)
    user.areas = set()
    await site.coordinator.async_refresh()
    await site.read(Tier.STRUCTURE)
    assert issues_of(hass) == {}


async def test_an_entry_that_is_deleted_takes_its_issues_along(
    hass: HomeAssistant, site: Site
) -> None:
    site.manager.world.set_licence(licensed=False)
    await site.read(Tier.OCCUPANCY)
    await eventually(lambda: issues_of(hass))
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert issues_of(hass) == {}
