"""The systems that the demo shows: one line each in `SYSTEMS`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from . import paxton_net2
from .api import Json
from .dashboard import Device


@dataclass(frozen=True, slots=True)
class System:
    """How a system takes part."""

    id: str
    #: Options for its simulator.
    options: Sequence[str]
    #: What to fill in at each step of its config flow; told by the simulator's ready line.
    answers: Callable[[Json], Mapping[str, Json]]
    #: Its view of the dashboard.
    view: Callable[[Sequence[Device]], Json]


SYSTEMS = (System("paxton_net2", ["--busy"], paxton_net2.answers, paxton_net2.view),)
