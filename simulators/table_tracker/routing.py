"""Requests and the table of routes: what each may be asked, and who may ask it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
import re
from typing import TYPE_CHECKING

from .codes import MESSAGES, RefusedError

if TYPE_CHECKING:
    from .access import Access, Token
    from .webhooks import Webhooks
    from .wire import Json, Wire
    from .world import World


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a client asked the gateway to change."""

    name: str
    arguments: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply's return code, and what it holds."""

    code: int
    body: Mapping[str, Json] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Gateway:
    """What handlers work on."""

    world: World
    access: Access
    wire: Wire
    webhooks: Webhooks


@dataclass(frozen=True, slots=True)
class Request:
    """A request, as a handler sees it; `token` is the caller's, where one is needed."""

    gateway: Gateway
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Json]
    token: Token | None

    def text(self, name: str, missing: int, invalid: int, pattern: str) -> str:
        """Return a text of the body, or refuse the request with one of these codes."""
        value = self.body.get(name)
        if value is None:
            raise RefusedError(missing)
        if isinstance(value, bool) or not re.fullmatch(pattern, str(value)):
            raise RefusedError(invalid)
        return str(value)


type Handler = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """A route below `/api/v2`.

    `unknown` is for what is marked U in the protocol notes: its content is our choice. `command`
    is what it is noted as when it changes something.
    """

    method: str
    pattern: str
    handler: Handler
    secured: bool = True
    query: frozenset[str] = frozenset()
    unknown: bool = False
    command: str | None = None

    def match(self, path: str) -> dict[str, str] | None:
        """Return the variables in a path, None where it is another's."""
        found = re.fullmatch(self.pattern, path)
        return found.groupdict() if found else None


def said(code: int) -> Reply:
    """Reply with a message."""
    return Reply(code, {"message": MESSAGES[code]})
