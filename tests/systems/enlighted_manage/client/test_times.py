"""The manager's own time: windows, its texts, and the two days of the year that are odd."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import WINDOW, times, window_end

from .support import ZONE, at

NEAR = at("2024-02-12T18:08")


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("10:04:59.999", "09:45"),
        ("10:05:00", "10:00"),
        ("10:19:59.999", "10:00"),
        ("10:20:00", "10:15"),
        ("10:34:59", "10:15"),
        ("00:05:00", "00:00"),
    ],
)
def test_the_last_closed_window(now: str, end: str) -> None:
    """Section 4.7, by its examples, and gotcha 20."""
    assert window_end(at(f"2024-02-12T{now}")) == at(f"2024-02-12T{end}")


def test_windows_are_the_same_in_every_zone() -> None:
    for zone in (ZONE, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Eucla")):
        local = window_end(NEAR.astimezone(zone)).astimezone(zone)
        assert local.minute % 15 == 0
        assert local == window_end(NEAR)
    assert window_end(NEAR).tzinfo is UTC


def test_moments_as_statistics_want_them() -> None:
    """Gotcha 21: in the manager's own time."""
    moment = at("2024-02-12T18:08:09.9")
    assert times.minutes_text(moment, ZONE) == "202402121008"
    assert times.seconds_text(moment, ZONE) == "20240212100809"
    assert times.seconds_text(at("2024-07-01T00:00"), ZONE) == "20240630170000"
    assert times.minutes_text(moment, UTC) == "202402121808"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-12 10:06", "2024-02-12T18:06"),
        (" 2024-02-12 10:06:07 ", "2024-02-12T18:06:07"),
        ("2024-02-12T10:06", "2024-02-12T18:06"),
        ("2024-07-12 10:06", "2024-07-12T17:06"),
        ("2024-02-12T10:00:00-0800", "2024-02-12T18:00"),
        ("2024-02-12T10:00:00-08:00", "2024-02-12T18:00"),
        ("2024-02-12T10:00:00+0530", "2024-02-12T04:30"),
        ("2024-02-12T10:00:00+05:30", "2024-02-12T04:30"),
        ("2024-10-19T05:33:04.852Z", "2024-10-19T05:33:04.852"),
        ("2024-02-12", "2024-02-12T08:00"),
        (None, None),
        ("", None),
        ("null", None),
        ("10:06", None),
        ("1707761280000", None),
        ("2024-13-01 10:06", None),
        ("0001-01-01T00:00:00+1400", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31 23:59", None),
        ("9999-12-31T23:59:59-14:00", None),
    ],
)
def test_texts_of_the_manager(text: str | None, moment: str | None) -> None:
    """Gotchas 20 and 21: local, unless they say their zone; with a colon or without."""
    expected = None if moment is None else at(moment)
    assert times.read_moment(text, ZONE, NEAR) == expected
    assert times.moment_reader(ZONE, NEAR)(text) == expected


def test_the_earliest_time_east_of_greenwich_is_none() -> None:
    assert times.read_moment("0001-01-01 00:00", timezone(timedelta(hours=14)), NEAR) is None


@pytest.mark.parametrize(
    ("near", "moment"),
    [
        ("2024-11-03T08:35", "2024-11-03T08:30"),
        ("2024-11-03T09:35", "2024-11-03T09:30"),
        ("2024-11-03T07:00", "2024-11-03T08:30"),
        ("2024-11-04T00:00", "2024-11-03T09:30"),
    ],
)
def test_the_hour_that_autumn_has_twice(near: str, moment: str) -> None:
    """Gotcha 20: the nearer of the two is meant."""
    assert times.read_moment("2024-11-03 01:30", ZONE, at(near)) == at(moment)
    assert times.read_moment("2024-11-03T01:30:00-0700", ZONE, at(near)) == at("2024-11-03T08:30")
    assert times.read_moment("2024-11-03T01:30:00-0800", ZONE, at(near)) == at("2024-11-03T09:30")


def test_the_hour_that_spring_lacks() -> None:
    near = at("2024-03-10T10:01")
    assert times.read_moment("2024-03-10 01:59", ZONE, near) == at("2024-03-10T09:59")
    assert times.read_moment("2024-03-10 03:00", ZONE, near) == at("2024-03-10T10:00")
    assert times.minutes_text(at("2024-03-10T10:00"), ZONE) == "202403100300"


def test_a_reader_reads_each_text_once() -> None:
    asked: list[datetime | None] = []

    class Zone(tzinfo):
        def utcoffset(self, when: datetime | None) -> timedelta:
            asked.append(when)
            return timedelta()

        def tzname(self, when: datetime | None) -> str:
            return "X"

        def dst(self, when: datetime | None) -> None:
            return None

    clock = times.moment_reader(Zone(), NEAR)
    first = clock("2024-02-12 10:06")
    count = len(asked)
    assert count
    assert clock("2024-02-12 10:06") is first
    assert len(asked) == count
    assert clock(5) is None
    assert clock(None) is None


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (None, None),
        (0, timedelta()),
        (90.5, timedelta(seconds=90.5)),
        (-1, None),
        (1e300, None),
        (2**62, None),
    ],
)
def test_spans_are_bounded(count: float | None, expected: timedelta | None) -> None:
    assert times.read_span(count, timedelta(seconds=1)) == expected


def test_a_window_is_a_quarter_of_an_hour() -> None:
    assert timedelta(minutes=15) == WINDOW
