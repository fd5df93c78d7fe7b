"""Demand response (3.11, Appendix C 6)."""

import json

from .support_b import Api, building


def _event(**changes: str) -> str:
    event = {
        "pricelevel": "HIGH",
        "duration": "60",
        "starttime": "2024-02-12T10:00:00-08:00",
        "dridentifier": "DR16",
        "pricing": "15.0",
    }
    return json.dumps({**event, **changes})


async def _status(api: Api, path: str, body: str) -> str:
    return (await api.post(f"/org/dr/{path}", body))["status"]


async def test_an_event_lowers_levels_while_it_runs() -> None:
    async with building() as api:
        api.world.enter(9)
        light = next(iter(api.world.areas[9].fixtures))
        assert api.levels([light]) == {70}
        found = await api.post("/org/dr/scheduledr", _event())
        assert found["status"] == "0"
        assert found["msg"]
        assert api.levels([light]) == {49}
        assert await _status(api, "updatedr", _event(pricelevel="SPECIAL")) == "0"
        assert api.levels([light]) == {35}
        found = await api.post("/org/dr/canceldr", '{"dridentifier":"DR16"}')
        assert found == {"status": "0", "msg": "DR Cancelled successfully"}
        assert api.levels([light]) == {70}


async def test_an_event_ends_by_itself() -> None:
    async with building() as api:
        assert await _status(api, "scheduledr", _event()) == "0"
        found = await api.get("/org/dr/listdr")
        assert found["dr"] == {
            "dridentifier": "DR16",
            "pricelevel": "HIGH",
            "pricing": "15.0",
            "duration": "3600",
            "starttime": "2024-02-12T10:00:00-08:00",
        }
        api.manager.clock.advance(3600)
        assert await api.get("/org/dr/listdr") is None
        assert await _status(api, "canceldr", '{"dridentifier":"DR16"}') == "1"


async def test_an_event_may_be_for_some_floors() -> None:
    async with building() as api:
        for area in (9, 13):
            api.world.enter(area)
        first, second = (next(iter(api.world.areas[area].fixtures)) for area in (9, 13))
        assert await _status(api, "scheduledr/facilities/floor_1", _event()) == "0"
        assert api.levels([first]) == {49}
        assert api.levels([second]) == {70}
        assert await _status(api, "updatedr/facilities/building_4", _event()) == "0"
        assert api.levels([first, second]) == {49}
        assert await _status(api, "updatedr/facilities/floor_9", _event()) == "1"
        for spec in ("company_1", "campus_2", "floor_1,floor_2"):
            assert await _status(api, f"updatedr/facilities/{spec}", _event()) == "0"


async def test_what_is_no_event_is_not_scheduled() -> None:
    async with building() as api:
        for changes in (
            {"pricelevel": "CHEAP"},
            {"duration": "0"},
            {"duration": "1.5"},
            {"starttime": "soon"},
            {"starttime": "2024-02-12T08:00:00"},
            {"dridentifier": ""},
        ):
            assert await _status(api, "scheduledr", _event(**changes)) == "1"
        assert (await api.ask("POST", "/org/dr/scheduledr", "{")).status == 400
        assert (await api.ask("POST", "/org/dr/scheduledr", "[]")).status == 400
        assert await _status(api, "updatedr", _event()) == "1"
        assert await _status(api, "scheduledr", _event()) == "0"
        assert await _status(api, "scheduledr", _event()) == "1"


async def test_what_was_taken_off_shows_in_the_energy() -> None:
    async with building() as api:
        path = "/org/facility/v2/facilityEnergyStats/15min/floor/1/20240212103000/20240212104500"
        await api.post("/org/dr/scheduledr", _event())
        api.at("2024-02-12T12:00:00-08:00")
        found = await api.get(path)
        row = found["facilityEnergyStatss"]["facilityEnergyStats"]
        assert float(row["manualSavings"]) > 0


async def test_an_event_of_a_facilities_admin_is_for_their_floors() -> None:
    async with building() as api:
        api.world.add_user("caretaker", "Facilities Admin", [1], [])
        api.user = "caretaker"
        for area in (9, 13):
            api.world.enter(area)
        first, second = (next(iter(api.world.areas[area].fixtures)) for area in (9, 13))
        assert await _status(api, "scheduledr", _event()) == "0"
        assert api.levels([first]) == {49}
        assert api.levels([second]) == {70}
        answer = await api.ask("POST", "/org/dr/updatedr/facilities/floor_2", _event())
        assert answer.status == 403
        assert [event.identifier for event in api.world.demand.listed()] == ["DR16"]
