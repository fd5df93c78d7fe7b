"""LRS Table Tracker, by its gateway's local API."""

from typing import Final

from ...system import System, platforms_of
from . import binary_sensor, button, event, number, sensor, switch, text, todo
from .actions import ACTIONS
from .const import SYSTEM_ID
from .coordinator import async_create
from .diagnostics import diagnostics, health
from .flow import TableTrackerForm
from .issues import ALL
from .linking import LinkSteps
from .options_flow import TableTrackerOptionsFlow

__all__ = ["SYSTEM", "LinkSteps"]

SYSTEM: Final = System(
    id=SYSTEM_ID,
    platforms=platforms_of(binary_sensor, button, event, number, sensor, switch, text, todo),
    form=TableTrackerForm(),
    options_flow=TableTrackerOptionsFlow,
    actions=ACTIONS,
    issues=ALL,
    async_create=async_create,
    diagnostics=diagnostics,
    health=health,
)
