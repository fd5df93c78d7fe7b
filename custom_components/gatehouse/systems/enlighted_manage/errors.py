"""The client's errors as sentences for a person."""

from typing import Final

from ...errors import Errors
from .client import (
    EnlightedAuthError,
    EnlightedCertificateError,
    EnlightedClockError,
    EnlightedConnectionError,
    EnlightedError,
    EnlightedForbiddenError,
    EnlightedNotFoundError,
    EnlightedOutcomeUnknownError,
    EnlightedRejectedError,
    EnlightedResponseError,
    EnlightedSensorError,
)

ERRORS: Final = Errors(
    base=EnlightedError,
    keys={
        EnlightedAuthError: "invalid_auth",
        EnlightedCertificateError: "certificate_untrusted",
        EnlightedClockError: "clock_refused",
        EnlightedConnectionError: "cannot_connect",
        EnlightedError: "unknown",
        EnlightedForbiddenError: "no_permission",
        EnlightedNotFoundError: "not_found",
        EnlightedOutcomeUnknownError: "outcome_unknown",
        EnlightedRejectedError: "rejected",
        EnlightedResponseError: "wrong_system",
        EnlightedSensorError: "sensor_silent",
    },
    sign_in=(EnlightedAuthError,),
    needs_person=(EnlightedAuthError, EnlightedCertificateError),
)

#: The manager is well, and does not tell this: to this user, in this version, or at all.
NOT_TOLD: Final = (EnlightedForbiddenError, EnlightedNotFoundError, EnlightedRejectedError)
