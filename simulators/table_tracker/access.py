"""Who may talk to the gateway: its button, the window that opens, and the tokens it gives."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
import random
import re
from typing import Final
import uuid

from .codes import RefusedError
from .world import World

#: Seconds that the window stays open after the button was pressed (section 2.1).
WINDOW: Final = 120.0
#: Which names are allowed is not readable in the documentation; this is a choice (section 2.2).
_NAME: Final = re.compile(r"[A-Za-z0-9]{1,64}")


@dataclass(slots=True)
class Token:
    """A program's access."""

    name: str
    token: str
    created: datetime
    last_used: datetime | None = None
    ip_address: str | None = None


class Access:
    """Gives tokens and checks them."""

    def __init__(self, world: World, *, seed: int) -> None:
        self.tokens: dict[str, Token] = {}
        self.window = WINDOW
        self._world = world
        self._random = random.Random(seed + 1)
        self._closes_at = 0.0
        #: What programs of before v2 show instead of a token (section 7.9).
        self.key_v1 = str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def press_button(self) -> None:
        """Open the window, once briefly."""
        self._closes_at = self._world.clock.time() + self.window

    def take_window(self, name: str) -> Token:
        """Give the token that a press of the button is good for; that closes the window.

        Raises:
            RefusedError: The window is closed, or the name is none.
        """
        if self._world.clock.time() >= self._closes_at:
            raise RefusedError(-3)
        token = self.give(name)
        self._closes_at = 0.0
        return token

    def give(self, name: str) -> Token:
        """Give a token.

        Raises:
            RefusedError: The name is none.
        """
        if not _NAME.fullmatch(name):
            raise RefusedError(-4)
        token = Token(name, f"{self._random.getrandbits(192):048x}", self._world.now())
        self.tokens[token.token] = token
        return token

    def check(self, header: str | None, address: str | None) -> Token:
        """Return the token of an `Authorization` header, and note that it was used.

        Raises:
            RefusedError: There is none, it is malformed, or it is not known.
        """
        if header is None:
            raise RefusedError(-2)
        scheme, _, secret = header.partition(" ")
        if scheme != "Bearer" or not secret.strip():
            raise RefusedError(-1)
        return self.use(secret.strip(), address)

    def check_v1(self, header: str | None, _address: str | None) -> None:
        """Check the `Authorization` header of a program from before v2.

        Raises:
            RefusedError: It does not hold the key.
        """
        scheme, _, encoded = (header or "").partition(" ")
        try:
            user, _, _ = base64.b64decode(encoded, validate=True).partition(b":")
        except binascii.Error:
            user = b""
        if scheme != "Basic" or user.decode(errors="replace") != self.key_v1:
            raise RefusedError(-2)

    def use(self, secret: str, address: str | None) -> Token:
        """Return a token by its secret, and note that it was used.

        Raises:
            RefusedError: It is not known.
        """
        token = self.tokens.get(secret)
        if token is None:
            raise RefusedError(-2)
        token.last_used, token.ip_address = self._world.now(), address
        return token

    def revoke(self, secret: str | None = None) -> None:
        """Delete one token, or all of them."""
        if secret is None:
            self.tokens.clear()
        else:
            self.tokens.pop(secret, None)
