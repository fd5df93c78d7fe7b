"""The client's errors as sentences for a person; those of the gateway's own by its code."""

from collections.abc import Mapping
from typing import Final, override

from ...errors import Errors
from .client import (
    TableTrackerAuthError,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerNotFoundError,
    TableTrackerOutcomeUnknownError,
    TableTrackerOutdatedError,
    TableTrackerRejectedError,
    TableTrackerResponseError,
    TableTrackerUnsupportedError,
)

#: Return codes that a user or an action can bring about (section 6.3).
BY_CODE: Final[Mapping[int | None, str]] = {
    -3: "button_not_pressed",
    -4: "invalid_token_name",
    -6: "order_not_found",
    -7: "order_not_found",
    -8: "invalid_order_number",
    -9: "invalid_order_number",
    -10: "invalid_table",
    -11: "invalid_order_type",
    -12: "invalid_order_type",
    -13: "paging_unavailable",
    -14: "paging_impossible",
    -16: "invalid_pairing_time",
    -20: "unknown_setting",
    -21: "invalid_setting",
    -22: "invalid_target_time",
    -25: "invalid_date",
    -26: "invalid_date",
}


class _Errors(Errors[TableTrackerError]):
    """The codes tell more than the classes."""

    @override
    def key_of(self, error: TableTrackerError) -> str:
        return BY_CODE.get(error.return_code) or Errors.key_of(self, error)


ERRORS: Final = _Errors(
    base=TableTrackerError,
    keys={
        TableTrackerAuthError: "token_refused",
        TableTrackerConnectionError: "cannot_connect",
        TableTrackerError: "unknown",
        TableTrackerNotFoundError: "order_not_found",
        TableTrackerOutcomeUnknownError: "outcome_unknown",
        TableTrackerOutdatedError: "gateway_outdated",
        TableTrackerRejectedError: "rejected",
        TableTrackerResponseError: "wrong_system",
        TableTrackerUnsupportedError: "not_supported",
    },
    sign_in=(TableTrackerAuthError,),
    needs_person=(TableTrackerAuthError, TableTrackerOutdatedError),
)
