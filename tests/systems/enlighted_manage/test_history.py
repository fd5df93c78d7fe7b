"""The energy of before, as it gets into Home Assistant's own statistics."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
import logging
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from custom_components.gatehouse.systems.enlighted_manage import history
from custom_components.gatehouse.systems.enlighted_manage.client import EnergyWindow
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from ..watching import eventually
from .site import Site

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _enable_custom_integrations(recorder_mock: object, enable_custom_integrations: None) -> None:
    """Let Home Assistant load Gatehouse, once it has the database that has to be there first."""


@pytest.fixture(autouse=True)
def _soon(manager: EnlightedSimulator) -> Iterable[None]:
    """Go back two days at once; the manager is one day behind, so that a gap is not ahead."""
    # Each statement would be told, also after a test has ended.
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    manager.clock.set(datetime.now(UTC) - timedelta(days=1))
    with (
        patch.object(history, "HISTORY", timedelta(days=2)),
        patch.object(history, "HISTORY_PACE", 0.0),
    ):
        yield


async def rows(hass: HomeAssistant, sensor: str) -> dict[datetime, float]:
    """Return the sums of a sensor in kWh, by the hours that they are at the end of."""
    await async_wait_recording_done(hass)
    start = datetime.now(UTC) - timedelta(days=5)
    found: dict[str, list[Any]] = await get_instance(hass).async_add_executor_job(
        statistics_during_period, hass, start, None, {sensor}, "hour", None, {"sum", "state"}
    )
    return {datetime.fromtimestamp(row["start"], UTC): row["sum"] for row in found.get(sensor, ())}


def by_hour(windows: Iterable[EnergyWindow]) -> dict[datetime, float]:
    """Return what hours took, in kWh."""
    hours: dict[datetime, float] = {}
    for window in windows:
        hour = window.start.replace(minute=0)
        hours[hour] = hours.get(hour, 0.0) + window.energy / 1000
    return hours


async def filled(site: Site) -> None:
    """Wait until history was gone through."""
    filler = site.coordinator.jobs.history
    await eventually(lambda: filler.store()["day"] == 2, "the history")


@pytest.mark.parametrize("kind", ["floor", "manager"])
async def test_the_days_before_are_filled_in(site: Site, kind: str) -> None:
    await filled(site)
    found = await rows(
        site.hass, site.entity_id("sensor", "energy_lighting", kind, int(kind == "floor"))
    )

    until = site.coordinator.meters.until("floor-1-lighting")
    assert until is not None
    floors = [1] if kind == "floor" else [1, 2]
    told = [
        window
        for floor in floors
        for window in await site.coordinator.client.get_floor_windows(
            floor, until - timedelta(days=2), until
        )
    ]
    hours = by_hour(told)
    compared = [hour for hour in found if hour - HOUR in found and hour in hours]
    assert len(compared) >= 45
    for hour in compared:
        assert found[hour] - found[hour - HOUR] == pytest.approx(hours[hour], abs=1e-6)
    # The meter begins where history ends.
    assert max(found.values()) <= 0


async def test_a_gap_is_given_to_the_hours_that_it_was(site: Site) -> None:
    await filled(site)
    begun = site.coordinator.meters.until("floor-1-lighting")
    assert begun is not None
    site.manager.clock.advance(6 * 3600)
    await site.coordinator.client.get_floors()
    await site.read(Tier.ENERGY)
    await site.read(Tier.MANAGER)

    for kind, floors in (("floor", [1]), ("manager", [1, 2])):
        sensor = site.entity_id("sensor", "energy_lighting", kind, int(kind == "floor"))
        found = await rows(site.hass, sensor)
        told = [
            window
            for floor in floors
            for window in await site.coordinator.client.get_floor_windows(
                floor, begun, begun + 6 * HOUR
            )
        ]
        hours = by_hour(told)
        whole = [hour for hour in hours if hour >= begun and hour + HOUR <= begun + 5 * HOUR]
        assert len(whole) >= 4
        for hour in whole[1:]:
            assert found[hour] - found[hour - HOUR] == pytest.approx(hours[hour], abs=1e-6)


async def test_a_history_that_was_broken_off_goes_on_and_is_not_doubled(site: Site) -> None:
    await filled(site)
    sensor = site.entity_id("sensor", "energy_lighting", "floor", 1)
    before = await rows(site.hass, sensor)
    filler = site.coordinator.jobs.history
    stored = filler.store()
    await site.hass.config_entries.async_unload(site.entry.entry_id)
    await site.hass.config_entries.async_setup(site.entry.entry_id)
    await site.settled()

    assert site.coordinator.jobs.history.store() == stored
    assert await rows(site.hass, sensor) == before


async def test_a_floor_that_is_gone_does_not_hold_up_the_others(
    site: Site, manager: EnlightedSimulator
) -> None:
    await filled(site)
    again = history.HistoryFiller(
        site.hass, site.coordinator.client.get_floor_windows, lambda _floor: None, lambda: None
    )
    until = site.coordinator.meters.until("floor-1-lighting")
    assert until is not None
    await again.async_run([1, 99], until)
    assert again.store()["day"] == 2
    assert dict(again.store()["totals"])[99] == 0
