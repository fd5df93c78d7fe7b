"""Names behind the ids of events: where they come from, and when nobody asks for them."""

from datetime import UTC, datetime

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant

from custom_components.gatehouse.systems.paxton_net2 import people as module
from custom_components.gatehouse.systems.paxton_net2.client import (
    AccessEvent,
    EventKind,
    Net2Client,
)
from custom_components.gatehouse.systems.paxton_net2.flow import create_client
from custom_components.gatehouse.systems.paxton_net2.people import People
from simulators.paxton_net2 import Net2Simulator

from .site import Site, eventually


@pytest.fixture
async def client(hass: HomeAssistant, entry: MockConfigEntry) -> Net2Client:
    """Return a client of the server."""
    return create_client(hass, entry.data)


@pytest.fixture
def people(hass: HomeAssistant, client: Net2Client) -> People:
    """Return the people of a site that shows names."""
    return People(hass, client, hide_names=False)


def event(user_id: int | None, name: str | None = "As the event says") -> AccessEvent:
    """Return an event of a person."""
    return AccessEvent(
        time=datetime(2026, 11, 25, tzinfo=UTC),
        code=20,
        sub_code=0,
        kind=EventKind.ACCESS_GRANTED,
        door_id=1,
        key="k",
        user_id=user_id,
        user_name=name,
    )


def reads(simulator: Net2Simulator) -> int:
    """Return how often the list was read."""
    return len([seen for seen in simulator.requests if seen.path.endswith("/users")])


async def test_a_person_goes_by_the_name_in_the_list(people: People) -> None:
    assert people.name_of(event(8)) == "As the event says"
    assert people.count is None
    await people.async_read()
    assert people.name_of(event(8)) == "Ada Example"
    assert people.count == 7


async def test_an_event_without_a_person_has_no_name(people: People) -> None:
    await people.async_read()
    assert people.name_of(event(None)) is None


async def test_hidden_names_are_counted_and_not_kept(
    hass: HomeAssistant, client: Net2Client
) -> None:
    people = People(hass, client, hide_names=True)
    await people.async_read()
    assert people.name_of(event(8)) is None
    assert people.count == 7
    assert "Ada" not in str(vars(people))


async def test_the_list_is_not_read_again_for_its_own_sake(
    people: People, simulator: Net2Simulator
) -> None:
    for _ in range(3):
        await people.async_read()
    assert reads(simulator) == 1


async def test_somebody_new_has_it_read_again_but_not_at_once(
    people: People, simulator: Net2Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.async_read()
    simulator.world.users[20] = type(simulator.world.users[8])(20, "Neu", "Ling")
    assert people.name_of(event(20)) == "As the event says"
    await people.async_read()
    assert reads(simulator) == 1

    monkeypatch.setattr(module, "_STRANGER_INTERVAL", 0)
    await people.async_read()
    assert people.name_of(event(20)) == "Neu Ling"
    # Now that everybody is known it waits for hours again.
    await people.async_read()
    assert reads(simulator) == 2


@pytest.mark.parametrize("status", [403, 404])
async def test_an_operator_who_may_not_read_it_is_asked_once(
    people: People,
    simulator: Net2Simulator,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "_STRANGER_INTERVAL", 0)
    simulator.faults.fail(status, path="/users")
    for _ in range(3):
        await people.async_read()
        assert people.name_of(event(8)) == "As the event says"
    assert reads(simulator) == 1
    assert people.count is None
    assert caplog.text.count("may not read the users") == 1


async def test_a_failure_is_made_up_for_later(
    people: People, simulator: Net2Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.async_read()
    simulator.faults.fail(502, path="/users")
    monkeypatch.setattr(module, "_STRANGER_INTERVAL", 0)
    people.name_of(event(20))
    await people.async_read()
    # What was known stays known.
    assert people.name_of(event(8)) == "Ada Example"
    assert people.count == 7

    people.name_of(event(20))
    await people.async_read()
    assert reads(simulator) == 3


async def test_a_site_gets_along_without_names(
    hass: HomeAssistant, simulator: Net2Simulator, entry: MockConfigEntry
) -> None:
    simulator.faults.fail(403, times=1000, path="/users")
    site = Site(hass, entry, simulator=simulator)
    await site.set_up()
    simulator.world.swipe(site.doors[0], user_id=8)
    await eventually(lambda: site.fired, "the event")
    # The event's own name for them.
    assert site.fired[0].attributes["user_name"] == "Example Ada"
    assert site.coordinator.last_update_success


async def test_somebody_who_was_deleted_has_it_read_once_more_and_not_for_ever(
    people: People, simulator: Net2Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.async_read()
    monkeypatch.setattr(module, "_STRANGER_INTERVAL", 0)
    for _ in range(3):
        assert people.name_of(event(99)) == "As the event says"
        await people.async_read()
    assert reads(simulator) == 2
