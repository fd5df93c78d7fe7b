"""Tables as people write them."""

import pytest

from custom_components.gatehouse.systems.table_tracker.options import (
    TableTrackerOptions,
    read_tables,
)


@pytest.mark.parametrize(
    ("lines", "tables"),
    [
        ([], {}),
        (["8"], {"8": None}),
        (["1-3", " 7 - 8 "], {"1": None, "2": None, "3": None, "7": None, "8": None}),
        (["31 = Terrace", "32="], {"31": "Terrace", "32": None}),
        (["2 = Window", "1-3"], {"1": None, "2": "Window", "3": None}),
        (["8 = Seat 1-2 = best"], {"8": "Seat 1-2 = best"}),
    ],
)
def test_tables_are_read(lines: list[str], tables: dict[str, str | None]) -> None:
    assert read_tables(lines) == tables


@pytest.mark.parametrize(
    "line", ["", "window", "-3", "3-", "9-8", "1-9999", "1-3 = Bar", "²", "1.5", "= Bar"]
)
def test_what_is_no_table_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_tables([line])


def test_an_entry_without_options_has_tracker_devices() -> None:
    assert TableTrackerOptions.read({}) == TableTrackerOptions({}, tracker_devices=True)
