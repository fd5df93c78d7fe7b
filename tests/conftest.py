"""What every test of the integration needs: Home Assistant with Gatehouse to be found in it."""

import asyncio
from typing import Any

import pytest

from homeassistant.core import HomeAssistant

# The loader finds a custom integration by its module, which therefore has to be imported.
import custom_components.gatehouse  # noqa: F401  # imported to be found

# What all systems share is tested with the first of them.
from .systems.paxton_net2.conftest import entry, options, simulator, site  # noqa: F401  # are fixtures


@pytest.fixture(autouse=True)
def _enable_custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load Gatehouse."""


@pytest.fixture
def refused_handshakes(hass: HomeAssistant) -> None:
    """Let a client hang up on a simulator whose certificate it does not trust.

    In debug mode asyncio reports that, on the simulator's side, as an exception that nobody
    caught, and the kit fails a test for such.
    """
    report = hass.loop.get_exception_handler()
    assert report

    def report_others(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if context["message"] != "Error on transport creation for incoming connection":
            report(loop, context)

    hass.loop.set_exception_handler(report_others)
