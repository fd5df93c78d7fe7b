"""What a person can do something about is an issue, as long as it is so."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.vxg import coordinator as coordinator_module
from custom_components.gatehouse.systems.vxg.snapshot import Kind
from simulators.vxg import VxgSimulator

from .site import Site


def issues_of(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the issues that are there, by what they are about."""
    return {
        str(issue.translation_key): issue
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }


def names_in(issue: ir.IssueEntry) -> str:
    """Return the cameras that an issue names."""
    assert issue.translation_placeholders
    assert issue.translation_placeholders["title"] == "Cloud"
    return issue.translation_placeholders["cameras"]


async def read_plans(site: Site) -> None:
    """Read what the plans allow, long before that is due, and poll."""
    for camera in site.cameras:
        await site.coordinator.async_read_again(camera, Kind.PLAN)
    await site.coordinator.async_refresh()


async def test_nothing_is_wrong_with_an_account_that_is_well(
    hass: HomeAssistant, site: Site
) -> None:
    await site.coordinator.async_refresh()
    assert issues_of(hass) == {}


async def test_plans_that_ended_are_an_issue_until_they_go_on(
    hass: HomeAssistant, site: Site
) -> None:
    """The cloud itself is silent: there is just nothing more to look back at."""
    site.cloud.faults.plan_expired = True
    await read_plans(site)
    [(key, issue)] = issues_of(hass).items()
    assert key == "plan_expired"
    assert names_in(issue) == "Car park, Gatehouse, Loading bay, Lobby"
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)
    site.cloud.faults.plan_expired = False
    await read_plans(site)
    assert issues_of(hass) == {}


async def test_a_plan_that_keeps_nothing_is_an_issue(hass: HomeAssistant, site: Site) -> None:
    camera = site.cameras[1]
    site.cloud.faults.fail(
        200,
        path=f"{camera}/limits/",
        body='{"records_max_age": 0}',
        content_type="application/json",
    )
    await read_plans(site)
    assert names_in(issues_of(hass)["plan_expired"]) == "Car park"
    site.cloud.world.remove_camera(camera)
    await site.coordinator.async_refresh()
    assert issues_of(hass) == {}


async def test_a_camera_that_refuses_the_clouds_login_is_an_issue_until_it_does_not(
    hass: HomeAssistant, site: Site
) -> None:
    world, (first, second, *_) = site.cloud.world, site.cameras
    for camera in (first, second):
        world.set_status(camera, "unauthorized")
    await site.coordinator.async_refresh()
    [(key, issue)] = issues_of(hass).items()
    assert key == "camera_login_refused"
    assert names_in(issue) == "Car park, Gatehouse"
    assert issue.severity is ir.IssueSeverity.ERROR
    assert site.state("binary_sensor", "login_refused", first).state == "on"
    world.set_status(first, "active")
    await site.coordinator.async_refresh()
    assert names_in(issues_of(hass)["camera_login_refused"]) == "Car park"
    assert site.state("binary_sensor", "login_refused", first).state == "off"
    world.set_status(second, "offline")
    await site.coordinator.async_refresh()
    assert issues_of(hass) == {}


@pytest.mark.parametrize("seconds", [90, -90])
async def test_a_clock_that_is_off_is_an_issue_until_it_is_right(
    hass: HomeAssistant,
    cloud: VxgSimulator,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
) -> None:
    # The clock is looked at every hour.
    monkeypatch.setattr(coordinator_module, "SLOW_INTERVAL", 0)
    cloud.world.skew(seconds)
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    [(key, issue)] = issues_of(hass).items()
    assert key == "cloud_clock"
    assert issue.translation_placeholders == {"title": "Cloud", "seconds": "90"}
    assert issue.severity is ir.IssueSeverity.WARNING
    # It does not come and go with a clock that is at the limit.
    cloud.world.skew(seconds * 0.6)
    await site.coordinator.async_refresh()
    assert "cloud_clock" in issues_of(hass)
    cloud.world.skew(seconds * 0.2)
    await site.coordinator.async_refresh()
    assert issues_of(hass) == {}


async def test_an_entry_that_is_deleted_takes_its_issues_along(
    hass: HomeAssistant, site: Site
) -> None:
    site.cloud.world.set_status(site.cameras[0], "unauthorized")
    await site.coordinator.async_refresh()
    assert issues_of(hass)
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert issues_of(hass) == {}
