"""Signing in: one at a time, ahead of expiry, and gently (sections 2.1 to 2.7)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
import random
import time
from typing import Final

from .errors import (
    Net2AuthError,
    Net2ConnectionError,
    Net2Error,
    Net2LicenceError,
    Net2MfaRequiredError,
    Net2RateLimitedError,
    Net2ResponseError,
)
from .link import HttpLink, Reply
from .settings import Net2Settings

PATH: Final = "/api/v1/authorization/tokens"

#: A new token this long before the old one dies, or at half its life if that is shorter.
_MARGIN: Final = 300.0
_DEFAULT_LIFE: Final = 1800.0
#: Since 6.8 the server takes two sign-ins a second from one address.
_SPACING: Final = 0.6
#: The longest `Retry-After` that is waited out in place.
_PATIENCE: Final = 5.0

_REFUSALS: Final[Mapping[str, type[Net2Error]]] = {
    "invalid_client": Net2LicenceError,
    "unauthorized_client": Net2LicenceError,
    "invalid_grant": Net2AuthError,
    "mfa_required": Net2MfaRequiredError,
}


@dataclass(frozen=True, slots=True)
class _Tokens:
    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    renew_at: float
    dies_at: float


class Net2Auth:
    """Holds the tokens of one operator.

    However many callers wait, one request is sent, and all of them get its outcome.
    """

    def __init__(self, link: HttpLink, settings: Net2Settings) -> None:
        """Prepare; nothing is sent."""
        self._link = link
        self._settings = settings
        self._tokens: _Tokens | None = None
        self._lock = asyncio.Lock()
        self._attempts = 0
        self._failure: Net2Error | None = None
        self._not_before = 0.0

    async def token(self, *, refused: str | None = None) -> str:
        """Return an access token that is good for a while.

        Args:
            refused: A token that the server has just refused.

        """
        attempts = self._attempts
        async with self._lock:
            tokens = self._tokens
            if tokens and tokens.access != refused and time.monotonic() < tokens.renew_at:
                return tokens.access
            if self._failure and self._attempts != attempts:
                raise self._failure
            return await self._attempt(refused)

    async def sign_in(self) -> None:
        """Sign in with name and password, whatever tokens there are."""
        async with self._lock:
            self._tokens = None
            await self._attempt(None)

    async def sign_out(self) -> None:
        """Forget the tokens; the server is asked to revoke them, best effort."""
        async with self._lock:
            tokens, self._tokens = self._tokens, None
        if tokens is None or tokens.refresh is None:
            return
        try:
            await self._link.send(
                "DELETE", PATH, json={"refreshToken": tokens.refresh}, token=tokens.access
            )
        except Net2Error:
            return

    async def _attempt(self, refused: str | None) -> str:
        self._failure = None
        try:
            self._tokens = await self._renew(refused)
        except Net2Error as error:
            self._failure = error
            raise
        finally:
            self._attempts += 1
        return self._tokens.access

    async def _renew(self, refused: str | None) -> _Tokens:
        """Refresh; where that is refused, sign in with name and password once."""
        if (old := self._tokens) is None or old.refresh is None:
            return await self._sign_in()
        try:
            return await self._grant(
                {"grant_type": "refresh_token", "refresh_token": old.refresh}, old.refresh
            )
        except Net2MfaRequiredError:
            raise
        except Net2ConnectionError:
            if old.access != refused and time.monotonic() < old.dies_at:
                return old
            raise
        except Net2Error:
            self._tokens = None
        return await self._sign_in()

    async def _sign_in(self) -> _Tokens:
        return await self._grant(
            {
                "grant_type": "password",
                "username": self._settings.username,
                "password": self._settings.password,
            },
            None,
        )

    async def _grant(self, form: Mapping[str, str], refresh: str | None) -> _Tokens:
        form = {**form, "client_id": self._settings.client_id, "scope": "offline_access"}
        if self._settings.client_secret is not None:
            form["client_secret"] = self._settings.client_secret
        reply = await self._post(form)
        if reply.status == 429:
            reply = await self._post(form)
        return _tokens(reply, refresh)

    async def _post(self, form: Mapping[str, str]) -> Reply:
        """Send to the token route once its time has come, unless that is too far off."""
        wait = self._not_before - time.monotonic()
        if wait > _PATIENCE:
            raise Net2RateLimitedError(wait)
        await asyncio.sleep(max(wait, 0))
        pause = _SPACING
        try:
            reply = await self._link.send("POST", PATH, form=form)
            if reply.status == 429:
                # Without a word of the server's, one to two seconds.
                pause = max(reply.retry_after or 1 + random.random(), 1)
            return reply
        finally:
            self._not_before = time.monotonic() + pause


def _tokens(reply: Reply, refresh: str | None) -> _Tokens:
    """Read the answer of the token route.

    The old refresh token stays good where none comes back (section 2.3).
    """
    if (failure := _refusal(reply)) is not None:
        raise failure
    record = reply.record()
    if (access := record.text("access_token")) is None:
        raise Net2ResponseError("The answer to the sign-in holds no token")
    life = record.seconds("expires_in") or _DEFAULT_LIFE
    now = time.monotonic()
    return _Tokens(
        access=access,
        refresh=record.text("refresh_token") or refresh,
        renew_at=now + life - min(_MARGIN, life / 2),
        dies_at=now + life,
    )


def _refusal(reply: Reply) -> Net2Error | None:
    """Return why the token route refused (section 2.5), None where it did not."""
    if reply.status == 429:
        return Net2RateLimitedError(reply.retry_after)
    if reply.status >= 500:
        return Net2ConnectionError(f"The server is not ready ({reply.status})")
    word = reply.record().text("error") or ""
    if known := _REFUSALS.get(word.lower()):
        return known(f"The server refused the sign-in ({word})")
    if reply.status == 401 or (reply.status in {400, 403} and not reply.is_html):
        return Net2AuthError("The server refused the operator")
    if not 200 <= reply.status < 300:
        return Net2ResponseError(f"No Net2 server answers there ({reply.status})")
    return None
