"""What sensors tell, and how late: statistics, levels, occupancy, desks (3.3, 3.5, 3.6)."""

import pytest

from simulators.enlighted_manage import EnlightedSimulator

from .support import (
    DESK,
    FIXTURELESS,
    GATEWAY,
    KITCHEN,
    LIGHT,
    MEETING,
    NOTHING,
    OFFICE,
    TUNABLE,
    Api,
)

DIM = "/org/fixture/v1/op/dim/abs"
AREAS = "/org/facility/v1/getOccupancyStateofFloorAreas/1"
DESKS = "/org/sensor/v1/getDeskOccupancyState/list/floor/1"


async def statistics_of(api: Api, fixture: int, minutes: int = 15) -> list[dict[str, str]]:
    rows = await api.rows(api.statistics(1, minutes), "sensor")
    return [row for row in rows if row["id"] == str(fixture)]


async def occupancy(api: Api) -> dict[int, int]:
    return {int(row["id"]): int(row["occupancyState"]) for row in await api.rows(AREAS, "area")}


# Statistics of five minutes.


async def test_there_is_a_row_for_every_sensor_and_five_minutes(api: Api) -> None:
    rows = await api.rows(api.statistics(1, 10), "sensor")
    assert len(rows) == 2 * 24
    first = next(row for row in rows if row["id"] == str(LIGHT))
    assert set(first) == {
        "id",
        "power",
        "temperature",
        "lightLevel",
        "avgDimLevel",
        "lastCommunicationtime",
        "captureTime",
    }
    assert first["captureTime"] == "2024-02-12 10:00"
    assert first["lastCommunicationtime"] in {"2024-02-12 10:00", "2024-02-12 10:01"}
    assert rows[-1]["captureTime"] == "2024-02-12 10:05"
    assert 65 <= int(first["temperature"]) <= 85


async def test_power_and_levels_follow_the_light(api: Api, manager: EnlightedSimulator) -> None:
    await api.command(f"{DIM}/100", LIGHT)
    manager.clock.advance(600)
    row = (await statistics_of(api, LIGHT))[-1]
    watts = manager.world.fixtures[LIGHT].watts
    assert row["avgDimLevel"] == "100"
    assert float(row["power"]) == pytest.approx(watts, rel=0.02)
    dark = (await statistics_of(api, LIGHT + 1))[-1]
    assert (dark["avgDimLevel"], dark["power"]) == ("0", "0.00")
    assert int(row["lightLevel"]) > int(dark["lightLevel"]) + 200
    none = (await statistics_of(api, FIXTURELESS))[-1]
    assert (none["avgDimLevel"], none["power"]) == ("-1", "0.00")


async def test_a_level_within_five_minutes_is_a_mean(api: Api, manager: EnlightedSimulator) -> None:
    # From 10:07:30 to 10:09:30: two of the five minutes.
    await api.command(f"{DIM}/100?time=2", LIGHT)
    manager.clock.advance(300)
    row = (await statistics_of(api, LIGHT))[-1]
    assert row["captureTime"] == "2024-02-12 10:10"
    assert row["avgDimLevel"] == "40"
    manager.world.enter(MEETING)
    manager.clock.advance(300)
    row = (await statistics_of(api, TUNABLE))[-1]
    assert (row["captureTime"], row["avgDimLevel"]) == ("2024-02-12 10:15", "40")


async def test_reports_come_one_after_the_other(api: Api, manager: EnlightedSimulator) -> None:
    manager.clock.advance(150 + 55)
    counts = []
    for _ in range(3):
        rows = await api.rows(api.statistics(1, 3), "sensor")
        counts.append(len([row for row in rows if row["captureTime"] == "2024-02-12 10:10"]))
        manager.clock.advance(65)
    assert 0 < counts[0] < counts[1] == counts[2] == 24


async def test_more_than_an_hour_is_cut_or_refused(api: Api, manager: EnlightedSimulator) -> None:
    hour = await api.rows(api.statistics(1, 60), "sensor")
    assert len({row["captureTime"] for row in hour}) == 12
    assert manager.world.mistakes == []
    rows = await api.rows(api.statistics(1, 90), "sensor")
    times = sorted({row["captureTime"] for row in rows})
    assert (times[0], times[-1]) == ("2024-02-12 08:40", "2024-02-12 09:35")
    assert "more than an hour" in manager.world.mistakes[0]
    manager.faults.long_statistics = "refuse"
    assert (await api.get(api.statistics(1, 90))).status == 400


async def test_times_are_local_and_in_minutes(api: Api) -> None:
    path = "/org/sensor/v2/stats/floor/1"
    # In UTC the same moment is hours ahead: nothing is there yet (6.21).
    assert (await api.get(f"{path}/202402121755/202402121807")).fields is None
    for span in (
        "20240212100000/20240212100500",
        "202402121000/2024021210",
        "now/later",
        "202413121000/202402121005",
    ):
        assert (await api.get(f"{path}/{span}")).status == 400
    assert (await api.get(f"{path}/202402121005/202402121000")).fields is None


async def test_rows_of_2019_lack_two_values(api: Api, manager: EnlightedSimulator) -> None:
    manager.faults.old_statistics = True
    row = (await statistics_of(api, LIGHT))[0]
    assert set(row) == {"id", "power", "temperature", "lightLevel", "captureTime"}


async def test_in_xml_it_is_the_same(api: Api) -> None:
    rows = await api.rows(api.statistics(), "sensor")
    root = (await api.get(api.statistics(), accept=None)).element
    assert root.tag == "sensors"
    assert [{each.tag: each.text for each in row} for row in root] == rows


async def test_the_clock_of_the_manager_moves_all_times(
    api: Api, manager: EnlightedSimulator
) -> None:
    before = (await statistics_of(api, LIGHT))[-1]
    manager.faults.clock_offset = 3600.0
    after = (await statistics_of(api, LIGHT))[-1]
    assert before["captureTime"] == "2024-02-12 10:05"
    assert after["captureTime"] == "2024-02-12 11:05"
    assert after["power"] == before["power"]


async def test_a_new_sensor_has_no_past(api: Api, manager: EnlightedSimulator) -> None:
    fixture = manager.world.add_fixture(1, OFFICE)
    (details,) = await api.rows(f"/org/sensor/v3/details/{fixture}", "sensor")
    assert details["lastCommunicationTime"] == "2024-02-12 10:07"
    manager.clock.advance(300)
    rows = await statistics_of(api, fixture)
    assert [row["captureTime"] for row in rows] == ["2024-02-12 10:10"]


# Silence.


async def test_a_silent_sensor_keeps_its_last_values_with_their_time(
    api: Api, manager: EnlightedSimulator
) -> None:
    await api.command(f"{DIM}/100?time=30", LIGHT)
    manager.clock.advance(600)
    manager.world.set_online(LIGHT, False)
    manager.clock.advance(3600)
    row = (await statistics_of(api, LIGHT))[-1]
    assert (row["avgDimLevel"], row["captureTime"]) == ("100", "2024-02-12 11:15")
    assert row["lastCommunicationtime"].startswith("2024-02-12 10:1")
    (details,) = await api.rows(f"/org/sensor/v3/details/{LIGHT}", "sensor")
    assert details["lightLevel"] == "100"
    assert details["lastCommunicationTime"] == row["lastCommunicationtime"]
    manager.faults.repeat_silent = False
    assert await statistics_of(api, LIGHT) == []
    manager.world.set_online(LIGHT, True)
    manager.clock.advance(600)
    row = (await statistics_of(api, LIGHT, 6))[-1]
    assert (row["avgDimLevel"], row["captureTime"]) == ("0", "2024-02-12 11:25")
    assert row["lastCommunicationtime"] >= row["captureTime"]


async def test_a_gateway_takes_its_sensors_with_it(api: Api, manager: EnlightedSimulator) -> None:
    out = f"/org/area/v1/out/{OFFICE}"
    assert (await api.get(out)).fields == {"totalSensors": "8", "outSensors": "0"}
    manager.world.set_online(LIGHT, False)
    assert (await api.get(out)).fields["outSensors"] == "1"
    manager.world.set_gateway(GATEWAY, False)
    assert (await api.get(out)).fields["outSensors"] == "8"
    manager.clock.advance(1800)
    (row,) = await statistics_of(api, LIGHT + 1, 5)
    assert row["lastCommunicationtime"] < "2024-02-12 10:08"
    manager.world.set_gateway(GATEWAY, True)
    assert (await api.get(out)).fields["outSensors"] == "1"


async def test_a_broken_lamp_draws_nothing(api: Api, manager: EnlightedSimulator) -> None:
    await api.command(f"{DIM}/100", LIGHT)
    manager.world.break_lamp(LIGHT)
    manager.clock.advance(600)
    row = (await statistics_of(api, LIGHT))[-1]
    assert (row["avgDimLevel"], row["power"]) == ("100", "0.00")
    manager.world.mend_lamp(LIGHT)
    manager.clock.advance(300)
    assert float((await statistics_of(api, LIGHT))[-1]["power"]) > 0


# Details and levels.


async def test_details_are_a_list_and_older_ones_are_not(api: Api) -> None:
    details = (await api.get(f"/org/sensor/v3/details/{LIGHT}")).fields
    assert details["sensor"][0]["name"] == "Sensor000169"
    older = (await api.get(f"/org/sensor/v2/details/{LIGHT}")).fields
    assert set(older) == {"name", "power", "temperature", "lightlevel"}


async def test_how_long_ago_motion_was(api: Api, manager: EnlightedSimulator) -> None:
    path = f"/org/fixture/details/{LIGHT}"
    assert (await api.get(path)).fields["lastoccupancyseen"] == "65535"
    manager.world.enter(OFFICE)
    assert (await api.get(path)).fields["lastoccupancyseen"] == "0"
    manager.world.leave(OFFICE)
    manager.clock.advance(40)
    assert 40 <= int((await api.get(path)).fields["lastoccupancyseen"]) < 70


async def test_dim_levels_come_in_pages_and_late(api: Api, manager: EnlightedSimulator) -> None:
    path = "/org/sensor/dimlevel/list/floor/1"
    first = (await api.get(f"{path}?page=1")).fields
    second = (await api.get(f"{path}?page=2")).fields
    assert (first["page"], first["records"], first["total"]) == ("1", "24", "2")
    assert (len(first["fixture"]), len(second["fixture"])) == (20, 4)
    levels = {int(row["id"]): row["dimlevel"] for row in first["fixture"] + second["fixture"]}
    assert (levels[LIGHT], levels[DESK]) == ("0", "-1")
    await api.command(f"{DIM}/100", LIGHT)
    manager.clock.advance(240)
    assert (await api.get(path)).fields["fixture"][0]["dimlevel"] == "0"
    manager.clock.advance(400)
    assert (await api.get(path)).fields["fixture"][0]["dimlevel"] == "100"
    assert (await api.get(f"{path}?class=desk")).fields["records"] == "2"
    third = (await api.get(f"{path}?page=3")).fields
    assert third == {"page": "3", "records": "24", "total": "2"}
    for page in ("0", "x", "1.5", ""):
        assert (await api.get(f"{path}?page={page}")).status == 400


# Motion.


async def test_motion_is_sixty_bits(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.enter(OFFICE)
    manager.clock.advance(60)
    manager.world.leave(OFFICE)
    manager.clock.advance(250)
    rows = await api.rows(api.statistics(1, 5, "stats"), "sensor")
    bits = {int(row["id"]): int(row["occupancy"]) for row in rows}
    assert bits[TUNABLE] == 0
    assert 0 < bits[LIGHT] < 1 << 60
    assert 6 <= bits[LIGHT].bit_count() <= 13
    assert bits[DESK] == 0
    manager.world.set_licence(False)
    rows = await api.rows(api.statistics(1, 5, "stats"), "sensor")
    assert {row["occupancy"] for row in rows} == {"0"}


# Occupancy.


async def test_an_area_is_vacant_ninety_seconds_after_motion(
    api: Api, manager: EnlightedSimulator
) -> None:
    assert await occupancy(api) == {OFFICE: 0, MEETING: 0, 11: 0, KITCHEN: -1, 0: 0}
    manager.world.enter(OFFICE)
    assert (await occupancy(api))[OFFICE] == 1
    manager.clock.advance(7200)
    assert (await occupancy(api))[OFFICE] == 1
    manager.world.leave(OFFICE)
    manager.clock.advance(70)
    assert (await occupancy(api))[OFFICE] == 1
    manager.clock.advance(25)
    assert (await occupancy(api))[OFFICE] == 0


async def test_a_single_area_tells_the_same(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.enter(OFFICE)
    path = "/org/area/v1/occ"
    states = {}
    for area in (OFFICE, MEETING, KITCHEN, NOTHING):
        answer = (await api.get(f"{path}/{area}")).fields
        states[area] = answer["occupancyStatus"]["occupancyState"]
    assert states == {OFFICE: "1", MEETING: "0", KITCHEN: "-1", NOTHING: "-3"}
    manager.faults.unzoned_report = True
    manager.world.enter(KITCHEN)
    assert (await occupancy(api))[KITCHEN] == 1


async def test_what_is_in_no_area_is_an_area_too(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.enter_unassigned(1)
    last = (await api.rows(AREAS, "area"))[-1]
    assert last == {"id": "0", "name": "Unassigned area", "occupancyState": "1"}
    manager.world.leave_unassigned(1)
    manager.clock.advance(91)
    manager.faults.unassigned_first = True
    first = (await api.rows(AREAS, "area"))[0]
    assert (first["id"], first["name"], first["occupancyState"]) == ("0", "Unassigned", "0")
    assert first["zonesensorenable"] == "false"


async def test_how_the_path_is_spelt(api: Api, manager: EnlightedSimulator) -> None:
    capital = AREAS.replace("Stateof", "StateOf")
    for spelling, small, large in (("of", 200, 404), ("Of", 404, 200), ("both", 200, 200)):
        manager.faults.occupancy_spelling = spelling
        assert (await api.get(AREAS)).status == small
        assert (await api.get(capital)).status == large


async def test_without_a_licence_nothing_is_told(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.enter(OFFICE)
    manager.world.set_licence(False)
    assert set((await occupancy(api)).values()) == {-2}
    desks = await api.rows(DESKS, "deskSensor")
    assert {row["occupancyState"] for row in desks} == {"-1"}
    manager.world.set_licence(True)
    assert (await occupancy(api))[OFFICE] == 1


async def test_an_area_keeps_its_state_when_its_sensors_fall_silent(
    api: Api, manager: EnlightedSimulator
) -> None:
    manager.world.enter(OFFICE)
    manager.world.set_gateway(GATEWAY, False)
    manager.world.leave(OFFICE)
    manager.clock.advance(600)
    assert (await occupancy(api))[OFFICE] == 1
    manager.clock.advance(400)
    assert (await occupancy(api))[OFFICE] == -1
    manager.world.set_gateway(GATEWAY, True)
    assert (await occupancy(api))[OFFICE] == 0
    manager.world.set_area_fault(OFFICE, True)
    assert (await occupancy(api))[OFFICE] == -1


async def test_motion_may_take_a_while_to_be_known(api: Api, manager: EnlightedSimulator) -> None:
    manager.faults.motion_delay = 60.0
    manager.world.enter(OFFICE)
    assert (await occupancy(api))[OFFICE] == 0
    manager.clock.advance(61)
    assert (await occupancy(api))[OFFICE] == 1


async def test_desks_tell_who_sits_at_them(api: Api, manager: EnlightedSimulator) -> None:
    async def states() -> list[str]:
        return [row["occupancyState"] for row in await api.rows(DESKS, "deskSensor")]

    manager.world.enter(OFFICE)
    assert await states() == ["0", "0"]
    manager.world.sit_down(DESK)
    assert await states() == ["1", "0"]
    manager.world.stand_up(DESK)
    manager.clock.advance(91)
    manager.world.set_online(DESK + 1, False)
    assert await states() == ["0", "-1"]
    with pytest.raises(ValueError, match="no desk"):
        manager.world.sit_down(LIGHT)
