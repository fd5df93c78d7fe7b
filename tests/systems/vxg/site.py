"""A set-up account, as tests look at it: by entity ids, states and bus events."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.core import State

from custom_components.gatehouse.systems.vxg.coordinator import VxgCoordinator
from simulators.vxg import VxgSimulator

from ..watching import WatchedSite, eventually


def data_of(cloud: VxgSimulator, credential: str) -> dict[str, Any]:
    """Return what an entry of a cloud stores."""
    return {
        "system": "vxg",
        "credential": credential,
        "host": cloud.host,
        "port": cloud.port,
        "use_https": cloud.certificate is not None,
        "path": "",
    }


@dataclass(kw_only=True)
class Site(WatchedSite):
    """An entry, its cloud, and what Home Assistant made of both."""

    cloud: VxgSimulator

    @override
    async def set_up(self) -> None:
        """Set the entry up, and wait until it hears events and knows every setting."""
        await super().set_up()
        await self.settled()

    async def settled(self) -> None:
        """Wait until the events are heard and all that is due was read."""
        coordinator = self.coordinator
        if coordinator.hears_events:
            await eventually(lambda: coordinator.is_live, "the events")
        await coordinator._async_read_settings()
        await self.hass.async_block_till_done()

    @property
    def coordinator(self) -> VxgCoordinator:
        """The entry's coordinator."""
        coordinator: VxgCoordinator = self.entry.runtime_data
        return coordinator

    @property
    def cameras(self) -> list[int]:
        """The ids of the cloud's cameras."""
        return list(self.cloud.world.cameras)

    def identifier(self, camera: int) -> str:
        """Return a camera's device identifier."""
        created = int(self.cloud.world.cameras[camera].created)
        return f"vxg-{camera}-{created}"

    def entity_id(self, platform: str, key: str, camera: int = 0) -> str:
        """Return the id of an entity of a camera, or of the account."""
        entity_id = self.entity_id_of(platform, self._unique_id(key, camera))
        assert entity_id, f"no {platform} {key} at {camera or 'the account'}"
        return entity_id

    def has(self, platform: str, key: str, camera: int = 0) -> bool:
        """Return whether an entity is there."""
        return self.entity_id_of(platform, self._unique_id(key, camera)) is not None

    def state(self, platform: str, key: str, camera: int = 0) -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, key, camera))
        assert state
        return state

    async def shows(self, value: str, platform: str, key: str, camera: int = 0) -> None:
        """Wait until an entity is there and has this state."""
        await eventually(
            lambda: (
                self.has(platform, key, camera)
                and (found := self.hass.states.get(self.entity_id(platform, key, camera)))
                and found.state == value
            ),
            f"{key} of {camera} is {value}",
        )

    def sights(self, camera: int) -> list[str]:
        """The types that a camera's event entity fired."""
        own = self.entity_id("event", "sights", camera)
        return [each.attributes["event_type"] for each in self.fired if each.entity_id == own]

    @property
    def missed_events(self) -> list[str]:
        """The types that were told as missed."""
        return [each.data["event_type"] for each in self.missed]

    def told(self, name: str) -> list[dict[str, Any]]:
        """What the cloud was told by this name."""
        return [dict(each.body) for each in self.cloud.commands if each.name == name]

    def _unique_id(self, key: str, camera: int) -> str:
        owner = self.identifier(camera) if camera else f"vxg-{self.entry.entry_id}"
        return f"{owner}-{key}"
