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

    def slow_emergency(self, fixture: int, slow: bool) -> None:  # noqa: FBT001 - the control plane names its arguments
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
