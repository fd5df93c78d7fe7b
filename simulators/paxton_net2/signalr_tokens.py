"""The sealed tokens that SignalR hands to clients: connection token and groups token."""

import base64
import hmac
import json
import secrets
from typing import Final

_SIGNATURE: Final = 32
_NONCE: Final = 16


class Keys:
    """A server's key; a restart usually makes a new one."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def seal(self, *values: str) -> str:
        """Return an opaque text that only this key opens.

        It always holds `+`, `/` and `=`, as a real one may: clients have to encode it.
        """
        content = json.dumps(values).encode()
        content += b" " * ((1 - _SIGNATURE - _NONCE - len(content)) % 3)
        sealed = ""
        while not {"+", "/", "="} <= set(sealed):
            signed = secrets.token_bytes(_NONCE) + content
            sealed = base64.b64encode(self._sign(signed) + signed).decode()
        return sealed

    def open(self, sealed: str) -> list[str] | None:
        """Return the values within, or None if it was not sealed with this key."""
        try:
            data = base64.b64decode(sealed, validate=True)
        except ValueError:
            return None
        signature, signed = data[:_SIGNATURE], data[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(signed)):
            return None
        values: list[str] = json.loads(signed[_NONCE:])
        return values

    def _sign(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, "sha256")
