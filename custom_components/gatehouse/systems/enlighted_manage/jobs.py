"""What is asked of each floor and of the manager, tier by tier, and what becomes of the answers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er

from ...const import DOMAIN
from .client import (
    AreaOccupancy,
    EnlightedConnectionError,
    EnlightedResponseError,
    FloorReadings,
    window_end,
)
from .const import (
    ENERGY_KEY,
    LEVEL_REQUESTS,
    LEVELS_PER_REQUEST,
    LOGGER,
    STATISTICS_INTERVAL,
    STRUCTURE_INTERVAL,
    WHOLE_STRUCTURE_INTERVAL,
)
from .energy import LIGHTING, PLUG_LOAD, EnergyCounter, floor_meter
from .errors import NOT_TOLD
from .events import device_events
from .floor import FloorWatch
from .history import HistoryFiller, async_fill, has_statistics
from .issues import LICENCE, REFUSED, async_note_floors
from .rounds import (
    Tier,
    after_reports,
    after_windows,
    device_interval,
    next_slot,
    occupancy_interval,
)
from .snapshot import Kind, Part
from .structure import FloorPlan, PlanReader

if TYPE_CHECKING:
    from .coordinator import EnlightedCoordinator

#: For the last of the floors to have answered.
_AFTER_FLOORS: Final = timedelta(seconds=30)
#: Sensors that are asked one by one, where a user may not see the floor that they are on.
_MOST_SINGLE: Final = 50
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
#: More windows than this were missed, and their hours get what they took.
_GAP: Final = 5


class Jobs:
    """The jobs of a site."""

    def __init__(self, coordinator: EnlightedCoordinator) -> None:
        """Prepare; nothing is asked."""
        self._coordinator = coordinator
        self._client = coordinator.client
        self._counter = EnergyCounter(coordinator.client, coordinator.meters)
        self._reader = PlanReader(coordinator.client)
        self._whole_at: dict[int, datetime] = {}
        self._levels_due: dict[int, datetime] = {}
        self._refused: dict[int, str] = {}
        self._is_history_running = False
        self.history = HistoryFiller(
            coordinator.hass,
            self._client.get_floor_windows,
            self._energy_sensor,
            coordinator.save,
        )

    def plan(self, floors: Iterable[int], gone: Iterable[int]) -> None:
        """Have jobs for floors that are new, or named anew, and none for those that are gone."""
        coordinator, rounds, now = self._coordinator, self._coordinator.rounds, self._client.now()
        for floor in gone:
            rounds.remove_floor(floor)
            self._refused.pop(floor, None)
        for floor in floors:
            structure = partial(self._structure, floor)
            again = partial(self._due, Tier.STRUCTURE, floor)
            rounds.add(Tier.STRUCTURE, floor, structure, again, now)
            for tier, job in (
                (Tier.OCCUPANCY, self._occupancy),
                (Tier.STATISTICS, self._statistics),
                (Tier.DEVICES, self._devices),
                (Tier.ENERGY, self._energy),
            ):
                if tier is not Tier.OCCUPANCY or coordinator.options.occupancy:
                    again = partial(self._due, tier, floor)
                    rounds.add(tier, floor, partial(self._watched, floor, job), again, now)
        again = partial(self._due, Tier.MANAGER, 0)
        rounds.add(Tier.MANAGER, 0, self._manager, again, now)

    async def _watched(self, floor: int, job: Callable[[FloorWatch], Awaitable[None]]) -> None:
        """Do a job of a floor, once it is known what is there."""
        if watch := self._coordinator.watches.get(floor):
            await job(watch)

    def _due(self, tier: Tier, floor: int, now: datetime) -> datetime:
        """Return when a job is due again that was done now; floors take turns."""
        coordinator = self._coordinator
        floors = list(coordinator.floors)
        place = floors.index(floor) / len(floors) if floor in coordinator.floors else 1.0
        match tier:
            case Tier.OCCUPANCY:
                watches = coordinator.watches.values()
                requests = len(watches) + sum(bool(watch.plan.desks) for watch in watches)
                return now + occupancy_interval(coordinator.options.occupancy_interval, requests)
            case Tier.STATISTICS:
                interval = coordinator.options.statistics_interval
                return after_reports(now, interval, place, len(floors))
            case Tier.ENERGY:
                return after_windows(now, place, len(floors))
            case Tier.MANAGER:
                # The manager is asked when the floors have told what the window took them.
                return after_windows(now - _AFTER_FLOORS, 1.0, len(floors)) + _AFTER_FLOORS
        interval = STRUCTURE_INTERVAL if tier is Tier.STRUCTURE else device_interval(len(floors))
        return next_slot(now, interval, interval * place)

    # What there is

    async def _structure(self, number: int) -> None:
        """Read what a floor has: its lists, and once a day what is behind each of them."""
        coordinator, now = self._coordinator, self._client.now()
        watch = coordinator.watches.get(number)
        is_whole_due = now - self._whole_at.get(number, now) >= WHOLE_STRUCTURE_INTERVAL
        before = None if watch is None or is_whole_due else watch.plan
        plan = await self._reader.read(coordinator.floors[number], before)
        is_new = watch is None or plan != watch.plan
        self._note_refused(number, plan)
        if plan is not before:
            self._whole_at[number] = now
        if watch is None:
            watch = FloorWatch(plan, coordinator.site_of_floors())
        elif plan.refused <= watch.plan.refused:
            # What was there and is refused now is not gone.
            watch.take_plan(plan)
        is_new |= await self._read_devices(watch)
        await coordinator.show_floor(watch)
        if is_new:
            # It looks at everything in the building.
            coordinator.keep_devices()
        await self._read_profiles(watch)

    def read_whole(self) -> None:
        """Have everything read anew, whatever the lists say."""
        self._whole_at = dict.fromkeys(self._whole_at, _LONG_AGO)
        self._coordinator.hurry(*Tier)

    async def _read_devices(self, watch: FloorWatch) -> bool:
        """Read gateways and receptacles; return whether they are others, or others' names."""
        floor = watch.floor.id
        gateways = await self._reader.gateways(floor)
        plug_loads = await self._reader.plug_loads(floor)
        before = _names(watch)
        if gateways is not None:
            watch.gateways = gateways
        if plug_loads is not None:
            watch.plug_loads = {each.id: each for each in plug_loads}
        return before != _names(watch)

    async def _devices(self, watch: FloorWatch) -> None:
        """Read how gateways and receptacles are."""
        if await self._read_devices(watch):
            await self._coordinator.show_floor(watch)
            self._coordinator.keep_devices()
        else:
            self._coordinator.show(watch, dict(watch.device_parts()))

    async def _read_profiles(self, watch: FloorWatch) -> None:
        for part in self._shown(watch, Kind.PROFILE):
            await self.read_profile(watch, part.id)

    async def read_profile(self, watch: FloorWatch, fixture: int) -> None:
        """Read the profile of a fixture, and which others it could have."""
        profiles = await self._ask(partial(self._client.get_profiles, fixture))
        if profiles is None:
            return
        watch.profiles[fixture] = profiles
        self._coordinator.show(watch, dict(watch.fixture_parts(watch.plan.fixtures[fixture])))

    def _note_refused(self, number: int, plan: FloorPlan) -> None:
        self._refused.pop(number, None)
        if not plan.is_complete:
            self._refused[number] = plan.floor.name
        async_note_floors(
            self._coordinator.hass,
            self._coordinator.config_entry,
            REFUSED,
            self._refused.values(),
        )

    # How it is

    async def _occupancy(self, watch: FloorWatch) -> None:
        """Read who is where; what the manager does not tell (any more) is not known."""
        floor, client = watch.floor.id, self._client
        if watch.plan.is_whole:
            found = await self._ask(partial(client.get_floor_occupancy, floor)) or ()
        else:
            # Of a floor that may be seen in part, the areas may be asked one by one (1.4).
            found = tuple(
                [
                    AreaOccupancy(area, state)
                    for area in watch.plan.areas
                    if (state := await self._ask(partial(client.get_area_occupancy, area)))
                    is not None
                ]
            )
        for happening, fields in watch.take_occupancy(found):
            self._coordinator.tell(floor, happening, fields)
        if watch.plan.desks and watch.plan.is_whole:
            watch.take_desks(await self._ask(partial(client.get_desk_occupancy, floor)) or ())
        self._coordinator.show(watch, dict(watch.occupancy_changes()))
        watches = self._coordinator.watches.values()
        unlicensed = [each.floor.name for each in watches if not each.is_licensed]
        async_note_floors(
            self._coordinator.hass, self._coordinator.config_entry, LICENCE, unlicensed
        )

    async def _statistics(self, watch: FloorWatch) -> None:
        """Read what the sensors reported."""
        floor, before = watch.floor.id, watch.stale
        if watch.plan.is_whole:
            # What is refused tells nothing: sensors that are not heard of fall silent.
            told = await self._ask(partial(self._client.get_readings, floor))
            readings = told or FloorReadings({}, {}, {})
        else:
            readings = await self._read_sensors(watch)
        now = self._client.now()
        changed = set(watch.take_readings(readings, now))
        if not watch.has_levels and now >= self._levels_due.get(floor, now):
            levels = await self._ask(partial(self._client.get_dim_levels, floor))
            changed |= watch.take_levels(levels or {})
            pages = len(watch.plan.fixtures) / LEVELS_PER_REQUEST * len(self._coordinator.watches)
            pause = timedelta(minutes=pages / LEVEL_REQUESTS)
            self._levels_due[floor] = now + max(pause, STATISTICS_INTERVAL)
        if watch.has_fixture_entities:
            # They tell when they were heard of.
            changed |= readings.seen.keys()
        # After a loss these are all of them: others get their turn before and after.
        await asyncio.sleep(0)
        changes = watch.changes(changed)
        await asyncio.sleep(0)
        self._coordinator.show(watch, changes)
        for happening, fields in device_events(watch.plan, before, watch.stale):
            self._coordinator.tell(floor, happening, fields)
        await self._read_motion(watch)

    async def _read_sensors(self, watch: FloorWatch) -> FloorReadings:
        """Read sensors one by one, where the user may not see the whole floor."""
        readings, seen = {}, {}
        for sensor in list(watch.plan.fixtures)[:_MOST_SINGLE]:
            told = await self._ask(partial(self._client.get_sensor, sensor))
            if told is None:
                continue
            readings[sensor], heard = told
            if heard is not None:
                seen[sensor] = heard
        return FloorReadings(readings, seen, dict(seen))

    async def _read_motion(self, watch: FloorWatch) -> None:
        """Read how much moved, while any entity shows it: it is the longest of all answers."""
        parts = self._shown(watch, Kind.MOTION)
        if not parts:
            return
        # Without the licence it may be refused (section 1.5).
        watch.motion |= await self._ask(partial(self._client.get_motion, watch.floor.id)) or {}
        for part in parts:
            fixture = watch.plan.fixtures[part.id]
            self._coordinator.show(watch, dict(watch.fixture_parts(fixture)))

    def _shown(self, watch: FloorWatch, kind: Kind) -> list[Part]:
        """Return the parts of a kind that entities show."""
        is_watched = self._coordinator.is_watched
        return [part for part in watch.shown if part.kind is kind and is_watched(part)]

    # Energy

    async def _energy(self, watch: FloorWatch) -> None:
        """Count the windows that have closed."""
        floor = watch.floor.id
        try:
            windows = await self._counter.count_floor(floor)
            await self._counter.count_areas(watch.plan)
        except NOT_TOLD:
            windows = ()
        await self._count_plug_loads(watch)
        self._coordinator.show(watch, dict(watch.energy_changes()))
        self._coordinator.save()
        if len(windows) > _GAP:
            missed = {window.start: window.energy for window in windows}
            await self._fill(floor, floor_meter(floor), missed)

    async def _count_plug_loads(self, watch: FloorWatch) -> None:
        """Ask receptacles, and areas for theirs, while an entity shows what each took."""
        for part in self._shown(watch, Kind.AREA_PLUGS):
            with suppress(*NOT_TOLD):
                found = await self._client.get_area_energy(part.id)
                self._counter.count_area_plugs(part.id, found)
        for part in self._shown(watch, Kind.PLUG_DETAILS):
            with suppress(*NOT_TOLD):
                watch.plug_details[part.id] = await self._client.get_plug_load_details(part.id)
                energy = await self._client.get_plug_load_energy(part.id)
                self._counter.count_plug_load(part.id, energy)

    async def _manager(self) -> None:
        """Read what is about the whole manager."""
        coordinator, meters = self._coordinator, self._coordinator.meters
        is_running = await self._ask(self._client.is_bacnet_running)
        events = await self._ask(self._client.get_demand_responses)
        demand = None
        if events is not None:
            active = (each.identifier for each in events if each.is_active(self._client.now()))
            demand = next(active, "")
        await self._catch_up()
        missed = await self._counter.count_all(map(int, coordinator.floor_names))
        coordinator.show_manager(
            lighting=meters.total(LIGHTING),
            plug_load=meters.total(PLUG_LOAD),
            is_bacnet_running=is_running,
            demand=demand,
        )
        coordinator.save()
        if missed and len(missed) > _GAP:
            await self._fill(0, LIGHTING, missed)
        self._begin_history()

    async def _catch_up(self) -> None:
        """Count floors that lag behind: the building's meter adds up what they missed together."""
        end = window_end(self._client.now())
        for floor, watch in tuple(self._coordinator.watches.items()):
            until = self._coordinator.meters.until(floor_meter(floor))
            if until is None or until < end:
                try:
                    await self._energy(watch)
                except EnlightedConnectionError, EnlightedResponseError:
                    LOGGER.debug("The energy of floor %s is not to be had now", floor)

    @staticmethod
    async def _ask[T](ask: Callable[[], Awaitable[T]]) -> T | None:
        """Ask for something that the user may not see, or that the version may lack."""
        try:
            return await ask()
        except NOT_TOLD:
            return None

    async def _fill(self, floor: int, meter: str, missed: Mapping[datetime, float]) -> None:
        """Give the hours that were missed what they took."""
        hass, meters = self._coordinator.hass, self._coordinator.meters
        sensor, total, until = self._energy_sensor(floor), meters.total(meter), meters.until(meter)
        if sensor and total is not None and until is not None and has_statistics(hass):
            await async_fill(hass, sensor, missed, total, until)

    def _begin_history(self) -> None:
        """Go back through the history of all floors, once meters have begun."""
        coordinator = self._coordinator
        begun = (coordinator.meters.until(floor_meter(floor)) for floor in coordinator.floors)
        ends = [each for each in begun if each is not None]
        if ends and not self._is_history_running and has_statistics(coordinator.hass):
            self._is_history_running = True
            # The building's meter is about all floors, also those that were not chosen.
            floors = list(map(int, coordinator.floor_names))
            coordinator.run(self.history.async_run(floors, min(ends)), "history")

    def _energy_sensor(self, floor: int) -> str | None:
        """Return the sensor of what the lights of a floor took, or of the building by 0."""
        site = self._coordinator.site
        owner = f"{Kind.FLOOR}-{floor}" if floor else Kind.MANAGER
        return er.async_get(self._coordinator.hass).async_get_entity_id(
            Platform.SENSOR, DOMAIN, f"{site}-{owner}-{ENERGY_KEY}"
        )


def _names(watch: FloorWatch) -> tuple[dict[int, str], dict[int, str]]:
    """Return what the gateways and the receptacles of a floor are called."""
    return (
        {each.id: each.name for each in watch.gateways},
        {each.id: each.name for each in watch.plug_loads.values()},
    )
