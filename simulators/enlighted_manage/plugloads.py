"""Plug loads: a managed outlet that can be switched, and one beside it that is only metered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from .usage import WINDOW, chance

#: For how long switching is remembered, for the energy of closed windows.
_MEMORY: Final = 2 * 3600.0


@dataclass(slots=True)
class Plugload:
    """A plug load controller."""

    id: int
    name: str
    #: The three bytes of its radio address.
    mac: tuple[int, int, int]
    floor_id: int
    area_id: int | None
    group_id: int
    x: int
    y: int
    #: Watts at the managed outlet while it is on, and at the unmanaged one always.
    managed: float
    unmanaged: float
    is_on: bool = True
    is_active: bool = True
    version: str = "2.8.0 b2588"
    voltage: int = 120
    #: When it was switched: the time, and whether it was on until then.
    switched: list[tuple[float, bool]] = field(default_factory=list)


class Plugloads:
    """The plug loads of a building."""

    def __init__(self, now: Callable[[], float], seed: int) -> None:
        self._now = now
        self._seed = seed
        self.all: dict[int, Plugload] = {}
        self._next = 1301

    def add(self, floor: int, area: int | None, group: int, *, x: int = 0, y: int = 0) -> Plugload:
        """Add a plug load."""
        number = self._next
        self._next += 1
        # The first byte is below 16, so that the habit of dropping zeros shows.
        mac = (6, number >> 8 & 0xFF, number & 0xFF)
        name = f"Plugload{mac[0]:02x}{mac[1]:02x}{mac[2]:02x}"
        managed = 40.0 + 80.0 * chance(f"managed {self._seed} {number}")
        unmanaged = 5.0 + 40.0 * chance(f"unmanaged {self._seed} {number}")
        plugload = Plugload(number, name, mac, floor, area, group, x, y, managed, unmanaged)
        self.all[number] = plugload
        return plugload

    def of_floor(self, floor: int) -> list[Plugload]:
        """Return the plug loads of a floor."""
        return [each for each in self.all.values() if each.floor_id == floor]

    def of_area(self, area: int) -> list[Plugload]:
        """Return the plug loads of an area."""
        return [each for each in self.all.values() if each.area_id == area]

    def switch(self, plugload: Plugload, is_on: bool) -> bool:
        """Switch the managed outlet, if its controller can be reached; return how it is then."""
        if plugload.is_active and plugload.is_on != is_on:
            now = self._now()
            recent = [each for each in plugload.switched if each[0] > now - _MEMORY]
            plugload.switched = [*recent, (now, plugload.is_on)]
            plugload.is_on = is_on
        return plugload.is_on

    def energy(self, plugload: Plugload, start: float) -> tuple[int, int]:
        """Return the managed and the unmanaged energy of a window, in hundredths of Wh."""
        if not plugload.is_active:
            return 0, 0
        load = 0.8 + 0.2 * chance(f"{self._seed} {plugload.id} {start}")
        share = _share_on(plugload, start, start + WINDOW)
        return int(plugload.managed * 25 * load * share), int(plugload.unmanaged * 25 * load)


def _share_on(plugload: Plugload, start: float, end: float) -> float:
    """Return for what share of a window the managed outlet was on."""
    on, moment = 0.0, start
    for switched, was_on in plugload.switched:
        until = min(max(switched, moment), end)
        on += (until - moment) * was_on
        moment = until
    on += (end - moment) * plugload.is_on
    return on / (end - start)
