"""The repair that a person makes in Home Assistant: trusting a server's new certificate."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from custom_components.gatehouse.const import DOMAIN
from simulators.paxton_net2 import Net2Simulator

from .systems.paxton_net2.site import Site, eventually

pytestmark = pytest.mark.usefixtures("refused_handshakes")


class Repairs:
    """The page of repairs, as the browser uses it."""

    def __init__(self, hass: HomeAssistant, hass_client: ClientSessionGenerator) -> None:
        self._hass = hass
        self._hass_client = hass_client

    async def begin(self, issue: ir.IssueEntry) -> dict[str, Any]:
        """Begin to repair an issue."""
        assert await async_setup_component(self._hass, "repairs", {})
        return await self._post("", {"handler": DOMAIN, "issue_id": issue.issue_id})

    async def confirm(self, step: dict[str, Any]) -> dict[str, Any]:
        """Confirm a step."""
        return await self._post(f"/{step['flow_id']}", {})

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        client = await self._hass_client()
        response = await client.post(f"/api/repairs/issues/fix{path}", json=body)
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.fixture
def repairs(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Repairs:
    """Return the page of repairs."""
    return Repairs(hass, hass_client)


def issue_of(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the issue of an entry whose server shows another certificate."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"certificate_changed_{entry.entry_id}")


async def renew(simulator: Net2Simulator) -> None:
    """Give a server another certificate."""
    await simulator.stop()
    simulator.renew_certificate()
    await simulator.start()


@pytest.fixture
async def issue(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> ir.IssueEntry:
    """Return the issue of an entry that came up to another certificate."""
    await renew(simulator)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    issue = issue_of(hass, entry)
    assert issue
    return issue


async def test_a_certificate_that_changes_while_the_site_runs_raises_an_issue(
    hass: HomeAssistant, site: Site
) -> None:
    assert issue_of(hass, site.entry) is None
    await renew(site.simulator)
    await eventually(lambda: issue_of(hass, site.entry), "the issue")

    issue = issue_of(hass, site.entry)
    assert issue
    assert issue.is_fixable
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.translation_key == "certificate_changed"
    assert issue.translation_placeholders == {"title": "Office"}
    assert not site.coordinator.last_update_success


async def test_the_new_certificate_is_shown_and_pinned(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    entry: MockConfigEntry,
    issue: ir.IssueEntry,
    repairs: Repairs,
) -> None:
    before = dict(entry.data)
    shown = await repairs.begin(issue)
    assert (shown["type"], shown["step_id"]) == ("form", "confirm")
    placeholders = shown["description_placeholders"]
    assert placeholders["title"] == "Office"
    assert placeholders["subject"] == "CN=Net2LocalAPI"
    assert placeholders["fingerprint"].replace(":", "").lower() == simulator.fingerprint
    assert entry.data == before

    assert (await repairs.confirm(shown))["type"] == "create_entry"
    await hass.async_block_till_done()

    assert entry.data == before | {"fingerprint": simulator.fingerprint}
    assert entry.state is ConfigEntryState.LOADED
    assert issue_of(hass, entry) is None


async def test_only_the_certificate_that_was_shown_is_pinned(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    entry: MockConfigEntry,
    issue: ir.IssueEntry,
    repairs: Repairs,
) -> None:
    shown = await repairs.begin(issue)
    seen = simulator.fingerprint
    await renew(simulator)

    await repairs.confirm(shown)
    await hass.async_block_till_done()

    assert entry.data["fingerprint"] == seen != simulator.fingerprint
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert issue_of(hass, entry)


async def test_a_server_that_is_away_shows_no_certificate(
    hass: HomeAssistant,
    simulator: Net2Simulator,
    entry: MockConfigEntry,
    issue: ir.IssueEntry,
    repairs: Repairs,
) -> None:
    await simulator.stop()
    left = await repairs.begin(issue)
    assert (left["type"], left["reason"]) == ("abort", "cannot_connect")
    assert issue_of(hass, entry) == issue


async def test_the_old_certificate_again_settles_it(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry, issue: ir.IssueEntry
) -> None:
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "fingerprint": simulator.fingerprint}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert issue_of(hass, entry) is None
