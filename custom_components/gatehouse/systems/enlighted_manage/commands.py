"""What the manager is told, and what is shown until it tells how it went.

Nothing confirms a command (gotcha 13): what was sent is believed for a while, and then what the
sensors report.
"""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from .client import CHUNK, EmergencyMode, EmergencyStatus, EnlightedNotFoundError
from .errors import ERRORS
from .events import Happening
from .rounds import Tier
from .snapshot import GroupState, Kind, Part, PlugLoadState, SceneState
from .structure import GroupPlan

if TYPE_CHECKING:
    from .coordinator import EnlightedCoordinator


class Commands:
    """Sends each command once, and notes what it is about."""

    def __init__(self, coordinator: EnlightedCoordinator) -> None:
        """Prepare; nothing is sent."""
        self._coordinator = coordinator

    # Lights

    async def dim(
        self, floor: int, fixtures: Sequence[int], level: int, minutes: int | None = None
    ) -> None:
        """Set fixtures of a floor to a level in percent, for so many minutes."""
        minutes = minutes or self._coordinator.override_minutes
        # What was told before something fails was told.
        for some in batched(fixtures, CHUNK, strict=False):
            await self._send(self._coordinator.client.dim(some, level, minutes))
            self._note_levels(floor, dict.fromkeys(some, level), minutes)

    async def tune(
        self, floor: int, fixtures: Sequence[int], kelvin: int, minutes: int | None = None
    ) -> None:
        """Set the white of fixtures of a floor, for so many minutes."""
        coordinator = self._coordinator
        minutes = minutes or coordinator.override_minutes
        for some in batched(fixtures, CHUNK, strict=False):
            await self._send(coordinator.client.color(some, kelvin, minutes))
            coordinator.overrides.tune(some, kelvin, minutes, coordinator.client.now())
            self._show(floor, some)

    async def release(self, floor: int, fixtures: Sequence[int]) -> None:
        """Give fixtures of a floor back to their profiles."""
        for some in batched(fixtures, CHUNK, strict=False):
            await self._send(self._coordinator.client.release(some))
            self._coordinator.overrides.release(some)
            self._show(floor, some)

    async def dim_group(self, state: GroupState, level: int, minutes: int | None = None) -> None:
        """Set a switch group to a level in percent, for so many minutes."""
        coordinator, minutes = self._coordinator, minutes or self._minutes(state)
        plan = self._plan_of(state)
        await self._send(
            coordinator.client.dim_group(
                state.floor.id, state.group, plan.switch if plan else None, level, minutes
            )
        )
        self._note_levels(state.floor.id, dict.fromkeys(state.fixtures, level), minutes)
        self._look_at_outlets(state.floor.id)

    async def tune_group(self, state: GroupState, kelvin: int) -> None:
        """Set the white of a switch group."""
        await self.tune(state.floor.id, state.fixtures, kelvin, self._minutes(state))

    async def release_group(self, state: GroupState) -> None:
        """Give a switch group back to its profiles: by its switch, or fixture by fixture."""
        plan, coordinator = self._plan_of(state), self._coordinator
        if plan and plan.switch and plan.switch.scenes:
            with ERRORS.translated(), suppress(EnlightedNotFoundError):
                await coordinator.client.release_group(plan.switch)
                coordinator.overrides.release(state.fixtures)
                self._show(state.floor.id, state.fixtures)
                return
            # This version lacks the call: surely nothing was done.
        await self.release(state.floor.id, state.fixtures)

    async def apply_scene(self, state: SceneState) -> None:
        """Apply a scene."""
        coordinator, floor = self._coordinator, state.floor.id
        group = coordinator.data.parts.get(Part(Kind.GROUP, state.group.id, floor))
        minutes = coordinator.override_minutes
        if isinstance(group, GroupState):
            minutes = self._minutes(group)
        await self._send(coordinator.client.apply_scene(state.switch_id, state.scene.id, minutes))
        watch = coordinator.watches.get(floor)
        plans = watch.plan.groups if watch else ()
        plan = next((each for each in plans if each.group == state.group), None)
        if plan and (levels := plan.levels.get(state.scene.id)):
            for fixture, kelvin in plan.colors.get(state.scene.id, {}).items():
                coordinator.overrides.tune((fixture,), kelvin, minutes, coordinator.client.now())
            self._note_levels(floor, levels, minutes)
        self._look_at_outlets(floor)
        fields = {"group": state.group.name, "scene": state.scene.name}
        coordinator.tell(floor, Happening.SCENE_APPLIED, fields)

    def expire(self, now: datetime) -> None:
        """Show what went back to its profile by itself."""
        coordinator = self._coordinator
        if ended := coordinator.overrides.expire(now):
            for watch in coordinator.watches.values():
                if own := ended & watch.plan.fixtures.keys():
                    coordinator.show(watch, watch.changes(own))
            # How bright they are now the sensors tell with their next reports.
            coordinator.save()

    # The rest

    async def set_plug_load(self, state: PlugLoadState, *, on: bool) -> None:
        """Switch a receptacle, and read how it is: the reply is not to be trusted (C 10)."""
        coordinator = self._coordinator
        await self._send(coordinator.client.set_plug_load(state.plug_load.id, on=on))
        coordinator.hurry(Tier.DEVICES, floor=state.floor.id)

    async def assign_profile(self, floor: int, fixture: int, profile: int) -> None:
        """Give a fixture another profile, for good."""
        await self._send(self._coordinator.client.assign_profile(fixture, profile))
        if watch := self._coordinator.watches.get(floor):
            with ERRORS.translated():
                await self._coordinator.jobs.read_profile(watch, fixture)

    async def set_area_emergency(self, floor: int, area: int, minutes: int | None = None) -> None:
        """Set all lights of an area to full, for so many minutes."""
        coordinator = self._coordinator
        minutes = minutes or coordinator.override_minutes
        await self._send(coordinator.client.set_area_emergency(area, minutes))
        watch = coordinator.watches[floor]
        lights = watch.plan.lights(watch.plan.members.get(area, ()))
        self._note_levels(floor, dict.fromkeys(lights, 100), minutes)

    async def set_emergency(self, minutes: int | None = None) -> None:
        """Set all lights of the whole manager to full, for so many minutes."""
        coordinator = self._coordinator
        minutes = minutes or coordinator.override_minutes
        await self._send(coordinator.client.set_emergency(minutes))
        for floor, watch in coordinator.watches.items():
            lights = watch.plan.lights(tuple(watch.plan.fixtures))
            self._note_levels(floor, dict.fromkeys(lights, 100), minutes)

    async def test_emergency(self, fixture: int, mode: EmergencyMode) -> None:
        """Start or stop a test of an emergency driver."""
        await self._send(self._coordinator.client.start_emergency_test(fixture, mode))

    async def read_driver(self, floor: int, fixture: int) -> EmergencyStatus:
        """Ask an emergency driver how it is; that takes up to a minute."""
        coordinator = self._coordinator
        with ERRORS.translated():
            status = await coordinator.client.get_emergency_status(fixture)
        watch = coordinator.watches.get(floor)
        if watch and fixture in watch.plan.fixtures:
            watch.drivers[fixture] = status
            states = dict(watch.fixture_parts(watch.plan.fixtures[fixture]))
            coordinator.show(watch, states)
        return status

    def _minutes(self, state: GroupState) -> int:
        return state.override_minutes or self._coordinator.override_minutes

    def _plan_of(self, state: GroupState) -> GroupPlan | None:
        watch = self._coordinator.watches.get(state.floor.id)
        plans = watch.plan.groups if watch else ()
        return next((plan for plan in plans if plan.group == state.group), None)

    def _look_at_outlets(self, floor: int) -> None:
        """Read receptacles: a switch may have some beside its lights, and nobody tells which."""
        if (watch := self._coordinator.watches.get(floor)) and watch.plug_loads:
            self._coordinator.hurry(Tier.DEVICES, floor=floor)

    def _note_levels(self, floor: int, levels: Mapping[int, int | None], minutes: int) -> None:
        coordinator = self._coordinator
        coordinator.overrides.dim(levels, minutes, coordinator.client.now())
        self._show(floor, levels)

    def _show(self, floor: int, fixtures: Iterable[int]) -> None:
        coordinator = self._coordinator
        if watch := coordinator.watches.get(floor):
            coordinator.show(watch, watch.changes(set(fixtures)))
        coordinator.save()

    @staticmethod
    async def _send(command: Awaitable[object]) -> None:
        with ERRORS.translated():
            await command
