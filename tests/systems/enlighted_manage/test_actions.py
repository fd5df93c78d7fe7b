"""Actions: what each does at the manager, what it answers, and whom and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import probatio
import pytest

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.enlighted_manage.actions import ACTIONS
from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier

from ..watching import eventually
from .acting import act, device, happened, later, level, light, refused, sent
from .site import Site

LIGHTS = (361, 362, 363, 364, 365)
DRIVER = ("fixture", 380)
#: Everything that an action about a demand response takes.
DEMAND: dict[str, Any] = {
    "identifier": "peak",
    "price_level": "high",
    "duration": 30,
    "confirm": True,
}
#: What is for administrators, with the least that each takes; `x` is no device.
FOR_ADMINISTRATORS: dict[str, dict[str, Any]] = {
    "assign_profile": {"device_id": "x", "profile": "y"},
    "cancel_demand_response": {"identifier": "peak", "confirm": True},
    "schedule_demand_response": {**DEMAND, "start": "2026-12-01 12:00:00"},
    "set_ble_mode": {"device_id": "x", "mode": "off"},
    "set_emergency": {"confirm": True},
    "start_emergency_test": {"device_id": "x", "test": "function", "confirm": True},
    "stop_emergency_test": {"device_id": "x"},
    "update_demand_response": {**DEMAND, "start": "2026-12-01 12:00:00"},
}


def dimmed(ids: tuple[int, ...], amount: int, minutes: int = 60) -> tuple[Any, ...]:
    return "dim", ids, {"mode": "abs", "amount": amount, "seconds": minutes * 60.0}


def soon(site: Site, minutes: float = 10) -> str:
    """Return a moment to come."""
    moment = datetime.fromtimestamp(site.manager.clock.time() + minutes * 60, UTC)
    return moment.replace(microsecond=0).isoformat()


def test_there_are_sixteen() -> None:
    assert len(ACTIONS) == len({action.name for action in ACTIONS}) == 16
    assert {action.name for action in ACTIONS if action.is_admin} == FOR_ADMINISTRATORS.keys()


# Lights


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([("fixture", 361)], [LIGHTS[:1]]),
        ([("fixture", 361), ("fixture", 371)], [(361, 371)]),
        ([("area", 9)], [LIGHTS]),
        ([("group", 3)], [LIGHTS]),
        # Each once, whatever it is named by.
        ([("area", 9), ("group", 3), ("fixture", 362), ("fixture", 371)], [(*LIGHTS, 371)]),
        # The lights of a floor; what of it has none is left out.
        ([("floor", 1)], [tuple(range(361, 382))]),
        ([("fixture", 361), ("fixture", 385)], [(361,), (385,)]),
    ],
)
async def test_lights_are_dimmed_for_as_long_as_is_said(
    hass: HomeAssistant, site: Site, parts: list[tuple[str, int]], told: list[tuple[int, ...]]
) -> None:
    devices = [device(site, *part) for part in parts]
    await act(hass, "dim_fixtures", device_id=devices, level=40, minutes=5)
    assert sent(site) == [dimmed(ids, 40, 5) for ids in told]
    assert level(site, "fixture", told[0][0]) == ("on", 102)
    assert site.manager.world.fixtures[told[0][0]].level(site.manager.clock.time()) == 40


async def test_lights_hold_as_long_as_everything_else_where_nothing_is_said(
    hass: HomeAssistant, site: Site
) -> None:
    await act(hass, "dim_fixtures", device_id=device(site, "area", 9), level=0)
    assert sent(site) == [dimmed(LIGHTS, 0)]


async def test_several_go_back_to_automatic(hass: HomeAssistant, site: Site) -> None:
    await light(site, "turn_on", "area", 9)
    await light(site, "turn_on", "area", 10)
    devices = [device(site, "area", 9), device(site, "fixture", 366)]
    await act(hass, "set_auto", device_id=devices)
    assert sent(site)[2:] == [("auto", (*LIGHTS, 366), {"mode": "AUTO"})]
    until = [
        site.state("light", "light", *part).attributes["override_until"] is None
        for part in (("area", 9), ("fixture", 366), ("fixture", 367))
    ]
    assert until == [True, True, False]


async def test_a_white_is_set(hass: HomeAssistant, site: Site) -> None:
    named = {"device_id": device(site, "area", 10)}
    await act(hass, "set_color_temperature", **named, color_temp_kelvin=3000, minutes=20)
    ids = (366, 367, 368, 369, 370)
    assert sent(site) == [("color", ids, {"kelvin": 3000, "seconds": 1200.0})]
    color = site.manager.world.fixtures[366].color_override(site.manager.clock.time())
    assert color is not None
    assert color.value == 3000


@pytest.mark.parametrize("name", ["Presentation", "presentation", "PRESENTATION"])
async def test_a_scene_is_applied_by_its_name(hass: HomeAssistant, site: Site, name: str) -> None:
    await act(hass, "apply_scene", device_id=device(site, "group", 4), scene=name)
    assert sent(site) == [("applyScene", (2,), {"scene": 163, "seconds": 3600.0})]
    assert level(site, "group", 4) == ("on", 76)
    await eventually(lambda: happened(site), "the event")
    assert happened(site)[0]["scene"] == "Presentation"


async def test_a_group_is_dimmed_by_its_own_command(hass: HomeAssistant, site: Site) -> None:
    named = {"device_id": device(site, "group", 4)}
    await act(hass, "dim_group", **named, level=30, minutes=10)
    assert sent(site) == [("dimGroup", (2,), {"level": 30, "seconds": 600.0})]
    assert level(site, "group", 4) == ("on", 76)


async def test_a_profile_is_assigned_by_its_name(hass: HomeAssistant, site: Site) -> None:
    named = {"device_id": device(site, "fixture", 361)}
    await act(hass, "assign_profile", **named, profile="open office max 35")
    assert sent(site) == [("assignProfile", (361,), {"profile": 27})]
    await refused(
        act(hass, "assign_profile", **named, profile="Kitchen Max 90"), "profile_not_found"
    )
    assert len(sent(site)) == 1


async def test_the_radios_of_sensors(hass: HomeAssistant, site: Site) -> None:
    devices = [device(site, "area", 9), device(site, "fixture", 385)]
    answer = await act(hass, "set_ble_mode", device_id=devices, mode="beacon")
    assert answer == {"changed": 9}
    # The sensors of desks, and the one without a light, have radios too.
    assert sent(site) == [
        ("bleMode", (*LIGHTS, 382, 383, 384), {"mode": "BEACON"}),
        ("bleMode", (385,), {"mode": "BEACON"}),
    ]
    assert site.manager.world.fixtures[361].ble_mode == "BEACON"


# Emergencies


async def test_areas_are_lit_up(hass: HomeAssistant, site: Site) -> None:
    devices = [device(site, "area", 9), device(site, "area", 10)]
    await act(hass, "set_emergency", device_id=devices, minutes=5, confirm=True)
    told = {"seconds": 300.0}
    assert sent(site) == [("areaEmergency", (9,), told), ("areaEmergency", (10,), told)]
    shown = [level(site, "area", each) for each in (9, 10, 11)]
    assert shown == [("on", 255), ("on", 255), ("on", 51)]


async def test_everything_is_lit_up(hass: HomeAssistant, site: Site) -> None:
    await act(hass, "set_emergency", confirm=True)
    assert sent(site) == [("emergency", (), {"seconds": 3600.0})]
    assert {level(site, "area", each) for each in range(9, 17)} == {("on", 255)}
    now = site.manager.clock.time()
    assert {each.level(now) for each in site.manager.world.fixtures.values()} == {100, -1}


async def test_a_list_that_came_out_empty_is_not_everything(
    hass: HomeAssistant, site: Site
) -> None:
    for action in ("set_emergency", "schedule_demand_response"):
        data = {**FOR_ADMINISTRATORS[action], "device_id": []}
        with pytest.raises(probatio.Invalid):
            await act(hass, action, **data)
    assert sent(site) == []


async def test_one_wrong_device_lights_up_nothing(hass: HomeAssistant, site: Site) -> None:
    devices = [device(site, "area", 9), device(site, "fixture", 361)]
    await refused(act(hass, "set_emergency", device_id=devices, confirm=True), "other_device")
    assert sent(site) == []


@pytest.mark.parametrize(
    ("test", "mode", "seconds"), [("function", 16, 120), ("duration", 32, 3600)]
)
async def test_an_emergency_light_is_tested(
    hass: HomeAssistant, site: Site, test: str, mode: int, seconds: int
) -> None:
    named = {"device_id": device(site, *DRIVER)}
    status = await act(hass, "get_emergency_status", **named)
    assert status == {
        "started": None,
        "completed": None,
        "failures": [],
        "mode": ["normal"],
        "battery": 100.0,
        "duration_minutes": None,
    }
    await act(hass, "start_emergency_test", **named, test=test, confirm=True)
    assert sent(site) == [("emergencyMode", (380,), {"mode": mode})]
    status = await act(hass, "get_emergency_status", **named)
    assert status["mode"] == [f"{test}_test"]
    site.manager.world.fail_emergency(380, 2 if test == "duration" else 4)
    begun = site.manager.clock.time()
    await later(site, seconds + 10, Tier.OCCUPANCY)
    status = await act(hass, "get_emergency_status", **named)
    assert datetime.fromisoformat(status["started"]).timestamp() == pytest.approx(begun, abs=65)
    took = datetime.fromisoformat(status["completed"]) - datetime.fromisoformat(status["started"])
    assert took.total_seconds() == seconds
    assert status["mode"] == ["normal"]
    assert (
        status["failures"]
        == {
            "function": ["battery", "function_test_failed"],
            "duration": ["battery_duration", "duration_test_failed"],
        }[test]
    )
    assert status["duration_minutes"] == {"function": None, "duration": 20.0}[test]
    assert site.state("binary_sensor", "emergency_driver", "driver", 380).state == "on"


async def test_a_test_is_stopped(hass: HomeAssistant, site: Site) -> None:
    named = {"device_id": device(site, *DRIVER)}
    await act(hass, "start_emergency_test", **named, test="duration", confirm=True)
    await act(hass, "stop_emergency_test", **named)
    assert sent(site)[1:] == [("emergencyMode", (380,), {"mode": 2})]
    assert (await act(hass, "get_emergency_status", **named))["mode"] == ["normal"]


async def test_a_driver_that_is_slow_is_waited_for_and_told(
    hass: HomeAssistant, site: Site
) -> None:
    site.manager.world.slow_emergency(380, True)
    named = {"device_id": device(site, *DRIVER)}
    await refused(act(hass, "get_emergency_status", **named), "sensor_silent")
    start = act(hass, "start_emergency_test", **named, test="function", confirm=True)
    await refused(start, "sensor_silent")
    assert sent(site) == []


# Demand response


async def test_a_demand_response_is_scheduled_changed_and_cancelled(
    hass: HomeAssistant, site: Site
) -> None:
    def events() -> list[tuple[Any, ...]]:
        return [
            (each.identifier, each.price_level, each.duration, each.floors)
            for each in site.manager.world.demand.listed()
        ]

    floor = {"device_id": [device(site, "floor", 2)]}
    start = soon(site)
    await act(hass, "schedule_demand_response", **DEMAND, start=start, price=0.25)
    [event] = site.manager.world.demand.listed()
    assert events() == [("peak", "HIGH", 1800.0, None)]
    assert event.start == dt_util.parse_datetime(start, raise_on_error=True).timestamp()
    assert event.pricing == "0.25"
    changed = {**DEMAND, "duration": 60, "price_level": "special"}
    await act(hass, "update_demand_response", **changed, start=soon(site, 0), **floor)
    assert events() == [("peak", "SPECIAL", 3600.0, frozenset({2}))]
    await site.shows("on", "binary_sensor", "demand_response")
    await act(hass, "cancel_demand_response", identifier="peak", confirm=True)
    assert events() == []
    await site.shows("off", "binary_sensor", "demand_response")
    assert [name for name, _, _ in sent(site)] == ["scheduleDr", "updateDr", "cancelDr"]


async def test_a_start_without_zone_is_home_assistants_time(
    hass: HomeAssistant, site: Site
) -> None:
    await hass.config.async_set_time_zone("Europe/London")
    moment = datetime.fromtimestamp(site.manager.clock.time() + 600, UTC).replace(microsecond=0)
    local = moment.astimezone(dt_util.get_default_time_zone()).replace(tzinfo=None)
    await act(hass, "schedule_demand_response", **DEMAND, start=str(local))
    [event] = site.manager.world.demand.listed()
    assert event.start == moment.timestamp()


async def test_what_the_manager_does_not_do_is_told(hass: HomeAssistant, site: Site) -> None:
    await act(hass, "schedule_demand_response", **DEMAND, start=soon(site))
    again = act(hass, "schedule_demand_response", **DEMAND, start=soon(site))
    await refused(again, "rejected")
    await refused(
        act(hass, "update_demand_response", **{**DEMAND, "identifier": "x"}, start=soon(site)),
        "rejected",
    )
    await refused(act(hass, "cancel_demand_response", identifier="x", confirm=True), "rejected")
    assert len(site.manager.world.demand.listed()) == 1


# What reads


async def test_energy_of_a_floor(hass: HomeAssistant, site: Site) -> None:
    end = (dt_util.utcnow() - timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(hours=1)
    named = {"device_id": device(site, "floor", 1)}
    answer = await act(
        hass, "get_energy_history", **named, start=start.isoformat(), end=end.isoformat()
    )
    windows = answer["windows"]
    quarters = [start + index * timedelta(minutes=15) for index in range(4)]
    assert [each["start"] for each in windows] == [each.isoformat() for each in quarters]
    for each in windows:
        assert each["base"] == pytest.approx(each["energy"] + each["saved"], abs=0.1)
        parts = sum(each[f"saved_{key}"] for key in ("occupancy", "daylight", "tuning", "manual"))
        assert parts == pytest.approx(each["saved"], abs=0.1)


@pytest.mark.parametrize("length", [timedelta(), timedelta(minutes=-15), timedelta(days=46)])
async def test_a_span_that_cannot_be_is_refused(
    hass: HomeAssistant, site: Site, length: timedelta
) -> None:
    start = dt_util.utcnow() - timedelta(days=2)
    span = {"start": start.isoformat(), "end": (start + length).isoformat()}
    before = len(site.manager.requests)
    named = {"device_id": device(site, "floor", 1)}
    await refused(act(hass, "get_energy_history", **named, **span), "invalid_span")
    assert len(site.manager.requests) == before


async def test_everything_is_read_anew(hass: HomeAssistant, site: Site) -> None:
    world = site.manager.world
    world.rename_area(9, "Studio")
    # No list tells of scenes.
    world.remove_scene(160)
    new = world.add_area(1, "Library")
    await act(hass, "refresh_topology")
    await eventually(lambda: site.device_of(f"enlighted_manage-test-area-{new}"), "the new area")
    await eventually(lambda: not site.has("scene", "scene", "scene", 160), "the scene's end")
    found = site.device_of("enlighted_manage-test-area-9")
    assert found
    assert found.name == "Studio"


# What is refused


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("dim_fixtures", {"device_id": ("fixture", 382), "level": 5}, "no_light"),
        ("dim_fixtures", {"device_id": ("plugload", 1301), "level": 5}, "no_light"),
        ("set_auto", {"device_id": ("fixture", 383)}, "no_light"),
        (
            "set_color_temperature",
            {"device_id": ("fixture", 382), "color_temp_kelvin": 3000},
            "no_light",
        ),
        ("apply_scene", {"device_id": ("area", 9), "scene": "All On"}, "other_device"),
        ("apply_scene", {"device_id": ("group", 3), "scene": "Disco"}, "scene_not_found"),
        ("dim_group", {"device_id": ("area", 9), "level": 5}, "other_device"),
        ("assign_profile", {"device_id": ("area", 9), "profile": "x"}, "other_device"),
        (
            "start_emergency_test",
            {"device_id": ("fixture", 361), "test": "function", "confirm": True},
            "other_device",
        ),
        (
            "start_emergency_test",
            {"device_id": DRIVER, "test": "function", "confirm": False},
            "not_confirmed_test",
        ),
        ("stop_emergency_test", {"device_id": ("area", 9)}, "other_device"),
        ("get_emergency_status", {"device_id": ("fixture", 361)}, "other_device"),
        ("set_emergency", {"confirm": False}, "not_confirmed_building"),
        ("set_emergency", {"device_id": ("area", 9), "confirm": False}, "not_confirmed_building"),
        ("set_emergency", {"device_id": ("floor", 1), "confirm": True}, "other_device"),
        (
            "cancel_demand_response",
            {"identifier": "x", "confirm": False},
            "not_confirmed_building",
        ),
        (
            "schedule_demand_response",
            {**DEMAND, "start": "2026-12-01", "confirm": False},
            "not_confirmed_building",
        ),
        (
            "update_demand_response",
            {**DEMAND, "start": "2026-12-01", "device_id": ("area", 9)},
            "other_device",
        ),
        ("set_ble_mode", {"device_id": ("plugload", 1301), "mode": "off"}, "no_light"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    hass: HomeAssistant, site: Site, action: str, data: dict[str, Any], key: str
) -> None:
    named = data.get("device_id")
    given = {**data, "device_id": device(site, *named)} if named else data
    await refused(act(hass, action, **given), key)
    assert sent(site) == []


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("dim_fixtures", {"level": 101}),
        ("dim_fixtures", {"level": -1}),
        ("dim_fixtures", {}),
        ("dim_fixtures", {"level": 5, "minutes": 0}),
        ("dim_fixtures", {"level": 5, "minutes": 1441}),
        ("set_color_temperature", {"color_temp_kelvin": 2000}),
        ("set_color_temperature", {"color_temp_kelvin": 7000}),
        ("dim_group", {"level": "bright"}),
        ("apply_scene", {}),
        ("assign_profile", {}),
        ("set_ble_mode", {"mode": "loud"}),
        ("set_emergency", {}),
        ("start_emergency_test", {"test": "function"}),
        ("start_emergency_test", {"test": "forever", "confirm": True}),
        ("get_energy_history", {"start": "yesterday", "end": "today"}),
        ("schedule_demand_response", {**DEMAND, "start": "2026-12-01", "price_level": "FREE"}),
        ("schedule_demand_response", {**DEMAND}),
        ("cancel_demand_response", {"identifier": "x"}),
    ],
)
async def test_what_cannot_be_is_refused_before_anything_is_sent(
    hass: HomeAssistant, site: Site, action: str, data: dict[str, Any]
) -> None:
    named = {} if "demand" in action else {"device_id": device(site, "area", 9)}
    before = len(site.manager.requests)
    with pytest.raises(probatio.Invalid):
        await act(hass, action, **named, **data)
    assert len(site.manager.requests) == before


@pytest.mark.parametrize("action", FOR_ADMINISTRATORS)
async def test_what_is_for_administrators_is_refused_to_others(
    hass: HomeAssistant, site: Site, hass_read_only_user: Any, action: str
) -> None:
    context = Context(user_id=hass_read_only_user.id)
    data = FOR_ADMINISTRATORS[action]
    with pytest.raises(Unauthorized):
        await hass.services.async_call("gatehouse", action, data, blocking=True, context=context)
    assert sent(site) == []


async def test_daily_work_is_everybodys(
    hass: HomeAssistant, site: Site, hass_read_only_user: Any
) -> None:
    data = {"device_id": device(site, "area", 9), "level": 5}
    context = Context(user_id=hass_read_only_user.id)
    await hass.services.async_call(
        "gatehouse", "dim_fixtures", data, blocking=True, context=context
    )
    assert sent(site) == [dimmed(LIGHTS, 5)]


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ("set_emergency", "setEmergency"),
        ("cancel_demand_response", "canceldr"),
        ("schedule_demand_response", "scheduledr"),
    ],
)
async def test_what_gets_no_answer_is_sent_once_and_told_so(
    hass: HomeAssistant, site: Site, action: str, path: str
) -> None:
    site.manager.faults.lose_answers(path=path)
    data = {**FOR_ADMINISTRATORS[action]}
    if "start" in data:
        data["start"] = soon(site)
    await refused(act(hass, action, **data), "outcome_unknown")
    assert sum(path in each.path for each in site.manager.requests) == 1
    assert level(site, "area", 9) == ("off", None)
