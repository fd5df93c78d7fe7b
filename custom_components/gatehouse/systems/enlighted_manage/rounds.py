"""When to ask for what: the jobs of a site, each with the moment it is due by the manager's clock.

One job after the other is done, so that a small appliance has one request of ours at a time and
a command finds the other place free. The manager's clock counts, because its windows and its
reports keep that time.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from .client import WINDOW
from .const import (
    DEVICE_REQUESTS,
    ENERGY_DELAY,
    FASTEST_DEVICES,
    OCCUPANCY_REQUESTS,
    SLOWEST_OCCUPANCY,
    STATISTICS_DELAY,
)

_MINUTE = timedelta(minutes=1)
#: Until a job that failed is tried again; it doubles with each time, up to the longest.
_RETRY = timedelta(seconds=60)
_LONGEST_RETRY = timedelta(minutes=5)
#: How far apart floors are asked, and over how long that may be in all.
_STATISTICS_APART = timedelta(seconds=6)
_STATISTICS_SPREAD = timedelta(minutes=4)
_ENERGY_APART = timedelta(seconds=10)
_ENERGY_SPREAD = timedelta(minutes=8)
#: The manager tells its time in whole seconds; what goes back further was set.
_BACK = timedelta(seconds=10)


class Tier(StrEnum):
    """What a job reads; those that others need come first."""

    STRUCTURE = "structure"
    OCCUPANCY = "occupancy"
    STATISTICS = "statistics"
    DEVICES = "devices"
    ENERGY = "energy"
    MANAGER = "manager"


@dataclass(slots=True)
class Job:
    """Something to be done again and again."""

    tier: Tier
    floor: int
    run: Callable[[], Awaitable[None]]
    #: Return when it is due again, told when it was done.
    again: Callable[[datetime], datetime]
    due: datetime
    #: How often it was tried, and failed since it was last done.
    tries: int = 0
    failures: int = 0


class Rounds:
    """The jobs of a site."""

    def __init__(self) -> None:
        """Have nothing to do."""
        self._jobs: dict[tuple[Tier, int], Job] = {}
        #: When it was last looked what is due.
        self._now = datetime.min.replace(tzinfo=UTC)

    def add(
        self,
        tier: Tier,
        floor: int,
        run: Callable[[], Awaitable[None]],
        again: Callable[[datetime], datetime],
        due: datetime,
    ) -> None:
        """Do something from `due` on."""
        self._jobs[tier, floor] = Job(tier, floor, run, again, due)

    def remove_floor(self, floor: int) -> None:
        """Do nothing more for a floor."""
        self._jobs = {key: job for key, job in self._jobs.items() if job.floor != floor}

    def has(self, tier: Tier, floor: int) -> bool:
        """Return whether there is such a job."""
        return (tier, floor) in self._jobs

    def hurry(self, now: datetime, *tiers: Tier, floor: int | None = None) -> None:
        """Do jobs at once."""
        for job in self._jobs.values():
            if job.tier in tiers and floor in (None, job.floor):
                # What is overdue keeps its place: floors come before what they add up to.
                job.due = min(job.due, now)

    def next(self, now: datetime) -> Job | None:
        """Return the job that is due first, None where there is none.

        A clock that was set back would keep them all waiting for as long: they are due at once.
        """
        if now + _BACK < self._now:
            for job in self._jobs.values():
                job.due = min(job.due, now)
        self._now = now
        return min(self._jobs.values(), key=lambda job: job.due, default=None)

    @property
    def is_first_round_over(self) -> bool:
        """Whether everything was tried once."""
        return all(job.tries for job in self._jobs.values())

    def tries(self, *tiers: Tier) -> list[int]:
        """Return how often each job of some tiers was tried."""
        return [job.tries for job in self._jobs.values() if job.tier in tiers]

    @staticmethod
    def done(job: Job, now: datetime) -> None:
        """Note that a job was done."""
        job.tries += 1
        job.failures = 0
        job.due = job.again(now)

    @staticmethod
    def failed(job: Job, now: datetime, asked: float | None) -> None:
        """Note that a job could not be done, and for how many seconds it is asked to wait."""
        job.tries += 1
        job.failures += 1
        pause = min(_RETRY * 2 ** min(job.failures - 1, 8), _LONGEST_RETRY)
        job.due = now + max(pause, timedelta(seconds=asked or 0))


def after_reports(
    now: datetime, interval: timedelta, place: float = 0, floors: int = 1
) -> datetime:
    """Return when to ask what sensors reported, who do so at full five minutes.

    Args:
        now: The time.
        interval: How often.
        place: Which of the floors it is about, from 0 to below 1: a large site is asked evenly.
        floors: How many there are.
    """
    spread = min(floors * _STATISTICS_APART, _STATISTICS_SPREAD)
    return next_slot(now, interval, STATISTICS_DELAY + spread * place)


def after_windows(now: datetime, place: float = 0, floors: int = 1) -> datetime:
    """Return when the next window of energy can be read, for the floor at a `place`.

    At 1 all floors have been read.
    """
    spread = min(floors * _ENERGY_APART, _ENERGY_SPREAD)
    return next_slot(now, WINDOW, ENERGY_DELAY + spread * place)


def occupancy_interval(wanted: timedelta, requests: int) -> timedelta:
    """Return how often to ask who is where, with so many requests for each round."""
    if requests <= OCCUPANCY_REQUESTS:
        return wanted
    fits = _MINUTE * requests / OCCUPANCY_REQUESTS
    return max(wanted, min(fits, SLOWEST_OCCUPANCY))


def device_interval(floors: int) -> timedelta:
    """Return how often to ask for gateways and receptacles, which takes two requests a floor."""
    return max(FASTEST_DEVICES, _MINUTE * 2 * floors / DEVICE_REQUESTS)


def next_slot(now: datetime, interval: timedelta, delay: timedelta) -> datetime:
    """Return the next moment that is so long after a full interval."""
    seconds = interval.total_seconds()
    begun = (now - delay).timestamp() // seconds * seconds
    return datetime.fromtimestamp(begun + seconds, now.tzinfo) + delay
