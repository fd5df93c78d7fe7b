"""A set-up manager, as tests look at it: by entity ids, states and bus events."""

from dataclasses import dataclass
from operator import gt
from typing import Any, override

from homeassistant.core import State

from custom_components.gatehouse.systems.enlighted_manage.coordinator import EnlightedCoordinator
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from ..watching import WatchedSite, eventually

#: What identifies the manager of the tests.
SITE = "enlighted_manage-test"


def data_of(manager: EnlightedSimulator) -> dict[str, Any]:
    """Return what an entry of a manager stores."""
    details = manager.details()
    certificate = manager.certificate
    return {
        "system": "enlighted_manage",
        "host": manager.host,
        "port": manager.port,
        "username": details["username"],
        "api_key": details["api_key"],
        "auth_scheme": "auto",
        "use_https": certificate is not None,
        "floors": [],
        **({"fingerprint": certificate.fingerprint} if certificate else {}),
    }


@dataclass(kw_only=True)
class Site(WatchedSite):
    """An entry, its manager, and what Home Assistant made of both."""

    manager: EnlightedSimulator

    @override
    async def set_up(self) -> None:
        """Set the entry up, and wait until every floor was read once."""
        await super().set_up()
        await self.settled()

    async def settled(self) -> None:
        """Wait until every job was done, and its entities are there."""
        rounds = self.coordinator.rounds
        await eventually(lambda: rounds.is_first_round_over, "every floor")
        await self.hass.async_block_till_done()

    async def read(self, *tiers: Tier) -> None:
        """Have something read now, and wait for it."""
        rounds = self.coordinator.rounds
        before = rounds.tries(*tiers)
        self.coordinator.hurry(*tiers)
        await eventually(
            lambda: all(map(gt, rounds.tries(*tiers), before, strict=True)),
            f"{tiers} were read",
        )
        await self.hass.async_block_till_done()

    @property
    def coordinator(self) -> EnlightedCoordinator:
        """The entry's coordinator."""
        coordinator: EnlightedCoordinator = self.entry.runtime_data
        return coordinator

    def entity_id(self, platform: str, key: str, kind: str = "manager", number: int = 0) -> str:
        """Return the id of an entity of a part."""
        entity_id = self.entity_id_of(platform, self._unique_id(key, kind, number))
        assert entity_id, f"no {platform} {key} of {kind} {number}"
        return entity_id

    def has(self, platform: str, key: str, kind: str = "manager", number: int = 0) -> bool:
        """Return whether an entity is there."""
        return self.entity_id_of(platform, self._unique_id(key, kind, number)) is not None

    def state(self, platform: str, key: str, kind: str = "manager", number: int = 0) -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, key, kind, number))
        assert state, f"no state of {platform} {key} of {kind} {number}"
        return state

    async def shows(
        self, value: str, platform: str, key: str, kind: str = "manager", number: int = 0
    ) -> None:
        """Wait until an entity is there and has this state."""
        await eventually(
            lambda: (
                self.has(platform, key, kind, number)
                and (found := self.hass.states.get(self.entity_id(platform, key, kind, number)))
                and found.state == value
            ),
            f"{key} of {kind} {number} is {value}",
        )

    @staticmethod
    def _unique_id(key: str, kind: str, number: int) -> str:
        return f"{SITE}-{kind}-{number}-{key}" if number else f"{SITE}-{kind}-{key}"
