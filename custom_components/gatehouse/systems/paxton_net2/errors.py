"""The client's errors as sentences for a person: one key each, in forms and exceptions alike."""

from typing import Final

from ...errors import Errors
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

ERRORS: Final = Errors(
    base=Net2Error,
    keys={
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
    },
    sign_in=(Net2AuthError, Net2MfaRequiredError),
    needs_person=(Net2AuthError, Net2CertificateError, Net2LicenceError, Net2MfaRequiredError),
)
