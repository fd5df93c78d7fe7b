"""Requests as the handlers see them, and which handler is whose."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
import re
from typing import Final

from .cameras import Camera
from .tickets import Tickets
from .tokens import Caller
from .wire import JsonObject, RefusedError, Reply
from .world import World

_VARIABLE: Final = re.compile(r"\{(\w+)\}")
_KINDS: Final = frozenset({"LKey", "Acc", "SI"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is allowed."""

    world: World
    tickets: Tickets
    caller: Caller
    path: str
    variables: Mapping[str, str]
    query: Mapping[str, str]
    body: JsonObject
    #: What was sent where the API takes a list (v4 metadata).
    items: list[JsonObject] = field(default_factory=list)

    @property
    def camera(self) -> Camera:
        """The camera that it is about: named in the path or the query, or by the token."""
        named = self.variables.get("id") or self.query.get("camid") or self.body.get("camid")
        if named is None:
            named = self.caller.camera
        if named is None:
            raise RefusedError(400, "camid is missing")
        if not str(named).isdigit():
            raise RefusedError(404, "No such camera")
        return self.world.find(self.caller, int(str(named)))


type Handler = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, and who may use it."""

    method: str
    path: str
    handler: Handler
    #: The kinds of credential that it takes; the empty set is everybody, without any.
    kinds: frozenset[str] = _KINDS
    #: Whether a credential that may only look is refused.
    needs_all: bool = False
    #: What of the finer grants does as well as `all` (2.5).
    grants: frozenset[str] = frozenset()
    #: The name under which it is noted that a camera was told something.
    command: str = ""

    def match(self, path: str) -> Mapping[str, str] | None:
        """Return the variables of a path that is this one."""
        pattern = _VARIABLE.sub(r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


def kinds(*names: str) -> frozenset[str]:
    """Return the kinds of credential that a route takes."""
    return frozenset(names)


async def act(request: Request) -> Reply:
    """Answer something that a camera was told, which some servers do without a body (10.17)."""
    return Reply(None if request.world.faults.empty_actions else {}, 200)
