"""Emergency drivers (3.12)."""

import asyncio
from time import perf_counter

from .support_b import Api, building, fixtures_xml


async def _results(api: Api) -> dict[str, str | None]:
    found = await api.get(f"/org/fixture/v1/{api.emergency.id}/emFixtureStatus")
    assert found["fixtures"][0]["id"] == str(api.emergency.id)
    return found["fixtures"][0]["emTestResults"]


async def _order(api: Api, mode: int) -> None:
    path = f"/org/fixture/v1/{api.emergency.id}/emergencyMode"
    answer = await api.ask("PUT", path, f'{{"emergencyMode":"{mode}"}}')
    assert answer.fields == {
        "emFixtureStatus": f"ems/api/org/fixture/v1/{api.emergency.id}/emFixtureStatus"
    }


async def test_a_function_test_takes_two_minutes() -> None:
    async with building() as api:
        assert (await _results(api))["completionTime"] is None
        await _order(api, 16)
        running = await _results(api)
        assert running["emergencyMode"] == "16"
        assert running["startTime"] is None
        api.manager.clock.advance(121)
        assert await _results(api) == {
            "startTime": "2024-02-12 10:07",
            "completionTime": "2024-02-12 10:09",
            "failurestatus": "0",
            "emergencyMode": "2",
            "emergencyStatus": "10",
            "durationResult": "0",
            "batteryCharge": "254",
        }
        assert api.manager.commands[0].name == "emergencyMode"
        assert api.manager.commands[0].ids == (api.emergency.id,)


async def test_a_duration_test_takes_an_hour_and_can_be_stopped() -> None:
    async with building() as api:
        await _order(api, 32)
        api.manager.clock.advance(3000)
        running = await _results(api)
        assert running["emergencyMode"] == "32"
        assert int(running["batteryCharge"] or 0) < 150
        await _order(api, 2)
        assert (await _results(api))["completionTime"] is None
        await _order(api, 32)
        api.manager.clock.advance(3601)
        assert (await _results(api))["durationResult"] == "30"


async def test_failures_are_bits() -> None:
    async with building() as api:
        api.world.fail_emergency(api.emergency.id, 8)
        assert (await _results(api))["failurestatus"] == "8"
        await _order(api, 16)
        api.manager.clock.advance(121)
        assert (await _results(api))["failurestatus"] == str(8 | 64)


async def test_a_light_in_a_test_hears_no_commands() -> None:
    async with building() as api:
        light = api.emergency
        before = light.level(api.world.now())
        await _order(api, 16)
        path = "/org/fixture/v1/op/dim/abs/77?time=60"
        assert await api.post(path, fixtures_xml(light.id)) == {"status": "0"}
        assert light.level(api.world.now()) == before
        api.manager.clock.advance(121)
        await api.post(path, fixtures_xml(light.id))
        assert light.level(api.world.now()) == 77


async def test_what_cannot_be_asked() -> None:
    async with building() as api:
        path = "/org/fixture/v1/361/emFixtureStatus"
        assert (await api.ask("GET", path)).status == 404
        assert (await api.ask("GET", "/org/fixture/v1/1/emFixtureStatus")).status == 400
        mine = f"/org/fixture/v1/{api.emergency.id}"
        for body in ('{"emergencyMode":"4"}', "{}", "[]", "{", '{"emergencyMode":"x"}'):
            assert (await api.ask("PUT", f"{mine}/emergencyMode", body)).status == 400
        api.world.set_online(api.emergency.id, False)
        assert (await api.ask("GET", f"{mine}/emFixtureStatus")).status == 500


async def test_a_sensor_may_take_too_long() -> None:
    async with building() as api:
        path = f"/org/fixture/v1/{api.emergency.id}/emFixtureStatus"
        api.world.slow_emergency(api.emergency.id, True)
        assert (await api.ask("GET", path)).status == 408
        api.world.slow_emergency(api.emergency.id, False)
        assert (await api.ask("GET", path)).status == 200
        api.manager.faults.slow_emergency = True
        api.manager.faults.slow_emergency_seconds = 0.1
        begun = perf_counter()
        answers = await asyncio.gather(*(api.ask("GET", path) for _ in range(2)))
        assert {answer.status for answer in answers} == {408}
        assert perf_counter() - begun >= 0.1


async def test_parameters_are_bytes() -> None:
    async with building() as api:
        path = f"/org/fixture/v1/{api.emergency.id}/emParameters"
        given = '{"emDimLevel":"120","testTimeout":"4","prolongTime":"2"}'
        assert (await api.ask("PUT", path, given)).status == 200
        found = (await api.get(path))["sensor"][0]["emParameters"]
        assert found["emDimLevel"] == "120"
        assert found["testTimeout"] == "4"
        assert found["emMaxLevel"] == "254"
        for body in ('{"emMaxLevel":"1"}', "{}", '{"emDimLevel":"255"}'):
            assert (await api.ask("PUT", path, body)).status == 400
