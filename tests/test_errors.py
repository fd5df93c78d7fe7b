"""A client's errors become sentences: each its own, or its nearest relative's."""

import pytest

from homeassistant.exceptions import HomeAssistantError

from custom_components.gatehouse.const import DOMAIN
from custom_components.gatehouse.errors import Errors


class VendorError(Exception):
    """The base."""


class AwayError(VendorError):
    """Has a sentence."""


class SlowError(AwayError):
    """Has none of its own."""


ERRORS = Errors(
    base=VendorError,
    keys={VendorError: "unknown", AwayError: "cannot_connect"},
    sign_in=(),
    needs_person=(),
)


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (VendorError(), "unknown"),
        (AwayError(), "cannot_connect"),
        (SlowError(), "cannot_connect"),
    ],
)
def test_every_error_has_a_sentence(error: VendorError, key: str) -> None:
    assert ERRORS.key_of(error) == key
    with pytest.raises(HomeAssistantError) as told, ERRORS.translated():
        raise error
    assert (told.value.translation_domain, told.value.translation_key) == (DOMAIN, key)
    assert told.value.__cause__ is error


def test_what_is_no_error_of_the_client_is_left_as_it_is() -> None:
    with pytest.raises(KeyError), ERRORS.translated():
        raise KeyError("a bug")
    with ERRORS.translated():
        result = 1
    assert result == 1
