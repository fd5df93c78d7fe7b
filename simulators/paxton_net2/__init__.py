"""A simulated Paxton Net2 server: the Local Web API and its live stream."""

from .doors import Door, DoorKind
from .faults import Net2Faults
from .simulator import Net2Simulator
from .world import World

__all__ = ["Door", "DoorKind", "Net2Faults", "Net2Simulator", "World"]
