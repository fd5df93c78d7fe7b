"""An issue is one per entry and kind; a clock near the limit does not flicker."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.issues import Issue, async_note_skew

CLOCK = Issue("clock", severity=ir.IssueSeverity.WARNING)
LIMIT = timedelta(minutes=2)


@pytest.fixture
def one(hass: HomeAssistant) -> MockConfigEntry:
    """Return an entry."""
    return MockConfigEntry(title="One", entry_id="1")


def issue_of(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the issue of an entry."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"clock_{entry.entry_id}")


async def test_an_issue_names_its_entry_and_what_is_wrong(
    hass: HomeAssistant, one: MockConfigEntry
) -> None:
    CLOCK.async_raise(hass, one, seconds="300")
    issue = issue_of(hass, one)
    assert issue
    assert (issue.translation_key, issue.severity) == ("clock", ir.IssueSeverity.WARNING)
    assert issue.translation_placeholders == {"title": "One", "seconds": "300"}
    assert issue.data == {"entry_id": "1"}
    assert not issue.is_fixable


async def test_issues_of_two_entries_are_their_own(
    hass: HomeAssistant, one: MockConfigEntry
) -> None:
    other = MockConfigEntry(title="Other", entry_id="2")
    for entry in (one, other, one):
        CLOCK.async_raise(hass, entry)
    assert len(ir.async_get(hass).issues) == 2
    CLOCK.async_clear(hass, one)
    assert issue_of(hass, one) is None
    assert issue_of(hass, other)
    # Clearing what is not there is nothing to complain of.
    CLOCK.async_clear(hass, one)


@pytest.mark.parametrize("sign", [1, -1], ids=["ahead", "behind"])
@pytest.mark.parametrize(
    ("seconds", "is_raised"),
    [
        ([120], False),
        ([121], True),
        ([121, 61], True),
        ([121, 60], True),
        ([121, 59], False),
        ([61], False),
        ([121, 0, 90], False),
    ],
)
async def test_a_clock_at_the_limit_does_not_flicker(
    hass: HomeAssistant, one: MockConfigEntry, seconds: list[int], is_raised: bool, sign: int
) -> None:
    for skew in seconds:
        async_note_skew(hass, one, CLOCK, sign * timedelta(seconds=skew), LIMIT)
    assert bool(issue_of(hass, one)) is is_raised


async def test_a_clock_that_nobody_knows_changes_nothing(
    hass: HomeAssistant, one: MockConfigEntry
) -> None:
    async_note_skew(hass, one, CLOCK, None, LIMIT)
    assert issue_of(hass, one) is None
    async_note_skew(hass, one, CLOCK, timedelta(seconds=-150.4), LIMIT)
    async_note_skew(hass, one, CLOCK, None, LIMIT)
    issue = issue_of(hass, one)
    assert issue
    assert issue.translation_placeholders == {"title": "One", "seconds": "150"}
