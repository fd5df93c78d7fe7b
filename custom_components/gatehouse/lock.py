"""Locks of every system that has them."""

from typing import Final

from homeassistant.const import Platform

from .systems import platform_setup

#: No queue: an unlock that waited behind another would come when nobody is at the door any more.
#: A second command to the same door is refused instead (see the systems' own modules).
PARALLEL_UPDATES: Final = 0

async_setup_entry = platform_setup(Platform.LOCK)
