"""Whose account is it? Certificates, accounts set up already, new keys and new addresses."""

from collections.abc import AsyncGenerator

import pytest

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, issue_registry as ir

from custom_components.gatehouse import config_flow
from custom_components.gatehouse.const import DOMAIN
from simulators.kit.certificate import SelfSignedCertificate
from simulators.vxg import VxgSimulator

from ..paxton_net2.form import suggested
from ..table_tracker.linking import go_on
from ..watching import eventually
from .form import created, ended, fill, filled, reconfigure
from .site import Site, data_of


@pytest.fixture
async def private() -> AsyncGenerator[VxgSimulator]:
    """Run a server of one's own, which made its certificate itself."""
    async with VxgSimulator(cameras=2, certificate=SelfSignedCertificate("VXG Server")) as running:
        yield running


@pytest.fixture
async def another(socket_enabled: None) -> AsyncGenerator[VxgSimulator]:
    """Run another cloud, whose cameras have the same small numbers."""
    async with VxgSimulator(seed=2) as running:
        yield running


@pytest.fixture
def refused(refused_handshakes: None) -> None:
    """Let a client hang up on a certificate."""


def entries(hass: HomeAssistant) -> int:
    return len(hass.config_entries.async_entries(DOMAIN))


def placeholders(result: ConfigFlowResult) -> dict[str, str]:
    """Return what the page of a certificate shows."""
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "confirm_certificate")
    shown = result["description_placeholders"]
    assert shown
    return dict(shown)


async def move(cloud: VxgSimulator) -> None:
    """Have a cloud listen somewhere else."""
    await cloud.stop()
    cloud.port = 0
    await cloud.start()


async def at_rest(entry: ConfigEntry) -> None:
    """Wait until all that an entry reads at its start was read."""
    await eventually(lambda: entry.runtime_data.is_live, "the events")
    await entry.runtime_data._async_read_settings()


# Certificates


@pytest.mark.usefixtures("refused", "socket_enabled")
async def test_a_servers_own_certificate_is_shown_and_pinned(
    hass: HomeAssistant, private: VxgSimulator
) -> None:
    assert private.certificate
    token = private.world.group_token()
    shown = await fill(hass, token)
    page = placeholders(shown)
    assert page["subject"] == "CN=VXG Server"
    assert page["fingerprint"].replace(":", "").lower() == private.certificate.fingerprint
    # Before anybody trusts it, the token goes nowhere.
    assert private.requests == []
    entry = await created(hass, await go_on(hass, shown))
    pinned = {"fingerprint": private.certificate.fingerprint}
    assert entry.data == data_of(private, token) | pinned


@pytest.mark.usefixtures("refused", "socket_enabled")
async def test_an_address_without_scheme_is_encrypted(
    hass: HomeAssistant, private: VxgSimulator
) -> None:
    key = private.world.licence_key()
    shown = await fill(hass, key, f"127.0.0.1:{private.port}/docs/")
    assert placeholders(shown)["subject"] == "CN=VXG Server"
    entry = await created(hass, await go_on(hass, shown))
    assert (entry.data["use_https"], entry.data["path"]) == (True, "")


@pytest.mark.usefixtures("refused", "socket_enabled")
async def test_a_server_that_is_gone_before_its_certificate_was_read(
    hass: HomeAssistant, private: VxgSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(config_flow, "async_fetch_certificate", fail)
        result = await fill(hass, private.world.group_token())
    assert (result["step_id"], result["errors"]) == ("vxg", {"base": "cannot_connect"})
    assert suggested(result) == {"url": private.url}
    shown = await go_on(hass, result, filled(private.world.group_token()))
    await created(hass, await go_on(hass, shown))


@pytest.mark.usefixtures("refused", "socket_enabled")
async def test_a_certificate_that_changed_later_is_an_issue_until_it_is_trusted(
    hass: HomeAssistant, private: VxgSimulator
) -> None:
    shown = await fill(hass, private.world.group_token())
    entry = await created(hass, await go_on(hass, shown))
    issues, name = ir.async_get(hass), f"certificate_changed_{entry.entry_id}"
    assert issues.async_get_issue(DOMAIN, name) is None
    await at_rest(entry)
    await private.stop()
    private.certificate = SelfSignedCertificate("VXG Server")
    await private.start()
    seen = len(private.requests)
    await entry.runtime_data.async_refresh()
    issue = issues.async_get_issue(DOMAIN, name)
    assert issue
    assert (issue.is_fixable, issue.severity) == (True, ir.IssueSeverity.ERROR)
    assert len(private.requests) == seen
    # Whoever knows the new one may as well set the address again.
    shown = await reconfigure(hass, entry, entry.data["credential"], private.url)
    fingerprint = placeholders(shown)["fingerprint"].replace(":", "").lower()
    assert fingerprint == private.certificate.fingerprint
    assert await ended(hass, await go_on(hass, shown)) == "reconfigure_successful"
    assert entry.data["fingerprint"] == private.certificate.fingerprint
    assert entry.state is ConfigEntryState.LOADED
    assert issues.async_get_issue(DOMAIN, name) is None


@pytest.mark.usefixtures("refused", "socket_enabled")
async def test_nobody_is_asked_twice_about_the_same_certificate(
    hass: HomeAssistant, private: VxgSimulator
) -> None:
    shown = await fill(hass, private.world.group_token())
    entry = await created(hass, await go_on(hass, shown))
    result = await reconfigure(hass, entry, private.world.licence_key(), private.url)
    assert await ended(hass, result) == "reconfigure_successful"
    assert private.certificate
    assert entry.data["fingerprint"] == private.certificate.fingerprint


# Accounts that are there already


@pytest.mark.parametrize("kind", ["group", "key", "channel", "watch"])
async def test_an_account_is_known_by_its_cameras_whatever_opens_it(
    hass: HomeAssistant, site: Site, kind: str
) -> None:
    world, camera = site.cloud.world, site.cameras[0]
    credential = {
        "group": world.group_token(),
        "key": world.licence_key(),
        "channel": world.channel_token(camera),
        "watch": world.channel_token(camera, "watch"),
    }[kind]
    result = await fill(hass, credential, site.cloud.url)
    assert await ended(hass, result) == "already_configured"
    assert entries(hass) == 1


async def test_an_account_without_cameras_is_known_by_its_credential(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    account = cloud.world.keys.add_account()
    for _ in range(2):
        result = await fill(hass, account.key, cloud.url)
        await hass.async_block_till_done()
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert entries(hass) == 1


async def test_two_accounts_of_one_cloud_are_two_entries(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    world = cloud.world
    other = world.keys.add_account()
    moved = list(world.cameras)[2:]
    for camera in moved:
        world.cameras[camera].owner = other.key
    found = [
        await created(hass, await fill(hass, key, cloud.url))
        for key in (world.licence_key(), other.key)
    ]
    theirs = [{each.id for each in entry.runtime_data.cameras} for entry in found]
    assert theirs == [set(world.cameras) - set(moved), set(moved)]
    assert found[0].unique_id != found[1].unique_id


async def test_two_channels_of_one_account_are_two_entries(
    hass: HomeAssistant, cloud: VxgSimulator
) -> None:
    world = cloud.world
    tokens = [world.channel_token(camera) for camera in list(world.cameras)[:2]]
    found = [await created(hass, await fill(hass, token)) for token in tokens]
    assert [entry.title for entry in found] == ["Gatehouse", "Car park"]


async def test_two_clouds_whose_cameras_have_the_same_numbers_are_two_entries(
    hass: HomeAssistant, site: Site, another: VxgSimulator
) -> None:
    assert another.world.cameras.keys() == site.cloud.world.cameras.keys()
    entry = await created(hass, await fill(hass, another.world.group_token()))
    devices = dr.async_get(hass)
    ours, theirs = (
        {device.id for device in dr.async_entries_for_config_entry(devices, each.entry_id)}
        for each in (site.entry, entry)
    )
    assert len(ours) == len(theirs) == 5
    assert ours.isdisjoint(theirs)


# Signing in again


async def asked_to_sign_in(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form of an entry whose credential was refused."""
    await eventually(hass.config_entries.flow.async_progress, "the form")
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "reauth_confirm")
    assert [str(each) for each in form["data_schema"].schema] == ["credential"]
    return form


@pytest.mark.parametrize("credential", ["key"], indirect=True)
async def test_a_key_that_was_replaced_is_asked_for(hass: HomeAssistant, site: Site) -> None:
    old = site.entry.data["credential"]
    new = site.cloud.world.replace_key()
    await site.coordinator.async_refresh()
    form = await asked_to_sign_in(hass)
    assert old not in repr(form)
    refused = await go_on(hass, form, {"credential": old})
    assert refused["errors"] == {"base": "credential_refused"}
    assert await ended(hass, await go_on(hass, refused, {"credential": new})) == (
        "reauth_successful"
    )
    assert site.entry.data == data_of(site.cloud, new)
    assert site.entry.state is ConfigEntryState.LOADED
    assert entries(hass) == 1
    await site.settled()
    await site.shows("recording", "camera", "main", site.cameras[0])


@pytest.mark.parametrize("credential", ["key"], indirect=True)
async def test_a_key_that_was_replaced_while_home_assistant_was_off(
    hass: HomeAssistant, site: Site
) -> None:
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    new = site.cloud.world.replace_key()
    assert not await hass.config_entries.async_setup(site.entry.entry_id)
    assert site.entry.state is ConfigEntryState.SETUP_ERROR
    form = await asked_to_sign_in(hass)
    # What is pasted may have blanks around it.
    result = await go_on(hass, form, {"credential": f" {new}\n"})
    assert await ended(hass, result) == "reauth_successful"
    assert site.entry.data["credential"] == new
    assert site.entry.state is ConfigEntryState.LOADED


async def test_a_token_may_be_replaced_by_a_key_of_the_same_account(
    hass: HomeAssistant, site: Site
) -> None:
    form = await site.entry.start_reauth_flow(hass)
    key = site.cloud.world.licence_key()
    assert await ended(hass, await go_on(hass, form, {"credential": key})) == "reauth_successful"
    assert site.entry.data == data_of(site.cloud, key)


async def test_another_accounts_key_is_refused(hass: HomeAssistant, site: Site) -> None:
    world = site.cloud.world
    before = dict(site.entry.data)
    other = world.keys.add_account()
    world.cameras[world.add_camera()].owner = other.key
    form = await site.entry.start_reauth_flow(hass)
    assert await ended(hass, await go_on(hass, form, {"credential": other.key})) == "wrong_account"
    assert site.entry.data == before


# Another address


async def test_a_cloud_that_moved_keeps_its_entry(hass: HomeAssistant, site: Site) -> None:
    cloud, token = site.cloud, site.entry.data["credential"]
    before = site.device_of(site.identifier(site.cameras[0]))
    assert before
    form = await site.entry.start_reconfigure_flow(hass)
    assert form["step_id"] == "reconfigure"
    assert suggested(form) == {"url": cloud.url}
    assert token not in repr(form)
    await move(cloud)
    result = await go_on(hass, form, filled(token, cloud.url))
    assert await ended(hass, result) == "reconfigure_successful"
    assert site.entry.data == data_of(cloud, token)
    assert site.entry.state is ConfigEntryState.LOADED
    await site.settled()
    after = site.device_of(site.identifier(site.cameras[0]))
    assert after
    assert after.id == before.id
    assert entries(hass) == 1


async def test_a_new_address_where_nothing_answers_is_told(hass: HomeAssistant, site: Site) -> None:
    cloud, token = site.cloud, site.entry.data["credential"]
    form = await site.entry.start_reconfigure_flow(hass)
    nowhere = "http://127.0.0.1:9"
    refused = await go_on(hass, form, filled(token, nowhere))
    assert (refused["step_id"], refused["errors"]) == ("reconfigure", {"base": "cannot_connect"})
    assert suggested(refused) == {"url": nowhere}
    result = await go_on(hass, refused, filled(token, cloud.url))
    assert await ended(hass, result) == "reconfigure_successful"


async def test_another_cloud_is_no_new_address(
    hass: HomeAssistant, site: Site, another: VxgSimulator
) -> None:
    before = dict(site.entry.data)
    result = await reconfigure(hass, site.entry, another.world.group_token())
    assert await ended(hass, result) == "wrong_account"
    assert site.entry.data == before


async def test_an_entry_is_not_given_another_entrys_account(
    hass: HomeAssistant, site: Site, another: VxgSimulator
) -> None:
    entry = await created(hass, await fill(hass, another.world.group_token()))
    result = await reconfigure(hass, entry, site.entry.data["credential"])
    assert await ended(hass, result) == "wrong_account"
    assert site.entry.state is entry.state is ConfigEntryState.LOADED
