"""Profiles, Bluetooth, emergencies and BACnet (F8, C5, C6, A4, E2, E3)."""

from .support_b import building, fixtures_xml


async def test_profiles_of_a_template_can_be_had() -> None:
    async with building() as api:
        found = await api.get("/org/fixture/v1/getFixtureApplicableProfiles/361")
        assert found["currentProfile"] == "Open Office Max 70"
        assert found["groupId"] == "28"
        assert found["applicableProfiles"] == [
            {"name": "Open Office Max 35", "groupId": "27"},
            {"name": "Open Office Max 70", "groupId": "28"},
        ]


async def test_a_profile_is_assigned_for_good() -> None:
    async with building() as api:
        path = "/org/fixture/v1/op/assignProfile"
        assert await api.post(f"{path}/361/27") == {"status": "0"}
        api.world.enter(9)
        assert api.levels([361]) == {35}
        assert api.manager.commands[-1].values == {"profile": 27}
        for wrong in ("1/27", "361/1"):
            found = await api.post(f"{path}/{wrong}")
            assert found["status"] == "-1"
            assert found["msg"].startswith("either fixture or group does not exist")


async def test_the_mode_of_bluetooth_answers_with_a_count() -> None:
    async with building() as api:
        path = "/org/fixture/op/assignblemode"
        assert await api.post(f"{path}/BEACON", fixtures_xml(361, 362, 1)) == {"status": "2"}
        assert api.world.fixtures[362].ble_mode == "BEACON"
        assert (await api.post(f"{path}/LOUD", fixtures_xml(361)))["status"] == "-1"
        assert (await api.post(f"{path}/OFF", "<fixtures/>"))["status"] == "-1"


async def test_an_emergency_is_all_lights_on_for_a_time() -> None:
    async with building() as api:
        area = api.world.areas[9]
        lights = [each.id for each in area.fixtures.values() if each.has_light]
        assert await api.post("/org/area/v1/setEmergency/9?time=5") == {"status": "0"}
        assert api.levels(lights) == {100}
        api.manager.clock.advance(300)
        assert api.levels(lights) == {0}
        assert await api.post("/org/area/v1/setEmergency/99") == {"status": "1"}
        assert await api.post("/org/em/v1/setEmergency") == {"status": "0"}
        everything = [each.id for each in api.world.fixtures.values() if each.has_light]
        assert api.levels(everything) == {100}
        assert [command.name for command in api.manager.commands][-1] == "emergency"


async def test_only_administrators_may_call_an_emergency_everywhere() -> None:
    async with building() as api:
        api.user = "limited"
        assert (await api.ask("POST", "/org/em/v1/setEmergency")).status == 403


async def test_bacnet_runs_or_does_not() -> None:
    async with building() as api:
        assert await api.get("/org/bacnet/health") == {"status": "0"}
        api.manager.faults.bacnet_down = True
        assert await api.get("/org/bacnet/health") == {"status": "1"}
