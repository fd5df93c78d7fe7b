"""The scenes of switch groups. Which was applied last nobody remembers (gotcha 14)."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.scene import Scene
from homeassistant.const import Platform
from homeassistant.helpers.entity import EntityDescription

from ...entity import setup_platform
from .entity import EnlightedEntity, EnlightedShows
from .snapshot import SceneState


@dataclass(frozen=True, kw_only=True)
class EnlightedSceneDescription(EntityDescription, EnlightedShows[SceneState]):
    """A scene."""


SCENES: Final = (
    EnlightedSceneDescription(key="scene", translation_key="scene", value=lambda state: state),
)


class EnlightedScene(EnlightedEntity[SceneState], Scene):
    """A scene of a switch group."""

    @override
    def _value_of(self, state: SceneState) -> SceneState:
        """Take over its name as well: scenes are renamed while Home Assistant runs."""
        self._attr_translation_placeholders = {"name": state.scene.name}
        # Home Assistant keeps a name once it was translated.
        self.__dict__.pop("name", None)
        return super()._value_of(state)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, int]:
        """Its place among the buttons of the switch."""
        return {"order": self._value.scene.order} if self._value else {}

    @override
    async def async_activate(self, **kwargs: Any) -> None:
        """Apply it."""
        await self.coordinator.commands.apply_scene(self._state)


async_setup_entry = setup_platform(Platform.SCENE, EnlightedScene, {SceneState: SCENES})
