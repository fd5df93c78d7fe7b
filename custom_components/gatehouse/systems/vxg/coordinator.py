"""One snapshot of an account, where polls, settings and events meet."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from datetime import datetime
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ...live import LiveCoordinator
from ...missed import Memories, Memory, async_load_memory
from .client import (
    MOVE,
    STOP,
    Camera,
    CameraEvent,
    EventFeed,
    EventNews,
    Usage,
    VxgClient,
    VxgError,
    VxgForbiddenError,
)
from .const import FRESH, LOGGER, MOST_LIVE, ROUND, SLOW_INTERVAL, STATUS_INTERVAL
from .devices import (
    async_add_account,
    async_add_gateways,
    async_forget_part,
    async_keep_cameras,
    camera_identifier,
    part_owner,
)
from .errors import ERRORS
from .events import sights_of
from .flow import create_client
from .issues import async_note_error, async_note_plans, async_note_success
from .missed import async_tell, restore, store
from .options import VxgOptions
from .parts import CameraParts
from .reader import SettingsReader
from .relay import LiveRelay
from .sightings import Sightings
from .snapshot import (
    ACCOUNT,
    EMPTY,
    AccountState,
    Kind,
    Part,
    PlanState,
    PtzState,
    State,
    VxgSnapshot,
)

type VxgConfigEntry = ConfigEntry[VxgCoordinator]


class VxgCoordinator(LiveCoordinator[VxgSnapshot]):
    """Asks a cloud how its cameras are, and again and again what they saw."""

    config_entry: VxgConfigEntry
    errors = ERRORS

    def __init__(
        self,
        hass: HomeAssistant,
        entry: VxgConfigEntry,
        client: VxgClient,
        memories: Memories | None,
    ) -> None:
        """Prepare to read; nothing is sent yet."""
        super().__init__(
            hass, entry, LOGGER, with_stream=STATUS_INTERVAL, without_stream=STATUS_INTERVAL
        )
        self.data = EMPTY
        self.client = client
        self.options = VxgOptions.read(entry.options)
        self.reader = SettingsReader(hass, client)
        #: Every camera there is by its id, as text: what the options can leave out.
        self.names: dict[str, str] = {}
        self._cameras: dict[int, Camera] = {}
        self._sightings = Sightings(hass, self.options, self._publish_sights)
        self._parts = CameraParts(self.reader, self._sightings)
        self._usage: Usage | None = None
        self._feed = EventFeed(client)
        restore(self._feed, memories)
        self._memory = Memory(hass, entry, lambda: store(self._feed))
        #: By the server's clock: what happened before was not heard by anybody.
        self._listening_since: datetime | None = None
        self._slow_due = 0.0
        self._settings_lock = asyncio.Lock()
        self.relay = LiveRelay(client)
        self._missed: list[CameraEvent] = []

    @property
    def host(self) -> str:
        """Where the API is."""
        return self.client.settings.address.host

    @property
    def cameras(self) -> list[Camera]:
        """The cameras, without the gateways."""
        return [camera for camera in self._cameras.values() if not camera.is_gateway]

    def camera_of(self, identifier: str) -> Camera | None:
        """Return the camera with this device identifier; a gateway is none."""
        numbers = {name: number for number, name in self._identifiers().items()}
        camera = self._cameras.get(numbers.get(identifier, 0))
        return None if camera is None or camera.is_gateway else camera

    def gateway_of(self, camera: Camera) -> Camera | None:
        """Return the gateway that a camera is behind, if it is behind one."""
        if camera.is_gateway or camera.gateway is None:
            return None
        gateways = (each for each in self._cameras.values() if each.is_gateway)
        return next((each for each in gateways if each.gateway == camera.gateway), None)

    @property
    def hears_events(self) -> bool:
        """Whether this credential may see events at all."""
        return self._parts.may_hear is True

    @callback
    @override
    def async_add_hub(self) -> None:
        """Create the account's device, and those that others hang below."""
        async_add_account(self.hass, self.config_entry, self.client.settings)
        async_add_gateways(self.hass, self.config_entry, self._cameras.values(), self.host)

    @override
    def has_part(self, identifier: str) -> bool:
        """Tell whether the cloud still has a camera."""
        return identifier in self._identifiers().values()

    @override
    async def async_start(self) -> None:
        """Begin to listen, and to read the settings."""
        self._listening_since = self.client.now()
        self._tell_missed(self._missed)
        self._missed = []
        await super().async_start()
        self.read_settings()

    @override
    async def async_close(self) -> None:
        """Write down where the next one goes on."""
        self._sightings.cancel()
        await self.relay.async_close()
        await self._memory.async_close()

    async def async_do(self, camera_id: int, command: Awaitable[object], *changes: Kind) -> None:
        """Send a command, once, and read what it `changes`.

        Raises:
            HomeAssistantError: It was refused, or nobody knows whether it ran.
        """
        with ERRORS.translated():
            await command
        if Kind.CAMERA in changes:
            await self.async_refresh()
        await self.async_read_again(camera_id, *(set(changes) - {Kind.CAMERA}))

    async def async_read_again(self, camera_id: int, *kinds: Kind) -> None:
        """Read settings that have just been changed; they are shown once that was possible."""
        for kind in kinds:
            await self.reader.read_again(camera_id, kind)
        if kinds and (camera := self._cameras.get(camera_id)):
            self._replace(camera)

    async def async_move(self, camera_id: int, action: str, milliseconds: int = MOVE) -> None:
        """Move a camera for so long, and then stop it: some go on without (section 7.26).

        Raises:
            HomeAssistantError: It was refused, or nobody knows whether it moves.
        """
        with ERRORS.translated():
            await self.client.move(camera_id, action, milliseconds)
            state = self.data.parts.get(Part(Kind.PTZ, camera_id))
            if isinstance(state, PtzState) and STOP in state.value.actions:
                await asyncio.sleep(milliseconds / 1000)
                await self.client.move(camera_id, STOP, milliseconds)

    # The poll

    @override
    async def _async_read(self) -> VxgSnapshot:
        cameras = {camera.id: camera for camera in await self.client.get_cameras()}
        self.names = {str(number): camera.name for number, camera in cameras.items()}
        self._cameras = {
            number: camera
            for number, camera in cameras.items()
            if number not in self.options.excluded
        }
        await self._read_slowly()
        if self._parts.may_hear is None:
            await self._listen_for_the_first_time()
        async_note_success(
            self.hass, self.config_entry, self._cameras.values(), self.client.clock_offset
        )
        self.reader.forget(self._cameras)
        self._sightings.forget(self._cameras)
        snapshot = self._build()
        if self._listening_since is not None:
            async_add_gateways(self.hass, self.config_entry, self._cameras.values(), self.host)
            self.read_settings()
        if cameras:
            # A cloud that lists nothing at all has rather lost its way than all its cameras.
            async_keep_cameras(self.hass, self.config_entry, self._cameras.values(), self.host)
        return snapshot

    async def _read_slowly(self) -> None:
        """Read what changes slowly: the cloud's clock, and what the account used."""
        if self.hass.loop.time() < self._slow_due:
            return
        await self.client.get_server_time()
        try:
            self._usage = await self.client.get_usage()
        except VxgError as err:
            LOGGER.debug("The usage of %s was not read: %s", self.name, err)
        self._slow_due = self.hass.loop.time() + SLOW_INTERVAL

    async def _listen_for_the_first_time(self) -> None:
        """Find out whether events may be seen; what happened while nobody listened is missed."""
        try:
            news = await self._feed.look(self._cameras)
        except VxgForbiddenError:
            self._parts.may_hear = False
        else:
            self._parts.may_hear = True
            self._missed += news.events
            self._memory.save_soon()

    def _build(self) -> VxgSnapshot:
        parts: dict[Part, State] = {ACCOUNT: self._account()}
        # Gateways first: what hangs below them comes after.
        for camera in sorted(self._cameras.values(), key=lambda each: not each.is_gateway):
            parts |= self._parts.of(camera)
        plans = [state for state in parts.values() if isinstance(state, PlanState)]
        async_note_plans(self.hass, self.config_entry, plans, self.client.now())
        return VxgSnapshot(parts)

    def _account(self) -> AccountState:
        return AccountState(
            cameras=len(self.cameras),
            online=sum(camera.is_online for camera in self.cameras),
            usage=self._usage,
            hears_events=self.is_live,
        )

    def _identifiers(self) -> dict[int, str]:
        return {
            number: camera_identifier(camera, self.host) for number, camera in self._cameras.items()
        }

    # The settings: read in the background, a part appears when it was read.

    @callback
    def read_settings(self) -> None:
        """Read what is due, beside everything else."""
        if not self._settings_lock.locked():
            self.run(self._async_read_settings(), "settings")

    async def _async_read_settings(self) -> None:
        async with self._settings_lock:
            async for camera_id in self.reader.read(tuple(self._cameras.values())):
                if camera := self._cameras.get(camera_id):
                    self._replace(camera)

    @callback
    def _replace(self, camera: Camera) -> None:
        """Publish what is newly known of a camera."""
        new = self._parts.of(camera)
        old = {
            part: state for part, state in self.data.parts.items() if part.camera_id == camera.id
        }
        changed = [part for part in {*old, *new} if old.get(part) != new.get(part)]
        for part in [part for part in old.keys() - new.keys() if part.name]:
            async_forget_part(self.hass, self.config_entry, part_owner(camera, part, self.host))
        if changed:
            kept = {part: state for part, state in self.data.parts.items() if part not in old}
            # New parts are for those who build entities.
            is_other = [None] if old.keys() != new.keys() else []
            self.async_publish(VxgSnapshot({**kept, **new}), *changed, *is_other)

    # Events

    @override
    async def _async_follow(self) -> None:
        """Ask for events until that fails."""
        if not self.hears_events:
            await asyncio.get_running_loop().create_future()
        is_first = True
        while True:
            try:
                news = await self._feed.look(tuple(self._cameras), share=self._share())
            except VxgError as err:
                if not is_first:
                    self._note_disconnected(type(err).__name__)
                raise
            if is_first:
                self._note_connected()
                is_first = False
            self._take(news)
            await asyncio.sleep(self.options.poll_interval)

    def _share(self) -> float:
        """Return which part of the cameras to ask for, where each has to be asked by itself."""
        return self.options.poll_interval / ROUND

    @callback
    def _take(self, news: EventNews) -> None:
        """Tell what is new: live what just happened, and as missed what is late."""
        touched: set[int] = set()
        missed: list[CameraEvent] = []
        live: Counter[int] = Counter()
        for event in news.events:
            if event.camera_id not in self._cameras:
                continue
            is_live = self._is_fresh(event) and live[event.camera_id] < MOST_LIVE
            live[event.camera_id] += is_live
            if is_live:
                self._tell_live(event)
            else:
                missed.append(event)
            self._sightings.see(event, is_live=is_live)
            touched.add(event.camera_id)
        touched.update(
            each.camera_id for each in news.pictures if self._sightings.note_picture(each)
        )
        for camera_id in touched:
            self._publish_sights(camera_id)
        if news.events or news.pictures:
            self._memory.save_soon()
        self._tell_missed(missed)

    def _is_fresh(self, event: CameraEvent) -> bool:
        """Tell whether an event happened just now, and while somebody listened."""
        since = self._listening_since
        # Nobody listens to a camera before it is known what it can report.
        is_heard = Part(Kind.SIGHTS, event.camera_id) in self.data.parts
        return (
            is_heard and since is not None and event.time >= max(since, self.client.now() - FRESH)
        )

    @callback
    def _tell_live(self, event: CameraEvent) -> None:
        part = Part(Kind.SIGHTS, event.camera_id)
        for sight in sights_of(event):
            self._fire(part, sight, event)

    @callback
    def _tell_missed(self, events: Iterable[CameraEvent]) -> None:
        known = [event for event in events if event.camera_id in self._cameras]
        async_tell(self.hass, self.config_entry, known, self._identifiers())

    @callback
    def _publish_sights(self, camera_id: int) -> None:
        part, camera = Part(Kind.SIGHTS, camera_id), self._cameras.get(camera_id)
        if part in self.data.parts and camera and (sights := self._parts.sights(camera)):
            self.async_publish(self.data.having({part: sights}), part)

    @callback
    @override
    def _show_link(self) -> None:
        self.async_publish(self.data.having({ACCOUNT: self._account()}), ACCOUNT)

    @callback
    @override
    def _note_error(self, error: Exception) -> None:
        async_note_error(self.hass, self.config_entry, error)


async def async_create(hass: HomeAssistant, entry: VxgConfigEntry) -> VxgCoordinator:
    """Return the coordinator of an entry; nothing is sent yet."""
    client = create_client(hass, entry.data)
    return VxgCoordinator(hass, entry, client, await async_load_memory(hass, entry))
