"""What a server is asked while nothing happens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from .figures import Figure
from .fresh import in_fresh_process
from .house import gatehouse
from .paxton_net2 import NET2
from .plan import Plan
from .server import Control, Server, server
from .table_tracker import TABLE_TRACKER

#: Requests a minute that each may be asked for; there is no floor to measure.
_ALLOWED: Final = {NET2.system: 2, TABLE_TRACKER.system: 1}
_SUBJECTS: Final = {subject.system: subject for subject in (NET2, TABLE_TRACKER)}
#: Every 5 seconds a list of orders, and now and then a try to connect.
_ALLOWED_WITHOUT_SOCKET: Final = 15


async def quiet_requests(plan: Plan) -> AsyncIterator[Figure]:
    """Count the requests that servers get while the stream is up and nobody comes."""
    async with (
        server(NET2.system, "--doors=4") as net2,
        server(TABLE_TRACKER.system) as gateway,
        server(TABLE_TRACKER.system) as deaf,
    ):
        counts = await asyncio.gather(
            in_fresh_process(_measure, NET2.system, net2, plan.quiet_seconds),
            in_fresh_process(_measure, TABLE_TRACKER.system, gateway, plan.quiet_seconds),
            in_fresh_process(_measure_without_socket, deaf, plan.quiet_seconds),
        )
    names = ("quiet_requests", "quiet_gateway_requests", "quiet_gateway_requests_without_socket")
    bounds = (*_ALLOWED.values(), _ALLOWED_WITHOUT_SOCKET)
    for name, count, bound in zip(names, counts, bounds, strict=True):
        yield Figure(
            name=name,
            value=count * 60 / plan.quiet_seconds,
            unit="requests/min",
            baseline=bound,
        )


async def _measure(system: str, quiet: Server, seconds: float) -> int:
    async with gatehouse(_SUBJECTS[system], quiet), Control(quiet) as site:
        return await _count(site, seconds)


async def _measure_without_socket(deaf: Server, seconds: float) -> int:
    async with Control(deaf) as site:
        await site.do("fail", status=503, path="websocket", times=1_000_000)
        async with gatehouse(TABLE_TRACKER, deaf, is_live=False):
            return await _count(site, seconds)


async def _count(site: Control, seconds: float) -> int:
    before = await site.request_count()
    await asyncio.sleep(seconds)
    return await site.request_count() - before
