"""Waiting for something to become true."""

import asyncio
from collections.abc import Awaitable, Callable

#: Generous, for a slow machine that others share: it only costs time when something is wrong.
PATIENCE = 60.0


async def eventually[T](read: Callable[[], Awaitable[T]], wanted: Callable[[T], object]) -> T:
    """Read until it is as wanted, and return it."""
    seen: T | None = None
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                seen = await read()
                if wanted(seen):
                    return seen
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"this was seen last: {seen}") from None
