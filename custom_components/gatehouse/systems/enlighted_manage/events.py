"""What happened on a floor, as it shows from one look to the next."""

from collections.abc import Iterator, Mapping, Set
from enum import StrEnum
from typing import Any

from .client import Occupancy
from .structure import FloorPlan


class Happening(StrEnum):
    """What the event entity of a floor tells."""

    OCCUPIED = "occupied"
    VACANT = "vacant"
    DEVICE_LOST = "device_lost"
    DEVICE_RETURNED = "device_returned"
    SCENE_APPLIED = "scene_applied"


type Event = tuple[Happening, dict[str, Any]]

_HAPPENINGS = {Occupancy.OCCUPIED: Happening.OCCUPIED, Occupancy.VACANT: Happening.VACANT}


def occupancy_events(
    plan: FloorPlan, before: Mapping[int, Occupancy], after: Mapping[int, Occupancy]
) -> Iterator[Event]:
    """Return who came and went; what was not known before tells nothing of that."""
    for area, state in after.items():
        known = before.get(area)
        if known in _HAPPENINGS and state in _HAPPENINGS and known is not state and area:
            name = plan.areas[area].name if area in plan.areas else None
            yield _HAPPENINGS[state], {"area_id": area, "area": name}


def device_events(
    plan: FloorPlan, before: Set[int] | None, after: Set[int] | None
) -> Iterator[Event]:
    """Return which sensors fell silent, and which are heard again."""
    if before is None or after is None:
        return
    for sensors, happening in (
        (after - before, Happening.DEVICE_LOST),
        (before - after, Happening.DEVICE_RETURNED),
    ):
        for each in sorted(sensors):
            if each in plan.fixtures:
                yield happening, {"sensor_id": each, "sensor": plan.fixtures[each].name}
