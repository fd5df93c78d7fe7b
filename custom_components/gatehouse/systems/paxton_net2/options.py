"""The entry's options, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

CONF_CONTROL_CODE: Final = "control_code"
CONF_HIDE_NAMES: Final = "hide_names"
CONF_DOORS: Final = "doors"
CONF_MODE: Final = "mode"
CONF_UNLOCK_ACTION: Final = "unlock_action"
CONF_CAMERA: Final = "camera"


class DoorMode(StrEnum):
    """What Home Assistant may do with a door."""

    LATCHED = "latched"
    MOMENTARY = "momentary"
    MONITOR = "monitor"


class UnlockAction(StrEnum):
    """What `lock.unlock` does at a latched door."""

    RELEASE = "release"
    HOLD_OPEN = "hold_open"


@dataclass(frozen=True, slots=True)
class DoorOptions:
    """How one door is driven, and which camera sees who stands there."""

    mode: DoorMode = DoorMode.LATCHED
    unlock_action: UnlockAction = UnlockAction.RELEASE
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class Net2Options:
    """Every preference of an entry."""

    control_code: str | None
    hide_names: bool
    doors: Mapping[int, DoorOptions]

    def door(self, door_id: int) -> DoorOptions:
        """Return a door's options; a door nobody has set up has the defaults."""
        return self.doors.get(door_id, _DEFAULT)

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Self:
        """Read what the options flow stored. JSON keys are text, door ids are numbers."""
        return cls(
            control_code=options.get(CONF_CONTROL_CODE) or None,
            hide_names=options.get(CONF_HIDE_NAMES, False),
            doors={
                int(door_id): DoorOptions(
                    DoorMode(door[CONF_MODE]),
                    UnlockAction(door[CONF_UNLOCK_ACTION]),
                    door.get(CONF_CAMERA),
                )
                for door_id, door in options.get(CONF_DOORS, {}).items()
            },
        )


_DEFAULT: Final = DoorOptions()
