"""A simulated VXG cloud: its API, its storage, and the pictures of its cameras."""

from .faults import VxgFaults
from .simulator import VxgSimulator
from .world import World

__all__ = ["VxgFaults", "VxgSimulator", "World"]
