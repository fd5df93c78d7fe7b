"""When is asked for what, and how often that is in all."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gatehouse.systems.enlighted_manage.rounds import (
    Rounds,
    Tier,
    after_reports,
    after_windows,
    device_interval,
    occupancy_interval,
)
from simulators.enlighted_manage import EnlightedSimulator

from ..watching import eventually
from .site import Site

NOW = datetime(2026, 6, 3, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def nothing() -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("requests", "seconds"), [(1, 60), (4, 60), (45, 60), (60, 80), (80, 90), (500, 90)]
)
def test_many_floors_are_asked_slower_but_not_too_slow(requests: int, seconds: float) -> None:
    """More than 90 s would miss people who come and go (section 5)."""
    assert occupancy_interval(MINUTE, requests).total_seconds() == seconds


@pytest.mark.parametrize(("floors", "seconds"), [(1, 60), (4, 60), (10, 150), (40, 600)])
def test_gateways_and_receptacles_share_a_budget(floors: int, seconds: float) -> None:
    assert device_interval(floors).total_seconds() == seconds


@pytest.mark.parametrize(
    ("now", "due"),
    [("10:00:00", "10:01"), ("10:00:59", "10:01"), ("10:01:00", "10:06"), ("10:05:30", "10:06")],
)
def test_statistics_are_read_a_minute_after_the_sensors_reported(now: str, due: str) -> None:
    moment = datetime.fromisoformat(f"2026-06-03T{now}+00:00")
    assert after_reports(moment, 5 * MINUTE) == datetime.fromisoformat(f"2026-06-03T{due}+00:00")


@pytest.mark.parametrize(
    ("now", "due"),
    [("10:05:59", "10:06"), ("10:06:00", "10:21"), ("10:20:00", "10:21"), ("10:51:00", "11:06")],
)
def test_energy_is_read_a_minute_after_its_window_is_there(now: str, due: str) -> None:
    moment = datetime.fromisoformat(f"2026-06-03T{now}+00:00")
    assert after_windows(moment) == datetime.fromisoformat(f"2026-06-03T{due}+00:00")


def in_a_minute(now: datetime) -> datetime:
    """Return when something is due that is done every minute."""
    return now + MINUTE


def test_the_floors_of_a_large_site_take_turns() -> None:
    reports = [after_reports(NOW, 5 * MINUTE, place / 40, 40) for place in range(40)]
    assert reports[0] == NOW + MINUTE
    assert reports[-1] - reports[0] == timedelta(seconds=234)
    windows = [after_windows(NOW, place / 40, 40) for place in range(40)]
    assert windows[-1] - windows[0] == timedelta(seconds=390)
    # All of them are done before the next window closes.
    assert after_windows(NOW, 1.0, 40) - windows[0] < timedelta(minutes=9)


def rounds_of(*dues: int) -> Rounds:
    """Return the jobs of floors 1, 2, ..., each due after so many minutes."""
    rounds = Rounds()
    for floor, due in enumerate(dues, 1):
        rounds.add(Tier.OCCUPANCY, floor, nothing, in_a_minute, NOW + due * MINUTE)
    return rounds


def test_what_is_due_first_is_done_first() -> None:
    rounds = rounds_of(3, 1, 2)
    job = rounds.next(NOW)
    assert job
    assert job.floor == 2
    rounds.done(job, NOW + MINUTE)
    assert (job.due, job.tries) == (NOW + 2 * MINUTE, 1)


def test_a_job_that_fails_is_tried_ever_more_rarely() -> None:
    rounds = rounds_of(0)
    job = rounds.next(NOW)
    assert job
    pauses = []
    for _ in range(5):
        rounds.failed(job, NOW, None)
        pauses.append((job.due - NOW) / MINUTE)
    assert pauses == [1, 2, 4, 5, 5]
    rounds.failed(job, NOW, 900.0)
    assert job.due == NOW + 15 * MINUTE
    rounds.done(job, NOW)
    rounds.failed(job, NOW, None)
    assert job.due == NOW + MINUTE


def test_a_clock_that_is_set_back_keeps_nothing_waiting() -> None:
    rounds, before = rounds_of(1), NOW - timedelta(days=1)
    assert rounds.next(NOW)
    job = rounds.next(before)
    assert job
    assert job.due == before


def test_hurry_leaves_what_is_overdue_in_its_place() -> None:
    rounds = rounds_of(-3, 5)
    rounds.hurry(NOW, Tier.OCCUPANCY)
    first = rounds.next(NOW)
    assert first
    assert first.due == NOW - 3 * MINUTE
    rounds.remove_floor(1)
    second = rounds.next(NOW)
    assert second
    assert (second.floor, second.due) == (2, NOW)
    assert not rounds.has(Tier.OCCUPANCY, 1)


class TestLargeSite:
    """Forty floors."""

    @pytest.fixture
    async def manager(self, socket_enabled: None) -> AsyncGenerator[EnlightedSimulator]:
        """Run a manager with forty floors."""
        async with EnlightedSimulator(floors=40, fixtures=400) as running:
            running.clock.set(NOW)
            yield running
            assert running.world.mistakes == []

    async def test_forty_floors_take_eighty_requests_a_minute_at_most(self, site: Site) -> None:
        coordinator, minutes = site.coordinator, []
        for _ in range(20):
            before = len(site.manager.requests)
            for _ in range(6):
                site.manager.clock.advance(10)
                # What tells that the clock has moved is not counted.
                await coordinator.client.get_floors()
                coordinator.hurry()

                def is_done() -> bool:
                    now = coordinator.client.now()
                    job = coordinator.rounds.next(now)
                    return job is not None and job.due > now

                await eventually(is_done, "everything that is due")
            minutes.append(len(site.manager.requests) - before - 6)
        assert 40 <= sum(minutes) / len(minutes) <= 80
        # Neither does a single minute take many more, but that a round of all floors is one.
        assert max(minutes) <= 80 + 50
