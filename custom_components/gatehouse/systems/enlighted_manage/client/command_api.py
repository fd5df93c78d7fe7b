"""What the manager can be told about lights, scenes and receptacles: each is sent once.

Every level, scene and colour is an override that ends after so many minutes (gotcha 9).
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import batched
from typing import Final

from .access import API, SERVICES, segment
from .base import CHUNK, ManagerApi, check, fixtures_xml, status_of
from .errors import EnlightedNotFoundError, EnlightedRejectedError
from .link import ManagerLink
from .models import Scene, Switch, SwitchGroup
from .settings import EnlightedSettings

#: Levels of S7 that are none.
_AUTO: Final = 101


class BleMode(StrEnum):
    """What the Bluetooth radio of a sensor does (C6)."""

    OFF = "OFF"
    SCAN = "SCAN"
    BEACON = "BEACON"


class CommandApi(ManagerApi):
    """Acts on fixtures, switches, receptacles and areas."""

    def __init__(self, link: ManagerLink, settings: EnlightedSettings) -> None:
        """Prepare; nothing is sent."""
        super().__init__(link, settings)
        #: Where S7 may be, the likelier place first (appendix C 3).
        self._switch_roots: list[str] = [API, SERVICES]

    async def dim(self, fixtures: Sequence[int], level: int, minutes: int) -> None:
        """Set fixtures to a level in percent, for so many minutes (C1)."""
        await self._command_fixtures(f"/org/fixture/v1/op/dim/abs/{level}?time={minutes}", fixtures)

    async def release(self, fixtures: Sequence[int]) -> None:
        """Give fixtures back to their profiles (C3)."""
        await self._command_fixtures("/org/fixture/v1/op/auto", fixtures)

    async def color(self, fixtures: Sequence[int], kelvin: int, minutes: int) -> None:
        """Set the white of fixtures, for so many minutes (C7)."""
        path = f"/org/sensor/tunable-white/change-color/value/{kelvin}/{minutes}"
        await self._command_fixtures(path, fixtures)

    async def assign_profile(self, fixture: int, profile: int) -> None:
        """Give a fixture another profile, for good (C5)."""
        path = f"/org/fixture/v1/op/assignProfile/{fixture}/{profile}"
        check(await self._access.command("POST", path))

    async def set_ble_mode(self, fixtures: Sequence[int], mode: BleMode) -> int:
        """Set what the radios of sensors do, and return how many did (C6)."""
        path, changed = f"/org/fixture/op/assignblemode/{mode}", 0
        for chunk in batched(fixtures, CHUNK, strict=False):
            count = status_of(await self._access.command("POST", path, fixtures_xml(chunk)))
            if count is None or count < 0:
                raise EnlightedRejectedError("The manager did not do it")
            changed += count
        return changed

    async def apply_scene(self, switch: int, scene: int, minutes: int) -> None:
        """Apply a scene of a switch (S5)."""
        path = f"/org/switch/v1/op/applyScene/{switch}/{scene}?time={minutes}"
        check(await self._access.command("POST", path))

    async def dim_group(
        self, floor: int, group: SwitchGroup, switch: Switch | None, level: int, minutes: int
    ) -> None:
        """Set a switch group to a level in percent (S6).

        It is named, and some servers refuse a slash in a name however it is written: where the
        name was surely not understood, the switch's number does it (S7).
        """
        path = f"/org/switch/v1/op/dimGroup/{floor}/{segment(group.name)}/{level}?time={minutes}"
        try:
            answer = await self._access.command("POST", path)
        except EnlightedNotFoundError, EnlightedRejectedError:
            if switch is None or not switch.scenes:
                raise
        else:
            check(answer)
            return
        await self._dim_switch(switch, switch.scenes[0], level, minutes)

    async def release_group(self, switch: Switch) -> None:
        """Give the lights of a switch back to their profiles (S7)."""
        if not switch.scenes:
            raise EnlightedNotFoundError("The switch has no scene to release it by")
        await self._dim_switch(switch, switch.scenes[0], _AUTO, 0)

    async def set_plug_load(self, plug_load: int, *, on: bool) -> None:
        """Switch a receptacle (P6). What the answer means is told in two ways (appendix C 10)."""
        await self._access.command("POST", f"/org/area/v1/setPlugloadStatus/{plug_load}/{on:d}")

    async def set_area_emergency(self, area: int, minutes: int) -> None:
        """Set all lights of an area to full for so many minutes (A4); nothing takes it back."""
        path = f"/org/area/v1/setEmergency/{area}?time={minutes}"
        check(await self._access.command("POST", path))

    async def set_emergency(self, minutes: int) -> None:
        """Set all lights of the whole manager to full for so many minutes (E2)."""
        check(await self._access.command("POST", f"/org/em/v1/setEmergency?time={minutes}"))

    async def _dim_switch(self, switch: Switch, scene: Scene, level: int, minutes: int) -> None:
        path = f"/org/switch/op/dim/switch/{switch.id}/scene/{scene.id}/{level}/{minutes}"
        likely, other = self._switch_roots
        try:
            answer = await self._access.command("POST", path, root=likely)
        except EnlightedNotFoundError:
            answer = await self._access.command("POST", path, root=other)
            self._switch_roots = [other, likely]
        check(answer)
