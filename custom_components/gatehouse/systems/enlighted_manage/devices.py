"""The devices of a site: the manager, its floors, and what is on them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo

from ...const import DOMAIN
from ...devices import async_add_hub, async_keep_devices, hub_device, part_device
from .client import Area, EnlightedSettings, Floor, Gateway, SensorClass
from .const import MANUFACTURER, SYSTEM_ID
from .snapshot import (
    AreaPlugsState,
    AreaState,
    FloorState,
    GatewayState,
    GroupState,
    Kind,
    ManagerState,
    Part,
    PlugDetailsState,
    ReceptacleState,
    SceneState,
    SensorState,
    State,
)

_MODELS: Final = {
    SensorClass.FIXTURED: "Fixture",
    SensorClass.EMERGENCY: "Emergency fixture",
    SensorClass.FIXTURELESS: "Sensor",
    SensorClass.DESK: "Desk sensor",
}
_KINDS: Final = {
    Kind.FLOOR: "Floor",
    Kind.AREA: "Area",
    Kind.GROUP: "Switch group",
    Kind.GATEWAY: "Gateway",
    Kind.PLUG_LOAD: "Plug load controller",
}
#: Which kind of device a kind of part belongs to, where that is not its own.
_OWNERS: Final = {
    Kind.AREA_PLUGS: Kind.AREA,
    Kind.DESK: Kind.FIXTURE,
    Kind.DRIVER: Kind.FIXTURE,
    Kind.MOTION: Kind.FIXTURE,
    Kind.PLUG_DETAILS: Kind.PLUG_LOAD,
    Kind.PROFILE: Kind.FIXTURE,
    Kind.SCENE: Kind.GROUP,
}


def gateway_identifier(site: str, gateway: Gateway) -> str:
    """Return what identifies a gateway: its MAC, wherever its manager is; else its number there."""
    return f"{SYSTEM_ID}-gateway-{gateway.mac}" if gateway.mac else f"{site}-gateway-{gateway.id}"


@callback
def async_add_manager(hass: HomeAssistant, entry: ConfigEntry, settings: EnlightedSettings) -> None:
    """Create the manager's device, which everything hangs below."""
    async_add_hub(
        hass,
        entry,
        manufacturer=MANUFACTURER,
        model="Enlighted Manage",
        configuration_url=settings.origin,
    )


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices of an entry."""

    hass: HomeAssistant
    entry: ConfigEntry
    #: What identifies the manager: numbers are small, and each manager's own (gotcha 8).
    site: str
    #: Whether there is but one floor, so that a kitchen is the kitchen.
    is_one_floor: bool

    def owner_of(self, part: Part, state: State) -> str:
        """Return what the unique ids of a part's entities begin with; their keys follow."""
        match state:
            case ManagerState():
                return f"{self.site}-{part.kind}"
            case GatewayState():
                return gateway_identifier(self.site, state.gateway)
        return f"{self.site}-{part.kind}-{part.id}"

    def identifier_of(self, part: Part, state: State) -> str:
        """Return the identifier of a part's device."""
        match state:
            case GatewayState():
                return gateway_identifier(self.site, state.gateway)
            case SceneState():
                return f"{self.site}-{Kind.GROUP}-{state.group.id}"
        return f"{self.site}-{_OWNERS.get(part.kind, part.kind)}-{part.id}"

    def name_of(self, state: State) -> str:
        """Return the name of a part's device."""
        match state:
            case ManagerState():
                return self.entry.title
            case FloorState():
                return state.floor.name
            case AreaState() | AreaPlugsState():
                return state.area.name
            case GroupState() | SceneState():
                return state.group.name
            case ReceptacleState():
                return state.plug_load.name
        return state.gateway.name if isinstance(state, GatewayState) else state.fixture.name

    def info_of(self, part: Part, state: State) -> DeviceInfo:
        """Return the device of a part; that of the manager is the hub's."""
        if isinstance(state, ManagerState):
            return hub_device(self.entry)
        # A floor is no room.
        is_room = not isinstance(state, FloorState)
        details = state.details if isinstance(state, PlugDetailsState) else None
        return part_device(
            self.hass,
            self.entry,
            self.identifier_of(part, state),
            name=self.name_of(state),
            manufacturer=MANUFACTURER,
            model=_model(part, state),
            sw_version=details.version if details else None,
            suggested_area=self._place(state.floor, _inside(state)) if is_room else None,
            via=self._above(state),
        )

    def _above(self, state: State) -> str:
        """Return the identifier of the device that a part's hangs below."""
        if isinstance(state, ManagerState | FloorState):
            return self.entry.entry_id
        inside = _inside(state)
        if inside is None or isinstance(state, AreaState | AreaPlugsState):
            return f"{self.site}-{Kind.FLOOR}-{state.floor.id}"
        return f"{self.site}-{Kind.AREA}-{inside.id}"

    def _place(self, floor: Floor, area: Area | None) -> str:
        """Return what a place is called; several floors may have a kitchen each."""
        if area is None:
            return floor.name
        return area.name if self.is_one_floor else f"{floor.name} {area.name}"

    @callback
    def async_add_places(self, parts: Iterable[tuple[Part, State]]) -> None:
        """Create the devices that others hang below before those others come."""
        registry = dr.async_get(self.hass)
        for part, state in parts:
            if isinstance(state, FloorState | AreaState):
                info = self.info_of(part, state)
                registry.async_get_or_create(config_entry_id=self.entry.entry_id, **info)

    @callback
    def async_move(self, before: Mapping[Part, State], after: Mapping[Part, State]) -> None:
        """Hang the devices of what is in another area than before below that."""
        registry = dr.async_get(self.hass)
        for part, state in after.items():
            old = before.get(part)
            if old is None or (above := self._above(state)) == self._above(old):
                continue
            via, found = (
                dr.async_get_device_id_by_identifier(
                    self.hass, (DOMAIN, identifier), config_entry_id=self.entry.entry_id
                )
                for identifier in (above, self.identifier_of(part, state))
            )
            if found:
                registry.async_update_device(found, via_device_id=via)

    @callback
    def async_keep(self, parts: Mapping[Part, State]) -> None:
        """Keep the devices as the parts are: what is gone at the manager's goes here."""
        known = {
            self.identifier_of(part, state): self.name_of(state)
            for part, state in parts.items()
            if part.kind is not Kind.MANAGER
        }
        async_keep_devices(self.hass, self.entry, known)
        # Parts may go while their device stays: scenes, or what the options no longer ask for.
        owners = {self.owner_of(part, state) for part, state in parts.items()}
        self._forget(lambda owner: owner not in owners)

    @callback
    def async_forget(self, gone: Mapping[Part, State], left: Mapping[Part, State]) -> None:
        """Remove the devices and the entities of parts that are no more, of those of a floor."""
        registry = dr.async_get(self.hass)
        kept = {self.identifier_of(part, state) for part, state in left.items()}
        for identifier in {self.identifier_of(part, state) for part, state in gone.items()} - kept:
            device = registry.async_get_device_by_identifier(
                (DOMAIN, identifier), self.entry.entry_id
            )
            if device:
                registry.async_remove_device(device.id)
        owners = {self.owner_of(part, state) for part, state in gone.items()}
        self._forget(owners.__contains__)

    def _forget(self, is_gone: Callable[[str], bool]) -> None:
        registry = er.async_get(self.hass)
        for known in er.async_entries_for_config_entry(registry, self.entry.entry_id):
            if is_gone(known.unique_id.rpartition("-")[0]):
                registry.async_remove(known.entity_id)


def _inside(state: State) -> Area | None:
    """Return the area that something is in, or is."""
    if isinstance(state, ManagerState | FloorState | GroupState | SceneState | GatewayState):
        return None
    return state.area


def _model(part: Part, state: State) -> str:
    if isinstance(state, SensorState):
        return _MODELS[state.fixture.kind]
    return _KINDS[_OWNERS.get(part.kind, part.kind)]
