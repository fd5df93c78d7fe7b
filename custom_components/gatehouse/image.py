"""Images of every system that has them."""

from typing import Final

from homeassistant.const import Platform

from .systems import platform_setup

#: Read-only: everything comes from the coordinator.
PARALLEL_UPDATES: Final = 0

async_setup_entry = platform_setup(Platform.IMAGE)
