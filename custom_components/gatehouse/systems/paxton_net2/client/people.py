"""People: users, their cards and what they may open."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Final

from .clock import ServerClock
from .errors import Net2Error, Net2OutcomeUnknownError, Net2ResponseError
from .models import NamedItem, NewUser, User, UserToken
from .parse import Json, JsonObject, Record, as_integer, read_named, read_token, read_user, rows
from .rest import Net2Rest


class Unchanged(Enum):
    """The type of `UNCHANGED`."""

    UNCHANGED = "unchanged"


#: What `update_user` leaves as it is; None clears instead.
UNCHANGED: Final = Unchanged.UNCHANGED


class PeopleApi:
    """Users, tokens, permissions, departments and levels (sections 3.5 and 3.6)."""

    clock: ServerClock
    _rest: Net2Rest

    async def get_users(self) -> tuple[User, ...]:
        """Return all users."""
        return rows(await self._rest.get("/users"), self._read_user)

    async def get_user(self, user_id: int) -> User:
        """Return one user.

        Raises:
            Net2NotFoundError: If there is no such user.

        """
        return self._user(await self._rest.get(f"/users/{user_id}"))

    async def create_user(self, new: NewUser) -> User:
        """Create a user with levels, department and card.

        If a later step is refused the user is deleted again, so nothing half-written stays.

        Raises:
            Net2OutcomeUnknownError: If the answer was lost, or the deletion failed.

        """
        created = await self._rest.post("/users", self._user_body(new))
        user_id = (
            Record(created).integer("id") if isinstance(created, dict) else as_integer(created)
        )
        if user_id is None:
            raise Net2OutcomeUnknownError("The server did not name the user it created")
        try:
            await self._complete_user(user_id, new)
            return await self.get_user(user_id)
        except Net2Error, asyncio.CancelledError:
            await self._undo(user_id)
            raise

    async def _complete_user(self, user_id: int, new: NewUser) -> None:
        if new.department_id is not None:
            names = {item.id: item.name for item in await self.get_departments()}
            department: Json = {
                "id": new.department_id,
                "name": names.get(new.department_id, ""),
            }
            await self._rest.put(f"/users/{user_id}/departments", department)
        if new.access_levels:
            await self.set_access_levels(user_id, new.access_levels)
        if new.card_number is not None:
            token: Json = {
                "tokenType": "ProxCard",
                "tokenValue": new.card_number,
                "isLost": False,
            }
            await self._rest.post(f"/users/{user_id}/tokens", token)

    async def _undo(self, user_id: int) -> None:
        try:
            await self.delete_user(user_id)
        except Net2Error:
            raise Net2OutcomeUnknownError(
                f"User {user_id} is half written and could not be deleted again"
            ) from None

    def _user_body(self, new: NewUser) -> JsonObject:
        body: JsonObject = {"firstName": new.first_name, "lastName": new.last_name}
        if new.activates is not None:
            body["activateDate"] = self._date(new.activates)
        if new.expires is not None:
            body["expiryDate"] = self._date(new.expires)
        if new.pin is not None:
            body["pin"] = new.pin
        return body

    async def update_user(
        self,
        user_id: int,
        *,
        activates: datetime | Unchanged | None = UNCHANGED,
        expires: datetime | Unchanged | None = UNCHANGED,
    ) -> None:
        """Change when a user may come and go; None lifts the limit.

        PUT replaces the whole user, so all the rest goes back as it was read (section 3.5).
        """
        user = _object(await self._rest.get(f"/users/{user_id}"))
        for key, value in (("activateDate", activates), ("expiryDate", expires)):
            if not isinstance(value, Unchanged):
                _replace(user, key, None if value is None else self._date(value))
        await self._rest.put(f"/users/{user_id}", user)

    async def set_access_levels(self, user_id: int, levels: Sequence[int]) -> None:
        """Replace a user's access levels; individual permissions stay."""
        path = f"/users/{user_id}/doorpermissionset"
        permissions = _object(await self._rest.get(path, empty={}))
        _replace(permissions, "accessLevels", list(levels))
        await self._rest.put(path, permissions)

    async def delete_user(self, user_id: int) -> None:
        """Delete a user."""
        await self._rest.delete(f"/users/{user_id}")

    async def get_user_tokens(self, user_id: int) -> tuple[UserToken, ...]:
        """Return a user's cards and fobs, without their numbers."""
        return rows(await self._rest.get(f"/users/{user_id}/tokens", empty=[]), read_token)

    async def set_token_lost(self, user_id: int, token_id: int, *, lost: bool) -> None:
        """Block a card or fob as lost, or take that back."""
        path = f"/users/{user_id}/tokens/{token_id}"
        token = _object(await self._rest.get(path))
        _replace(token, "isLost", lost)
        await self._rest.put(path, token)

    async def reset_antipassback(self, user_id: int) -> None:
        """Forgive a user's anti-passback violation."""
        await self._rest.post("/commands/antipassback/reset", {"userId": user_id})

    async def get_operators(self) -> tuple[User, ...]:
        """Return the users who may run Net2 itself."""
        return rows(await self._rest.get("/operators"), self._read_user)

    async def get_access_levels(self) -> tuple[NamedItem, ...]:
        """Return the access levels; 0 is none."""
        return await self._named("/accesslevels")

    async def get_departments(self) -> tuple[NamedItem, ...]:
        """Return the departments."""
        return await self._named("/departments")

    async def get_areas(self) -> tuple[NamedItem, ...]:
        """Return the logical zones between doors."""
        return await self._named("/accesslevels/areas")

    async def get_timezones(self) -> tuple[NamedItem, ...]:
        """Return the weekly schedules, which Net2 calls time zones."""
        return await self._named("/timezones")

    async def _named(self, path: str) -> tuple[NamedItem, ...]:
        return rows(await self._rest.get(path, empty=[]), read_named)

    def _read_user(self, record: Record) -> User | None:
        return read_user(record, self.clock)

    def _user(self, body: Json) -> User:
        if (user := self._read_user(Record(_object(body)))) is None:
            raise Net2ResponseError("The answer holds no user")
        return user

    def _date(self, time: datetime) -> str:
        return self.clock.to_local(time).isoformat(timespec="seconds")


def _object(body: Json) -> JsonObject:
    """Return a body that must be one object."""
    if not isinstance(body, dict):
        raise Net2ResponseError("The answer is not the object that was asked for")
    return body


def _replace(fields: JsonObject, key: str, value: Json) -> None:
    """Set a key in the server's own spelling."""
    spelled = next((known for known in fields if known.lower() == key.lower()), key)
    fields[spelled] = value
