"""Energy of windows and its history (3.8, 4.7, Appendix C 5 and 6)."""

from time import perf_counter
from typing import Any

import pytest

from .support_b import Api, building, fixtures_xml

_AMOUNTS = (
    "energy",
    "savedEnergy",
    "occSavings",
    "ambientSavings",
    "tuneupSavings",
    "manualSavings",
)
_SENSORS = "/org/sensor/v2/sensorEnergyStats/15min/floor"
_HOUR = "/org/facility/v2/facilityEnergyStats/15min/floor"
_PAGES = "/org/facility/v2/facilityEnergyStatsOfFloor/15min/floor"


def _hundredths(text: str) -> int:
    return round(float(text) * 100)


def _adds_up(row: dict[str, str]) -> None:
    amounts = {
        key.lower(): _hundredths(value)
        for key, value in row.items()
        if "nerg" in key or "aving" in key
    }
    savings = sum(amounts[f"{each}savings"] for each in ("occ", "ambient", "tuneup", "manual"))
    assert min(amounts.values()) >= 0
    assert amounts["savedenergy"] == savings
    assert amounts["baseenergy"] == amounts["energy"] + savings


async def _sensors(api: Api, span: str, floor: int = 1) -> list[dict[str, Any]]:
    found = await api.get(f"{_SENSORS}/{floor}/{span}")
    blocks = found["sensorEnergyStatss"]["sensorEnergyStats"]
    return blocks if isinstance(blocks, list) else [blocks]


async def _rows(api: Api, path: str) -> list[dict[str, Any]]:
    found = await api.get(path)
    if found is None:
        return []
    rows = found["facilityEnergyStatss"]["facilityEnergyStats"]
    return rows if isinstance(rows, list) else [rows]


async def test_fixtures_add_up_to_their_floor() -> None:
    async with building() as api:
        span = "20240212080000/20240212090000"
        blocks = await _sensors(api, span)
        rows = await _rows(api, f"{_HOUR}/1/{span}")
        assert len(blocks) == len(rows) == 4
        for block, row in zip(blocks, rows, strict=True):
            assert block["intervalStart"] == row["intervalStart"]
            assert len(block["sensor"]) == 24
            for name in _AMOUNTS:
                total = sum(_hundredths(each[name]) for each in block["sensor"])
                assert total == _hundredths(row[name])
            for each in block["sensor"]:
                _adds_up(each)
            _adds_up(row)
        assert rows[0]["intervalStart"] == "2024-02-12T08:00:00-08:00"
        assert rows[0]["name"] == "First Floor"
        assert {each["dimLevel"] for each in blocks[0]["sensor"][-3:]} == {"-1.0"}


async def test_one_window_collapses_to_an_object() -> None:
    async with building() as api:
        found = await api.get(f"{_SENSORS}/1/20240212080000/20240212081500")
        block = found["sensorEnergyStatss"]["sensorEnergyStats"]
        assert block["intervalStart"] == "2024-02-12T08:00:00-08:00"
        found = await api.get(f"{_HOUR}/1/20240212080000/20240212081500")
        assert found["facilityEnergyStatss"]["facilityEnergyStats"]["id"] == "1"


async def test_lists_were_flat_and_the_offset_had_no_colon() -> None:
    async with building() as api:
        api.manager.faults.plain_energy = True
        api.manager.faults.offset_without_colon = True
        span = "20240212080000/20240212090000"
        rows = (await api.get(f"{_SENSORS}/1/{span}"))["sensorEnergyStats"]
        assert len(rows) == 4 * 24
        floors = (await api.get(f"{_HOUR}/1/{span}"))["floorEnergyStats"]
        assert floors[0]["intervalStart"] == "2024-02-12T08:00:00-0800"


async def test_a_long_range_is_answered_for_its_first_hour() -> None:
    async with building() as api:
        rows = await _rows(api, f"{_HOUR}/1/20240211000000/20240212000000")
        assert [row["intervalStart"][11:16] for row in rows] == ["00:00", "00:15", "00:30", "00:45"]


async def test_a_page_is_a_day() -> None:
    async with building() as api:
        path = f"{_PAGES}/1/20240209000000/20240213000000"
        first = await _rows(api, f"{path}?page=1")
        assert len(first) == 96
        assert first == await _rows(api, path)
        assert {row["intervalStart"][:10] for row in first} == {"2024-02-09"}
        # Today's windows end five minutes ago at the latest: it is 10:07.
        today = await _rows(api, f"{path}?page=4")
        assert today[-1]["intervalStart"] == "2024-02-12T09:45:00-08:00"
        assert await _rows(api, f"{path}?page=5") == []
        assert (await api.ask("GET", f"{path}?page=0")).status == 400
        for row in first:
            _adds_up(row)
        assert sum(float(row["energy"]) for row in first) > 0


async def test_no_more_than_45_days_are_told_and_only_by_newer_managers() -> None:
    async with building() as api:
        within = f"{_PAGES}/1/20231229000000/20240212000000?page=45"
        assert len(await _rows(api, within)) == 96
        beyond = await api.ask("GET", f"{_PAGES}/1/20231228000000/20240212000000")
        assert beyond.status == 400
        assert (await api.ask("GET", f"{_PAGES}/1/202312280000/20240212000000")).status == 400
    async with building(version="4.3") as api:
        assert (await api.ask("GET", within)).status == 404


@pytest.mark.parametrize(
    ("day", "after", "count"),
    [("20231105", "20231106", 100), ("20240310", "20240311", 92), ("20231107", "20231108", 96)],
)
async def test_days_on_which_the_clocks_change_have_their_own_length(
    day: str, after: str, count: int
) -> None:
    async with building() as api:
        api.at("2024-03-12T12:00:00-07:00")
        path = f"{_PAGES}/1/{day}000000/{after}000000"
        rows = [*await _rows(api, path), *await _rows(api, f"{path}?page=2")]
        assert len(rows) == count
        assert len({row["intervalStart"] for row in rows}) == count


async def test_the_last_window_of_everything_is_the_sum_of_floors() -> None:
    async with building() as api:
        whole = await api.get("/org/em/v1/energy/")
        lights = 0
        for floor in (1, 2):
            rows = await _rows(api, f"{_HOUR}/{floor}/20240212094500/20240212100000")
            lights += _hundredths(rows[0]["energy"])
        assert _hundredths(whole["energy-lighting"]) == lights
        assert float(whole["energy-plugload"]) > 0


async def test_an_area_is_the_sum_of_its_fixtures() -> None:
    async with building() as api:
        area = await api.get("/org/area/v1/energy/9")
        fixtures = await api.get("/org/fixture/v1/energy/area/9")
        assert fixtures["energy"] == area["energy-lighting"]
        total = 0
        for fixture in api.world.areas[9].fixtures:
            found = await api.get(f"/org/fixture/v1/energy/{fixture}")
            total += _hundredths(found["energy"])
        assert total == _hundredths(area["energy-lighting"])


async def test_a_window_is_told_until_five_minutes_after_the_next_one_ended() -> None:
    async with building() as api:
        first = await api.get("/org/area/v1/energy/9")
        api.at("2024-02-12T10:19:50-08:00")
        assert await api.get("/org/area/v1/energy/9") == first
        api.at("2024-02-12T10:20:01-08:00")
        assert await api.get("/org/area/v1/energy/9") != first


async def test_what_is_set_by_hand_shows_in_its_windows() -> None:
    async with building() as api:
        fixture = next(iter(api.world.areas[9].fixtures))
        api.at("2024-02-12T10:15:00-08:00")
        await api.post("/org/fixture/v1/op/dim/abs/0?time=15", fixtures_xml(fixture))
        api.at("2024-02-12T11:00:00-08:00")
        blocks = await _sensors(api, "20240212100000/20240212104500")
        row = [block["sensor"][0] for block in blocks]
        assert {each["id"] for each in row} == {str(fixture)}
        assert row[0]["manualSavings"] == "0.00"
        assert float(row[1]["manualSavings"]) > 0.99 * float(row[1]["baseenergy"])
        assert float(row[2]["manualSavings"]) < 0.01 * float(row[2]["baseenergy"])
        floors = await _rows(api, f"{_HOUR}/1/20240212100000/20240212104500")
        for block, total in zip(blocks, floors, strict=True):
            for name in _AMOUNTS:
                assert sum(_hundredths(each[name]) for each in block["sensor"]) == _hundredths(
                    total[name]
                )
            for each in block["sensor"]:
                _adds_up(each)


async def test_windows_are_quarters_of_the_managers_own_clock() -> None:
    async with building() as api:
        api.manager.faults.clock_offset = 400.0
        rows = await _rows(api, f"{_HOUR}/1/20240212093000/20240212103000")
        # It is 10:07:30, and the manager thinks that it is 10:14:10.
        assert [row["intervalStart"][11:16] for row in rows] == ["09:30", "09:45"]


async def test_a_part_of_a_floor_is_enough_for_what_is_added_up() -> None:
    async with building() as api:
        api.user = "limited"
        assert (await api.ask("GET", f"{_HOUR}/2/20240212080000/20240212090000")).status == 200
        assert (await api.ask("GET", f"{_SENSORS}/2/20240212080000/20240212090000")).status == 403


async def test_a_large_floor_is_quick() -> None:
    async with building(floors=1, fixtures=450) as api:
        paths = (
            f"{_SENSORS}/1/20240212080000/20240212081500",
            f"{_PAGES}/1/20240211000000/20240212000000",
        )
        for path in paths:
            await api.get(path)
            begun = perf_counter()
            await api.get(path)
            # Both take about ten milliseconds; machines that do other things take longer.
            assert perf_counter() - begun < 0.25
