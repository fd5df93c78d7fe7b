"""The issues of a Net2 site: raised where a person can do something, cleared when it is done."""

import pytest

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.paxton_net2 import control
from custom_components.gatehouse.systems.paxton_net2.issues import async_note_success

from .site import Site, eventually


def issue_of(site: Site, key: str) -> ir.IssueEntry | None:
    """Return an issue of the site."""
    return ir.async_get(site.hass).async_get_issue(DOMAIN, f"{key}_{site.entry.entry_id}")


def issues(hass: HomeAssistant) -> list[str]:
    """Return the names of all issues there are."""
    return [issue.translation_key or "" for issue in ir.async_get(hass).issues.values()]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for what will not come."""
    monkeypatch.setattr(control, "CONFIRM_TIMEOUT", 0.2)


async def test_a_licence_that_is_refused(site: Site) -> None:
    simulator = site.simulator
    simulator.faults.invalid_client = True
    simulator.expire_tokens(refresh_tokens=True)
    await site.coordinator.async_refresh()
    issue = issue_of(site, "licence_refused")
    assert issue
    assert (issue.is_fixable, issue.severity) == (False, ir.IssueSeverity.ERROR)
    assert issue.translation_placeholders == {"title": "Office"}

    simulator.faults.invalid_client = False
    await site.coordinator.async_refresh()
    assert issues(site.hass) == []


async def test_an_operator_who_needs_a_second_factor(hass: HomeAssistant, site: Site) -> None:
    simulator = site.simulator
    simulator.faults.mfa_required = True
    simulator.expire_tokens(refresh_tokens=True)
    await site.coordinator.async_refresh()
    issue = issue_of(site, "mfa_required")
    assert issue
    assert (issue.is_fixable, issue.severity) == (False, ir.IssueSeverity.ERROR)

    # An operator without one is entered where the issue says so: in the reauthentication.
    simulator.faults.mfa_required = False
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    credentials = {"username": "System Engineer", "password": simulator.password}
    await hass.config_entries.flow.async_configure(flow["flow_id"], credentials)
    await hass.async_block_till_done()
    await site.connected()
    assert issues(hass) == []


@pytest.mark.parametrize("ahead", [300, -300])
async def test_a_clock_that_is_wrong(site: Site, ahead: float) -> None:
    site.simulator.faults.clock_skew = ahead
    await site.coordinator.async_refresh()
    issue = issue_of(site, "clock_skew")
    assert issue
    assert (issue.is_fixable, issue.severity) == (False, ir.IssueSeverity.WARNING)
    assert issue.translation_placeholders
    assert issue.translation_placeholders["title"] == "Office"
    assert float(issue.translation_placeholders["seconds"]) == pytest.approx(300, abs=20)

    # Near the limit it neither comes nor goes.
    site.simulator.faults.clock_skew = ahead * 45 / 300
    await site.coordinator.async_refresh()
    assert issue_of(site, "clock_skew")

    site.simulator.faults.clock_skew = 0
    await site.coordinator.async_refresh()
    assert issues(site.hass) == []


async def test_a_server_that_does_not_tell_the_time_has_no_wrong_clock(site: Site) -> None:
    async_note_success(site.hass, site.entry, None)
    assert issues(site.hass) == []


@pytest.mark.usefixtures("hasty")
async def test_a_lockdown_that_does_nothing(site: Site) -> None:
    world = site.simulator.world
    world.lockdown_configured = False
    switch = site.entity_id("switch", "lockdown")
    with pytest.raises(HomeAssistantError) as refused:
        await site.call("switch", "turn_on", entity_id=switch)
    assert refused.value.translation_key == "lockdown_not_confirmed"
    issue = issue_of(site, "lockdown_not_configured")
    assert issue
    assert (issue.is_fixable, issue.severity) == (False, ir.IssueSeverity.WARNING)

    world.lockdown_configured = True
    await site.call("switch", "turn_on", entity_id=switch)
    assert world.lockdown
    assert issues(site.hass) == []


@pytest.mark.usefixtures("hasty")
async def test_a_lockdown_that_net2_starts_by_itself_settles_it_too(site: Site) -> None:
    world = site.simulator.world
    world.lockdown_configured = False
    with pytest.raises(HomeAssistantError):
        await site.call("switch", "turn_on", entity_id=site.entity_id("switch", "lockdown"))
    assert issue_of(site, "lockdown_not_configured")

    world.lockdown_configured = True
    world.set_lockdown(active=True)
    await eventually(lambda: issues(site.hass) == [], "the issue's end")


async def test_an_entry_that_is_deleted_takes_its_issues_along(
    hass: HomeAssistant, site: Site
) -> None:
    site.simulator.faults.clock_skew = 300
    site.simulator.faults.invalid_client = True
    await site.coordinator.async_refresh()
    site.simulator.expire_tokens(refresh_tokens=True)
    await site.coordinator.async_refresh()
    assert sorted(issues(hass)) == ["clock_skew", "licence_refused"]

    await hass.config_entries.async_remove(site.entry.entry_id)
    assert issues(hass) == []
