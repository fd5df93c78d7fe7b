"""A simulated LRS Table Tracker gateway: its local API, its socket, and its announcement."""

from .faults import TableTrackerFaults
from .simulator import TableTrackerSimulator
from .world import World

__all__ = ["TableTrackerFaults", "TableTrackerSimulator", "World"]
