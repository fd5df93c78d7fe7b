"""One floor: what was read of it, put together as the parts that entities listen to.

What did not change keeps its state, and what is summed up is summed up again where it did.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from .client import (
    Area,
    Fixture,
    Occupancy,
    SensorClass,
)
from .knowledge import FloorKnowledge, Site
from .options import FixtureEntities
from .snapshot import (
    AreaPlugsState,
    AreaState,
    DeskState,
    DriverState,
    FixtureState,
    FloorEnergy,
    FloorState,
    GatewayState,
    GroupState,
    Kind,
    MotionState,
    Part,
    PlugDetailsState,
    PlugLoadState,
    ProfileState,
    SceneState,
    State,
)
from .structure import FloorPlan, GroupPlan

#: What of a floor's energy is counted.
SHARES = ("lighting", "base", "saved", "occupancy", "daylight", "tuning", "manual")
_KNOWN = (Occupancy.OCCUPIED, Occupancy.VACANT)


def meter_name(kind: Kind, number: int, what: str) -> str:
    """Return the name of a meter."""
    return f"{kind}-{number}-{what}"


class FloorWatch(FloorKnowledge):
    """What entities see of a floor."""

    def __init__(self, plan: FloorPlan, site: Site) -> None:
        """Know what there is, and nothing yet of how it is."""
        super().__init__(plan, site)
        #: What entities see of it now.
        self.shown: Mapping[Part, State] = {}

    def parts(self) -> dict[Part, State]:
        """Return the state of each part; those that others hang below come first."""
        plan, floor = self.plan, self.floor.id
        parts: dict[Part, State] = {Part(Kind.FLOOR, floor, floor): self.floor_state()}
        for area in plan.areas.values():
            state = self.area_state(area)
            parts[Part(Kind.AREA, area.id, floor)] = state
            if state.has_plug_loads:
                parts[Part(Kind.AREA_PLUGS, area.id, floor)] = self.area_plugs(area)
        parts.update(self.device_parts())
        for group in plan.groups:
            parts.update(self._group_parts(group))
        for fixture in plan.fixtures.values():
            parts.update(self.fixture_parts(fixture))
        return parts

    def changes(self, fixtures: Set[int]) -> dict[Part, State]:
        """Return the states of what some sensors are part of: themselves, areas and groups."""
        plan, floor = self.plan, self.floor.id
        parts: dict[Part, State] = {}
        if self._options.fixtures is not FixtureEntities.NONE:
            for each in fixtures & plan.fixtures.keys():
                parts[Part(Kind.FIXTURE, each, floor)] = self.fixture_state(plan.fixtures[each])
        for area in {plan.area_of[each] for each in fixtures if each in plan.area_of}:
            parts[Part(Kind.AREA, area, floor)] = self.area_state(plan.areas[area])
        groups = {
            each.group.id: each for fixture in fixtures for each in self._groups_of.get(fixture, ())
        }
        for number, group in groups.items():
            parts[Part(Kind.GROUP, number, floor)] = self.group_state(group)
        if fixtures:
            parts[Part(Kind.FLOOR, floor, floor)] = self.floor_state()
        return parts

    def occupancy_changes(self) -> Iterator[tuple[Part, State]]:
        """Return the states of what shows who is where; what is measured there stays."""
        floor, shown = self.floor.id, self.shown
        yield Part(Kind.FLOOR, floor, floor), self.floor_state()
        for area in self.plan.areas:
            state = shown[part := Part(Kind.AREA, area, floor)]
            assert isinstance(state, AreaState)
            yield part, replace(state, occupancy=self._occupancy.get(area))
        for desk in self.plan.desks:
            yield Part(Kind.DESK, desk.id, floor), self._desk_state(desk)

    def floor_state(self) -> FloorState:
        """Return the state of the floor itself."""
        plan = self.plan
        # What cannot tell is not vacant (gotcha 17): where nothing can, the count is unknown.
        known = [state for area in plan.areas if (state := self._occupancy.get(area)) in _KNOWN]
        at_desks = [state for desk in plan.desks if (state := self._desks.get(desk.id)) in _KNOWN]
        energy = {
            share: self._meters.total(meter_name(Kind.FLOOR, self.floor.id, share))
            for share in SHARES
        }
        return FloorState(
            floor=self.floor,
            measured=self._measured,
            unassigned=self._occupancy.get(0),
            areas=len(plan.areas),
            occupied_areas=known.count(Occupancy.OCCUPIED) if known else None,
            desks=len(plan.desks),
            occupied_desks=at_desks.count(Occupancy.OCCUPIED) if at_desks else None,
            sensors=len(plan.fixtures),
            stale_sensors=None if self._stale is None else len(self._stale),
            energy=FloorEnergy(**energy),
            is_whole=plan.is_whole,
            has_occupancy=self._options.occupancy,
        )

    def area_state(self, area: Area) -> AreaState:
        """Return the state of an area."""
        members, lights = self.plan.members.get(area.id, ()), self._lights.get(area.id, ())
        return AreaState(
            area=area,
            floor=self.floor,
            fixtures=lights,
            light=self._light(lights) if lights else None,
            measured=self._measure(members),
            occupancy=self._occupancy.get(area.id),
            sensors=len(members),
            stale_sensors=None if self._stale is None else len(self._stale.intersection(members)),
            lighting=self._meters.total(meter_name(Kind.AREA, area.id, "lighting")),
            has_plug_loads=area.id in self.plan.plug_area_of.values(),
            has_occupancy=self._options.occupancy,
        )

    def area_plugs(self, area: Area) -> AreaPlugsState:
        """Return what the receptacles of an area took."""
        total = self._meters.total(meter_name(Kind.AREA, area.id, "plug_load"))
        return AreaPlugsState(area, self.floor, total)

    def group_changes(self, group: int) -> dict[Part, State]:
        """Return the state of a switch group."""
        return {
            Part(Kind.GROUP, group, self.floor.id): self.group_state(plan)
            for plan in self.plan.groups
            if plan.group.id == group
        }

    def energy_changes(self) -> Iterator[tuple[Part, State]]:
        """Return the states of what shows energy."""
        floor, shown = self.floor.id, self.shown
        yield Part(Kind.FLOOR, floor, floor), self.floor_state()
        for area in self.plan.areas.values():
            part = Part(Kind.AREA, area.id, floor)
            state = shown[part]
            assert isinstance(state, AreaState)
            total = self._meters.total(meter_name(Kind.AREA, area.id, "lighting"))
            yield part, replace(state, lighting=total)
            if state.has_plug_loads:
                yield part._replace(kind=Kind.AREA_PLUGS), self.area_plugs(area)
        yield from self.device_parts()

    def device_parts(self) -> Iterator[tuple[Part, State]]:
        """Return the states of gateways and receptacles."""
        for gateway in self.gateways:
            yield Part(Kind.GATEWAY, gateway.id, self.floor.id), GatewayState(gateway, self.floor)
        for each in self.plug_loads.values():
            area = self.plan.areas.get(self.plan.plug_area_of.get(each.id, 0))
            energies = [
                self._meters.total(meter_name(Kind.PLUG_LOAD, each.id, what))
                for what in ("managed", "unmanaged")
            ]
            details = self.plug_details.get(each.id)
            part = Part(Kind.PLUG_LOAD, each.id, self.floor.id)
            yield part, PlugLoadState(each, self.floor, area)
            yield (
                part._replace(kind=Kind.PLUG_DETAILS),
                PlugDetailsState(each, self.floor, area, details, *energies),
            )

    def fixture_state(self, fixture: Fixture) -> FixtureState:
        """Return the state of a sensor and its light."""
        number, is_fresh = fixture.id, self._is_fresh(fixture.id)
        return FixtureState(
            fixture=fixture,
            floor=self.floor,
            area=self.area_of(fixture),
            reading=None if is_fresh is False else self.readings.get(number),
            light=self._light((number,)) if fixture.has_light else None,
            is_fresh=is_fresh,
            seen=self._seen.get(number) if self.has_fixture_entities else None,
            is_broken=self._is_broken(number) if fixture.has_light else None,
            has_details=self.has_fixture_entities,
            has_lamp_faults=self._options.lamp_faults and fixture.has_light,
        )

    def group_state(self, plan: GroupPlan) -> GroupState:
        """Return the state of a switch group."""
        lights = self._group_lights[plan.group.id]
        return GroupState(
            group=plan.group,
            floor=self.floor,
            switch_id=plan.switch.id if plan.switch else None,
            fixtures=lights,
            light=self._light(lights),
            override_minutes=self._site.minutes.get(plan.group.id),
        )

    def _group_parts(self, plan: GroupPlan) -> Iterator[tuple[Part, State]]:
        floor = self.floor.id
        yield Part(Kind.GROUP, plan.group.id, floor), self.group_state(plan)
        if plan.switch is not None:
            for scene in plan.switch.scenes:
                state = SceneState(scene, plan.group, self.floor, plan.switch.id)
                yield Part(Kind.SCENE, scene.id, floor), state

    def fixture_parts(self, fixture: Fixture) -> Iterator[tuple[Part, State]]:
        """Return the states of a sensor, its light, its desk and its driver."""
        number, floor = fixture.id, self.floor
        part = Part(Kind.FIXTURE, number, floor.id)
        if fixture.kind is SensorClass.DESK and self._options.occupancy:
            yield part._replace(kind=Kind.DESK), self._desk_state(fixture)
        if fixture.kind is SensorClass.EMERGENCY:
            status = self.drivers.get(number)
            driver = DriverState(fixture, floor, self.area_of(fixture), status)
            yield part._replace(kind=Kind.DRIVER), driver
        if self._options.fixtures is FixtureEntities.NONE:
            return
        yield part, self.fixture_state(fixture)
        if self.has_fixture_entities:
            area = self.area_of(fixture)
            motion = MotionState(fixture, floor, area, self.motion.get(number))
            yield part._replace(kind=Kind.MOTION), motion
            if fixture.has_light:
                profile = ProfileState(fixture, floor, area, self.profiles.get(number))
                yield part._replace(kind=Kind.PROFILE), profile

    def _desk_state(self, desk: Fixture) -> DeskState:
        return DeskState(desk, self.floor, self.area_of(desk), self._desks.get(desk.id))
