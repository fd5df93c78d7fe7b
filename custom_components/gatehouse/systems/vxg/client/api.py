"""The one face of a cloud."""

from datetime import timedelta

import aiohttp

from .access import CloudAccess
from .camera_api import CameraApi
from .control_api import ControlApi
from .link import CloudLink
from .rest import CloudRest
from .settings import VxgSettings
from .storage_api import StorageApi


class VxgClient(CameraApi, StorageApi, ControlApi):
    """Everything that can be asked of a cloud or a VXG Server.

    Every method raises a `VxgError`, and nothing else, when it fails. What acts is sent once:
    whoever sent it learns whether it worked, was refused, or may have worked.
    """

    def __init__(self, session: aiohttp.ClientSession, settings: VxgSettings) -> None:
        """Prepare; nothing is sent, and the session is used but never closed."""
        self.settings = settings
        self.clock_offset = timedelta()
        self._link = CloudLink(session, settings)
        self._access = CloudAccess(CloudRest(self._link), settings.credential)

    @property
    def request_count(self) -> int:
        """How many requests were sent, those to media hosts included."""
        return self._link.request_count
