"""A simulated Enlighted Manage: its API, its building, and the people who walk through it."""

from .faults import EnlightedFaults
from .simulator import EnlightedSimulator
from .world import World

__all__ = ["EnlightedFaults", "EnlightedSimulator", "World"]
