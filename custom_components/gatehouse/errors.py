"""What goes wrong at a vendor's, as sentences for a person: one key for forms and exceptions."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors[ErrorT: Exception]:
    """A client's family of errors."""

    base: type[ErrorT]
    #: The translation key of each; one that is missing has its nearest relative's.
    keys: Mapping[type[Exception], str]
    #: What signing in anew mends.
    sign_in: tuple[type[ErrorT], ...]
    #: What no waiting mends: somebody has to look at it. Signing in is one of them.
    needs_person: tuple[type[ErrorT], ...]

    def key_of(self, error: ErrorT) -> str:
        """Return the translation key of an error."""
        return next(self.keys[cls] for cls in type(error).__mro__ if cls in self.keys)

    @contextmanager
    def translated(self) -> Generator[None]:
        """Turn the client's errors into ones that Home Assistant can show."""
        try:
            yield
        except self.base as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key=self.key_of(err)
            ) from err
