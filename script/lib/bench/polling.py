"""What it takes to take over the statistics of a large building, beside parsing them."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import random
from statistics import median
from time import process_time
from typing import Any, Final
from unittest.mock import patch

import orjson

from homeassistant.core import HomeAssistant

from .enlighted_manage import SEND, building, followed, read, resolve
from .figures import BenchError, Figure
from .fresh import in_fresh_process
from .plan import Plan
from .server import Server
from .watch import Stored, stored

_STATISTICS: Final = "/stats/floor/"
_TIER: Final = "statistics"
#: How many of the fixtures change.
_SHARE: Final = 0.01
#: From one report of the sensors to the next.
_INTERVAL: Final = timedelta(minutes=5)
_TIMES: Final = ("captureTime", "lastCommunicationtime")
_TIME: Final = "%Y-%m-%d %H:%M"

type Row = dict[str, str]
#: The rows of each floor, below the name that they come with.
type Reports = Mapping[str, Mapping[str, list[Row]]]


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of all floors took, in seconds; parsing the same bytes; and what it stored."""

    seconds: float
    parsing: float
    stored: Stored


async def poll_cpu(plan: Plan) -> AsyncIterator[Figure]:
    """Take over the statistics of all floors, unchanged and with one fixture in a hundred changed.

    The work begins with the bytes of an answer and ends when the states are written: answers are
    given in place of the link, so that HTTP is no part of it. Each poll brings new times for
    every row, as those of a manager do. Beside it stands orjson, which parses the same bytes.
    """
    async with building(plan.floors, plan.fixtures) as manager:
        unchanged, changed = await in_fresh_process(_measure, manager, plan.polls)
    for name, polls in (("unchanged", unchanged), ("changed", changed)):
        yield Figure(
            name=f"poll_{name}_cpu",
            value=median(poll.seconds * 1e3 for poll in polls),
            unit="ms",
            baseline=median(poll.parsing * 1e3 for poll in polls),
        )
        yield Figure(
            name=f"poll_{name}_states",
            value=median(poll.stored.writes for poll in polls),
            unit="states",
            # None is to be written that does not change.
            baseline=median(poll.stored.changes for poll in polls),
        )
    if any(poll.stored.writes for poll in unchanged):
        raise BenchError("a poll wrote states though nothing had changed")
    if not all(poll.stored.writes == poll.stored.changes > 0 for poll in changed):
        raise BenchError("a poll wrote states that had not changed, or none that had")


async def _measure(manager: Server, count: int) -> tuple[list[Poll], list[Poll]]:
    async with followed(manager) as (hass, coordinator):
        replies, reports = await _record(coordinator)
        # Nothing else happens from here on.
        await coordinator.async_stop()
        await hass.async_block_till_done()
        jobs = _jobs(coordinator.rounds, len(replies))
        changing = _some(reports)
        unchanged: list[Poll] = []
        changed: list[Poll] = []
        # What comes first is not what was there before.
        await _poll(hass, jobs, replies, _bodies(reports, 0))
        for turn in range(1, count + 1):
            _change(changing, turn)
            changed.append(await _poll(hass, jobs, replies, _bodies(reports, 2 * turn)))
            unchanged.append(await _poll(hass, jobs, replies, _bodies(reports, 2 * turn + 1)))
        return unchanged, changed


async def _poll(
    hass: HomeAssistant,
    jobs: Sequence[Any],
    replies: Mapping[str, Any],
    bodies: Mapping[str, bytes],
) -> Poll:
    began = process_time()
    for body in bodies.values():
        orjson.loads(body)
    parsing = process_time() - began
    given = {floor: replace(reply, body=bodies[floor]) for floor, reply in replies.items()}
    with _answers(given), stored(hass) as found:
        began = process_time()
        for job in jobs:
            await job.run()
        seconds = process_time() - began
        await asyncio.sleep(0)
    return Poll(seconds, parsing, found)


# What the manager said


async def _record(coordinator: Any) -> tuple[dict[str, Any], Reports]:
    """Return how the manager answers for each floor: the answers, and what they hold."""
    replies: dict[str, Any] = {}
    send = resolve(SEND)

    async def record(link: Any, method: str, path: str, **kwargs: Any) -> Any:
        reply = await send(link, method, path, **kwargs)
        if _STATISTICS in path:
            replies[_floor_of(path)] = reply
        return reply

    with patch(SEND, record):
        await read(coordinator, _TIER)
    return replies, {floor: orjson.loads(reply.body) for floor, reply in replies.items()}


@contextmanager
def _answers(replies: Mapping[str, Any]) -> Iterator[None]:
    """Have the statistics answered at once."""
    send = resolve(SEND)

    async def answer(link: Any, method: str, path: str, **kwargs: Any) -> Any:
        if _STATISTICS in path:
            return replies[_floor_of(path)]
        return await send(link, method, path, **kwargs)

    with patch(SEND, answer):
        yield


def _floor_of(path: str) -> str:
    return path.partition(_STATISTICS)[2].partition("/")[0]


def _jobs(rounds: Any, count: int) -> list[Any]:
    """Return the jobs that read the statistics, in their order."""
    jobs: list[Any] = []
    # They are due before all others.
    rounds.hurry(datetime.fromisoformat("2000-01-01T00:00Z"), _TIER)
    for _ in range(count):
        job = rounds.next(now := datetime.now().astimezone())
        rounds.done(job, now)
        jobs.append(job)
    if {job.tier for job in jobs} != {_TIER}:
        raise BenchError("the jobs for the statistics were not found")
    return jobs


# What it would have said later


def _some(reports: Reports) -> list[list[Row]]:
    """Return the rows of each of the fixtures that are to change."""
    rows: dict[str, list[Row]] = {}
    for row in _rows(reports):
        if row["avgDimLevel"] != "-1":
            rows.setdefault(row["id"], []).append(row)
    count = max(1, round(len(rows) * _SHARE))
    return random.Random(1).sample(list(rows.values()), count)


def _change(fixtures: list[list[Row]], turn: int) -> None:
    """Let each of some fixtures report something else."""
    for index, rows in enumerate(fixtures):
        for row in rows:
            row["power"] = f"{20 + (turn + index) % 13}.50"
            row["temperature"] = str(70 + (turn + index) % 7)
            row["lightLevel"] = str(300 + turn % 100)
            row["avgDimLevel"] = str(40 + (turn + index) % 11)


def _bodies(reports: Reports, intervals: int) -> dict[str, bytes]:
    """Return what is answered so many intervals later."""
    later: dict[str, str] = {}

    def shift(text: str) -> str:
        if text not in later:
            moment = datetime.strptime(text, _TIME) + intervals * _INTERVAL
            later[text] = moment.strftime(_TIME)
        return later[text]

    def shifted(row: Row) -> Row:
        return {**row, **{name: shift(row[name]) for name in _TIMES}}

    return {
        floor: orjson.dumps({name: [shifted(row) for row in rows] for name, rows in report.items()})
        for floor, report in reports.items()
    }


def _rows(reports: Reports) -> Iterator[Row]:
    for report in reports.values():
        for rows in report.values():
            yield from rows
