"""The one face of a manager."""

import aiohttp

from .command_api import CommandApi
from .demand_api import DemandApi
from .emergency_api import EmergencyApi
from .energy_api import EnergyApi
from .link import ManagerLink
from .settings import AuthScheme, EnlightedSettings
from .state_api import StateApi
from .structure_api import StructureApi


class EnlightedClient(StructureApi, StateApi, EnergyApi, CommandApi, EmergencyApi, DemandApi):
    """Everything that can be asked of a manager, and told to it.

    Every method raises an `EnlightedError`, and nothing else, when it fails. What acts is sent
    once: whoever sent it learns whether it was taken, was refused, or may have been taken. Taken
    means on its way by radio: nothing tells whether a light obeyed (gotchas 12 and 13).
    """

    def __init__(self, session: aiohttp.ClientSession, settings: EnlightedSettings) -> None:
        """Prepare; nothing is sent, and the session is used but never closed."""
        super().__init__(ManagerLink(session, settings), settings)

    @property
    def scheme(self) -> AuthScheme:
        """How requests are signed: what was chosen, or what worked last."""
        return self._access.scheme

    def remember_scheme(self, scheme: AuthScheme) -> None:
        """Begin with the scheme that worked the last time, unless one was chosen."""
        self._access.remember(scheme)

    @property
    def request_count(self) -> int:
        """How many requests were sent."""
        return self._link.request_count
