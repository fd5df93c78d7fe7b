"""What all tests of the simulators need."""

import contextlib

import pytest


@pytest.fixture(autouse=True)
def _sockets(request: pytest.FixtureRequest) -> None:
    """Let a test listen on loopback where Home Assistant's test kit forbids it by default."""
    with contextlib.suppress(pytest.FixtureLookupError):
        request.getfixturevalue("socket_enabled")
