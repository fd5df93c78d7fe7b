"""The systems that the demo shows: one each in `SYSTEMS`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import enlighted_manage, paxton_net2, table_tracker, vxg
from .api import Json
from .devices import Device, House
from .setup_flow import Answers
from .simulators import Simulator


@dataclass(frozen=True, slots=True)
class System:
    """How a system takes part."""

    id: str
    #: Arguments for its simulator, told the folder for what it keeps.
    arguments: Callable[[Path], Sequence[str]]
    #: Its config flow.
    set_up: Callable[[Simulator], Answers]
    #: Its options flows, told the devices of all systems.
    options: Callable[[House], Iterable[Answers]]
    #: Its view of the dashboard.
    view: Callable[[Sequence[Device]], Json]
    #: What the Energy dashboard is to show of it, if anything.
    energy: Callable[[Sequence[Device]], Json] | None = None


SYSTEMS = (
    System(
        paxton_net2.ID,
        paxton_net2.arguments,
        paxton_net2.set_up,
        paxton_net2.options,
        paxton_net2.view,
    ),
    System(vxg.ID, vxg.arguments, vxg.set_up, vxg.options, vxg.view),
    System(
        enlighted_manage.ID,
        enlighted_manage.arguments,
        enlighted_manage.set_up,
        enlighted_manage.options,
        enlighted_manage.view,
        enlighted_manage.energy,
    ),
    System(
        table_tracker.ID,
        table_tracker.arguments,
        table_tracker.set_up,
        table_tracker.options,
        table_tracker.view,
    ),
)
