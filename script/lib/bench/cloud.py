"""What a cloud is asked while nothing happens, by the kind of credential and how many cameras."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final, cast

from script.lib.demo.api import Json

from .figures import Figure
from .fresh import in_fresh_process
from .house import GATEHOUSE, add, entry_of, home_assistant
from .plan import Plan
from .server import Control, Server, server

_SYSTEM: Final = "vxg"
#: The kinds of credential, and for how many cameras each is tried. A channel's token is for one.
_KINDS: Final[Mapping[str, tuple[int, ...]]] = {
    "group": (1, 25, 60),
    "key": (1, 25, 60),
    "key_by_camera": (1, 25, 60),
    "channel": (1,),
}
#: Requests a minute that a group's token may cost, however many cameras there are.
_ALLOWED: Final = 15
#: Requests in a second that are few enough to say that all settings have been read.
_STILL: Final = 3


async def cloud_requests(plan: Plan) -> AsyncIterator[Figure]:
    """Count the requests that a cloud gets once everything about its cameras was read."""
    cases = [(kind, count) for kind, counts in _KINDS.items() for count in counts]
    async with asyncio.TaskGroup() as group:
        counting = [
            group.create_task(_count(kind, cameras, plan.quiet_seconds)) for kind, cameras in cases
        ]
    for (kind, cameras), task in zip(cases, counting, strict=True):
        yield Figure(
            name=f"cloud_requests_{kind}_{cameras}",
            value=task.result() * 60 / plan.quiet_seconds,
            unit="requests/min",
            # Where each camera has to be asked by itself, that is once a minute.
            baseline=_ALLOWED + (cameras if kind == "key_by_camera" else 0),
        )


async def _count(kind: str, cameras: int, seconds: float) -> int:
    async with server(_SYSTEM, f"--cameras={cameras}") as cloud:
        return await in_fresh_process(_measure, kind, cloud, seconds)


async def _measure(kind: str, cloud: Server, seconds: float) -> int:
    async with Control(cloud) as site, home_assistant(GATEHOUSE) as hass:
        if kind == "key_by_camera":
            await site.do("faults", key_reads_all_events=False)
        credential = await _credential(kind, cloud, site)
        data = {
            "system": _SYSTEM,
            "credential": credential,
            "host": cloud.ready["host"],
            "port": cloud.ready["port"],
            "use_https": False,
            "path": "",
        }
        await add(hass, entry_of("gatehouse", data))
        await _settle(site)
        before = await site.request_count()
        await asyncio.sleep(seconds)
        return await site.request_count() - before


async def _credential(kind: str, cloud: Server, site: Control) -> object:
    if kind == "channel":
        cameras = cast(list[Json], (await site.state())["cameras"])
        return cameras[0]["channel_token"]
    return cloud.ready["group_token" if kind == "group" else "licence_key"]


async def _settle(site: Control) -> None:
    """Wait until the settings have been read."""
    before, now = 0, await site.request_count()
    while now - before > _STILL:
        await asyncio.sleep(1)
        before, now = now, await site.request_count()
