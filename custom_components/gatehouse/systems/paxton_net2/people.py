"""Who is who: the names behind the user ids of events."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant

from .client import AccessEvent, Net2Client, Net2Error, Net2NotFoundError, Net2PermissionError
from .const import LOGGER, PEOPLE_INTERVAL

#: Seconds between two reads of the list because of people it did not hold.
_STRANGER_INTERVAL: Final = 60


class People:
    """The names of Net2's users, read now and then.

    The list holds thousands of people on large sites, so it is never read for a single event:
    until the next read an unknown person goes by the name that the event itself carries.
    """

    def __init__(self, hass: HomeAssistant, client: Net2Client, *, hide_names: bool) -> None:
        """Know nobody yet."""
        self._hass = hass
        self._client = client
        self._hide_names = hide_names
        self._names: Mapping[int, str] = {}
        self._count: int | None = None
        self._read_at: float | None = None
        #: People that no read has held yet; some never will, such as those who were deleted.
        self._strangers: set[int] = set()
        self._is_due_soon = False
        self._is_allowed = True

    @property
    def count(self) -> int | None:
        """How many people there are; None where the operator may not know."""
        return self._count

    def name_of(self, event: AccessEvent) -> str | None:
        """Return the name of an event's person, unless names are to be left out."""
        if self._hide_names or event.user_id is None:
            return None
        if name := self._names.get(event.user_id):
            return name
        if event.user_id not in self._strangers:
            self._strangers.add(event.user_id)
            self._is_due_soon = True
        return event.user_name

    async def async_read(self) -> None:
        """Read the list if it is due; the operator may lack the right, which is no failure."""
        interval = PEOPLE_INTERVAL.total_seconds()
        if self._is_due_soon:
            interval = _STRANGER_INTERVAL
        now = self._hass.loop.time()
        if not self._is_allowed or (self._read_at is not None and now < self._read_at + interval):
            return
        self._read_at, self._is_due_soon = now, False
        try:
            users = await self._client.get_users()
        except Net2PermissionError, Net2NotFoundError:
            self._is_allowed = False
            LOGGER.info("The operator may not read the users: events keep the names they carry")
        except Net2Error as err:
            LOGGER.debug("Users not read: %s", type(err).__name__)
            self._is_due_soon = True
        else:
            self._count = len(users)
            if not self._hide_names:
                self._names = {user.id: user.name for user in users}
