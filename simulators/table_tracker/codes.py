"""The return codes of section 6, with the messages that are known and our own where none is."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .wire import Json

#: Status and message of each error; statuses and messages that section 6.3 has not are choices.
ERRORS: Final = {
    -1: (400, "Invalid formatted Authorization header value. Must be Bearer ACCESS_TOKEN."),
    -2: (401, "Access denied using provided token or no access token provided."),
    -3: (403, "Time window expired or gateway button not pressed."),
    -4: (400, "Invalid name for access token. Can only contain letters and digits."),
    -5: (404, "API not available."),
    -6: (404, "Order not found."),
    -7: (400, "Invalid order id."),
    -8: (400, "Missing order name."),
    -9: (400, "Invalid order name."),
    -10: (400, "Invalid location name."),
    -11: (400, "Missing order type."),
    -12: (400, "Invalid order type."),
    -13: (400, "Paging unavailable."),
    -14: (400, "Paging impossible."),
    -15: (400, "Invalid boolean value for refresh parameter. Must be true or false."),
    -16: (
        400,
        "Invalid integer value for timeout query parameter. Must be a valid integer between 0-254",
    ),
    -17: (400, "Malformed device code. Must be in the format of 012-3456-789"),
    -18: (400, "Missing device code."),
    -19: (400, "Invalid device code."),
    -20: (400, "Invalid settings key: {}"),
    -21: (400, "Invalid value {} for key {}."),
    -22: (400, "Invalid target time."),
    -23: (400, "Invalid limit."),
    -24: (400, "Invalid offset."),
    -25: (400, "Invalid date for created_after."),
    -26: (400, "Invalid date for created_before."),
    -27: (400, "Invalid order UUID."),
    -28: (400, "Missing http_client."),
    -29: (400, "Invalid http_client."),
    -30: (404, "Client is not registered."),
    -31: (400, "Invalid JSON."),
    -32: (401, "Timeout while waiting for token."),
    -33: (400, "Invalid timeout."),
    -34: (400, "Timeout out of bounds."),
}

MESSAGES: Final = {
    1001: "Token deleted.",
    1002: "Paging canceled.",
    1003: "No paged tracker to cancel.",
    1004: "Settings successfully changed.",
    1005: "Registered client.",
    1006: "Repeater clearing successful.",
    1007: "Tracker inventory cleared.",
    1008: "Already activated with LRSConnect.",
    1009: "Order already started.",
    1010: "Order already located.",
    1011: "Successfully activated with LRSConnect.",
    1012: "Gateway listening for repeaters.",
    1013: "Gateway has stopped listening for repeaters.",
}


class RefusedError(Exception):
    """A request is answered with an error's code."""

    def __init__(self, code: int, *details: str) -> None:
        super().__init__(code)
        self.code = code
        self.status, message = ERRORS[code]
        self.message = message.format(*details)

    def body(self) -> dict[str, Json]:
        """Return what the answer holds beside its status."""
        return {"returnCode": self.code, "message": self.message}
