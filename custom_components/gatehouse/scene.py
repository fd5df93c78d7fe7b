"""Scenes of every system that has them."""

from typing import Final

from homeassistant.const import Platform

from .systems import platform_setup

#: No queue: a command that waits comes when nobody means it any more.
PARALLEL_UPDATES: Final = 0

async_setup_entry = platform_setup(Platform.SCENE)
