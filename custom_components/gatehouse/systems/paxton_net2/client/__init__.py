"""A client of the Paxton Net2 Local Web API; it knows nothing of Home Assistant.

Section numbers in this package refer to the protocol notes that the project keeps.
"""

from .api import Net2Client
from .clock import ServerClock
from .errors import (
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
from .event_codes import Credential, EventKind, credential_of, kind_of
from .models import (
    AccessEvent,
    Direction,
    Door,
    DoorLockUpdate,
    DoorReport,
    DoorStatus,
    DoorStatusUpdate,
    NamedItem,
    NewUser,
    Relay,
    RollCallItem,
    RollCallUpdate,
    ServerInfo,
    StreamConnected,
    StreamDisconnected,
    StreamMessage,
    User,
    UserToken,
)
from .people import UNCHANGED, Unchanged
from .settings import Net2Settings
from .stream import Net2Stream

__all__ = [
    "UNCHANGED",
    "AccessEvent",
    "Credential",
    "Direction",
    "Door",
    "DoorLockUpdate",
    "DoorReport",
    "DoorStatus",
    "DoorStatusUpdate",
    "EventKind",
    "NamedItem",
    "Net2AuthError",
    "Net2CertificateError",
    "Net2Client",
    "Net2ConnectionError",
    "Net2Error",
    "Net2LicenceError",
    "Net2MfaRequiredError",
    "Net2NotFoundError",
    "Net2OutcomeUnknownError",
    "Net2PermissionError",
    "Net2RateLimitedError",
    "Net2RejectedError",
    "Net2ResponseError",
    "Net2Settings",
    "Net2Stream",
    "NewUser",
    "Relay",
    "RollCallItem",
    "RollCallUpdate",
    "ServerClock",
    "ServerInfo",
    "StreamConnected",
    "StreamDisconnected",
    "StreamMessage",
    "Unchanged",
    "User",
    "UserToken",
    "credential_of",
    "kind_of",
]
