"""What is shown of a wait changes at its own second."""

from datetime import timedelta

import pytest

from custom_components.gatehouse.systems.table_tracker.waiting import next_change

from .guests import NOON, order


@pytest.mark.parametrize(
    ("after", "target", "change"),
    [
        (0, 300, 60),
        (59.9, 300, 60),
        (60, 300, 120),
        (250, 290, 290),
        (290, 290, 300),
        (299, 300, 300),
        (3600, 300, 3660),
        (-5, 300, 60),
    ],
)
def test_the_next_change(after: float, target: int, change: int) -> None:
    moment = next_change(order(), target, NOON + timedelta(seconds=after))
    assert moment == NOON + timedelta(seconds=change)
