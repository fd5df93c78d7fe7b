"""One snapshot of a building: the floors that there are, the rounds that ask how they are."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ...live import LiveCoordinator
from ...missed import Memories, Memory, async_load_memory
from .client import (
    AuthScheme,
    EnlightedAuthError,
    EnlightedCertificateError,
    EnlightedClient,
    EnlightedError,
    EnlightedForbiddenError,
    EnlightedNotFoundError,
    Floor,
)
from .commands import Commands
from .const import BIG_SITE_PLUG_LOADS, FLOORS_INTERVAL, LOGGER, LOST_INTERVAL
from .devices import Devices, async_add_manager
from .errors import ERRORS, NOT_TOLD
from .events import Happening
from .floor import FloorWatch
from .flow import create_client, floor_label
from .issues import async_note_error, async_note_success
from .jobs import Jobs
from .knowledge import Site
from .meters import Meters
from .options import EnlightedOptions
from .overrides import Overrides
from .rounds import Rounds, Tier
from .snapshot import (
    EMPTY,
    MANAGER,
    EnlightedSnapshot,
    Kind,
    Part,
    State,
)

type EnlightedConfigEntry = ConfigEntry[EnlightedCoordinator]

#: How many new parts are shown at once: their entities take Home Assistant a while.
_SLICE: Final = 40
#: Seconds; the longest that nobody looks what is due.
_LONGEST_REST: Final = 30.0
#: Without these a floor shows nothing that is true.
_VITAL: Final = frozenset({Tier.STRUCTURE, Tier.OCCUPANCY, Tier.STATISTICS})


class EnlightedCoordinator(LiveCoordinator[EnlightedSnapshot]):
    """Goes round the floors of a manager, one request after the other.

    The manager pushes nothing: what follows here are jobs, each when it is due. A poll beside them
    tells which floors there are.
    """

    config_entry: EnlightedConfigEntry
    errors = ERRORS

    def __init__(
        self,
        hass: HomeAssistant,
        entry: EnlightedConfigEntry,
        client: EnlightedClient,
        memories: Memories | None,
    ) -> None:
        """Prepare to read; nothing is sent yet."""
        super().__init__(
            hass, entry, LOGGER, with_stream=FLOORS_INTERVAL, without_stream=LOST_INTERVAL
        )
        self.data = EMPTY
        self.client = client
        self.options = EnlightedOptions.read(entry.data, entry.options)
        self.overrides = Overrides()
        self.meters = Meters()
        self.minutes: dict[int, int] = {}
        self.rounds = Rounds()
        self.floors: dict[int, Floor] = {}
        #: Every floor there is by its id, as text: what the options can choose from.
        self.floor_names: dict[str, str] = {}
        self.watches: dict[int, FloorWatch] = {}
        self.commands = Commands(self)
        self.jobs = Jobs(self)
        #: What failed last of each floor, and the floors of which the log tells so.
        self._failing: dict[int, set[Tier]] = {}
        self._told_failing: set[int] = set()
        self._wake = asyncio.Event()
        self._restore(memories or {})
        self._memory = Memory(hass, entry, self._store)

    @property
    def site(self) -> str:
        """What identifies the manager."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    @property
    def devices(self) -> Devices:
        """The devices of the site."""
        return Devices(self.hass, self.config_entry, self.site, len(self.floors) == 1)

    @property
    def override_minutes(self) -> int:
        """How long a command holds, unless its group says otherwise."""
        return self.minutes.get(0, self.options.override_minutes)

    @callback
    def set_minutes(self, floor: int, group: int, minutes: int) -> None:
        """Let commands to a switch group, or by 0 all others, hold for so long."""
        self.minutes[group] = minutes
        if watch := self.watches.get(floor):
            self.show(watch, watch.group_changes(group))
        self.show_manager(override_minutes=self.override_minutes)
        self.save()

    def is_big(self, part: Part) -> bool:
        """Return whether there are so many of a part's kind that they are better off disabled."""
        if (watch := self.watches.get(part.floor)) is None:
            return False
        if part.kind in (Kind.PLUG_LOAD, Kind.PLUG_DETAILS):
            return len(watch.plug_loads) * len(self.floors) > BIG_SITE_PLUG_LOADS
        return watch.is_of_big_site

    def is_reachable(self, floor: int) -> bool:
        """Return whether a floor can be read now."""
        return floor in self.watches and not self._failing.get(floor)

    @callback
    @override
    def async_add_hub(self) -> None:
        """Create the manager's device."""
        async_add_manager(self.hass, self.config_entry, self.client.settings)

    @override
    def has_part(self, identifier: str) -> bool:
        """Tell whether the manager still has a part."""
        devices, parts = self.devices, self.data.parts
        return any(devices.identifier_of(*each) == identifier for each in parts.items())

    @override
    async def async_close(self) -> None:
        """Write down what was counted, and what lights were told."""
        await self._memory.async_close()

    # The poll: is the manager there, and what has it?

    @override
    async def _async_read(self) -> EnlightedSnapshot:
        if not self.floors:
            await self._find_time_zone()
        await self._read_floors()
        return self.data

    async def _find_time_zone(self) -> None:
        """Find out which time the manager keeps; where nobody tells, it is this one's."""
        zone = None
        with suppress(EnlightedForbiddenError, EnlightedNotFoundError):
            name = (await self.client.get_company()).time_zone
            zone = name and await dt_util.async_get_time_zone(name)
        self.client.time_zone = zone or dt_util.get_default_time_zone()

    async def _read_floors(self) -> None:
        """Read the list of floors, and begin or end to watch."""
        found = {floor.id: floor for floor in await self.client.get_floors()}
        if not found:
            # Rights are lost by mistake too: that is to cost no device, name or automation.
            raise EnlightedForbiddenError("The user may see no floor")
        async_note_success(self.hass, self.config_entry, self.client.clock_offset)
        self.floor_names = {str(number): floor_label(floor) for number, floor in found.items()}
        chosen = self.options.floors
        floors = {number: each for number, each in found.items() if not chosen or number in chosen}
        gone = self.floors.keys() - floors.keys()
        new = [number for number, floor in floors.items() if self.floors.get(number) != floor]
        self.floors = floors
        if new or gone:
            self.jobs.plan(new, gone)
            for floor in gone:
                self._remove_floor(floor)
            self._wake.set()
        if self.data.manager.floors != len(floors):
            self.show_manager(floors=len(floors), override_minutes=self.override_minutes)

    def _remove_floor(self, floor: int) -> None:
        self._failing.pop(floor, None)
        self._told_failing.discard(floor)
        if watch := self.watches.pop(floor, None):
            self.async_publish(self.data.without_floors({floor}), None)
            self.devices.async_forget(watch.shown, {})

    # The rounds

    @override
    async def _async_follow(self) -> None:
        """Do what is due until that fails."""
        await self._read_floors()
        self._note_connected()
        try:
            while True:
                await self._do_next()
        except EnlightedError as err:
            self._note_disconnected(type(err).__name__)
            self.run(self._lose_floors(), "loss of floors")
            raise

    async def _do_next(self) -> None:
        """Do the job that is due, or wait for it."""
        now = self.client.now()
        self.commands.expire(now)
        job = self.rounds.next(now)
        if job is None or job.due > now:
            ends = [job.due if job else None, self.overrides.next_end]
            rest = min((each - now for each in ends if each), default=timedelta.max)
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(rest.total_seconds(), _LONGEST_REST)):
                    await self._wake.wait()
            return
        try:
            await job.run()
        except EnlightedAuthError, EnlightedCertificateError:
            raise
        except NOT_TOLD as err:
            LOGGER.debug("Not told: %s of floor %s (%s)", job.tier, job.floor, err)
            self.rounds.done(job, self.client.now())
        except EnlightedError as err:
            LOGGER.debug("Not read: %s of floor %s (%s)", job.tier, job.floor, err)
            try:
                # Is it the floor, or the manager? Where that is away this raises.
                await self.client.get_floors()
                if job.tier in _VITAL:
                    self._fail(job.floor, job.tier)
            finally:
                self.rounds.failed(job, now, err.retry_after)
        except Exception:
            # One job that trips over something is not to end all the others.
            self.logger.exception("Unexpected error in %s of floor %s", job.tier, job.floor)
            self.rounds.failed(job, now, None)
        else:
            self.rounds.done(job, self.client.now())
            # Both may have a whole floor written: others get their turn between.
            await asyncio.sleep(0)
            self._recover(job.floor, job.tier)

    @callback
    def hurry(self, *tiers: Tier, floor: int | None = None) -> None:
        """Read something now."""
        self.rounds.hurry(self.client.now(), *tiers, floor=floor)
        self._wake.set()

    def _fail(self, floor: int, tier: Tier) -> None:
        """Show that a floor cannot be read, while others can."""
        was_reachable = self.is_reachable(floor)
        self._failing.setdefault(floor, set()).add(tier)
        if floor not in self._told_failing:
            self._told_failing.add(floor)
            LOGGER.warning("A floor of %s cannot be read: number %s", self.name, floor)
        if was_reachable:
            self.watches[floor].forget_before()
            self._tell_floor(floor)

    def _recover(self, floor: int, tier: Tier) -> None:
        if not (failing := self._failing.get(floor)):
            return
        failing.discard(tier)
        if not failing:
            if floor in self._told_failing:
                self._told_failing.remove(floor)
                LOGGER.info("A floor of %s can be read again: number %s", self.name, floor)
            self._tell_floor(floor)

    async def _lose_floors(self) -> None:
        """Show that nothing can be read; a floor at a time, for a site has thousands of states."""
        vital = (Tier.OCCUPANCY, Tier.STATISTICS)
        for floor, watch in tuple(self.watches.items()):
            self._failing[floor] = {tier for tier in vital if self.rounds.has(tier, floor)}
            watch.forget_before()
            self._tell_floor(floor)
            await asyncio.sleep(0)
        self.rounds.hurry(self.client.now(), *vital)

    @callback
    @override
    def _tell_link(self) -> None:
        """Tell the manager's own; each floor is told by itself, when it is lost or read."""
        self._tell([MANAGER])

    @callback
    def _tell_floor(self, floor: int) -> None:
        self._tell(tuple(self.data.floors.get(floor, ())))

    # What is shown

    def site_of_floors(self) -> Site:
        """Return what all floors share."""
        return Site(
            options=self.options,
            overrides=self.overrides,
            meters=self.meters,
            floors=lambda: len(self.floors),
            minutes=self.minutes,
            now=self.client.now,
        )

    @callback
    def show(self, watch: FloorWatch, states: Mapping[Part, State]) -> None:
        """Publish how some parts of a floor are now; those that are as they were cost nothing."""
        shown = watch.shown
        new = {part: state for part, state in states.items() if shown.get(part) != state}
        if not new or watch.floor.id not in self.watches:
            return
        watch.shown = {**shown, **new}
        arrived = [part for part in new if part not in shown]
        snapshot = self.data.with_floor(watch.floor.id, watch.shown)
        self.async_publish(snapshot, *new, arrived=arrived)

    async def show_floor(self, watch: FloorWatch) -> None:
        """Publish everything of a floor, a few parts at a time, and what is no more."""
        floor, states = watch.floor.id, watch.parts()
        self.watches[floor] = watch
        self.devices.async_add_places(states.items())
        self.devices.async_move(watch.shown, states)
        if gone := watch.shown.keys() - states.keys():
            lost = {part: watch.shown[part] for part in gone}
            watch.shown = {part: state for part, state in watch.shown.items() if part in states}
            self.async_publish(self.data.with_floor(floor, watch.shown), *gone, None)
            self.devices.async_forget(lost, states)
        for some in batched(states.items(), _SLICE, strict=False):
            self.show(watch, dict(some))
            await asyncio.sleep(0)

    @callback
    def keep_devices(self) -> None:
        """Remove the devices of what is gone, once every floor has told all that it has."""
        is_complete = all(watch.plan.is_complete for watch in self.watches.values())
        if is_complete and self.floors.keys() == self.watches.keys():
            self.devices.async_keep(self.data.parts)

    @callback
    def show_manager(self, **changes: Any) -> None:
        """Publish what is new about the manager itself."""
        manager = replace(self.data.manager, **changes)
        if manager != self.data.manager:
            self.async_publish(self.data.with_manager(manager), MANAGER)

    @callback
    @override
    def _show_link(self) -> None:
        self.show_manager(is_live=self.is_live)

    @callback
    @override
    def _note_error(self, error: Exception) -> None:
        async_note_error(self.hass, self.config_entry, error)

    @callback
    def tell(self, floor: int, happening: Happening, fields: Mapping[str, Any]) -> None:
        """Fire an event of a floor that was seen just now."""
        event = {"event_time": self.client.now().isoformat(), **fields}
        self._fire(Part(Kind.FLOOR, floor, floor), happening, event)

    # What is remembered

    @callback
    def save(self) -> None:
        """Write down, in a moment, what has changed."""
        self._memory.save_soon()

    def _store(self) -> Memories:
        return {
            "scheme": self.client.scheme.value,
            "meters": self.meters.store(),
            "overrides": self.overrides.store(),
            "minutes": [list(each) for each in self.minutes.items()],
            "history": self.jobs.history.store(),
        }

    def _restore(self, memories: Memories) -> None:
        if scheme := memories.get("scheme"):
            self.client.remember_scheme(AuthScheme(scheme))
        self.meters.restore(memories.get("meters", {}))
        self.overrides.restore(memories.get("overrides", ()))
        self.minutes.update(dict(memories.get("minutes", ())))
        self.jobs.history.restore(memories.get("history", {}))


async def async_create(hass: HomeAssistant, entry: EnlightedConfigEntry) -> EnlightedCoordinator:
    """Return the coordinator of an entry; nothing is sent yet."""
    client = create_client(hass, entry.data)
    return EnlightedCoordinator(hass, entry, client, await async_load_memory(hass, entry))
