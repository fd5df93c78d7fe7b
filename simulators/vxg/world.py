"""The customer's world: accounts, cameras, groups, and what happens to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
import random
from typing import Final

from simulators.kit.clock import Clock

from .cameras import Camera, equip, event_type
from .faults import VxgFaults
from .storage import Storage
from .tokens import ALL, WATCH, Account, Caller, Keys, Share
from .wire import Json, JsonObject, RefusedError

#: What a building has cameras for; further ones are numbered.
_NAMES: Final = ("Gatehouse", "Car park", "Lobby", "Loading bay", "Server room", "Roof")
_PLACES: Final = ("Outside", "Outside", "Ground floor", "Outside", "Basement", "Outside")
#: Seconds of recordings that there are when the simulation begins.
_HISTORY: Final = 2 * 86400


@dataclass(slots=True)
class Group:
    """Some channels, for which there is one token."""

    id: int
    owner: str
    name: str
    share: Share
    channels: list[int] = field(default_factory=list)
    includes_all: bool = False
    meta: JsonObject = field(default_factory=dict)


@dataclass(slots=True)
class Note:
    """A document of metadata about a moment of a camera."""

    camera: int
    fields: JsonObject


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a client had a camera do."""

    name: str
    camera: int
    body: JsonObject


class World:
    """Everything there is; the API reads it, tests and the control plane change it."""

    def __init__(self, clock: Clock, faults: VxgFaults, *, seed: int, cameras: int) -> None:
        self.clock = clock
        self.faults = faults
        self.keys = Keys(clock.time, seed)
        self.random = random.Random(f"world {seed}")
        self.seed = seed
        self.cameras: dict[int, Camera] = {}
        self.groups: dict[int, Group] = {}
        self.storage = Storage(clock, faults, self.cameras, since=clock.time() - _HISTORY)
        self.commands: list[Command] = []
        #: What clients wrote down about moments, by its id (6.6).
        self.notes: dict[str, Note] = {}
        self.skew_seconds = 0.0
        self.account: Account = self.keys.add_account()
        for _ in range(cameras):
            self.add_camera()
        self.group = self.add_group("Everything", includes_all=True)
        self._furnish_past()

    def now(self) -> float:
        """Return the cloud's time, in seconds since the epoch."""
        return self.clock.time() + self.skew_seconds

    def owner_of(self, share: Share) -> str | None:
        """Return the key of the account whose camera or group was shared."""
        if share.camera is not None:
            camera = self.cameras.get(share.camera)
            return camera.owner if camera else None
        group = self.groups.get(share.group or 0)
        return group.owner if group else None

    def visible(self, caller: Caller) -> Iterator[Camera]:
        """Yield the cameras that somebody may know of."""
        group = self.groups.get(caller.group or 0)
        for camera in self.cameras.values():
            if caller.camera is not None:
                is_visible = camera.id == caller.camera
            elif group is not None:
                is_visible = group.includes_all or camera.id in group.channels
            else:
                is_visible = True
            if is_visible and camera.owner == caller.account:
                yield camera

    def find(self, caller: Caller, camera: int) -> Camera:
        """Return a camera.

        Raises:
            RefusedError: There is none, or it is somebody else's (2.8).
        """
        for each in self.visible(caller):
            if each.id == camera:
                return each
        raise RefusedError(404, "No such camera")

    # What is there.

    def add_camera(self, name: str | None = None, *, plain: bool = False) -> int:
        """Add a camera; return its id. A `plain` one is pulled by RTSP and has no settings."""
        index = len(self.cameras)
        number = max(self.cameras, default=100100) + 1
        if name is None:
            name = _NAMES[index] if index < len(_NAMES) else f"Camera {index + 1}"
        camera = Camera(
            id=number,
            manager=number + 100,
            owner=self.account.key,
            name=name,
            # Long ago, and to the second: what tells one cloud's small numbers from another's.
            created=1_700_000_000.0 + self.seed * 1_000_003 + number * 61,
            seed=number + self.seed,
        )
        camera.meta = {
            "group": "North" if index % 2 == 0 else "South",
            "location": _PLACES[index % len(_PLACES)],
        }
        if plain:
            camera.url = f"rtsp://192.0.2.{number % 250}:554/ch1"
            camera.brand = camera.model = camera.firmware = ""
            camera.event_types = [event_type("motion", record=True, snapshot=True)]
        else:
            equip(camera, moves=index % 2 == 0, card=index % 3 == 0)
        for level in (ALL, WATCH):
            camera.shares[level] = self.keys.share((level,), camera=number)
        self.cameras[number] = camera
        return number

    def add_gateway(self, name: str = "Gateway", *, cameras: int = 1) -> int:
        """Add a gateway with cameras behind it; return its id."""
        number = self.add_camera(name, plain=True)
        key = f"gw{number}"
        gateway = self.cameras[number]
        gateway.url = ""
        gateway.event_types = []
        gateway.meta = {"gateway": "gateway", key: "gateway_id"}
        for _ in range(cameras):
            child = self.cameras[self.add_camera(plain=True)]
            child.meta |= {
                "gateway_cam": "gateway_cam",
                "gateway_id": key,
                key: "gateway_id",
                "gateway_username": "admin",
                "gateway_password": "gateway-password",
            }
        return number

    def add_archive(self) -> int:
        """Add a channel that only stores, which nobody should see (7.13)."""
        number = self.add_camera(plain=True)
        camera = self.cameras[number]
        camera.name = f"#StorageFor{number}"
        camera.meta = {"isstorage": "isstorage"}
        return number

    def add_group(
        self, name: str, channels: list[int] | None = None, *, includes_all: bool = False
    ) -> Group:
        """Group some channels, or all of them, under one token."""
        number = max(self.groups, default=500) + 1
        share = self.keys.share((ALL,), group=number)
        group = Group(number, self.account.key, name, share, channels or [], includes_all)
        self.groups[number] = group
        return group

    def remove_camera(self, camera: int) -> None:
        """Take a camera away."""
        del self.cameras[camera]

    def rename_camera(self, camera: int, name: str) -> None:
        """Name a camera anew."""
        self.cameras[camera].name = name

    def set_status(self, camera: int, status: str) -> None:
        """Let a camera be `active`, `inactive`, `offline` or `unauthorized`."""
        self.cameras[camera].status = status

    def set_field(self, camera: int, name: str, value: Json) -> None:
        """Let a camera have something else of its own: a model, a mode, its meta."""
        if name not in Camera.__slots__:
            raise ValueError(name)
        setattr(self.cameras[camera], name, value)

    def set_setting(self, camera: int, document: str, name: str, value: Json) -> None:
        """Change a setting at the camera itself."""
        self.cameras[camera].settings[document][name] = value

    def drop_setting(self, camera: int, document: str) -> None:
        """Let a camera lack a whole kind of settings."""
        del self.cameras[camera].settings[document]

    def skew(self, seconds: float) -> None:
        """Set the cloud's clock ahead of everybody else's."""
        self.skew_seconds = seconds
        self.storage.skew = seconds

    # What happens.

    def happen(
        self,
        camera: int,
        name: str = "motion",
        *,
        ago: float = 0.0,
        meta: JsonObject | None = None,
        picture: bool = True,
    ) -> int:
        """Let an event happen, `ago` seconds before now; return its id."""
        moment = self.now() - ago
        thumb_at = self.now() + self.faults.thumb_delay if picture else None
        return self.storage.add_event(camera, name, moment, meta or {}, thumb_at).id

    def storm(self, count: int, *, seconds: float = 60.0) -> None:
        """Let very many events happen at once, spread over all cameras and the last seconds."""
        cameras = list(self.cameras)
        for number in range(count):
            self.happen(cameras[number % len(cameras)], ago=seconds * (1 - number / count))

    def forget_event(self, event: int) -> None:
        """Let an event vanish."""
        self.storage.events.pop(event)

    def end_share(self, camera: int, level: str = ALL) -> str:
        """Replace a camera's token; return the new one's share."""
        old = self.cameras[camera].shares[level]
        old.is_enabled = False
        new = self.keys.share((level,), camera=camera)
        self.cameras[camera].shares[level] = new
        return new.token

    def replace_key(self) -> str:
        """Give the account another licence key; return it."""
        old = self.account.key
        new = self.keys.replace_key(old)
        for camera in self.cameras.values():
            camera.owner = new if camera.owner == old else camera.owner
        for group in self.groups.values():
            group.owner = new if group.owner == old else group.owner
        return new

    # Credentials, as a user gets them.

    def licence_key(self) -> str:
        """Return the account's licence key."""
        return self.account.key

    def channel_token(self, camera: int, level: str = ALL) -> str:
        """Return a camera's access token."""
        found = self.cameras[camera]
        return self.keys.access_token(found.shares[level], manager=found.manager)

    def group_token(self, group: int | None = None) -> str:
        """Return a group's access token; that of all cameras if none is named."""
        return self.keys.access_token((self.groups[group] if group else self.group).share)

    def record_command(self, name: str, camera: int, body: JsonObject) -> None:
        """Note what a camera was told to do."""
        self.commands.append(Command(name, camera, body))

    def _furnish_past(self) -> None:
        """Let there be something to look at: a motion an hour, and persons now and then."""
        now = self.now()
        for camera in self.cameras.values():
            for hour in range(1, 25):
                past = now - hour * 3600 - self.random.uniform(0, 1800)
                self.storage.add_event(camera.id, "motion", past, {}, past)
                if hour % 4 == 0:
                    meta: JsonObject = {"Person": "1", "total": "1"}
                    name = "object_and_scene_detection"
                    self.storage.add_event(camera.id, name, past + 2, meta, past + 2)
