"""What the parts of the client share: the way in, the manager's clock, and its zone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import batched
from typing import Final

from .access import Access
from .decode import Json, Row, Unreadable, fold, rows
from .errors import EnlightedRejectedError, EnlightedResponseError
from .link import ManagerLink
from .settings import EnlightedSettings

#: How many fixtures one command names; the vendor names no limit (section 3.0).
CHUNK: Final = 50


class ManagerApi:
    """The base of the parts of the client."""

    def __init__(self, link: ManagerLink, settings: EnlightedSettings) -> None:
        """Prepare; nothing is sent."""
        self.settings = settings
        #: The manager's; its times are read in it.
        self.time_zone: tzinfo = UTC
        self._link = link
        self._access = Access(link, settings)

    @property
    def clock_offset(self) -> timedelta:
        """What to add to this machine's time to have the manager's."""
        return self._link.clock_offset

    def now(self) -> datetime:
        """Return the time by the manager's clock."""
        return datetime.now(UTC) + self._link.clock_offset

    async def _rows(self, path: str, *wrappers: str) -> Iterator[Row]:
        """Read a list.

        Raises:
            EnlightedRejectedError: There is a refusal instead, which some answers are with 200.

        """
        content = await self._access.get(path)
        if "response" not in wrappers and _is_refusal(content):
            raise EnlightedRejectedError("The manager refused it")
        try:
            return rows(content, *wrappers)
        except Unreadable:
            raise EnlightedResponseError("The answer lacks the list that was asked for") from None

    async def _row(self, path: str, *wrappers: str) -> Row:
        """Read a record.

        Raises:
            EnlightedResponseError: There is none.

        """
        found = next(await self._rows(path, *wrappers), None)
        if found is None:
            raise EnlightedResponseError("The answer lacks what was asked for")
        return found

    async def _command_fixtures(self, path: str, fixtures: Iterable[int]) -> None:
        """Tell fixtures something, so many at a time.

        Raises:
            EnlightedError: Some of them were not told; those of the chunks before were.

        """
        for chunk in batched(fixtures, CHUNK, strict=False):
            check(await self._access.command("POST", path, fixtures_xml(chunk)))


def _is_refusal(content: Json) -> bool:
    """Tell whether an answer is a status and a message, and no list without anything in it."""
    keys = {fold(key) for key in content} if isinstance(content, dict) else set[str]()
    return "status" in keys and keys <= {"status", "msg"}


def fixtures_xml(fixtures: Iterable[int]) -> bytes:
    """Return the list of fixtures that a command is about, in the vendor's own form."""
    ids = "".join(f"<fixture><id>{fixture}</id></fixture>" for fixture in fixtures)
    return f"<fixtures>{ids}</fixtures>".encode()


def status_of(content: Json) -> int | None:
    """Return the status that a command is answered with; what it means differs (gotcha 11)."""
    try:
        answer = next(rows(content, "response"), None)
    except Unreadable:
        return None
    return None if answer is None else answer.integer("status")


def check(content: Json) -> None:
    """Take the answer of a command for which 0 means that it is done.

    Raises:
        EnlightedRejectedError: It says otherwise.

    """
    status = status_of(content)
    if status not in (0, None):
        raise EnlightedRejectedError(f"The manager did not do it (status {status})")
