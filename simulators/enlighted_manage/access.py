"""Who a request is from, and what of the building they may see and do (1.4, 2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
import hashlib
import hmac
import random
from typing import Final

from .faults import EnlightedFaults
from .wire import RefusedError

ADMINISTRATOR: Final = "Administrator"
FACILITIES_ADMIN: Final = "Facilities Admin"
AUDITOR: Final = "Auditor"
EMPLOYEE: Final = "Employee"
EVERYBODY: Final = frozenset({ADMINISTRATOR, FACILITIES_ADMIN, AUDITOR, EMPLOYEE})
#: Who may change what is not for everyday use.
ADMINS: Final = frozenset({ADMINISTRATOR, FACILITIES_ADMIN})
#: Who may operate lights and switches.
OPERATORS: Final = ADMINS | {EMPLOYEE}

#: Milliseconds since the epoch have this many digits, until 2286.
_MILLISECOND_DIGITS: Final = 13
_REMEMBERED: Final = 10_000


class Right(IntEnum):
    """How much of something is somebody's to see."""

    NONE = 0
    PARTIAL = 1
    FULL = 2


@dataclass(slots=True)
class User:
    """A user, their key, and what they have been given full access to."""

    name: str
    key: str
    role: str = ADMINISTRATOR
    floors: set[int] = field(default_factory=set)
    areas: set[int] = field(default_factory=set)
    is_active: bool = True

    @property
    def sees_all(self) -> bool:
        """Whether everything is theirs."""
        return self.role == ADMINISTRATOR


class UnknownCallerError(Exception):
    """A request has no credentials, or such as are wrong."""

    def __init__(self, *, is_empty: bool) -> None:
        super().__init__()
        self.is_empty = is_empty


def sign(user: str, key: str, ts: str) -> str:
    """Return the signature of the older scheme (2.2)."""
    # The vendor's scheme is SHA-1; nothing is kept safe by it here.
    return hashlib.sha1(f"{user}{key}{ts}".encode()).hexdigest()


class Gate:
    """Lets users in, by either scheme."""

    def __init__(
        self, faults: EnlightedFaults, now: Callable[[], float], seed: int, version: str
    ) -> None:
        self.users: dict[str, User] = {}
        self.version = version
        self._faults = faults
        #: The manager's own clock.
        self._now = now
        self._random = random.Random(f"keys {seed}")
        #: Signatures that were taken, the oldest first; as many as are remembered.
        self._used: dict[str, None] = {}

    @property
    def is_old(self) -> bool:
        """Whether it knows the older scheme only."""
        return tuple(int(part) for part in self.version.split(".")[:2]) < (4, 5)

    def add(self, name: str, role: str = ADMINISTRATOR) -> User:
        """Add a user, with a new key.

        Raises:
            ValueError: There is no such role.
        """
        if role not in EVERYBODY:
            raise ValueError(role)
        user = User(name, self._make_key(), role)
        self.users[name] = user
        return user

    def rotate(self, name: str) -> str:
        """Give a user a new key; the old one is void at once."""
        self.users[name].key = self._make_key()
        return self.users[name].key

    def check(self, headers: Mapping[str, str], note: Callable[[str], None]) -> User:
        """Return who a request is from.

        Raises:
            UnknownCallerError: Nobody can tell.
            RefusedError: The time of the request is not to be believed.
        """
        given = headers.get("Authorization", "")
        name = headers.get("ApiKey")
        if name is not None:
            return self._check_signature(_raw(name), given, headers.get("ts", ""), note)
        name = headers.get("UserId")
        if name is None or self.is_old or not given:
            raise UnknownCallerError(is_empty=True)
        user = self.users.get(_raw(name))
        word, _, key = given.partition(" ")
        if user is None or not user.is_active or word != "apikey":
            raise UnknownCallerError(is_empty=False)
        if not hmac.compare_digest(key.encode(), user.key.encode()):
            raise UnknownCallerError(is_empty=False)
        return user

    def _check_signature(self, name: str, given: str, ts: str, note: Callable[[str], None]) -> User:
        if any(name == user.key for user in self.users.values()):
            note("the key stands in ApiKey, where the user's name belongs")
        # `isdigit` holds for digits that `int` does not know.
        is_number = ts.isascii() and ts.isdigit()
        if is_number and len(ts) != _MILLISECOND_DIGITS:
            note(f"ts has {len(ts)} digits: it is not in milliseconds")
        user = self.users.get(name)
        if user is None or not user.is_active or not is_number or self._faults.refuse_old_scheme:
            raise UnknownCallerError(is_empty=False)
        expected = sign(user.name, user.key, ts)
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise UnknownCallerError(is_empty=False)
        window = self._faults.ts_window
        if window and abs(int(ts) / 1000.0 - self._now()) > window:
            if self._faults.stale_status == 408:
                raise RefusedError(408, "API received after its time expired")
            raise UnknownCallerError(is_empty=False)
        if self._faults.replay_check and given in self._used:
            raise UnknownCallerError(is_empty=False)
        self._used[given] = None
        if len(self._used) > _REMEMBERED:
            del self._used[next(iter(self._used))]
        return user

    def _make_key(self) -> str:
        return self._random.randbytes(20 if self.is_old else 32).hex()


def _raw(value: str) -> str:
    """Return a header's value as the bytes that were sent, read as UTF-8."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def denied(thing: str) -> RefusedError:
    """Return the refusal of something that is not the user's."""
    return RefusedError(
        403,
        f"Access Denied! The user doesn't have the required permissions to access this '{thing}'",
    )
