"""Guests who come, sit, are called and leave by themselves, for demonstrations."""

from typing import Final, override

from simulators.kit.simulator import Bustle

from .orders import Order
from .world import World

_TABLES: Final = 12
#: What a guest does next, and how often, by where the guest is.
_WALKING: Final = {"sit": 8, "page": 1}
_SITTING: Final = {"stay": 5, "leave": 5, "move": 1}
_TO_GO: Final = {"page": 4, "stay": 3}
_PAGED: Final = {"leave": 6, "stay": 1}


class Guests(Bustle):
    """A restaurant that fills and empties."""

    def __init__(self, world: World, seconds: float, *, seed: int) -> None:
        super().__init__(world.clock, seconds, seed=seed)
        self._world = world

    @override
    def act(self) -> None:
        """Let somebody come or go on."""
        world = self._world
        out = {order.number for order in world.orders.values()}
        idle = [number for number in world.trackers if number not in out]
        # A house that is half full has as many coming as going.
        if idle and (not out or self.random.random() < len(idle) / (len(idle) + len(out))):
            self._come(self.random.choice(idle))
        elif world.orders:
            self._go_on(self.random.choice(list(world.orders.values())))

    def _come(self, number: str) -> None:
        kind = self.random.random()
        if kind < 0.2:
            self._world.move_to_table(number, self._table())
        else:
            self._world.start_tracker(number, "TO_GO" if kind < 0.4 else "ON_PREMISE")

    def _go_on(self, order: Order) -> None:
        if order.paged:
            deeds = _PAGED
        elif order.order_type == "TO_GO":
            deeds = _TO_GO
        else:
            deeds = _SITTING if order.table else _WALKING
        match self.random.choices([*deeds], [*deeds.values()])[0]:
            case "sit" | "move":
                self._world.move_to_table(order.uuid, self._table())
            case "page":
                self._world.page(order.uuid)
            case "leave":
                self._world.clear(order.uuid)

    def _table(self) -> str:
        taken = {order.table for order in self._world.orders.values()}
        free = [table for table in map(str, range(1, _TABLES + 1)) if table not in taken]
        return self.random.choice(free or ["1"])
