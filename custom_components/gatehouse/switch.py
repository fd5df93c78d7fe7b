"""Switches of every system that has them."""

from typing import Final

from homeassistant.const import Platform

from .systems import platform_setup

#: One command at a time: a vendor's controller answers them in turn.
PARALLEL_UPDATES: Final = 1

async_setup_entry = platform_setup(Platform.SWITCH)
