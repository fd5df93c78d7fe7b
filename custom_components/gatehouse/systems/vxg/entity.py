"""Entities of VXG: rows of a table for the account and for each part of a camera."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.helpers.device_registry import DeviceInfo

from ...devices import hub_device
from ...entity import GatehouseEntity, Shows
from .client import Camera
from .const import SYSTEM_ID
from .coordinator import VxgCoordinator
from .devices import camera_device, part_owner
from .snapshot import AccountState, Kind, Part, PartState


def _always(_state: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class VxgShows[ValueT](Shows[ValueT]):
    """The half of a description that all of VXG's share.

    `supported` tells from a part's state whether to have the entity at all; `needs_camera`
    whether it is of use only while the camera can be reached; `needs_all` whether a credential
    that may only look cannot serve it.
    """

    supported: Callable[[Any], bool] = _always
    needs_camera: bool = True
    needs_all: bool = False


class VxgEntity[ValueT](GatehouseEntity[VxgCoordinator, ValueT]):
    """An entity of the account, of a camera, or of one of a camera's settings."""

    coordinator_context: Part
    _last_camera: Camera

    @property
    def camera_id(self) -> int:
        """The camera's id."""
        return self.coordinator_context.camera_id

    @property
    def _camera(self) -> Camera:
        state = self._state
        assert isinstance(state, PartState)
        return state.camera

    @property
    def _state(self) -> Any:
        return self.coordinator.data.parts[self.coordinator_context]

    @property
    def _vxg_shows(self) -> VxgShows[ValueT]:
        shows = self._shows
        assert isinstance(shows, VxgShows)
        return shows

    @property
    @override
    def is_supported(self) -> bool:
        """Whether the camera can do this, and the credential may."""
        shows, state = self._vxg_shows, self._state
        is_allowed = isinstance(state, AccountState) or state.camera.is_full or not shows.needs_all
        return is_allowed and shows.supported(state)

    @property
    @override
    def unique_id(self) -> str:
        """What identifies the camera, the part and the description; an account has the entry's."""
        part, coordinator = self.coordinator_context, self.coordinator
        if part.kind is Kind.ACCOUNT:
            return f"{SYSTEM_ID}-{coordinator.config_entry.entry_id}-{self.entity_description.key}"
        owner = part_owner(self._known_camera, part, coordinator.host)
        return f"{owner}-{self.entity_description.key}"

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The camera's device, or the account's."""
        coordinator = self.coordinator
        if self.coordinator_context.kind is Kind.ACCOUNT:
            return hub_device(coordinator.config_entry)
        camera = self._camera
        return camera_device(
            coordinator.hass,
            coordinator.config_entry,
            camera,
            coordinator.host,
            coordinator.gateway_of(camera),
        )

    @property
    def _known_camera(self) -> Camera:
        """The camera, also once it is gone: an entity keeps its id until it is removed."""
        state = self.coordinator.data.parts.get(self.coordinator_context)
        if isinstance(state, PartState):
            self._last_camera = state.camera
        return self._last_camera

    @override
    def _is_reachable(self, state: Any) -> bool:
        if isinstance(state, PartState) and self._vxg_shows.needs_camera:
            return state.camera.is_online
        return True
