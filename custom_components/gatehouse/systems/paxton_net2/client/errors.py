"""What can go wrong between this client and a Net2 server.

No message here ever holds a secret, a URL (SignalR carries its token in the query) or a
body of the server's.
"""


class Net2Error(Exception):
    """Base of everything this client raises."""


class Net2ConnectionError(Net2Error):
    """The server cannot be reached, is too slow, or nginx answers for it (5xx, HTML)."""


class Net2CertificateError(Net2ConnectionError):
    """The certificate is neither trusted by the system's CAs nor the pinned one."""


class Net2RateLimitedError(Net2ConnectionError):
    """Too many sign-ins at once: 429 (section 2.6)."""

    def __init__(self, retry_after: float | None = None) -> None:
        """Keep the seconds the server asked to wait, where it said so."""
        super().__init__("The server limits sign-ins")
        self.retry_after = retry_after


class Net2AuthError(Net2Error):
    """Operator name or password refused (section 2.5)."""


class Net2LicenceError(Net2Error):
    """`invalid_client`: the client id is unknown or its licence is not loaded."""


class Net2MfaRequiredError(Net2Error):
    """The operator needs a second factor, so nobody can sign in unattended (section 2.7)."""


class Net2PermissionError(Net2Error):
    """403: the operator lacks the right, or the licence lacks the feature."""


class Net2NotFoundError(Net2Error):
    """404: the route or the object does not exist on this server."""


class Net2ResponseError(Net2Error):
    """An answer that no Net2 server gives: another product, or a body that cannot be read."""


class Net2RejectedError(Net2Error):
    """The server understood a request and refused it; the message is the server's own."""


class Net2OutcomeUnknownError(Net2Error):
    """A command was sent and its answer was lost: it may or may not have run (section 7.4)."""
