"""All methods of the API."""

from typing import Final

from . import api_energy, api_plugloads, api_tree
from .routing import Table

TABLE: Final = Table(
    *api_tree.ROUTES,
    *api_energy.ROUTES,
    *api_plugloads.ROUTES,
)
