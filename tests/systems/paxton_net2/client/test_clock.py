"""The server's clock: skew, zones, offsets and the hour that comes twice."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.gatehouse.systems.paxton_net2.client import ServerClock

BERLIN = ZoneInfo("Europe/Berlin")
LONDON = ZoneInfo("Europe/London")
#: Clocks in Berlin went back from 3:00 to 2:00 at this time.
PUT_BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)


def at(hour: int, minute: int = 0, *, day: int = 25) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def taught() -> ServerClock:
    """Return a clock that has seen an event of the server's."""
    clock = ServerClock(BERLIN)
    clock.read("2026-06-01T12:00:00+02:00", teaches_offset=True)
    return clock


def test_the_skew_is_unknown_before_the_first_answer(freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(at(12))
    clock = ServerClock(BERLIN)
    assert clock.skew is None
    assert clock.now() == at(12)


def test_the_date_header_tells_the_skew(freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(at(12))
    clock = ServerClock(BERLIN)
    clock.observe_date(format_datetime(at(12, 10), usegmt=True))
    assert clock.skew is not None
    assert abs(clock.skew - timedelta(minutes=10)) < timedelta(seconds=1)
    assert abs(clock.now() - at(12, 10)) < timedelta(seconds=1)


@pytest.mark.parametrize("header", [None, "", "soon", "Mon, 32 Foo 2026 99:00:00 GMT"])
def test_a_header_that_is_no_date_teaches_nothing(header: str | None) -> None:
    clock = ServerClock(BERLIN)
    clock.observe_date(header)
    assert clock.skew is None


@pytest.mark.parametrize("year", [1601, 9999])
def test_a_date_that_no_clock_shows_teaches_nothing(year: int) -> None:
    clock = ServerClock(BERLIN)
    clock.observe_date(format_datetime(datetime(year, 1, 1, tzinfo=UTC), usegmt=True))
    assert clock.skew is None


def test_a_date_header_without_a_zone_is_utc(freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(at(12))
    clock = ServerClock(BERLIN)
    clock.observe_date("Sun, 25 Oct 2026 12:00:00 -0000")
    assert clock.skew is not None
    assert abs(clock.skew) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-07-01T14:00:00", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-01-10T14:00:00", datetime(2026, 1, 10, 13, tzinfo=UTC)),
        ("2026-01-10T14:00:00.017+01:00", datetime(2026, 1, 10, 13, 0, 0, 17000, tzinfo=UTC)),
        ("2026-03-01T11:51:20.9832179Z", datetime(2026, 3, 1, 11, 51, 20, 983217, tzinfo=UTC)),
    ],
)
def test_times_are_read_with_offset_and_without(text: str, time: datetime) -> None:
    assert ServerClock(BERLIN).read(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert ServerClock(BERLIN).read(text) is None


@pytest.mark.parametrize(
    ("now", "meant"),
    [
        (at(0, 31), at(0, 30)),
        (at(1, 31), at(1, 30)),
        (at(9), at(1, 30)),
        (at(9, day=24), at(0, 30)),
    ],
)
def test_in_the_hour_that_comes_twice_the_reading_nearest_to_now_is_meant(
    freezer: FrozenDateTimeFactory, now: datetime, meant: datetime
) -> None:
    freezer.move_to(now)
    assert ServerClock(BERLIN).read("2026-10-25T02:30:00") == meant


def test_an_offset_on_an_event_corrects_the_zone() -> None:
    clock = ServerClock(UTC)
    clock.read("2026-11-01T14:00:00+01:00", teaches_offset=True)
    assert clock.read("2026-11-01T15:00:00") == datetime(2026, 11, 1, 14, tzinfo=UTC)
    assert clock.to_local(datetime(2026, 11, 1, 14, tzinfo=UTC)).isoformat() == (
        "2026-11-01T15:00:00+01:00"
    )


def test_the_newest_event_decides_about_the_offset() -> None:
    clock = ServerClock(UTC)
    clock.read("2026-11-01T14:00:00+01:00", teaches_offset=True)
    clock.read("2026-07-01T14:00:00+02:00", teaches_offset=True)
    assert clock.read("2026-11-02T12:00:00") == datetime(2026, 11, 2, 11, tzinfo=UTC)


def test_a_corrected_zone_keeps_its_own_summer_time() -> None:
    clock = ServerClock(LONDON)
    clock.read("2026-07-01T14:00:00+02:00", teaches_offset=True)
    assert clock.read("2026-12-01T12:00:00") == datetime(2026, 12, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-01T14:00:00Z", "2026-11-01T14:00:00+23:00"])
def test_an_offset_that_cannot_be_the_servers_teaches_nothing(text: str) -> None:
    clock = ServerClock(BERLIN)
    clock.read(text, teaches_offset=True)
    assert clock.read("2026-11-01T14:00:00") == datetime(2026, 11, 1, 13, tzinfo=UTC)


def test_an_offset_that_is_not_to_be_learned_teaches_nothing() -> None:
    clock = ServerClock(BERLIN)
    clock.read("2026-11-01T14:00:00+05:00")
    assert clock.read("2026-11-01T14:00:00") == datetime(2026, 11, 1, 13, tzinfo=UTC)


def test_a_first_live_event_is_of_now_wherever_the_server_stands(
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to(at(12))
    clock = ServerClock(BERLIN)
    assert clock.read("2026-10-25T20:29:58", teaches_offset=True) == at(11, 59).replace(second=58)
    assert clock.read("2026-10-25T20:00:00", teaches_offset=True) == at(11, 30)


def test_a_late_live_event_stays_late_once_the_offset_is_known(
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to(at(12))
    clock = taught()
    assert clock.read("2026-10-25T08:00:00", teaches_offset=True) == at(7)


@pytest.mark.parametrize("text", ["2020-01-01T00:00:00", "2026-10-26T08:00:00"])
def test_a_first_live_event_that_is_of_now_nowhere_teaches_nothing(
    freezer: FrozenDateTimeFactory, text: str
) -> None:
    freezer.move_to(at(12))
    clock = ServerClock(BERLIN)
    clock.read(text, teaches_offset=True)
    assert clock.to_local(at(12)).isoformat() == "2026-10-25T13:00:00+01:00"


def test_filters_reach_a_day_further_while_the_offset_is_a_guess() -> None:
    clock = ServerClock(BERLIN)
    assert clock.filter_from(datetime(2026, 7, 2, 12, tzinfo=UTC)) == "2026-07-01T10:00:00"
    assert clock.filter_before(datetime(2026, 7, 2, 12, tzinfo=UTC)) == "2026-07-03T18:00:01"


def test_filters_are_naive_local_time() -> None:
    clock = taught()
    assert (
        clock.filter_from(datetime(2026, 7, 1, 12, 0, 0, 500_000, tzinfo=UTC))
        == "2026-07-01T14:00:00"
    )
    assert clock.filter_before(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "2026-07-01T14:00:01"


@pytest.mark.parametrize("minutes", range(-180, 181, 15))
def test_filters_lose_nothing_when_clocks_are_put_back(minutes: int) -> None:
    clock = taught()
    bound = PUT_BACK + timedelta(minutes=minutes)
    for step in range(0, 300, 5):
        later, earlier = bound + timedelta(minutes=step), bound - timedelta(minutes=step)
        assert later.astimezone(BERLIN).replace(tzinfo=None).isoformat() >= clock.filter_from(bound)
        assert earlier.astimezone(BERLIN).replace(tzinfo=None).isoformat() < clock.filter_before(
            bound
        )


def test_filters_are_exact_outside_of_that_night() -> None:
    clock = taught()
    assert clock.filter_from(PUT_BACK - timedelta(hours=3)) == "2026-10-25T00:00:00"
    assert clock.filter_before(PUT_BACK + timedelta(hours=3)) == "2026-10-25T05:00:01"
