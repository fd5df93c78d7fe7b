"""People who come and go by themselves, for demonstrations."""

from typing import Final, override

from simulators.kit.simulator import Bustle

from .doors import DoorKind
from .world import World

#: What happens at a door, and how often.
_DEEDS: Final = {"come": 10, "go": 6, "denied": 2, "unknown": 1, "bell": 2, "pin": 2, "force": 1}
#: Seconds from the card to the leaf, and from the leaf's opening to its closing.
_TO_OPEN, _TO_CLOSE = 1.0, 3.0


class People(Bustle):
    """A building that people walk through."""

    def __init__(self, world: World, seconds: float, *, seed: int) -> None:
        super().__init__(world.clock, seconds, seed=seed)
        self._world = world

    @override
    def act(self) -> None:
        """Let somebody do something at a door."""
        world = self._world
        usable = [door.id for door in world.doors.values() if door.kind is not DoorKind.TOGGLE]
        people = [user.id for user in world.users.values() if user.tokens]
        if not usable or not people:
            return
        door_id, user_id = self.random.choice(usable), self.random.choice(people)
        match self.random.choices([*_DEEDS], [*_DEEDS.values()])[0]:
            case "come":
                self._pass(door_id, let_in=world.swipe(door_id, user_id, "in"))
            case "go":
                self._pass(door_id, let_in=world.swipe(door_id, user_id, "out"))
            case "pin":
                self._pass(door_id, let_in=world.enter_pin(door_id, user_id))
            case "denied":
                world.enter_pin(door_id, user_id, ok=False)
            case "unknown":
                world.swipe_unknown(door_id)
            case "bell":
                world.press_bell(door_id)
            case _:
                world.force(door_id)
                self._later(_TO_CLOSE, door_id)

    def _pass(self, door_id: int, *, let_in: bool) -> None:
        if let_in and self._world.doors[door_id].kind is DoorKind.LATCH:
            self._world.clock.call_later(_TO_OPEN, lambda: self._open(door_id))

    def _open(self, door_id: int) -> None:
        if door_id in self._world.doors:
            self._world.open_leaf(door_id)
            self._later(_TO_CLOSE, door_id)

    def _later(self, seconds: float, door_id: int) -> None:
        self._world.clock.call_later(seconds, lambda: self._close(door_id))

    def _close(self, door_id: int) -> None:
        if door_id in self._world.doors:
            self._world.close_leaf(door_id)
