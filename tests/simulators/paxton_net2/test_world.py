"""What happens at the doors, by the events and the status it leaves (section 6)."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from simulators.paxton_net2 import Net2Simulator, World

from .test_doors import codes


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda world, door: world.swipe(door), [20, 28]),
        (lambda world, door: world.swipe(door, 8, "out"), [20, 28]),
        (lambda world, door: world.enter_pin(door), [26, 28]),
        (lambda world, door: world.enter_pin(door, ok=False), [24]),
        (lambda world, door: world.swipe_unknown(door), [23]),
        (lambda world, door: world.duress(door), [95, 28]),
        (lambda world, door: world.keypad_hacker(door), [96]),
        (lambda world, door: world.press_bell(door), [52]),
        (lambda world, door: world.battery(door), [722]),
        (lambda world, door: world.battery(door, critical=True), [723]),
    ],
)
async def test_people_at_a_door(
    simulator: Net2Simulator,
    door_id: int,
    act: Callable[[World, int], object],
    expected: list[int],
) -> None:
    act(simulator.world, door_id)

    assert codes(simulator) == expected


@pytest.mark.parametrize(
    ("act", "expected", "status"),
    [
        (lambda world, door: world.open_leaf(door), [46], {"contact_closed": False}),
        (lambda world, door: world.force(door), [92], {"contact_closed": False, "alarm": True}),
        (
            lambda world, door: world.hold_too_long(door),
            [93],
            {"contact_closed": False, "alarm": True},
        ),
        (
            lambda world, door: (world.force(door), world.close_leaf(door)),
            [92, 47],
            {"contact_closed": True, "alarm": False},
        ),
        (lambda world, door: world.set_tamper(door, ok=False), [90], {"tamper_ok": False}),
        (
            lambda world, door: (world.set_tamper(door, ok=False), world.set_tamper(door, ok=True)),
            [90, 103],
            {"tamper_ok": True, "alarm": False},
        ),
        (lambda world, door: world.set_mains(door, ok=False), [91], {"power_ok": False}),
        (
            lambda world, door: world.set_intruder_alarm(door, armed=True),
            [],
            {"intruder_armed": True},
        ),
    ],
)
async def test_a_doors_own_doings(
    simulator: Net2Simulator,
    door_id: int,
    act: Callable[[World, int], object],
    expected: list[int],
    status: dict[str, bool],
) -> None:
    act(simulator.world, door_id)

    assert codes(simulator) == expected
    door = simulator.world.doors[door_id]
    assert {name: getattr(door, name) for name in status} == status


async def test_the_reader_is_in_the_name_where_there_are_two(simulator: Net2Simulator) -> None:
    entrance, back_door, *_ = simulator.world.doors

    simulator.world.swipe(entrance, direction="out")
    simulator.world.swipe(back_door, direction="out")

    names = [event.device_name for event in simulator.world.events if event.code == 20]
    assert [str(name).endswith(" (Out)") for name in names] == [True, False]


async def test_a_blocked_card_is_denied(simulator: Net2Simulator, door_id: int) -> None:
    simulator.world.users[8].tokens[0].lost = True

    assert not simulator.world.swipe(door_id, 8)
    assert codes(simulator) == [23]


@pytest.mark.parametrize(
    ("moment", "let_in"),
    [("2027-03-01T12:00", True), ("2027-03-01T19:00", False), ("2027-03-06T12:00", False)],
)
async def test_an_access_level_may_hold_in_office_hours_only(
    simulator: Net2Simulator, door_id: int, moment: str, let_in: bool
) -> None:
    simulator.clock.set(datetime.fromisoformat(moment).replace(tzinfo=simulator.world.zone))

    assert simulator.world.swipe(door_id, 11) is let_in
    assert simulator.world.swipe(door_id, 8)


async def test_events_happen_in_the_servers_zone_and_by_its_clock(
    simulator: Net2Simulator, door_id: int
) -> None:
    simulator.world.set_zone("Europe/Berlin")
    simulator.clock.set(datetime(2027, 10, 31, 0, 30, tzinfo=ZoneInfo("UTC")))

    simulator.world.press_bell(door_id)
    simulator.clock.advance(3600)
    simulator.world.press_bell(door_id)

    zone = simulator.world.zone
    first, second = simulator.world.events
    # The hour that comes twice: by REST the offset tells which one, live nothing does.
    assert first.live(zone)["eventTime"] == second.live(zone)["eventTime"] == "2027-10-31T02:30:00"
    assert first.rest(zone)["eventTime"] == "2027-10-31T02:30:00.000+02:00"
    assert second.rest(zone)["eventTime"] == "2027-10-31T02:30:00.000+01:00"


async def test_people_come_and_go_by_themselves(simulator: Net2Simulator) -> None:
    simulator.keep_busy(2)

    simulator.clock.advance(600)

    assert {20, 28, 29, 46, 47} <= set(codes(simulator))
    assert 200 < len(simulator.world.events) < 3000
