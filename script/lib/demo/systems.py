"""The systems that the demo shows: one line each in `SYSTEMS`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from . import paxton_net2
from .api import Json
from .devices import Device
from .setup_flow import Answers


@dataclass(frozen=True, slots=True)
class System:
    """How a system takes part."""

    id: str
    #: Arguments for its simulator.
    arguments: Sequence[str]
    #: Its config flow, told by the simulator's ready line.
    set_up: Callable[[Json], Answers]
    #: Its options flows.
    options: Callable[[Sequence[Device]], Iterable[Answers]]
    #: Its view of the dashboard.
    view: Callable[[Sequence[Device]], Json]


SYSTEMS = (
    System("paxton_net2", ["--busy"], paxton_net2.set_up, paxton_net2.options, paxton_net2.view),
)
