"""The client's errors as sentences for a person: one key each, in forms and exceptions alike."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

from homeassistant.exceptions import HomeAssistantError

from ...const import DOMAIN
from .client import (
    Net2AuthError,
    Net2CertificateError,
    Net2ConnectionError,
    Net2Error,
    Net2LicenceError,
    Net2MfaRequiredError,
    Net2NotFoundError,
    Net2OutcomeUnknownError,
    Net2PermissionError,
    Net2RateLimitedError,
    Net2RejectedError,
    Net2ResponseError,
)

_KEYS: Final[Mapping[type[Exception], str]] = {
    Net2AuthError: "invalid_auth",
    Net2CertificateError: "certificate_untrusted",
    Net2ConnectionError: "cannot_connect",
    Net2Error: "unknown",
    Net2LicenceError: "invalid_licence",
    Net2MfaRequiredError: "mfa_required",
    Net2NotFoundError: "not_found",
    Net2OutcomeUnknownError: "outcome_unknown",
    Net2PermissionError: "no_permission",
    Net2RateLimitedError: "rate_limited",
    Net2RejectedError: "rejected",
    Net2ResponseError: "wrong_system",
}


#: What no waiting mends: somebody has to look at it.
NEEDS_PERSON: Final = (
    Net2AuthError,
    Net2CertificateError,
    Net2LicenceError,
    Net2MfaRequiredError,
)


def key_of(error: Net2Error) -> str:
    """Return the translation key of an error, its nearest relative's if it has none."""
    return next(_KEYS[cls] for cls in type(error).__mro__ if cls in _KEYS)


@contextmanager
def translated_errors() -> Generator[None]:
    """Turn the client's errors into ones that Home Assistant can show."""
    try:
        yield
    except Net2Error as err:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key=key_of(err)) from err
