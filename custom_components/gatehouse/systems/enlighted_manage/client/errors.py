"""What can go wrong between this client and a manager.

No message here ever holds a key, a user's name, a URL or a body of the manager's.
"""


class EnlightedError(Exception):
    """Base of everything this client raises."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Say what went wrong, and for how many seconds the manager wants to be left alone."""
        super().__init__(message)
        self.retry_after = retry_after


class EnlightedConnectionError(EnlightedError):
    """The manager cannot be reached, is too slow, or fails (5xx)."""


class EnlightedCertificateError(EnlightedConnectionError):
    """The server's certificate is not to be trusted."""


class EnlightedAuthError(EnlightedError):
    """The user or the key is refused: 401, a way to the login page, or that page (gotcha 3)."""


class EnlightedClockError(EnlightedAuthError):
    """The manager finds the time of a signed request too far off (408, appendix C 7)."""


class EnlightedForbiddenError(EnlightedError):
    """The role or the facilities of the user do not allow it (403, section 1.4)."""


class EnlightedNotFoundError(EnlightedError):
    """There is no such thing, or this version lacks the call (404, 405)."""


class EnlightedRejectedError(EnlightedError):
    """The manager understood a request and did not do it (400, or a status of its own)."""


class EnlightedSensorError(EnlightedError):
    """The sensor did not answer the manager in time (408 of the DALI methods, section 3.12)."""


class EnlightedResponseError(EnlightedError):
    """An answer that no manager gives: another product, or a body that cannot be read."""


class EnlightedOutcomeUnknownError(EnlightedError):
    """A command was sent and its answer was lost: it may or may not have run."""
