"""The client's errors as sentences for a person."""

from typing import Final

from ...errors import Errors
from .client import (
    VxgAuthError,
    VxgBusyError,
    VxgCertificateError,
    VxgConnectionError,
    VxgError,
    VxgFailedError,
    VxgForbiddenError,
    VxgNotFoundError,
    VxgOutcomeUnknownError,
    VxgRateLimitedError,
    VxgRejectedError,
    VxgResponseError,
)

ERRORS: Final = Errors(
    base=VxgError,
    keys={
        VxgAuthError: "credential_refused",
        VxgBusyError: "camera_offline",
        VxgCertificateError: "certificate_untrusted",
        VxgConnectionError: "cannot_connect",
        VxgError: "unknown",
        VxgFailedError: "not_finished",
        VxgForbiddenError: "credential_too_low",
        VxgNotFoundError: "not_at_camera",
        VxgOutcomeUnknownError: "outcome_unknown",
        VxgRateLimitedError: "rate_limited",
        VxgRejectedError: "rejected",
        VxgResponseError: "wrong_system",
    },
    sign_in=(VxgAuthError,),
    needs_person=(VxgAuthError, VxgCertificateError),
)
