"""What can be made to happen to devices that are not lights: at the wall, and inside them."""

from .lighting import apply_scene
from .site import Site


class Devices(Site):
    """A site whose plug loads and emergency drivers can be tampered with."""

    def set_plugload(self, plugload: int, on: bool) -> None:
        """Switch a plug load at the wall."""
        self.plugloads.switch(self.plugloads.all[plugload], on)

    def set_plugload_active(self, plugload: int, active: bool) -> None:
        """Let a plug load be reached or not."""
        self.plugloads.all[plugload].is_active = active

    def fail_emergency(self, fixture: int, bits: int) -> None:
        """Let an emergency driver have failures; 0 mends it."""
        self.dali.fail(fixture, bits)

    def slow_emergency(self, fixture: int, slow: bool) -> None:
        """Let an emergency driver's sensor take longer than a minute, or not any more."""
        self.dali.driver(fixture).is_slow = slow

    def wall_switch(self, switch: int, scene: int, minutes: int = 60) -> None:
        """Apply a scene at the wall: no client had a part in it.

        Raises:
            KeyError: There is no such switch, or it has no such scene.
        """
        group = self.switches.by_switch(switch)
        found = group.scene(scene) if group else None
        if group is None or found is None:
            raise KeyError(switch)
        apply_scene(self, group, found, minutes * 60.0)

    # What is built and taken away.

    def add_plugload(self, floor: int, area: int | None = None) -> int:
        """Add a plug load to a floor, or to an area of it; return its id."""
        return self.plugloads.add(self.floors[floor].id, area, 185).id

    def remove_plugload(self, plugload: int) -> None:
        """Remove a plug load."""
        del self.plugloads.all[plugload]
        for group in self.switches.groups.values():
            group.plugloads = [each for each in group.plugloads if each != plugload]

    def rename_plugload(self, plugload: int, name: str) -> None:
        """Give a plug load another name."""
        self.plugloads.all[plugload].name = name

    def add_switch_group(self, floor: int, name: str, fixtures: list[int]) -> int:
        """Add a switch group with the usual scenes; return its id."""
        tunable = [each for each in fixtures if self.fixtures[each].tunable]
        return self.switches.add(self.floors[floor].id, name, fixtures, tunable=tunable).id

    def remove_switch_group(self, group: int) -> None:
        """Remove a switch group and its switch."""
        del self.switches.groups[group]

    def rename_switch_group(self, group: int, name: str) -> None:
        """Give a switch group another name."""
        self.switches.groups[group].name = name

    def rename_scene(self, scene: int, name: str) -> None:
        """Give a scene another name.

        Raises:
            KeyError: There is no such scene.
        """
        found = self.switches.by_scene(scene)
        if found is None:
            raise KeyError(scene)
        found[1].name = name

    def remove_scene(self, scene: int) -> None:
        """Remove a scene.

        Raises:
            KeyError: There is no such scene.
        """
        found = self.switches.by_scene(scene)
        if found is None:
            raise KeyError(scene)
        found[0].scenes.remove(found[1])
