"""What a user pastes: a licence key, a group's token or a channel's (section 2)."""

import base64
import binascii
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from .parse import JsonObject, as_integer, as_text, load, texts

_ALL: Final = "all"


class CredentialKind(StrEnum):
    """The kinds of credential, by the word before them in the header."""

    LICENCE = "LKey"
    GROUP = "SI"
    CHANNEL = "Acc"


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret, and what can be read from it. Everything but the secret is a mere hint."""

    kind: CredentialKind
    secret: str = field(repr=False)
    camera_id: int | None = None
    manager_id: int | None = None
    #: Whether it may do more than look; a licence key always may.
    is_full: bool = True
    host: str | None = None
    http_port: int | None = None
    https_port: int | None = None
    path: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Tell a credential's kind by its form (section 2.1).

        Whatever is no token is a licence key: their forms are not to be relied upon.
        """
        secret = "".join(text.split())
        # A token is easily copied without the signs that fill it up.
        padded = secret.rstrip("=") + "=" * (-len(secret.rstrip("=")) % 4)
        fields = _decode(padded)
        if fields is None or as_text(fields.get("token")) is None:
            return cls(CredentialKind.LICENCE, secret)
        camera_id = as_integer(fields.get("camid"))
        return cls(
            kind=CredentialKind.GROUP if camera_id is None else CredentialKind.CHANNEL,
            secret=padded,
            camera_id=camera_id,
            manager_id=as_integer(fields.get("cmngrid")),
            is_full=_ALL
            in (texts(fields.get("access")) or (as_text(fields.get("access")) or _ALL,)),
            host=as_text(fields.get("api")),
            http_port=as_integer(fields.get("api_p")),
            https_port=as_integer(fields.get("api_sp")),
            path=(as_text(fields.get("path")) or "").strip("/"),
        )

    @property
    def header(self) -> str:
        """The value of the `Authorization` header."""
        return f"{self.kind} {self.secret}"


def _decode(secret: str) -> JsonObject | None:
    try:
        body = base64.b64decode(secret, validate=True)
    except binascii.Error, ValueError:
        return None
    return load(body)
