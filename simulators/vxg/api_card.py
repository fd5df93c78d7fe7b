"""v2: what a camera keeps on its memory card (section 3.3)."""

from typing import Final

from .routing import Request, Route, act, kinds
from .storage import Task
from .wire import Json, JsonObject, RefusedError, Reply, moment_of, stamp

_ONE: Final = kinds("LKey", "Acc")
_CARD: Final = "/api/v2/storage/memory_card/{id}"


def _task(task: Task) -> JsonObject:
    return {"id": task.id, "status": task.status}


async def _begin_task(request: Request) -> Reply:
    if "memory_card" not in request.camera.settings:
        raise RefusedError(404, "There is no memory card")
    start, end = moment_of(request.body, "start"), moment_of(request.body, "end")
    if start is None or end is None:
        raise RefusedError(400, "start and end are needed")
    task = request.world.storage.add_task(request.camera.id, start, end)
    return Reply(_task(task), 201)


async def _poll_task(request: Request) -> Reply:
    task = request.world.storage.tasks.get(request.variables["task"])
    if task is None:
        raise RefusedError(404, "No such task")
    request.world.storage.poll_task(task)
    if "timeline" in request.path and task.status == "done":
        spans: list[Json] = [[stamp(task.start), int(task.end - task.start)]]
        return Reply({**_task(task), "objects": [{"3": spans}]})
    return Reply(_task(task))


async def _cancel_task(request: Request) -> Reply:
    request.world.storage.tasks.pop(request.variables["task"], None)
    return await act(request)


ROUTES: Final = (
    Route("POST", f"{_CARD}/timeline", _begin_task, _ONE, needs_all=True),
    Route("GET", f"{_CARD}/timeline/{{task}}", _poll_task, _ONE, needs_all=True),
    Route("POST", f"{_CARD}/synchronize", _begin_task, _ONE, needs_all=True, command="sync_card"),
    Route("GET", f"{_CARD}/synchronize/{{task}}", _poll_task, _ONE, needs_all=True),
    Route("POST", f"{_CARD}/synchronize/{{task}}/cancel", _cancel_task, _ONE, needs_all=True),
)
