"""What the server is asked while nothing happens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from .figures import Figure
from .fresh import in_fresh_process
from .house import gatehouse
from .plan import Plan
from .server import Control, Server, server

#: Requests a minute that a server may be asked for; there is no floor to measure.
_ALLOWED: Final = 2
_DOORS: Final = 4


async def quiet_requests(plan: Plan) -> AsyncIterator[Figure]:
    """Count the requests that a server gets while the stream is up and nobody comes."""
    async with server(_DOORS) as quiet:
        count = await in_fresh_process(_measure, quiet, plan.quiet_seconds)
    yield Figure(
        name="quiet_requests",
        value=count * 60 / plan.quiet_seconds,
        unit="requests/min",
        baseline=_ALLOWED,
    )


async def _measure(quiet: Server, seconds: float) -> int:
    async with gatehouse(quiet), Control(quiet) as site:
        before = await site.request_count()
        await asyncio.sleep(seconds)
        return await site.request_count() - before
