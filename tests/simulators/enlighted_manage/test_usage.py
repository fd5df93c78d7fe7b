"""The pure models of energy, drivers and demand-response events."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from simulators.enlighted_manage.dali import Dali, Mode
from simulators.enlighted_manage.demand import Demand, Event, expand, read_start
from simulators.enlighted_manage.plugloads import Plugloads
from simulators.enlighted_manage.usage import (
    Lamp,
    Manual,
    Shares,
    Use,
    fixed,
    hundredths,
    last_end,
    shares_at,
    total,
    use,
    windows,
)

_LAMP = Lamp(watts=50.0, occupied=0.8, vacant=0.1, exposure=0.5)
_ZONE = ZoneInfo("America/Los_Angeles")


class _Time:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def _at(hour: int, minute: int, second: int = 0) -> float:
    return datetime(2024, 2, 12, hour, minute, second, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (_at(10, 4, 59), _at(9, 45)),
        (_at(10, 5), _at(10, 0)),
        (_at(10, 19, 59), _at(10, 0)),
        (_at(10, 20), _at(10, 15)),
        (_at(10, 34, 59), _at(10, 15)),
    ],
)
def test_a_window_is_told_five_minutes_after_its_end(moment: float, end: float) -> None:
    assert last_end(moment) == end


def test_only_whole_windows_that_are_told_are_in_a_range() -> None:
    late = list(windows(_at(9, 50), _at(10, 50), _at(10, 20)))
    assert late == [_at(10, 0)]
    assert list(windows(_at(9, 0), _at(9, 30), _at(12, 0))) == [_at(9, 0), _at(9, 15)]


def test_savings_add_up_to_the_base() -> None:
    for occupied in (0.0, 0.37, 1.0):
        for daylight in (0.0, 0.61):
            found = use(_LAMP, Shares(occupied, daylight))
            assert found.base == 1250
            assert 0 <= found.energy <= found.base
            assert min(found.occupancy, found.ambient, found.tuneup, found.manual) >= 0
            assert found.energy + found.saved == found.base


def test_an_override_counts_as_set_by_hand() -> None:
    off = use(_LAMP, Shares(1.0, 0.0), [Manual(1.0, 0.0)])
    assert off == Use(base=1250, manual=1250)
    half = use(_LAMP, Shares(1.0, 0.0), [Manual(0.5, 1.0)])
    assert (half.energy, half.tuneup, half.manual) == (1125, 125, 0)


def test_a_reduction_counts_as_set_by_hand() -> None:
    plain = use(_LAMP, Shares(1.0, 0.0))
    less = use(_LAMP, Shares(1.0, 0.0), reduction=0.5)
    assert less.energy == plain.energy / 2
    assert less.manual == plain.energy / 2


def test_the_past_is_always_the_same_and_people_come_on_working_days() -> None:
    monday = datetime(2024, 2, 12, 10, tzinfo=_ZONE)
    assert shares_at(1, 1, monday) == shares_at(1, 1, monday)
    assert shares_at(1, 1, monday) != shares_at(2, 1, monday)
    assert shares_at(1, 1, monday).occupied > 0.6
    assert shares_at(1, 1, monday.replace(hour=3)).occupied < 0.1
    assert shares_at(1, 1, monday.replace(hour=3)).daylight == 0.0
    assert shares_at(1, 1, monday.replace(day=10)).occupied < 0.1


def test_amounts_are_written_in_two_ways() -> None:
    assert hundredths(90000) == "900.0"
    assert hundredths(41235) == "412.35"
    assert fixed(2500) == "25.00"
    assert fixed(7) == "0.07"


def test_many_fixtures_use_what_each_of_them_uses() -> None:
    one, other = use(_LAMP, Shares(0.4, 0.2)), use(_LAMP, Shares(0.9, 0.0))
    found = total([(one, 3), (other, 1)])
    assert found.base == 4 * one.base
    assert found.energy == 3 * one.energy + other.energy
    assert found.saved == 3 * one.saved + other.saved


def test_a_plug_load_uses_while_it_is_on() -> None:
    time = _Time()
    plugloads = Plugloads(time, seed=1)
    plugload = plugloads.add(1, None, 185)
    start = int(time.now // 900) * 900
    whole, unmanaged = plugloads.energy(plugload, start)
    assert whole > 0
    assert unmanaged > 0
    time.now = start + 450.0
    assert plugloads.switch(plugload, False) is False
    time.now = start + 2000.0
    assert plugloads.energy(plugload, start) == (whole // 2, unmanaged)
    assert plugloads.energy(plugload, start + 900)[0] == 0


def test_a_plug_load_that_cannot_be_reached_stays_as_it_is() -> None:
    plugloads = Plugloads(_Time(), seed=1)
    plugload = plugloads.add(1, None, 185)
    plugload.is_active = False
    assert plugloads.switch(plugload, False) is True
    assert plugloads.energy(plugload, 900) == (0, 0)


def test_a_function_test_takes_two_minutes() -> None:
    time = _Time()
    dali = Dali(time)
    dali.driver(7).order(Mode.FUNCTION_TEST, time.now)
    assert dali.is_testing(7)
    assert not dali.is_testing(8)
    time.now += 119
    assert dali.driver(7).mode is Mode.FUNCTION_TEST
    time.now += 1
    driver = dali.driver(7)
    assert not dali.is_testing(7)
    assert driver.mode is Mode.NORMAL
    assert driver.completed == time.now
    assert driver.status(time.now) == 2 | 8
    assert driver.failures == 0


def test_a_duration_test_empties_the_battery() -> None:
    time = _Time()
    dali = Dali(time)
    dali.driver(7).order(Mode.DURATION_TEST, time.now)
    time.now += 3599
    assert dali.driver(7).battery(time.now) < 70
    time.now += 1
    driver = dali.driver(7)
    assert driver.status(time.now) == 4
    assert driver.duration_result == 30
    time.now += 86400
    assert driver.status(time.now) == 4 | 8


def test_a_test_that_is_stopped_has_no_result() -> None:
    time = _Time()
    dali = Dali(time)
    dali.driver(7).order(Mode.FUNCTION_TEST, time.now)
    time.now += 60
    dali.driver(7).order(Mode.NORMAL, time.now)
    time.now += 600
    assert dali.driver(7).completed is None


def test_a_driver_with_a_fault_fails_its_test() -> None:
    time = _Time()
    dali = Dali(time)
    dali.fail(7, 8)
    dali.driver(7).order(Mode.FUNCTION_TEST, time.now)
    time.now += 120
    assert dali.driver(7).failures == 8 | 64
    dali.fail(7, 0)
    assert dali.driver(7).failures == 0
    with pytest.raises(ValueError, match="256"):
        dali.fail(7, 256)


def test_an_event_takes_off_levels_while_it_runs() -> None:
    time = _Time()
    demand = Demand(time)
    assert demand.is_quiet()
    start = time.now + 100
    event = Event("DR1", "HIGH", start, 3600.0, floors=frozenset({1}))
    assert demand.schedule(event)
    assert not demand.schedule(event)
    assert demand.reduction(1) == 0.0
    time.now = start
    assert demand.reduction(1) == 0.3
    assert demand.reduction(2) == 0.0
    time.now = start + 450
    assert demand.cancel("DR1")
    assert not demand.cancel("DR1")
    assert demand.reduction(1) == 0.0
    assert demand.reduction_over(1, start, start + 900) == pytest.approx(0.15)


def test_an_event_can_be_changed_until_it_is_over() -> None:
    time = _Time()
    demand = Demand(time)
    demand.schedule(Event("DR1", "LOW", time.now, 600.0))
    assert demand.update(Event("DR1", "SPECIAL", time.now, 600.0))
    assert demand.reduction(1) == 0.5
    time.now += 600
    assert demand.listed() == []
    assert not demand.update(Event("DR1", "LOW", time.now, 600.0))


def test_a_start_is_local_unless_it_names_its_offset() -> None:
    assert (
        read_start("2015-11-18T17:43:00", _ZONE)
        == datetime(2015, 11, 18, 17, 43, tzinfo=_ZONE).timestamp()
    )
    assert read_start("201511181743", _ZONE) == read_start("2015-11-18T17:43:00", _ZONE)
    assert (
        read_start("2015-11-18T17:43:00+00:00", _ZONE)
        == datetime(2015, 11, 18, 17, 43, tzinfo=UTC).timestamp()
    )
    assert read_start("soon", _ZONE) is None


def test_facilities_are_expanded_to_floors() -> None:
    known = {("floor", 1): [1], ("building", 2): [2, 3]}
    found = expand("floor_1,Building_2", lambda kind, number: known.get((kind, number)))
    assert found == {1, 2, 3}
    with pytest.raises(ValueError, match="room_1"):
        expand("room_1", lambda kind, number: known.get((kind, number)))
