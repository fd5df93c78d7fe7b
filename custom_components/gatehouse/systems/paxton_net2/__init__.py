"""Paxton Net2, by its Local Web API."""

from typing import Final

from ...system import System, platforms_of
from . import binary_sensor, button, event, image, lock, sensor, switch
from .actions import ACTIONS
from .const import SYSTEM_ID
from .coordinator import async_create
from .diagnostics import diagnostics, health
from .flow import Net2Form
from .issues import ALL
from .options_flow import Net2OptionsFlow

SYSTEM: Final = System(
    id=SYSTEM_ID,
    platforms=platforms_of(binary_sensor, button, event, image, lock, sensor, switch),
    form=Net2Form(),
    options_flow=Net2OptionsFlow,
    actions=ACTIONS,
    issues=ALL,
    async_create=async_create,
    diagnostics=diagnostics,
    health=health,
)
