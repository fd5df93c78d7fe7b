"""Switch groups, their switches and scenes.

A group and its switch are two entities with ids of their own (Appendix C 1): groups are listed,
switches are operated. The ids overlap, so that who confuses them moves somebody else's lights.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

#: No group may have more scenes.
MOST_SCENES: Final = 6
#: By how much the first group's id is ahead of its switch's.
_AHEAD: Final = 2
_FIRST_SCENE: Final = 157
_FIRST_LEVEL: Final = 6
#: Scenes of a new group: name, level, color of those that can be tuned, and plug loads.
_USUAL: Final = (
    ("All On", 100, 4000, True),
    ("All Off", 0, 4000, False),
    ("Presentation", 30, 3000, True),
    ("Cleaning / Night", 70, 5000, False),
)


class SceneLevel(NamedTuple):
    """What a scene wants of one fixture."""

    id: int
    fixture: int
    level: int
    #: Kelvin; only of fixtures whose white can be tuned.
    color: int | None = None


@dataclass(slots=True)
class Scene:
    """A scene: a level for each fixture, and whether the plug loads are on."""

    id: int
    name: str
    order: int
    levels: list[SceneLevel]
    plugloads_on: bool


@dataclass(slots=True)
class SwitchGroup:
    """A group and its switch."""

    id: int
    switch_id: int
    name: str
    floor_id: int
    fixtures: list[int]
    plugloads: list[int]
    scenes: list[Scene] = field(default_factory=list)
    #: What S11 sets: whether colors last beyond switching, and beyond an override.
    flags: dict[str, bool] = field(
        default_factory=lambda: {"onOffStickyColor": False, "ovrStickyColor": False}
    )

    def scene(self, number: int) -> Scene | None:
        """Return a scene of this group."""
        return next((scene for scene in self.scenes if scene.id == number), None)


class Switches:
    """The switch groups of a building, by the id of the group."""

    def __init__(self) -> None:
        self.groups: dict[int, SwitchGroup] = {}
        self._next_scene = _FIRST_SCENE
        self._next_level = _FIRST_LEVEL
        self._next_switch = 1
        self._next_group = 1 + _AHEAD

    def add(
        self,
        floor: int,
        name: str,
        fixtures: Sequence[int],
        plugloads: Iterable[int] = (),
        *,
        tunable: Collection[int] = (),
    ) -> SwitchGroup:
        """Add a group with the usual scenes."""
        # Ids are never given twice: a client may know one that is gone.
        number = self._next_group
        self._next_group += 1
        group = SwitchGroup(number, self._next_switch, name, floor, list(fixtures), list(plugloads))
        self._next_switch += 1
        self.groups[number] = group
        for scene, level, color, is_on in _USUAL:
            self.add_scene(group, scene, level, color, plugloads_on=is_on, tunable=tunable)
        return group

    def add_scene(
        self,
        group: SwitchGroup,
        name: str,
        level: int,
        color: int,
        *,
        plugloads_on: bool,
        tunable: Collection[int] = (),
    ) -> Scene:
        """Add a scene in which all fixtures are alike.

        Raises:
            ValueError: The group has as many as it can have.
        """
        if len(group.scenes) >= MOST_SCENES:
            raise ValueError("no more scenes")
        levels = [
            SceneLevel(
                self._next_level + index, fixture, level, color if fixture in tunable else None
            )
            for index, fixture in enumerate(group.fixtures)
        ]
        self._next_level += len(levels)
        scene = Scene(self._next_scene, name, len(group.scenes), levels, plugloads_on)
        self._next_scene += 1
        group.scenes.append(scene)
        return scene

    def of_floor(self, floor: int) -> list[SwitchGroup]:
        """Return the groups of a floor."""
        return [group for group in self.groups.values() if group.floor_id == floor]

    def by_switch(self, switch: int) -> SwitchGroup | None:
        """Return the group that a switch operates."""
        return next((each for each in self.groups.values() if each.switch_id == switch), None)

    def by_name(self, floor: int, name: str) -> SwitchGroup | None:
        """Return a floor's group by its name, of which a floor has only one."""
        return next((each for each in self.of_floor(floor) if each.name == name), None)

    def by_scene(self, scene: int) -> tuple[SwitchGroup, Scene] | None:
        """Return a scene and its group."""
        for group in self.groups.values():
            if found := group.scene(scene):
                return group, found
        return None

    def forget(self, fixture: int) -> None:
        """Take a fixture that was removed out of all groups and scenes."""
        for group in self.groups.values():
            if fixture in group.fixtures:
                group.fixtures.remove(fixture)
                for scene in group.scenes:
                    scene.levels = [each for each in scene.levels if each.fixture != fixture]
