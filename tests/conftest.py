"""What every test of the integration needs: Home Assistant with Gatehouse to be found in it."""

from collections.abc import Generator

import pytest

# The loader finds a custom integration by its module, which therefore has to be imported.
import custom_components.gatehouse  # noqa: F401


@pytest.fixture(autouse=True)
def _enable_custom_integrations(enable_custom_integrations: None) -> Generator[None]:
    """Let Home Assistant load Gatehouse."""
    yield
