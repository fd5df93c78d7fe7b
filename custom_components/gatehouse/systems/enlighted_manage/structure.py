"""What a floor has: the lists, and what has to be asked for each area and each switch."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from .client import (
    Area,
    EnlightedClient,
    EnlightedForbiddenError,
    EnlightedNotFoundError,
    EnlightedRejectedError,
    Fixture,
    Floor,
    Gateway,
    PlugLoad,
    SensorClass,
    Switch,
    SwitchGroup,
)
from .const import LOGGER


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A switch group: its switch and what that acts on."""

    group: SwitchGroup
    switch: Switch | None
    #: What the scenes do: a level for each fixture, by the scene's id.
    levels: Mapping[int, Mapping[int, int | None]]
    #: The white that they set, in Kelvin, of what can be tuned.
    colors: Mapping[int, Mapping[int, int]]
    fixtures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """What one request each tells of a floor; None for what the user may not see."""

    areas: tuple[Area, ...] | None
    fixtures: tuple[Fixture, ...] | None
    groups: tuple[SwitchGroup, ...] | None
    plug_loads: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """A floor with everything that is on it."""

    floor: Floor
    lists: Lists
    areas: Mapping[int, Area]
    fixtures: Mapping[int, Fixture]
    #: The fixtures of each area, and the area of each fixture.
    members: Mapping[int, tuple[int, ...]]
    area_of: Mapping[int, int]
    #: The sensors of desks.
    desks: tuple[Fixture, ...]
    groups: tuple[GroupPlan, ...]
    tunable: frozenset[int]
    plug_area_of: Mapping[int, int]
    #: What the user may not see: kinds of things, for whoever counts.
    refused: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_complete(self) -> bool:
        """Whether nothing of it was refused: what is missing then is gone."""
        return not self.refused

    @property
    def is_whole(self) -> bool:
        """Whether the user may see the floor, and not only some areas of it (section 1.4)."""
        return self.lists.fixtures is not None

    def lights(self, fixtures: tuple[int, ...]) -> tuple[int, ...]:
        """Return those of some fixtures that control a light."""
        known = self.fixtures
        return tuple(each for each in fixtures if each in known and known[each].has_light)


class PlanReader:
    """Reads the plan of one floor; 403 for a single thing is skipped and told (gotcha 26)."""

    def __init__(self, client: EnlightedClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._refused: set[str] = set()

    async def read(self, floor: Floor, before: FloorPlan | None = None) -> FloorPlan:
        """Return a floor's plan.

        Args:
            floor: Which one.
            before: The plan as it was; where its lists are as they were it is right still.

        Raises:
            EnlightedError: The floor was not read.
        """
        self._refused = set()
        lists = Lists(
            areas=await self._ask("areas", self._client.get_areas, floor.id),
            fixtures=await self._read_fixtures(floor.id),
            groups=await self._ask("switches", self._client.get_switch_groups, floor.id),
            plug_loads=_ids(await self._ask("outlets", self._client.get_plug_loads, floor.id)),
        )
        if before is not None and before.lists == lists and before.floor == floor:
            return before
        return await self._read_whole(floor, lists)

    async def gateways(self, floor: int) -> tuple[Gateway, ...] | None:
        """Return the gateways of a floor, None where nobody tells."""
        return await self._ask("gateways", self._client.get_gateways, floor)

    async def plug_loads(self, floor: int) -> tuple[PlugLoad, ...] | None:
        """Return the receptacles of a floor, None where nobody tells."""
        return await self._ask("outlets", self._client.get_plug_loads, floor)

    async def _read_whole(self, floor: Floor, lists: Lists) -> FloorPlan:
        areas = {area.id: area for area in lists.areas or ()}
        fixtures = {each.id: each for each in lists.fixtures or ()}
        members: dict[int, tuple[int, ...]] = {}
        plugs: dict[int, int] = {}
        for area in areas:
            found = await self._ask("areas", self._client.get_area_fixtures, area) or ()
            members[area] = tuple(each.id for each in found)
            if lists.fixtures is None:
                # Their classes are not told here: what is dimmed may be a sensor without light.
                fixtures.update({each.id: each for each in found})
            if lists.plug_loads:
                own = await self._ask("outlets", self._client.get_area_plug_loads, area) or ()
                plugs.update({each.id: area for each in own})
        groups, tunable = await self._read_groups(floor, lists.groups or ())
        return FloorPlan(
            floor=floor,
            lists=lists,
            areas=areas,
            fixtures=fixtures,
            members=members,
            area_of={each: area for area, own in members.items() for each in own},
            desks=tuple(each for each in fixtures.values() if each.kind is SensorClass.DESK),
            groups=groups,
            tunable=tunable,
            plug_area_of=plugs,
            refused=frozenset(self._refused),
        )

    async def _read_fixtures(self, floor: int) -> tuple[Fixture, ...] | None:
        """Read the list that every version has: a manager that lacks it is just coming up."""
        try:
            return await self._client.get_fixtures(floor)
        except EnlightedForbiddenError, EnlightedRejectedError:
            self._refused.add("sensors")
        return None

    async def _read_groups(
        self, floor: Floor, groups: tuple[SwitchGroup, ...]
    ) -> tuple[tuple[GroupPlan, ...], frozenset[int]]:
        plans: list[GroupPlan] = []
        tunable: set[int] = set()
        for group in groups:
            switch = await self._ask("switches", self._client.get_switch, floor.id, group)
            found = None
            if switch is not None:
                found = await self._ask("scenes", self._client.get_scene_levels, switch)
            levels: dict[int, dict[int, int | None]] = {}
            colors: dict[int, dict[int, int]] = {}
            for each in found or ():
                tunable.update([each.fixture_id] if each.color else [])
                if each.scene_id is not None:
                    levels.setdefault(each.scene_id, {})[each.fixture_id] = each.level
                    if each.color:
                        colors.setdefault(each.scene_id, {})[each.fixture_id] = each.color
            members = tuple(dict.fromkeys(each.fixture_id for each in found or ()))
            plans.append(GroupPlan(group, switch, levels, colors, members))
        return tuple(plans), frozenset(tunable)

    async def _ask[**P, T](
        self, what: str, ask: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Ask for something that may be refused, or that a version may lack."""
        try:
            return await ask(*args, **kwargs)
        except EnlightedForbiddenError, EnlightedRejectedError:
            self._refused.add(what)
        except EnlightedNotFoundError as err:
            LOGGER.debug("This manager does not tell %s (%s)", what, err)
        return None


def _ids(plug_loads: tuple[PlugLoad, ...] | None) -> frozenset[int] | None:
    return None if plug_loads is None else frozenset(each.id for each in plug_loads)
