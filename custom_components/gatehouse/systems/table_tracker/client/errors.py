"""What can go wrong between this client and a gateway.

No message here ever holds a token, a URL or a body of the gateway's.
"""


class TableTrackerError(Exception):
    """Base of everything this client raises; `return_code` is the gateway's, where it gave one."""

    def __init__(self, message: str, return_code: int | None = None) -> None:
        """Say what went wrong."""
        super().__init__(message)
        self.return_code = return_code


class TableTrackerConnectionError(TableTrackerError):
    """The gateway cannot be reached, is too slow, or fails (5xx)."""


class TableTrackerAuthError(TableTrackerError):
    """The token is unknown or revoked: -2, or 401 (section 2.5)."""


class TableTrackerResponseError(TableTrackerError):
    """An answer that no gateway gives: another product, or a body that cannot be read."""


class TableTrackerOutdatedError(TableTrackerError):
    """A gateway whose firmware knows only the API before v2 (section 7.9)."""


class TableTrackerNotFoundError(TableTrackerError):
    """There is no such active order: -6, or 404."""


class TableTrackerUnsupportedError(TableTrackerError):
    """This firmware lacks the endpoint: -5, or a web page that says 404 or 405."""


class TableTrackerRejectedError(TableTrackerError):
    """The gateway understood a request and refused it; the message is the gateway's own."""


class TableTrackerOutcomeUnknownError(TableTrackerError):
    """A command was sent and its answer was lost: it may or may not have run."""
