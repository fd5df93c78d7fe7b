"""VXG Cloud VMS and VXG Server, by their web API."""

from typing import Final

from ...system import System, platforms_of
from . import binary_sensor, button, camera, event, image, number, select, sensor, switch, update
from .actions import ACTIONS
from .const import SYSTEM_ID
from .coordinator import async_create
from .diagnostics import diagnostics, health
from .flow import VxgForm
from .issues import ALL
from .library import VxgLibrary
from .options_flow import VxgOptionsFlow

__all__ = ["SYSTEM"]

SYSTEM: Final = System(
    id=SYSTEM_ID,
    platforms=platforms_of(
        binary_sensor, button, camera, event, image, number, select, sensor, switch, update
    ),
    form=VxgForm(),
    options_flow=VxgOptionsFlow,
    actions=ACTIONS,
    issues=ALL,
    async_create=async_create,
    diagnostics=diagnostics,
    health=health,
    media=VxgLibrary(),
)
