"""Who may do what: licence keys, access tokens and the shares inside them (section 2)."""

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
import hashlib
import hmac
import itertools
import random
from typing import Final

import orjson

from .wire import Json, JsonObject, RefusedError

ALL: Final = "all"
WATCH: Final = "watch"
#: What a link to a clip grants, in the spellings that clients know (2.5).
CLIP_GRANTS: Final = frozenset({"clipplay", "clipsplay", "cplay"})
#: About a hundred years, as the vendor gives them (2.4).
_LIFE: Final = 36530 * 86400


@dataclass(slots=True)
class Share:
    """What an inner token stands for: one camera or a group, and what may be done with it."""

    id: int
    token: str
    grants: tuple[str, ...]
    camera: int | None = None
    group: int | None = None
    expire: float | None = None
    name: str = ""
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request. `camera` is set for a channel token, `group` for a group's."""

    kind: str
    account: str
    grants: frozenset[str]
    camera: int | None = None
    group: int | None = None

    @property
    def has_all(self) -> bool:
        """Whether it may do more than look."""
        return ALL in self.grants


@dataclass(slots=True)
class Account:
    """A customer of the cloud."""

    key: str
    id: int
    email: str
    expire: float | None = None


@dataclass(slots=True)
class TokenShape:
    """What tokens tell beside their secret (2.2, 10.8)."""

    names_host: bool = True
    path: str = ""
    host: str = "127.0.0.1"
    ports: Mapping[str, int] = field(default_factory=dict)


class Keys:
    """Makes keys and tokens, and knows whose they are."""

    def __init__(self, now: Callable[[], float], seed: int) -> None:
        self._now = now
        self._random = random.Random(f"keys {seed}")
        self._secret = self._random.randbytes(20)
        self.shape = TokenShape()
        self.accounts: dict[str, Account] = {}
        self.shares: dict[str, Share] = {}
        self._numbers = itertools.count(4242)

    def add_account(self) -> Account:
        """Open an account, with a licence key of its own."""
        number = 17 + len(self.accounts)
        key = f"v3.{self._random.randbytes(24).hex()}"
        account = Account(key, number, f"owner{number}@example.test")
        self.accounts[key] = account
        return account

    def replace_key(self, key: str) -> str:
        """Give an account another key; the old one is refused from now on."""
        account = self.accounts.pop(key)
        account.key = f"v3.{self._random.randbytes(24).hex()}"
        self.accounts[account.key] = account
        return account.key

    def share(
        self,
        grants: Collection[str],
        *,
        camera: int | None = None,
        group: int | None = None,
        expire: float | None = None,
        name: str = "",
    ) -> Share:
        """Share a camera or a group."""
        number = next(self._numbers)
        head = base64.urlsafe_b64encode(orjson.dumps({"si": number})).decode().rstrip("=")
        body = f"{head}.{int(self._now()):x}t{_LIFE:x}"
        token = f"share.{body}.{self.sign(body)}"
        share = Share(number, token, tuple(grants), camera, group, expire, name)
        self.shares[token] = share
        return share

    def sign(self, text: str) -> str:
        """Return the 27 characters that a signature has (2.4)."""
        digest = hmac.digest(self._secret, text.encode(), hashlib.sha1)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def access_token(self, share: Share, *, manager: int | None = None) -> str:
        """Return what a user pastes: base64 of a JSON object around a share's token."""
        shape = self.shape
        fields: JsonObject = {}
        if share.camera is not None:
            fields = {"camid": share.camera, "cmngrid": manager}
        fields |= {"access": ALL if ALL in share.grants else WATCH, "token": share.token}
        if shape.names_host:
            fields["api"] = shape.host
        fields |= dict(shape.ports)
        if shape.path:
            fields["path"] = shape.path
        if share.camera is not None:
            fields |= {"cam": shape.host, "cam_p": 8888, "cam_sp": 8883}
        return base64.b64encode(orjson.dumps(fields)).decode()

    def check(self, header: str | None, query_token: str | None, owners: Owners) -> Caller:
        """Tell who sends a request.

        Raises:
            RefusedError: Nobody knows (401).
        """
        scheme, _, secret = (header or "").strip().partition(" ")
        secret = secret.strip()
        if scheme == "LKey":
            account = self.accounts.get(secret)
            if account and (account.expire is None or account.expire > self._now()):
                return Caller("LKey", account.key, frozenset({ALL}))
        elif scheme in {"Acc", "SI"}:
            fields = _decode(secret)
            share = self._living(str(fields.get("token")))
            is_right = share and (share.camera is None) == (scheme == "SI")
            if share and is_right and fields.get("camid") == share.camera:
                return self._caller(scheme, share, owners)
        elif query_token and (share := self._living(query_token)) and share.camera is not None:
            return self._caller("Acc", share, owners)
        raise RefusedError(401, "Authentication is required")

    def _living(self, token: str) -> Share | None:
        share = self.shares.get(token)
        is_over = share and share.expire is not None and share.expire <= self._now()
        return share if share and share.is_enabled and not is_over else None

    @staticmethod
    def _caller(scheme: str, share: Share, owners: Owners) -> Caller:
        account = owners(share)
        if account is None:
            raise RefusedError(401, "What was shared is gone")
        return Caller(scheme, account, frozenset(share.grants), share.camera, share.group)


#: Tells the key of the account that owns what is shared; None when it is gone.
type Owners = Callable[[Share], str | None]


def _decode(secret: str) -> dict[str, Json]:
    try:
        fields: object = orjson.loads(base64.b64decode(secret, validate=True))
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
