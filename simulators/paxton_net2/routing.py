"""Routes of the REST API as a table, and what a handler is given and gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from .faults import Net2Faults
from .people import User
from .wire import BadRequestError, Body, Json
from .world import World


class RefusedError(Exception):
    """The request is refused, with a status and the text of its `message`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """A request that found its route: the ids in its path, its query, its body, who asks."""

    world: World
    faults: Net2Faults
    ids: tuple[int, ...]
    query: Mapping[str, str]
    data: bytes
    operator_id: int
    commands: list[Command]

    @property
    def body(self) -> Body:
        """The JSON object in the body."""
        return Body.parse(self.data)

    @property
    def zone(self) -> tzinfo:
        """The server's time zone."""
        return self.world.zone


@dataclass(frozen=True, slots=True)
class Command:
    """A command that the server received."""

    name: str
    door_id: int | None = None
    relay: str | None = None
    action: str | None = None
    seconds: float | None = None
    led: str | None = None
    lockdown: bool | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: JSON, or raw content of a type of its own."""

    value: Json = None
    status: int = 200
    raw: bytes | None = None
    content_type: str = "application/json"


#: An answer without a body.
DONE = Reply(status=204, raw=b"")

type Handler = Callable[[Request], Reply]
#: By verb and path; `{}` stands for a number.
type Routes = Mapping[tuple[str, str], Handler]


class Router:
    """Finds the handler of a path, in any case."""

    def __init__(self, base: str, *tables: Routes) -> None:
        self._handlers = {
            (verb, base + path): handler
            for table in tables
            for (verb, path), handler in table.items()
        }
        self._paths = {path for _, path in self._handlers}

    def find(self, verb: str, path: str) -> tuple[Handler, tuple[int, ...]]:
        """Return the handler, and the numbers in the path.

        Raises:
            RefusedError: 404 when there is no such path, 405 when not for this verb.
        """
        parts = path.lower().strip("/").split("/")
        template = "/" + "/".join("{}" if part.isdecimal() else part for part in parts)
        if template not in self._paths:
            raise RefusedError(404, f"No HTTP resource was found that matches {path!r}.")
        handler = self._handlers.get((verb, template))
        if handler is None:
            raise RefusedError(405, f"The requested resource does not support {verb!r}.")
        return handler, tuple(int(part) for part in parts if part.isdecimal())


def found[T](things: Mapping[int, T], number: int) -> T:
    """Return the thing with that id.

    Raises:
        RefusedError: 404, there is none.
    """
    if number not in things:
        raise RefusedError(404, "Not found.")
    return things[number]


def user_of(request: Request) -> User:
    """Return the user whose id comes first in the path."""
    return found(request.world.users, request.ids[0])


def whole(query: Mapping[str, str], key: str, default: int) -> int:
    """Return a number of the query."""
    text = query.get(key, str(default))
    if not text.isdecimal():
        raise BadRequestError(f"{key} is not a number")
    return int(text)
