"""What lights do by themselves, and what they can be told (3.4, 6.9 to 6.15)."""

import pytest

from simulators.enlighted_manage import EnlightedSimulator

from .support import (
    DESK,
    EMERGENCY,
    FIXTURELESS,
    GATEWAY,
    LIGHT,
    LOOSE,
    MEETING,
    NOTHING,
    OFFICE,
    TUNABLE,
    Api,
    fixtures,
)

DIM = "/org/fixture/v1/op/dim"
AUTO = "/org/fixture/v1/op/auto"
COLOR = "/org/sensor/tunable-white/change-color/value"
OKAY = {"status": "0"}
FAILED = {"status": "1"}
#: The second profile of meeting rooms.
MANUAL_ON = 30


def level(manager: EnlightedSimulator, fixture: int = LIGHT) -> int:
    return manager.world.fixtures[fixture].level(manager.world.now())


def color(manager: EnlightedSimulator, fixture: int = TUNABLE) -> int | None:
    found = manager.world.fixtures[fixture].color_override(manager.world.now())
    return found.value if found else None


# By themselves.


async def test_people_switch_the_light_on_and_it_goes_off_after_them(
    manager: EnlightedSimulator,
) -> None:
    assert (level(manager), level(manager, LOOSE)) == (0, 20)
    manager.world.enter(OFFICE)
    assert (level(manager), level(manager, TUNABLE)) == (70, 0)
    manager.clock.advance(3600)
    assert level(manager) == 70
    manager.world.leave(OFFICE)
    manager.clock.advance(870)
    assert level(manager) == 70
    manager.clock.advance(40)
    assert level(manager) == 0


async def test_somebody_at_a_desk_is_in_its_area(manager: EnlightedSimulator) -> None:
    manager.world.sit_down(DESK)
    manager.world.enter(OFFICE)
    manager.world.leave(OFFICE)
    manager.clock.advance(3600)
    assert level(manager) == 70
    manager.world.stand_up(DESK)
    manager.clock.advance(1000)
    assert level(manager) == 0


async def test_some_profiles_wait_for_a_hand(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.set_profile([TUNABLE], MANUAL_ON)
    manager.world.enter(MEETING)
    assert (level(manager, TUNABLE), level(manager, TUNABLE + 1)) == (0, 80)
    await api.command(f"{DIM}/abs/40?time=10", TUNABLE, TUNABLE + 1)
    assert (level(manager, TUNABLE), level(manager, TUNABLE + 1)) == (40, 40)
    manager.clock.advance(601)
    # After an override, motion switches on one and not the other (6.15).
    assert (level(manager, TUNABLE), level(manager, TUNABLE + 1)) == (0, 80)


# What they are told.


async def test_a_level_lasts_as_long_as_it_was_set_for(
    api: Api, manager: EnlightedSimulator
) -> None:
    assert await api.command(f"{DIM}/abs/33?time=5", LIGHT, LIGHT + 1) == OKAY
    assert (level(manager), level(manager, LIGHT + 1), level(manager, LIGHT + 2)) == (33, 33, 0)
    manager.clock.advance(280)
    assert level(manager) == 33
    manager.clock.advance(25)
    assert level(manager) == 0


async def test_a_level_lasts_an_hour_if_nothing_is_said(
    api: Api, manager: EnlightedSimulator
) -> None:
    await api.command(f"{DIM}/ABS/100", LIGHT)
    await api.command(f"{DIM}/abs/50?time=0", LIGHT + 1)
    manager.clock.advance(3580)
    assert (level(manager), level(manager, LIGHT + 1)) == (100, 50)
    manager.clock.advance(25)
    assert (level(manager), level(manager, LIGHT + 1)) == (0, 0)


async def test_telling_again_begins_the_time_again(api: Api, manager: EnlightedSimulator) -> None:
    await api.command(f"{DIM}/abs/100?time=10", LIGHT)
    manager.clock.advance(500)
    await api.command(f"{DIM}/abs/60?time=10", LIGHT)
    manager.clock.advance(500)
    assert level(manager) == 60
    manager.clock.advance(101)
    assert level(manager) == 0


async def test_off_is_not_for_ever(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.enter(OFFICE)
    await api.command(f"{DIM}/abs/0?time=1", LIGHT)
    assert level(manager) == 0
    manager.clock.advance(61)
    assert level(manager) == 70


@pytest.mark.parametrize(
    "path", [AUTO, "/org/fixture/v1/op/mode/AUTO", "/org/fixture/op/mode/auto"]
)
async def test_the_profile_decides_again(api: Api, manager: EnlightedSimulator, path: str) -> None:
    await api.command(f"{DIM}/abs/100", LIGHT, TUNABLE)
    await api.command(f"{COLOR}/3200/60", TUNABLE)
    assert await api.command(path, LIGHT, TUNABLE) == OKAY
    assert (level(manager), level(manager, TUNABLE), color(manager)) == (0, 0, None)


async def test_other_ways_to_say_it(api: Api, manager: EnlightedSimulator) -> None:
    answer = await api.ask("POST", f"{DIM}/abs/45/{LIGHT}?time=2")
    assert answer.fields == OKAY
    assert await api.command("/org/fixture/op/dim/abs/55/2", LIGHT + 1) == OKAY
    assert (level(manager), level(manager, LIGHT + 1)) == (45, 55)
    manager.clock.advance(121)
    assert (level(manager), level(manager, LIGHT + 1)) == (0, 0)


@pytest.mark.parametrize("path", [f"{DIM}/rel/10", f"{DIM}/abs/101", f"{DIM}/abs/-1"])
async def test_levels_that_are_none_fail(api: Api, manager: EnlightedSimulator, path: str) -> None:
    assert await api.command(path, LIGHT) == FAILED
    assert level(manager) == 0


async def test_an_empty_list_fails(api: Api) -> None:
    assert await api.command(f"{DIM}/abs/10") == FAILED
    assert await api.command(AUTO) == FAILED
    answer = await api.command(f"{COLOR}/3200/60")
    assert answer["msg"] == "Sensors list is empty while requesting API"
    assert await api.command("/org/fixture/v1/op/mode/MANUAL", LIGHT) == FAILED


async def test_what_does_not_exist_is_told_nothing_and_nobody_says_so(
    api: Api, manager: EnlightedSimulator
) -> None:
    assert await api.command(f"{DIM}/abs/10", NOTHING) == OKAY
    assert await api.command(f"{DIM}/abs/10", NOTHING, LIGHT) == OKAY
    assert (await api.ask("POST", f"{DIM}/abs/10/{NOTHING}")).fields == OKAY
    assert level(manager) == 10


async def test_what_controls_no_light_stays_without(api: Api, manager: EnlightedSimulator) -> None:
    assert await api.command(f"{DIM}/abs/10", FIXTURELESS, DESK, EMERGENCY) == OKAY
    levels = [level(manager, each) for each in (FIXTURELESS, DESK, EMERGENCY)]
    assert levels == [-1, -1, 10]


async def test_what_cannot_be_reached_hears_nothing(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.set_online(LIGHT, False)
    assert await api.command(f"{DIM}/abs/10", LIGHT, LIGHT + 1) == OKAY
    assert (level(manager), level(manager, LIGHT + 1)) == (0, 10)
    manager.world.set_gateway(GATEWAY, False)
    assert await api.command(f"{DIM}/abs/20", LIGHT + 1) == OKAY
    assert level(manager, LIGHT + 1) == 10
    manager.world.set_gateway(GATEWAY, True)
    assert await api.command(f"{DIM}/abs/20", LIGHT + 1) == OKAY
    assert level(manager, LIGHT + 1) == 20


async def test_a_driver_in_a_test_hears_nothing(api: Api, manager: EnlightedSimulator) -> None:
    path = f"/org/fixture/v1/{EMERGENCY}/emergencyMode"
    assert (await api.ask("PUT", path, '{"emergencyMode":"16"}')).status == 200
    assert await api.command(f"{DIM}/abs/10", EMERGENCY) == OKAY
    assert level(manager, EMERGENCY) == 20
    manager.clock.advance(300)
    await api.command(f"{DIM}/abs/10", EMERGENCY)
    assert level(manager, EMERGENCY) == 10


async def test_demand_response_takes_off_every_level(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.enter(OFFICE)
    await api.command(f"{DIM}/abs/100", LIGHT + 1)
    event = (
        '{"pricelevel":"SPECIAL","duration":"10","dridentifier":"x",'
        '"starttime":"2024-02-12T10:00:00-08:00"}'
    )
    path = "/org/dr/scheduledr"
    answer = await api.ask("POST", path, event, kind="application/json")
    assert answer.fields["status"] == "0"
    assert (level(manager), level(manager, LIGHT + 1)) == (35, 50)
    manager.clock.advance(600)
    assert (level(manager), level(manager, LIGHT + 1)) == (70, 100)
    rows = await api.rows(api.statistics(1, 10), "sensor")
    means = [row["avgDimLevel"] for row in rows if row["id"] == str(LIGHT + 1)]
    # It ended at 10:10; what was before 10:07:30 was dark.
    assert means == ["25", "100"]


async def test_commands_are_noted(api: Api, manager: EnlightedSimulator) -> None:
    await api.command(f"{DIM}/abs/10?time=2", LIGHT, NOTHING)
    command = manager.commands[-1]
    assert (command.name, command.ids) == ("dim", (LIGHT, NOTHING))
    assert command.values == {"mode": "abs", "amount": 10, "seconds": 120.0}
    await api.command(AUTO, LIGHT)
    assert manager.commands[-1].name == "auto"


# Color.


async def test_only_some_can_be_tuned(api: Api, manager: EnlightedSimulator) -> None:
    answer = await api.ask("POST", f"{COLOR}/3200/10", fixtures([TUNABLE, LIGHT]), accept=None)
    assert answer.body.endswith(
        b"<response><status>0</status><msg>change color success</msg></response>"
    )
    assert (color(manager), color(manager, LIGHT)) == (3200, None)
    manager.clock.advance(601)
    assert color(manager) is None
    assert (await api.command(f"{COLOR}/99/10", TUNABLE))["status"] == "1"
    assert color(manager) is None


@pytest.mark.parametrize("first", ["level", "color"])
@pytest.mark.parametrize(("dim", "tint"), [(5, 60), (60, 5)])
async def test_the_time_of_the_level_wins(
    api: Api, manager: EnlightedSimulator, first: str, dim: int, tint: int
) -> None:
    commands = [f"{DIM}/abs/50?time={dim}", f"{COLOR}/3200/{tint}"]
    for command in commands if first == "level" else reversed(commands):
        await api.command(command, TUNABLE)
    manager.clock.advance(dim * 60 - 20)
    assert (level(manager, TUNABLE), color(manager)) == (50, 3200)
    manager.clock.advance(25)
    assert (level(manager, TUNABLE), color(manager)) == (0, None)


# Asking for a report.


async def test_a_sensor_can_be_asked_to_report_at_once(
    api: Api, manager: EnlightedSimulator
) -> None:
    path = f"/org/sensor/v3/details/{LIGHT}"
    await api.command(f"{DIM}/abs/80", LIGHT)
    (before,) = await api.rows(path, "sensor")
    assert before["lightLevel"] == "0"
    assert await api.command("/org/fixture/op/realtime", LIGHT, NOTHING) == OKAY
    (after,) = await api.rows(path, "sensor")
    assert (after["lightLevel"], after["lastCommunicationTime"]) == ("80", "2024-02-12 10:07")
