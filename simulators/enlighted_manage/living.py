"""People who walk through the building without anybody's doing."""

from typing import Final, override

from simulators.kit.simulator import Bustle

from .world import World

#: How likely somebody comes into an empty area, or goes, when it is looked at.
_COMES: Final = 0.25
_GOES: Final = 0.5


class People(Bustle):
    """They come into areas, sit down at desks, press switches, and go again."""

    def __init__(self, world: World, seconds: float, *, seed: int) -> None:
        self._world = world
        super().__init__(world.clock, seconds, seed=seed)

    @override
    def act(self) -> None:
        """Let somebody come or go."""
        world = self._world
        desks = [each.id for each in world.fixtures.values() if each.kind == "Desk"]
        if desks and self.random.random() < 0.25:
            desk = self.random.choice(desks)
            if world.fixtures[desk].seat.is_open:
                world.stand_up(desk)
            else:
                world.sit_down(desk)
        elif world.switches.groups and self.random.random() < 0.05:
            self._press()
        elif world.floors and self.random.random() < 0.1:
            self._pass_through(self.random.choice(list(world.floors)))
        elif world.areas:
            self._visit(self.random.choice(list(world.areas)))

    def _visit(self, area: int) -> None:
        if self._world.areas[area].zone.people:
            if self.random.random() < _GOES:
                self._world.leave(area)
        elif self.random.random() < _COMES:
            self._world.enter(area)

    def _pass_through(self, floor: int) -> None:
        if self._world.floors[floor].zone.people:
            self._world.leave_unassigned(floor)
        else:
            self._world.enter_unassigned(floor)

    def _press(self) -> None:
        """Let somebody use a switch at the wall."""
        group = self.random.choice(list(self._world.switches.groups.values()))
        if group.scenes:
            scene = self.random.choice(group.scenes)
            self._world.wall_switch(group.switch_id, scene.id, self.random.choice((5, 15, 60)))
