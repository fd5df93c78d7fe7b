"""A clock that runs by itself and that tests can turn."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from simulators.kit.clock import Clock


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    yield clock
    clock.close()


async def test_it_shows_the_machines_time(clock: Clock) -> None:
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60


async def test_what_falls_due_happens_by_itself(clock: Clock) -> None:
    happened = asyncio.Event()
    clock.call_later(0.05, happened.set)

    async with asyncio.timeout(30):
        await happened.wait()


async def test_turning_it_lets_things_happen_in_order_and_at_their_time(clock: Clock) -> None:
    start = clock.time()
    happened: list[tuple[str, int]] = []

    def note(name: str) -> None:
        happened.append((name, round(clock.time() - start)))

    clock.call_later(20, lambda: note("later"))
    clock.call_later(10, lambda: (note("first"), clock.call_later(5, lambda: note("second"))))
    clock.call_later(100, lambda: note("not yet"))
    clock.advance(60)

    assert happened == [("first", 10), ("second", 15), ("later", 20)]
    assert round(clock.time() - start) == 60


async def test_what_is_cancelled_does_not_happen(clock: Clock) -> None:
    happened: list[int] = []
    timer = clock.call_later(1, lambda: happened.append(1))

    timer.cancel()
    clock.advance(2)

    assert not happened


async def test_setting_it_runs_nothing_and_keeps_the_waiting_times(clock: Clock) -> None:
    happened: list[int] = []
    clock.call_later(10, lambda: happened.append(1))

    clock.set(datetime(2030, 3, 31, 0, 59, tzinfo=UTC))
    clock.advance(9)
    assert not happened
    clock.advance(2)

    assert happened
    assert clock.now().replace(second=0, microsecond=0) == datetime(2030, 3, 31, 0, 59, tzinfo=UTC)
