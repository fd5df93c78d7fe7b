"""Plug loads (3.9, Appendix C 10)."""

from .support_b import building


async def test_plug_loads_are_listed_by_floor_and_by_area() -> None:
    async with building() as api:
        found = (await api.get("/org/plugload/v1/location/list/floor/1/1"))["plugload"]
        assert [each["id"] for each in found] == ["1301", "1302", "1303"]
        # Bytes without their zero at the front.
        assert found[0]["macaddress"] == "6:5:15"
        assert {each["status"] for each in found} == {"1"}
        one = (await api.get("/org/plugload/v1/location/list/area/9/1"))["plugload"]
        assert one["id"] == "1301"
        assert (await api.ask("GET", "/org/plugload/v1/location/list/floor/1")).status == 404


async def test_details_tell_where_it_is_and_whether_it_is_heard() -> None:
    async with building() as api:
        found = await api.get("/org/plugload/v1/details/1301")
        assert found["location"] == "Monroe -> Main -> First Floor -> Open Office"
        assert found["floor"] is None
        assert found["floorId"] == "1"
        assert found["active"] == "true"
        api.world.set_plugload_active(1301, False)
        assert (await api.get("/org/plugload/v1/details/1301"))["active"] == "false"
        assert (await api.ask("GET", "/org/plugload/v1/details/1")).status == 400


async def test_switching_answers_with_the_state_that_results() -> None:
    async with building() as api:
        path = "/org/area/v1/setPlugloadStatus/1301"
        assert await api.post(f"{path}/0") == {"status": "0"}
        assert api.world.plugloads.all[1301].is_on is False
        assert await api.post(f"{path}/1") == {"status": "1"}
        assert api.manager.commands[-1].ids == (1301,)
        assert api.manager.commands[-1].values == {"on": True}
        assert (await api.ask("POST", f"{path}/2")).status == 404


async def test_the_guide_answers_the_other_way_round() -> None:
    async with building() as api:
        api.manager.faults.inverted_plugloads = True
        path = "/org/area/v1/setPlugloadStatus/1301"
        assert await api.post(f"{path}/0") == {"status": "1"}
        assert api.world.plugloads.all[1301].is_on is False
        assert await api.post(f"{path}/1") == {"status": "0"}


async def test_one_that_is_not_heard_stays_as_it_is() -> None:
    async with building() as api:
        api.world.set_plugload_active(1301, False)
        assert await api.post("/org/area/v1/setPlugloadStatus/1301/0") == {"status": "1"}


async def test_one_can_be_switched_at_the_wall() -> None:
    async with building() as api:
        api.world.set_plugload(1301, False)
        found = (await api.get("/org/plugload/v1/location/list/floor/1/1"))["plugload"]
        assert found[0]["status"] == "0"
        assert api.manager.commands == []


async def test_its_energy_is_that_of_two_outlets() -> None:
    async with building() as api:
        path = "/org/plugload/v1/energy/1301"
        before = await api.get(path)
        assert float(before["managed-energy"]) > 0
        api.world.set_plugload(1301, False)
        api.manager.clock.advance(1800)
        after = await api.get(path)
        assert float(after["managed-energy"]) == 0
        assert float(after["unmanaged-energy"]) > 0
        # There is one plug load in this area.
        assert await api.get("/org/plugload/v1/energy/area/9") == after


async def test_plug_loads_come_and_go() -> None:
    async with building() as api:
        made = api.world.add_plugload(2, 13)
        api.world.rename_plugload(made, "Printer")
        found = await api.get(f"/org/plugload/v1/details/{made}")
        assert found["name"] == "Printer"
        group = api.world.switches.groups[4]
        assert 1302 in group.plugloads
        api.world.remove_plugload(1302)
        assert 1302 not in group.plugloads
        assert (await api.ask("GET", "/org/plugload/v1/details/1302")).status == 400
