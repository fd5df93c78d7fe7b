"""Where a manager is, and who signs in there."""

from dataclasses import dataclass, field
from enum import StrEnum


class AuthScheme(StrEnum):
    """How requests are signed (sections 2.1 and 2.2)."""

    #: Manage 4.5 and newer: the key itself, inside TLS.
    V4_5 = "v4_5"
    #: Manage 4.4 and older: a hash of the user, the key and the time.
    V4_4 = "v4_4"

    @property
    def other(self) -> AuthScheme:
        """The one to try when this one is refused."""
        return AuthScheme.V4_4 if self is AuthScheme.V4_5 else AuthScheme.V4_5


@dataclass(frozen=True, slots=True, kw_only=True)
class EnlightedSettings:
    """Everything a client has to know; `scheme` is None where it is to be found by trying."""

    host: str
    port: int = 443
    use_https: bool = True
    username: str = field(repr=False)
    api_key: str = field(repr=False)
    scheme: AuthScheme | None = None
    #: SHA-256 of the only certificate to trust; without one the system's CAs decide.
    fingerprint: str | None = None

    @property
    def origin(self) -> str:
        """The beginning of every URL, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.use_https else 'http'}://{host}:{self.port}"
