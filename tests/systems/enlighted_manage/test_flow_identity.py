"""Which manager is it? Managers set up already, new keys, new addresses, another's gateways."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator
from simulators.kit.certificate import SelfSignedCertificate

from ..paxton_net2.form import suggested
from ..table_tracker.linking import go_on
from ..watching import eventually
from .form import all_floors, created, ended, fill, filled, reconfigure, told
from .site import SITE, Site, data_of

#: What identifies the device of an area.
AREA = f"{SITE}-area-9"


@pytest.fixture
async def another(socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
    """Run another manager, whose numbers are the same and whose gateways are others."""
    async with EnlightedSimulator(seed=2) as running:
        for gateway in running.world.gateways.values():
            gateway.mac = (*gateway.mac[:3], 0xEE, *gateway.mac[4:])
        yield running


@pytest.fixture
async def private(socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
    """Run a manager of one floor, which made its certificate itself."""
    certificate = SelfSignedCertificate(None, unit="Enlighted", names=())
    async with EnlightedSimulator(floors=1, fixtures=8, certificate=certificate) as running:
        yield running


def entries(hass: HomeAssistant) -> int:
    return len(hass.config_entries.async_entries(DOMAIN))


async def chosen(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Choose all floors that are offered."""
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "floors"), result
    schema = result["data_schema"]
    assert schema
    return await go_on(hass, result, schema({}))


async def move(manager: EnlightedSimulator) -> None:
    """Have a manager listen somewhere else."""
    await manager.stop()
    manager.port = 0
    await manager.start()


# Managers that are there already


async def test_a_manager_is_known_by_its_gateways_whoever_asks(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    entry = await all_floors(hass, await fill(hass, manager))
    await Site(hass, entry, manager=manager).settled()
    key = manager.world.add_user("second", "Facilities Admin", [2], [])
    # This user sees one floor, which is therefore not asked about, and its gateway alone.
    result = await fill(hass, manager, username="second", api_key=key)
    assert await ended(hass, result) == "already_configured"
    assert entries(hass) == 1


async def test_a_manager_is_known_after_it_moved(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    await all_floors(hass, await fill(hass, manager))
    await move(manager)
    result = await chosen(hass, await fill(hass, manager))
    assert await ended(hass, result) == "already_configured"


async def test_two_managers_whose_numbers_are_the_same_are_two_entries(
    hass: HomeAssistant, site: Site, another: EnlightedSimulator
) -> None:
    entry = await all_floors(hass, await fill(hass, another))
    assert entry.unique_id == "enlighted_manage-00b3d6ee723a"
    assert entries(hass) == 2


async def test_a_user_who_sees_no_gateway_knows_the_manager_by_its_host(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    key = manager.world.add_user("guest", "Employee", [], [9])
    guest = {"username": "guest", "api_key": key}
    entry = await created(hass, await fill(hass, manager, **guest))
    assert entry.unique_id == f"enlighted_manage-{manager.host}"
    again = await fill(hass, manager, **guest)
    assert await ended(hass, again) == "already_configured"
    # An administrator sees more of the same manager.
    again = await chosen(hass, await fill(hass, manager))
    assert await ended(hass, again) == "already_configured"


async def test_a_gateway_without_mac_identifies_no_manager(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    """Its number is as small as everybody's."""
    body = '{"gateway": {"id": 2, "name": "GW"}}'
    manager.faults.fail(200, times=50, path="/gateways", body=body, content_type="application/json")
    entry = await all_floors(hass, await fill(hass, manager))
    assert entry.unique_id == f"enlighted_manage-{manager.host}"


# Signing in again


async def asked_to_sign_in(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form of an entry whose key was refused."""
    await eventually(hass.config_entries.flow.async_progress, "the form")
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "reauth_confirm")
    schema = form["data_schema"]
    assert schema
    assert [str(each) for each in schema.schema] == ["username", "api_key"]
    return form


def signed_in(key: str, username: str = "integration") -> dict[str, str]:
    return {"username": username, "api_key": key}


async def test_a_key_that_was_replaced_is_asked_for(hass: HomeAssistant, site: Site) -> None:
    old, before = site.entry.data["api_key"], site.device_of(AREA)
    new = site.manager.world.rotate_key("integration")
    # Nobody has to poll for it: whatever is read next meets it.
    site.coordinator.hurry(Tier.STATISTICS)
    form = await asked_to_sign_in(hass)
    assert old not in repr(form)
    assert suggested(form) == {"username": "integration"}
    refused = await go_on(hass, form, signed_in(old))
    assert told(refused, "reauth_confirm") == "invalid_auth"
    assert suggested(refused) == {"username": "integration"}
    assert await ended(hass, await go_on(hass, refused, signed_in(new))) == "reauth_successful"
    assert site.entry.data == data_of(site.manager)
    assert site.entry.state is ConfigEntryState.LOADED
    await site.settled()
    after = site.device_of(AREA)
    assert before
    assert after
    assert after.id == before.id


async def test_a_refused_key_is_not_tried_again(hass: HomeAssistant, site: Site) -> None:
    site.manager.world.rotate_key("integration")
    site.coordinator.hurry(Tier.OCCUPANCY)
    await asked_to_sign_in(hass)
    await eventually(lambda: not site.coordinator.is_live)
    assert site.state("sensor", "power", "floor", 1).state == "unavailable"
    # Those that were under way when it was refused.
    await asyncio.sleep(0.3)
    seen = len(site.manager.requests)
    site.coordinator.hurry(*Tier)
    await asyncio.sleep(0.3)
    assert len(site.manager.requests) == seen


async def test_a_key_that_was_replaced_while_home_assistant_was_off(
    hass: HomeAssistant, site: Site
) -> None:
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    new = site.manager.world.rotate_key("integration")
    assert not await hass.config_entries.async_setup(site.entry.entry_id)
    assert site.entry.state is ConfigEntryState.SETUP_ERROR
    # What is pasted may have blanks around it.
    given = signed_in(f" {new}\n", " integration ")
    result = await go_on(hass, await asked_to_sign_in(hass), given)
    assert await ended(hass, result) == "reauth_successful"
    assert site.entry.data == data_of(site.manager)
    assert site.entry.state is ConfigEntryState.LOADED


async def test_another_user_may_sign_in(hass: HomeAssistant, site: Site) -> None:
    key = site.manager.world.key_of("limited")
    form = await site.entry.start_reauth_flow(hass)
    result = await go_on(hass, form, signed_in(key, "limited"))
    assert await ended(hass, result) == "reauth_successful"
    assert site.entry.data == {**data_of(site.manager), "username": "limited", "api_key": key}


async def test_the_choice_of_floors_outlasts_a_new_key(
    hass: HomeAssistant, site: Site, manager: EnlightedSimulator
) -> None:
    data = {**site.entry.data, "floors": ["2"]}
    hass.config_entries.async_update_entry(site.entry, data=data)
    new = manager.world.rotate_key("integration")
    form = await site.entry.start_reauth_flow(hass)
    assert await ended(hass, await go_on(hass, form, signed_in(new))) == "reauth_successful"
    assert site.entry.data == {**data, "api_key": new}
    result = await reconfigure(hass, site.entry, manager)
    assert await ended(hass, result) == "reconfigure_successful"
    assert site.entry.data == {**data, "api_key": new}


async def test_another_manager_that_answers_there_is_refused(
    hass: HomeAssistant, site: Site, another: EnlightedSimulator
) -> None:
    before = {**site.entry.data, "port": another.port}
    hass.config_entries.async_update_entry(site.entry, data=before)
    form = await site.entry.start_reauth_flow(hass)
    result = await go_on(hass, form, signed_in(another.world.key_of("integration")))
    assert await ended(hass, result) == "wrong_account"
    assert site.entry.data == before


# Another address


async def test_a_manager_that_moved_keeps_its_entry(hass: HomeAssistant, site: Site) -> None:
    manager, before = site.manager, site.device_of(AREA)
    assert before
    form = await site.entry.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    data = site.entry.data
    names = ("host", "port", "username", "auth_scheme", "use_https")
    assert suggested(form) == {name: data[name] for name in names}
    assert data["api_key"] not in repr(form)
    await move(manager)
    result = await go_on(hass, form, filled(manager))
    assert await ended(hass, result) == "reconfigure_successful"
    assert site.entry.data == data_of(manager)
    assert site.entry.state is ConfigEntryState.LOADED
    await site.settled()
    after = site.device_of(AREA)
    assert after
    assert after.id == before.id
    assert entries(hass) == 1


async def test_a_new_address_where_nothing_answers_is_told(hass: HomeAssistant, site: Site) -> None:
    refused = await reconfigure(hass, site.entry, site.manager, port=9)
    assert told(refused, "reconfigure") == "cannot_connect"
    assert suggested(refused)["port"] == 9
    result = await go_on(hass, refused, filled(site.manager))
    assert await ended(hass, result) == "reconfigure_successful"


async def test_another_manager_is_no_new_address(
    hass: HomeAssistant, site: Site, another: EnlightedSimulator
) -> None:
    before = dict(site.entry.data)
    result = await reconfigure(hass, site.entry, another)
    assert await ended(hass, result) == "wrong_account"
    assert site.entry.data == before
    assert site.entry.state is ConfigEntryState.LOADED


async def test_an_entry_is_not_given_another_entrys_manager(
    hass: HomeAssistant, site: Site, another: EnlightedSimulator
) -> None:
    entry = await all_floors(hass, await fill(hass, another))
    assert await ended(hass, await reconfigure(hass, entry, site.manager)) == "wrong_account"
    assert entry.data == data_of(another)


async def test_who_saw_no_gateway_may_come_to_see_some(
    hass: HomeAssistant, manager: EnlightedSimulator
) -> None:
    key = manager.world.add_user("guest", "Employee", [], [9])
    entry = await created(hass, await fill(hass, manager, username="guest", api_key=key))
    result = await reconfigure(hass, entry, manager)
    assert await ended(hass, result) == "reconfigure_successful"
    assert entry.data == data_of(manager)
    # And nobody sets it up a second time.
    again = await chosen(hass, await fill(hass, manager))
    assert await ended(hass, again) == "already_configured"


# Certificates


@pytest.mark.usefixtures("refused_handshakes")
async def test_a_certificate_that_changed_is_an_issue_until_it_is_trusted(
    hass: HomeAssistant, private: EnlightedSimulator
) -> None:
    entry = await created(hass, await go_on(hass, await fill(hass, private)))
    await Site(hass, entry, manager=private).settled()
    issues, name = ir.async_get(hass), f"certificate_changed_{entry.entry_id}"
    assert issues.async_get_issue(DOMAIN, name) is None
    await private.stop()
    private.certificate = SelfSignedCertificate(None, unit="Enlighted", names=())
    await private.start()
    seen = len(private.requests)
    entry.runtime_data.hurry(Tier.STATISTICS)
    await eventually(lambda: issues.async_get_issue(DOMAIN, name), "the issue")
    issue = issues.async_get_issue(DOMAIN, name)
    assert issue
    assert (issue.is_fixable, issue.severity) == (True, ir.IssueSeverity.ERROR)
    # The key was not sent to whoever shows it, and nobody is asked for another one.
    assert len(private.requests) == seen
    assert hass.config_entries.flow.async_progress() == []
    shown = await reconfigure(hass, entry, private)
    assert shown["step_id"] == "confirm_certificate"
    assert await ended(hass, await go_on(hass, shown)) == "reconfigure_successful"
    assert entry.data["fingerprint"] == private.certificate.fingerprint
    assert entry.state is ConfigEntryState.LOADED
    assert issues.async_get_issue(DOMAIN, name) is None


@pytest.mark.usefixtures("refused_handshakes")
async def test_nobody_is_asked_twice_about_the_same_certificate(
    hass: HomeAssistant, private: EnlightedSimulator
) -> None:
    entry = await created(hass, await go_on(hass, await fill(hass, private)))
    result = await reconfigure(hass, entry, private)
    assert await ended(hass, result) == "reconfigure_successful"
    assert private.certificate
    assert entry.data["fingerprint"] == private.certificate.fingerprint
