"""The entry's options, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Self

from .const import CONF_FLOORS

CONF_FIXTURES: Final = "fixtures"
CONF_LAMP_FAULTS: Final = "lamp_faults"
CONF_OCCUPANCY: Final = "occupancy"
CONF_OCCUPANCY_INTERVAL: Final = "occupancy_interval"
CONF_OVERRIDE_MINUTES: Final = "override_minutes"
CONF_STATISTICS_INTERVAL: Final = "statistics_interval"
CONF_TUNABLE: Final = "tunable_white"

DEFAULT_MINUTES: Final = 60


class FixtureEntities(StrEnum):
    """Which entities single fixtures have."""

    #: All of them on a small site, and disabled lights on a big one.
    AUTO = "auto"
    ALL = "all"
    LIGHTS = "lights"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EnlightedOptions:
    """Every preference of an entry."""

    #: The ids of the floors to have; none of them means all, also those that come later.
    floors: frozenset[int]
    fixtures: FixtureEntities
    occupancy: bool
    occupancy_interval: timedelta
    statistics_interval: timedelta
    #: How long a command holds, unless a number entity says otherwise.
    override_minutes: int
    #: Whether every light has a white that can be tuned, though no scene says so.
    tunable: bool
    #: Whether a light that draws nothing is told to be broken.
    lamp_faults: bool

    @classmethod
    def read(cls, data: Mapping[str, Any], options: Mapping[str, Any]) -> Self:
        """Read what the flows stored; the first choice of floors is in the entry's data."""
        floors = options.get(CONF_FLOORS, data.get(CONF_FLOORS, ()))
        return cls(
            floors=frozenset(map(int, floors)),
            fixtures=FixtureEntities(options.get(CONF_FIXTURES, FixtureEntities.AUTO)),
            occupancy=options.get(CONF_OCCUPANCY, True),
            occupancy_interval=timedelta(seconds=options.get(CONF_OCCUPANCY_INTERVAL, 60)),
            statistics_interval=timedelta(seconds=options.get(CONF_STATISTICS_INTERVAL, 300)),
            override_minutes=int(options.get(CONF_OVERRIDE_MINUTES, DEFAULT_MINUTES)),
            tunable=options.get(CONF_TUNABLE, False),
            lamp_faults=options.get(CONF_LAMP_FAULTS, False),
        )
