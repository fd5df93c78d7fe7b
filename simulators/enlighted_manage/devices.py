"""What can be made to happen to devices that are not lights: at the wall, and inside them."""

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
