"""Sign-in: operators, licences, and the tokens they are given (section 2)."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
import random
import secrets
from typing import Final

from .faults import Net2Faults
from .routing import RefusedError
from .wire import Body, Json
from .world import World

ACCESS_LIFETIME: Final = timedelta(minutes=30)
REFRESH_LIFETIME: Final = timedelta(hours=2)
#: What the second factor has to be.
MFA_CODE: Final = "123456"


class SignInError(Exception):
    """A sign-in that was refused, with its answer."""

    def __init__(self, status: int, error: str, **more: Json) -> None:
        super().__init__(error)
        self.status = status
        self.answer: dict[str, Json] = {"error": error, **more}


@dataclass(frozen=True, slots=True)
class _Grant:
    operator_id: int
    expires: datetime


class Authority:
    """Who may sign in, and with what."""

    def __init__(self, world: World, faults: Net2Faults, *, seed: int) -> None:
        self.client_id = _uuid(random.Random(seed))
        self.client_secret: str | None = None
        self.password = "gatehouse-demo"
        self._world = world
        self._faults = faults
        self._access: dict[str, _Grant] = {}
        self._refresh: dict[str, _Grant] = {}
        #: Challenges of the second factor: the operator, and whether it was passed.
        self._challenges: dict[str, tuple[int, bool]] = {}

    def forget_all(self) -> None:
        """Void every token, as a restart does."""
        self._access.clear()
        self._refresh.clear()
        self._challenges.clear()

    def expire_access_tokens(self) -> None:
        """Void the access tokens; they can be refreshed."""
        self._access.clear()

    def expire_refresh_tokens(self) -> None:
        """Void the refresh tokens."""
        self._refresh.clear()

    def operator_of(self, token: str) -> int | None:
        """Return whose access token this is, while it is good."""
        grant = self._access.get(token)
        if (
            grant
            and grant.expires > self._world.clock.now()
            and grant.operator_id in self._world.site.operators
        ):
            return grant.operator_id
        return None

    def answer(self, verb: str, path: str, body: Body) -> Json:
        """Answer a request below `/authorization`; None is an answer without a body.

        Raises:
            SignInError: It is refused.
        """
        match verb, path:
            case "POST", "tokens":
                return self._sign_in(body)
            case "DELETE", "tokens":
                self._refresh.pop(body.text("refreshToken"), None)
                return None
            case "POST", "mfa-request":
                self._challenge_of(body)
                if body.text("challengeType") not in {"email", "otp"}:
                    raise SignInError(400, "invalid_request")
                return None
            case "POST", "mfa-challenge":
                challenge = self._challenge_of(body)
                if body.text("code") != MFA_CODE:
                    raise SignInError(400, "invalid_grant")
                self._challenges[challenge] = (self._challenges[challenge][0], True)
                return None
        raise RefusedError(404, "Not found.")

    def _sign_in(self, form: Body) -> Json:
        licensed = form.text("client_id").lower() == self.client_id
        licensed = licensed and self.client_secret in {None, form.text("client_secret")}
        if self._faults.invalid_client or not licensed:
            raise SignInError(400, "invalid_client")
        grants = {
            "password": self._by_password,
            "refresh_token": self._by_refresh_token,
            "mfa_2fa": self._by_second_factor,
        }
        grant = grants.get(form.text("grant_type"))
        if grant is None:
            raise SignInError(400, "unsupported_grant_type")
        return self._issue(grant(form), form)

    def _challenge_of(self, body: Body) -> str:
        challenge = body.text("challengeToken")
        if challenge not in self._challenges:
            raise SignInError(400, "invalid_grant")
        return challenge

    def _by_password(self, form: Body) -> int:
        for operator_id in self._world.site.operators:
            operator = self._world.site.users[operator_id]
            if form.text("username") == operator.name:
                break
        else:
            raise SignInError(401, "invalid_grant")
        if form.text("password") != self.password:
            raise SignInError(401, "invalid_grant")
        if self._faults.mfa_required:
            challenge = secrets.token_hex(16)
            self._challenges[challenge] = (operator_id, False)
            raise SignInError(self._faults.mfa_status, "mfa_required", challengeToken=challenge)
        return operator_id

    def _by_refresh_token(self, form: Body) -> int:
        token = form.text("refresh_token")
        grant = self._refresh.get(token)
        usable = grant is not None and grant.expires > self._world.clock.now()
        if grant is None or not usable or grant.operator_id not in self._world.site.operators:
            raise SignInError(400, "invalid_grant")
        if self._faults.refuse_refresh:
            raise SignInError(400, "invalid_grant")
        if not self._faults.refresh_without_new_token:
            del self._refresh[token]
        return grant.operator_id

    def _by_second_factor(self, form: Body) -> int:
        operator_id, passed = self._challenges.pop(form.text("challengeToken"), (0, False))
        if not passed:
            raise SignInError(400, "invalid_grant")
        return operator_id

    def _issue(self, operator_id: int, form: Body) -> dict[str, Json]:
        now = self._world.clock.now()
        token = _jwt()
        self._access[token] = _Grant(operator_id, now + ACCESS_LIFETIME)
        answer: dict[str, Json] = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": int(ACCESS_LIFETIME.total_seconds()),
        }
        refreshed = form.text("grant_type") == "refresh_token"
        wanted = form.text("scope") == "offline_access"
        if wanted and not (refreshed and self._faults.refresh_without_new_token):
            refresh_token = secrets.token_hex(16)
            self._refresh[refresh_token] = _Grant(operator_id, now + REFRESH_LIFETIME)
            answer["refresh_token"] = refresh_token
        # Seven digits of a second, as .NET writes them.
        expiry = (self._world.now() + ACCESS_LIFETIME).replace(tzinfo=None)
        answer["expiry_datetime"] = f"{expiry.isoformat(timespec='microseconds')}9Z"
        return answer


def _uuid(source: random.Random) -> str:
    digits = f"{source.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _jwt() -> str:
    """Return what looks like a JSON web token: three parts, safe in addresses."""
    parts = (b'{"alg":"HS256","typ":"JWT"}', secrets.token_bytes(48), secrets.token_bytes(32))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
