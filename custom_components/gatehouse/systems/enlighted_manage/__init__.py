"""Enlighted Manage, by its web API."""

from typing import Final

from ...system import System, platforms_of
from . import binary_sensor, button, event, image, light, number, scene, select, sensor, switch
from .actions import ACTIONS
from .const import SYSTEM_ID
from .coordinator import async_create
from .diagnostics import diagnostics, health
from .flow import EnlightedForm, FloorSteps
from .issues import ALL
from .options_flow import EnlightedOptionsFlow

__all__ = ["SYSTEM", "FloorSteps"]

SYSTEM: Final = System(
    id=SYSTEM_ID,
    platforms=platforms_of(
        binary_sensor, button, event, image, light, number, scene, select, sensor, switch
    ),
    form=EnlightedForm(),
    options_flow=EnlightedOptionsFlow,
    actions=ACTIONS,
    issues=ALL,
    async_create=async_create,
    diagnostics=diagnostics,
    health=health,
)
