"""Something for the cameras to see, without anybody's doing."""

from typing import Final, override

from simulators.kit.simulator import Bustle

from .wire import JsonObject
from .world import World

_SIGHTS: Final[tuple[tuple[str, JsonObject], ...]] = (
    ("motion", {}),
    ("motion", {}),
    ("object_and_scene_detection", {"Person": "1", "total": "1"}),
    ("object_and_scene_detection", {"Car": "1", "total": "1"}),
    ("plate_recognition", {"license_plate": "AA00AA", "car_color": "blue"}),
    ("line_crossing", {}),
)


class Movement(Bustle):
    """People and cars pass the cameras."""

    def __init__(self, world: World, seconds: float, *, seed: int) -> None:
        self._world = world
        super().__init__(world.clock, seconds, seed=seed)

    @override
    def act(self) -> None:
        """Let one camera see something."""
        cameras = [each.id for each in self._world.cameras.values() if each.status == "active"]
        if cameras:
            name, meta = self.random.choice(_SIGHTS)
            self._world.happen(self.random.choice(cameras), name, meta=dict(meta))
