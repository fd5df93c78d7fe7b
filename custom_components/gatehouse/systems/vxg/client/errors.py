"""What can go wrong between this client and a cloud.

No message here ever holds a key, a token, a URL or a body of the cloud's.
"""


class VxgError(Exception):
    """Base of everything this client raises."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Say what went wrong, and for how many seconds the cloud wants to be left alone."""
        super().__init__(message)
        self.retry_after = retry_after


class VxgConnectionError(VxgError):
    """The cloud cannot be reached, is too slow, or fails (5xx)."""


class VxgCertificateError(VxgConnectionError):
    """The server's certificate is not to be trusted."""


class VxgRateLimitedError(VxgConnectionError):
    """Too many requests (429)."""


class VxgBusyError(VxgConnectionError):
    """The camera behind the cloud is offline, or still starting (503, section 10.17)."""


class VxgAuthError(VxgError):
    """The credential is wrong, has ended, or is of the wrong kind (401, section 2.8)."""


class VxgForbiddenError(VxgError):
    """The credential is good, but may not do this (403)."""


class VxgNotFoundError(VxgError):
    """There is no such thing, or this server lacks the whole family of calls (404)."""


class VxgRejectedError(VxgError):
    """The cloud understood a request and refused it (400)."""


class VxgResponseError(VxgError):
    """An answer that no cloud gives: another product, or a body that cannot be read."""


class VxgOutcomeUnknownError(VxgError):
    """A command was sent and its answer was lost: it may or may not have run."""


class VxgFailedError(VxgError):
    """The cloud took something on and then failed at it, or did not finish in time."""
