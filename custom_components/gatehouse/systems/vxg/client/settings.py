"""How to reach one cloud or server, and with what."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Self

import yarl

from .credential import Credential

#: Where a server of one's own listens (section 1.3).
_ON_PREMISES: Final = 86


@dataclass(frozen=True, slots=True)
class Address:
    """Where an API is: a private server may have any port, and a path before it."""

    host: str
    port: int
    use_https: bool
    path: str = ""

    @property
    def base_url(self) -> str:
        """What stands before `/api/`, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "https" if self.use_https else "http"
        prefix = f"/{self.path}" if self.path else ""
        return f"{scheme}://{host}:{self.port}{prefix}"

    @classmethod
    def read(cls, url: str) -> Self | None:
        """Read what a user typed: a URL, or a host with or without a port; None if it is neither.

        A page of the API or of its documentation is cut down to what stands before it.
        """
        url = url.strip()
        try:
            parsed = yarl.URL(url if "://" in url else f"https://{url}")
        except ValueError, IndexError:  # the latter for a bracket in an odd place
            return None
        if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.port is None:
            return None
        path = parsed.path.partition("/api/")[0].partition("/docs/")[0].strip("/")
        return cls(parsed.host, parsed.port, parsed.scheme == "https", path)


def addresses(credential: Credential, url: str | None) -> tuple[Address, ...]:
    """Return where the API may be, best guess first (sections 2.3, 10.7).

    What the user says wins: the host in a token may be an old or internal name (section 2.4).
    Without TLS only where the user, or a token that knows no other port, says so: whoever can
    close one port must not get the credential at another.
    """
    found: list[Address] = []
    typed = Address.read(url) if url else None
    if typed is not None:
        found.append(typed)
    host = typed.host if typed else credential.host
    if host and not url:
        found += _of_token(credential, host)
    elif typed and typed.use_https and typed.port == 443:
        found += (replace(typed, port=_ON_PREMISES), *_of_token(credential, typed.host))
    return tuple(dict.fromkeys(found))


def _of_token(credential: Credential, host: str) -> Iterator[Address]:
    tls, plain, path = credential.https_port, credential.http_port, credential.path
    yield Address(host, tls or 443, True, path)
    if plain and not tls:
        yield Address(host, plain, True, path)
        yield Address(host, plain, False, path)
    yield Address(host, 443, True)


@dataclass(frozen=True, slots=True)
class VxgSettings:
    """Address and credential; `fingerprint` is the SHA-256 of a pinned certificate, in hex."""

    address: Address
    credential: Credential
    fingerprint: str | None = field(default=None, repr=False)
