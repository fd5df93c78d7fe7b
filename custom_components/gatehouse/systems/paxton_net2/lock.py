"""The lock of a latched door."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.lock import LockEntity, LockEntityDescription
from homeassistant.components.lock.const import LockEntityFeature
from homeassistant.const import ATTR_CODE, Platform

from ...entity import setup_platform
from .coordinator import Net2Coordinator
from .entity import Net2Entity, Net2Shows
from .options import DoorMode, UnlockAction
from .snapshot import DoorState

#: Any code is let through to the comparison with the entry's own.
_CODE_FORMAT: Final = r"^.+$"

type LockValue = tuple[bool | None, str | None]


@dataclass(frozen=True, kw_only=True)
class Net2LockDescription(LockEntityDescription, Net2Shows[LockValue]):
    """A door's lock: whether the relay is released, and who went through last."""


def _lock_value(state: DoorState) -> LockValue:
    released = state.relay_open
    return None if released is None else not released, state.last_user


DOORS: Final = (
    Net2LockDescription(
        key="lock",
        # The lock is the door: it carries the device's name.
        name=None,
        supported=lambda _options, door: door.mode is DoorMode.LATCHED,
        value=_lock_value,
    ),
)


class Net2Lock(Net2Entity[LockValue], LockEntity):
    """A door that can be released, held open and closed."""

    _attr_supported_features = LockEntityFeature.OPEN

    def __init__(
        self, coordinator: Net2Coordinator, part: Hashable, description: Net2LockDescription
    ) -> None:
        """Ask for a code where the entry has one."""
        super().__init__(coordinator, part, description)
        if coordinator.options.control_code:
            self._attr_code_format = _CODE_FORMAT

    @property
    @override
    def is_locked(self) -> bool | None:
        """Locked is the relay at rest: electrical, the leaf has its own sensor."""
        return self._value[0] if self._value else None

    @property
    @override
    def changed_by(self) -> str | None:
        """Who was let in last."""
        return self._value[1] if self._value else None

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """End a release or a hold."""
        control = self.coordinator.control
        control.check_code(kwargs.get(ATTR_CODE))
        await control.async_close(self.door_id)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Release the door once, or hold it open where its options say so."""
        coordinator = self.coordinator
        coordinator.control.check_code(kwargs.get(ATTR_CODE))
        if coordinator.options.door(self.door_id).unlock_action is UnlockAction.HOLD_OPEN:
            await coordinator.control.async_hold_open(self.door_id)
        else:
            await coordinator.control.async_release(self.door_id)

    @override
    async def async_open(self, **kwargs: Any) -> None:
        """Release the door once."""
        control = self.coordinator.control
        control.check_code(kwargs.get(ATTR_CODE))
        await control.async_release(self.door_id)


async_setup_entry = setup_platform(Platform.LOCK, Net2Lock, {DoorState: DOORS})
