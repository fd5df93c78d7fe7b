"""All methods of the API."""

from typing import Final

from . import (
    api_areas,
    api_dali,
    api_demand,
    api_emergency,
    api_energy,
    api_fixtures,
    api_plugloads,
    api_profiles,
    api_sensors,
    api_switches,
    api_tree,
)
from .routing import Table

TABLE: Final = Table(
    *api_tree.ROUTES,
    *api_fixtures.ROUTES,
    *api_sensors.ROUTES,
    *api_areas.ROUTES,
    *api_energy.ROUTES,
    *api_plugloads.ROUTES,
    *api_switches.ROUTES,
    *api_dali.ROUTES,
    *api_demand.ROUTES,
    *api_profiles.ROUTES,
    *api_emergency.ROUTES,
)
