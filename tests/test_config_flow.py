"""Setting up, signing in again and changing the connection, with the first system for all."""

from collections.abc import AsyncGenerator
import ssl
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant import config_entries
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import ssl as ssl_util

from custom_components.gatehouse import certificate, config_flow
from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.systems import SYSTEMS
from simulators.paxton_net2 import Net2Simulator

from .systems.paxton_net2.form import filled, go_on, open_form, suggested
from .systems.paxton_net2.site import Site

pytestmark = pytest.mark.usefixtures("refused_handshakes")


@pytest.fixture
async def another(socket_enabled: None) -> AsyncGenerator[Net2Simulator]:
    """Run a second server, which has the doors of another site."""
    async with Net2Simulator(seed=2) as running:
        yield running


def outcome(result: config_entries.ConfigFlowResult) -> tuple[str, str | None]:
    """Return how a step ended: its kind, and the step that is shown or the reason of the abort."""
    return result["type"].value, result.get("step_id") or result.get("reason")


def fingerprint(certificate_step: config_entries.ConfigFlowResult) -> str:
    """Return the fingerprint that a person is shown, as tools write it."""
    placeholders = certificate_step["description_placeholders"]
    assert placeholders
    return placeholders["fingerprint"].replace(":", "").lower()


async def is_loaded(hass: HomeAssistant, entry: config_entries.ConfigEntry) -> bool:
    """Wait until nothing is left to do; return whether the entry works."""
    await hass.async_block_till_done()
    return entry.state is ConfigEntryState.LOADED


# Setting up


async def test_the_menu_shows_every_system(hass: HomeAssistant) -> None:
    menu = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert outcome(menu) == ("menu", "user")
    assert menu["menu_options"] == list(SYSTEMS)


async def test_a_certificate_that_no_authority_vouches_for_is_shown_and_pinned(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    asked = await go_on(hass, await open_form(hass), filled(simulator))

    assert outcome(asked) == ("form", "confirm_certificate")
    assert fingerprint(asked) == simulator.fingerprint
    placeholders = asked["description_placeholders"]
    assert placeholders
    assert placeholders["subject"] == "CN=Net2LocalAPI"
    assert placeholders["names"] == "localhost, 127.0.0.1"
    assert placeholders["not_before"] < placeholders["not_after"]
    # Nothing was said to a server that nobody vouched for.
    assert simulator.requests == []

    result = await go_on(hass, asked)
    assert outcome(result) == ("create_entry", None)
    assert result["result"].data["fingerprint"] == simulator.fingerprint
    assert await is_loaded(hass, result["result"])


async def test_a_certificate_that_an_authority_vouches_for_needs_nobody(
    hass: HomeAssistant, simulator: Net2Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = ("127.0.0.1", simulator.port)
    authority = await hass.async_add_executor_job(ssl.get_server_certificate, address)
    context = ssl.create_default_context(cadata=authority)
    # The strict rules are for authorities; this one is only played.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    monkeypatch.setattr(ssl_util, "client_context", lambda *_: context)

    result = await go_on(hass, await open_form(hass), filled(simulator))

    assert outcome(result) == ("create_entry", None)
    assert "fingerprint" not in result["result"].data
    assert await is_loaded(hass, result["result"])


async def test_a_server_that_limits_sign_ins_is_set_up_all_the_same(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    # The entry signs in right behind the form, which is too soon for Net2 6.8 and later.
    simulator.faults.rate_limit = True
    asked = await go_on(hass, await open_form(hass), filled(simulator))
    result = await go_on(hass, asked)
    assert outcome(result) == ("create_entry", None)
    assert await is_loaded(hass, result["result"])


async def test_an_error_after_the_certificate_leads_back_to_the_form(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    asked = await go_on(hass, await open_form(hass), filled(simulator, password="wrong"))
    refused = await go_on(hass, asked)
    assert outcome(refused) == ("form", "paxton_net2")
    assert refused["errors"] == {"base": "invalid_auth"}

    # The certificate was looked at already.
    result = await go_on(hass, refused, filled(simulator))
    assert outcome(result) == ("create_entry", None)
    assert result["result"].data["fingerprint"] == simulator.fingerprint
    assert await is_loaded(hass, result["result"])


async def test_a_server_that_leaves_before_its_certificate_is_read(
    hass: HomeAssistant, simulator: Net2Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch_too_late(host: str, port: int) -> Any:
        await simulator.stop()
        return await certificate.async_fetch_certificate(host, port)

    form = await open_form(hass)
    with monkeypatch.context() as patch:
        patch.setattr(config_flow, "async_fetch_certificate", fetch_too_late)
        refused = await go_on(hass, form, filled(simulator))
    assert refused["errors"] == {"base": "cannot_connect"}

    await simulator.start()
    result = await go_on(hass, await go_on(hass, refused, filled(simulator)))
    assert await is_loaded(hass, result["result"])


async def test_a_certificate_that_changes_while_it_is_looked_at_is_shown_again(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    seen = simulator.fingerprint
    asked = await go_on(hass, await open_form(hass), filled(simulator))
    await simulator.stop()
    simulator.renew_certificate()
    await simulator.start()

    asked_again = await go_on(hass, asked)
    assert outcome(asked_again) == ("form", "confirm_certificate")
    assert fingerprint(asked_again) == simulator.fingerprint != seen

    result = await go_on(hass, asked_again)
    assert result["result"].data["fingerprint"] == simulator.fingerprint


async def test_nothing_stays_of_a_flow_that_is_left(
    hass: HomeAssistant, simulator: Net2Simulator
) -> None:
    asked = await go_on(hass, await open_form(hass), filled(simulator))
    hass.config_entries.flow.async_abort(asked["flow_id"])
    await hass.async_block_till_done()
    assert hass.config_entries.async_entries(DOMAIN) == []
    assert hass.config_entries.flow.async_progress() == []


@pytest.mark.parametrize("gone", [0, 3], ids=["all of its doors", "one of its doors"])
async def test_a_site_is_set_up_once_whatever_its_address(
    hass: HomeAssistant, site: Site, gone: int
) -> None:
    async with Net2Simulator() as same:
        assert same.port != site.simulator.port
        for door_id in sorted(same.world.doors)[:gone]:
            same.world.remove_door(door_id)
        result = await go_on(hass, await go_on(hass, await open_form(hass), filled(same)))
    assert outcome(result) == ("abort", "already_configured")


async def test_a_site_that_never_loaded_is_set_up_once_too(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    result = await go_on(hass, await go_on(hass, await open_form(hass), filled(simulator)))
    assert outcome(result) == ("abort", "already_configured")


async def test_two_sites_live_side_by_side(
    hass: HomeAssistant, site: Site, another: Net2Simulator
) -> None:
    result = await go_on(hass, await go_on(hass, await open_form(hass), filled(another)))
    assert await is_loaded(hass, result["result"])
    assert await is_loaded(hass, site.entry)


# Signing in again


async def test_a_refused_password_asks_for_another(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    before = dict(entry.data)
    simulator.password = "another one"
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert (flow["context"]["source"], flow["step_id"]) == (SOURCE_REAUTH, "reauth_confirm")

    credentials = {"username": "Home Assistant", "password": "a guess"}
    refused = await hass.config_entries.flow.async_configure(flow["flow_id"], credentials)
    assert refused["errors"] == {"base": "invalid_auth"}
    assert suggested(refused) == {"username": "Home Assistant"}

    result = await go_on(hass, refused, credentials | {"password": "another one"})
    assert outcome(result) == ("abort", "reauth_successful")
    assert entry.data == before | {"password": "another one"}
    assert await is_loaded(hass, entry)


async def test_another_operator_may_sign_in(hass: HomeAssistant, site: Site) -> None:
    form = await site.entry.start_reauth_flow(hass)
    assert outcome(form) == ("form", "reauth_confirm")
    assert suggested(form) == {"username": site.entry.data["username"]}
    credentials = {"username": "System Engineer", "password": site.simulator.password}
    assert outcome(await go_on(hass, form, credentials)) == ("abort", "reauth_successful")
    assert site.entry.data["username"] == "System Engineer"
    assert await is_loaded(hass, site.entry)


async def test_signing_in_again_shows_a_certificate_that_changed(
    hass: HomeAssistant, site: Site
) -> None:
    simulator = site.simulator
    await simulator.stop()
    simulator.renew_certificate()
    await simulator.start()
    credentials = {"username": simulator.username, "password": simulator.password}

    asked = await go_on(hass, await site.entry.start_reauth_flow(hass), credentials)
    assert outcome(asked) == ("form", "confirm_certificate")
    assert fingerprint(asked) == simulator.fingerprint

    assert outcome(await go_on(hass, asked)) == ("abort", "reauth_successful")
    assert site.entry.data["fingerprint"] == simulator.fingerprint
    assert await is_loaded(hass, site.entry)


async def test_signing_in_at_another_site_is_refused(hass: HomeAssistant, site: Site) -> None:
    before = dict(site.entry.data)
    await hass.config_entries.async_unload(site.entry.entry_id)
    site.simulator.world.doors.clear()
    site.simulator.world.add_door("Of another building")
    credentials = {"username": site.simulator.username, "password": site.simulator.password}

    result = await go_on(hass, await site.entry.start_reauth_flow(hass), credentials)
    assert outcome(result) == ("abort", "wrong_account")
    assert site.entry.data == before


# Changing the connection


async def test_a_server_that_moved_keeps_its_entry_and_its_certificate(
    hass: HomeAssistant, site: Site
) -> None:
    simulator, entry = site.simulator, site.entry
    before, device = dict(entry.data), site.device(site.doors[0])
    await simulator.stop()
    simulator.port = 0
    await simulator.start()
    assert simulator.port != before["port"]

    form = await entry.start_reconfigure_flow(hass)
    assert outcome(form) == ("form", "reconfigure")
    assert suggested(form) == {
        key: before[key] for key in ("host", "port", "username", "client_id", "use_https")
    }
    # It is the certificate that the entry trusts: nobody has to look at it again.
    result = await go_on(hass, form, filled(simulator))

    assert outcome(result) == ("abort", "reconfigure_successful")
    assert entry.data == before | {"port": simulator.port}
    assert await is_loaded(hass, entry)
    assert site.device(site.doors[0]) == device


async def test_a_changed_connection_may_need_another_certificate(
    hass: HomeAssistant, site: Site
) -> None:
    simulator = site.simulator
    await simulator.stop()
    simulator.renew_certificate()
    await simulator.start()

    asked = await go_on(hass, await site.entry.start_reconfigure_flow(hass), filled(simulator))
    assert outcome(asked) == ("form", "confirm_certificate")
    assert fingerprint(asked) == simulator.fingerprint

    assert outcome(await go_on(hass, asked)) == ("abort", "reconfigure_successful")
    assert site.entry.data["fingerprint"] == simulator.fingerprint
    assert await is_loaded(hass, site.entry)


async def test_a_new_licence_and_its_errors(hass: HomeAssistant, site: Site) -> None:
    site.simulator.authority.client_id = "a-new-one"
    form = await site.entry.start_reconfigure_flow(hass)
    refused = await go_on(hass, form, filled(site.simulator, client_id="a-wrong-one"))
    assert outcome(refused) == ("form", "reconfigure")
    assert refused["errors"] == {"base": "invalid_licence"}
    assert site.entry.data["client_id"] != "a-new-one"

    result = await go_on(hass, refused, filled(site.simulator))
    assert outcome(result) == ("abort", "reconfigure_successful")
    assert site.entry.data["client_id"] == "a-new-one"
    assert await is_loaded(hass, site.entry)


async def test_an_entry_cannot_become_another_site(
    hass: HomeAssistant, site: Site, another: Net2Simulator
) -> None:
    before = dict(site.entry.data)
    asked = await go_on(hass, await site.entry.start_reconfigure_flow(hass), filled(another))
    assert outcome(await go_on(hass, asked)) == ("abort", "wrong_account")
    assert site.entry.data == before
    assert await is_loaded(hass, site.entry)


async def test_an_entry_cannot_become_the_site_of_another_entry(
    hass: HomeAssistant, site: Site
) -> None:
    never_loaded = MockConfigEntry(domain=DOMAIN, data={**site.entry.data, "port": 1})
    never_loaded.add_to_hass(hass)
    form = await never_loaded.start_reconfigure_flow(hass)
    result = await go_on(hass, form, filled(site.simulator))
    assert outcome(result) == ("abort", "wrong_account")
    assert never_loaded.data["port"] == 1


async def test_an_entry_that_never_loaded_may_move(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, data={**entry.data, "port": 1})
    result = await go_on(hass, await entry.start_reconfigure_flow(hass), filled(simulator))
    assert outcome(result) == ("abort", "reconfigure_successful")
    assert await is_loaded(hass, entry)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert len(devices) == 1 + len(simulator.world.doors)
