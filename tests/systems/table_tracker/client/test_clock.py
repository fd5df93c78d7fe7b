"""The gateway's clock: skew, zones, the hour that comes twice, and a zone that is set wrong."""

from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.gatehouse.systems.table_tracker.client import GatewayClock
from custom_components.gatehouse.systems.table_tracker.client.clock import find_zone
from custom_components.gatehouse.systems.table_tracker.client.order_reader import OrderReader

from .support import ZONE, order_row

NOW = datetime(2024, 5, 2, 10, 0, tzinfo=UTC)
ZERO = timedelta()


@pytest.fixture
def clock(freezer: FrozenDateTimeFactory) -> GatewayClock:
    """Return the clock of a gateway that agrees with ours."""
    freezer.move_to(NOW)
    clock = GatewayClock(ZONE)
    clock.observe_date(format_datetime(NOW, usegmt=True))
    return clock


def see_order(clock: GatewayClock, created: str, age: int = 0, changed: str | None = None) -> None:
    """Let the clock see an order, as the first of its kind."""
    row = order_row(created=created, elapsedTime=age, stateChanged=changed or created)
    assert OrderReader(clock).read(row)


def test_the_skew_is_unknown_before_the_first_answer() -> None:
    assert GatewayClock(ZONE).skew is None
    assert GatewayClock(ZONE).zone_error is None


@pytest.mark.parametrize("minutes", [-90, 0, 10])
def test_the_date_tells_the_skew(freezer: FrozenDateTimeFactory, minutes: int) -> None:
    freezer.move_to(NOW)
    clock = GatewayClock(ZONE)
    clock.observe_date(format_datetime(NOW + timedelta(minutes=minutes), usegmt=True))
    assert clock.skew == timedelta(minutes=minutes, milliseconds=500)


@pytest.mark.parametrize(
    "header", [None, "", "soon", "Mon, 32 Foo 2026 99:00:00 GMT", "Mon, 01 Jan 1601 00:00:00 GMT"]
)
def test_what_is_no_date_teaches_nothing(header: str | None) -> None:
    clock = GatewayClock(ZONE)
    clock.observe_date(header)
    assert clock.skew is None


def test_a_date_without_a_zone_is_utc(clock: GatewayClock) -> None:
    clock.observe_date("Thu, 02 May 2024 10:30:00 -0000")
    assert clock.skew == timedelta(minutes=30, milliseconds=500)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-07-01T14:00:00", datetime(2024, 7, 1, 12, tzinfo=UTC)),
        ("2024-01-10T14:00:00", datetime(2024, 1, 10, 13, tzinfo=UTC)),
        ("2024-01-10 14:00:00", datetime(2024, 1, 10, 13, tzinfo=UTC)),
        ("2024-01-10T14:00:00+00:00", datetime(2024, 1, 10, 14, tzinfo=UTC)),
        ("2024-01-10T14:00:00-05:00", datetime(2024, 1, 10, 19, tzinfo=UTC)),
        # Clocks in Vienna go back from 3:00 to 2:00: the first of both is meant.
        ("2024-10-27T02:30:00", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        # They go on from 2:00 to 3:00: this one is never shown.
        ("2024-03-31T02:30:00", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31T23:59:59-01:00", None),
    ],
)
def test_times_are_read_with_an_offset_and_without(text: str, time: datetime | None) -> None:
    assert GatewayClock(ZONE).read(text) == time
    assert GatewayClock(ZONE).read_ours(text) == time


def test_our_clock_is_the_gateways_without_its_skew(clock: GatewayClock) -> None:
    clock.observe_date(format_datetime(NOW + timedelta(minutes=10), usegmt=True))
    time = clock.read_ours("2024-05-02T12:10:00.5")
    assert time == NOW
    clock.observe_date(format_datetime(NOW - timedelta(minutes=10), usegmt=True))
    assert clock.read_ours("9999-12-31T23:59:59+00:00") is None


def test_times_are_written_local_and_naive() -> None:
    clock = GatewayClock(ZONE)
    assert clock.to_wire(datetime(2024, 7, 1, 12, 0, 0, 7, tzinfo=UTC)) == "2024-07-01T14:00:00"
    clock.zone = UTC
    assert clock.to_wire(datetime(2024, 7, 1, 12, tzinfo=ZONE)) == "2024-07-01T10:00:00"


def test_a_right_zone_has_no_error(clock: GatewayClock) -> None:
    see_order(clock, "2024-05-02T11:59:00", age=60)
    assert clock.zone_error == ZERO


@pytest.mark.parametrize(
    ("created", "error"),
    [
        ("2024-05-02T10:00:00", timedelta(hours=-2)),
        ("2024-05-02T13:00:00", timedelta(hours=1)),
        ("2024-05-02T12:01:59", ZERO),
        ("2024-05-02T12:04:00", timedelta(minutes=4)),
    ],
)
def test_a_wrong_zone_shows_in_new_orders(
    clock: GatewayClock, created: str, error: timedelta
) -> None:
    see_order(clock, created)
    assert clock.zone_error is not None
    assert abs(clock.zone_error - error) < timedelta(seconds=1)


def test_a_skew_is_no_wrong_zone(clock: GatewayClock) -> None:
    clock.observe_date(format_datetime(NOW + timedelta(minutes=30), usegmt=True))
    see_order(clock, "2024-05-02T12:30:00")
    assert clock.zone_error == ZERO


def test_the_zone_that_is_learned_later_counts(clock: GatewayClock) -> None:
    see_order(clock, "2024-05-02T06:00:00")
    assert clock.zone_error
    clock.zone = ZoneInfo("America/New_York")
    assert clock.zone_error == ZERO


def test_the_newest_order_tells(clock: GatewayClock) -> None:
    see_order(clock, "2024-05-02T06:00:00")
    assert clock.zone_error
    see_order(clock, "2024-05-02T12:00:00")
    assert clock.zone_error == ZERO


@pytest.mark.parametrize("offset", [0, 1])
def test_in_the_hour_that_comes_twice_either_reading_is_right(
    clock: GatewayClock, freezer: FrozenDateTimeFactory, offset: int
) -> None:
    now = datetime(2024, 10, 27, offset, 30, tzinfo=UTC)
    freezer.move_to(now)
    clock.observe_date(format_datetime(now, usegmt=True))
    see_order(clock, "2024-10-27T02:30:00")
    assert clock.zone_error == ZERO


def test_an_order_that_has_changed_proves_nothing(clock: GatewayClock) -> None:
    """Its age may count from the creation or from the change (section 4.2)."""
    see_order(clock, "2024-05-02T11:00:00", age=0, changed="2024-05-02T12:00:00")
    assert clock.zone_error is None


@pytest.mark.parametrize("created", ["", "soon", "0002-01-01T00:00:00", "9998-01-01T00:00:00"])
def test_what_is_no_time_of_now_proves_nothing(clock: GatewayClock, created: str) -> None:
    see_order(clock, created)
    assert clock.zone_error is None


def test_before_the_skew_is_known_nothing_is_proven() -> None:
    clock = GatewayClock(ZONE)
    see_order(clock, "2024-05-02T06:00:00")
    assert clock.zone_error is None


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("+02:00", 2),
        ("-0530", -5.5),
        ("+2", 2),
        ("UTC+2", 2),
        ("utc-05:00", -5),
        ("GMT+1", 1),
        ("UTC", 0),
        ("Etc/GMT+5", -5),
        ("America/New_York", -4),
    ],
)
def test_a_zone_is_a_name_or_an_offset(name: str, hours: float) -> None:
    zone = find_zone(name)
    assert isinstance(zone, tzinfo)
    assert NOW.astimezone(zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "+99:00", "\0"])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert find_zone(name) is None
