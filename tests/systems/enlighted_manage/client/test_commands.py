"""Commands: what is sent, what the answers mean, and what the simulated lights do then."""

from dataclasses import replace
from datetime import timedelta
import json

import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    BleMode,
    DemandResponse,
    EmergencyFailure,
    EmergencyMode,
    EmergencyStatus,
    EnlightedClient,
    EnlightedForbiddenError,
    EnlightedNotFoundError,
    EnlightedOutcomeUnknownError,
    EnlightedRejectedError,
    EnlightedResponseError,
    EnlightedSensorError,
    PriceLevel,
    Switch,
    emergency_api,
)
from simulators.enlighted_manage import EnlightedSimulator

from .support import (
    EMERGENCY,
    EVENT,
    GROUP,
    LIGHT,
    MEETING,
    NOON,
    OFFICE,
    OTHER,
    PLUG_LOAD,
    SLASHED,
    SWITCH,
    TUNABLE,
    WRITES,
    Answer,
    Call,
    StubManager,
    at,
)

DONE = Answer({"status": "0"})
SWITCH_CALL = "/org/switch/op/dim/switch/1/scene/157"
STATUS = f"GET /org/fixture/v1/{EMERGENCY}/emFixtureStatus"


def xml(*fixtures: int) -> bytes:
    ids = "".join(f"<fixture><id>{fixture}</id></fixture>" for fixture in fixtures)
    return f"<fixtures>{ids}</fixtures>".encode()


# What is sent

SENT: dict[str, tuple[str, str, bytes]] = {
    "dim": ("POST /org/fixture/v1/op/dim/abs/50", "time=60", xml(LIGHT)),
    "release": ("POST /org/fixture/v1/op/auto", "", xml(LIGHT)),
    "color": ("POST /org/sensor/tunable-white/change-color/value/3200/60", "", xml(TUNABLE)),
    "profile": (f"POST /org/fixture/v1/op/assignProfile/{LIGHT}/27", "", b""),
    "bluetooth": ("POST /org/fixture/op/assignblemode/SCAN", "", xml(LIGHT)),
    "scene": ("POST /org/switch/v1/op/applyScene/1/157", "time=60", b""),
    "group": ("POST /org/switch/v1/op/dimGroup/1/Open%20Office/50", "time=60", b""),
    "group release": (f"POST {SWITCH_CALL}/101/0", "", b""),
    "plug load": (f"POST /org/area/v1/setPlugloadStatus/{PLUG_LOAD}/0", "", b""),
    "area emergency": (f"POST /org/area/v1/setEmergency/{OFFICE}", "time=5", b""),
    "emergency": ("POST /org/em/v1/setEmergency", "time=5", b""),
    "emergency test": (
        f"PUT /org/fixture/v1/{EMERGENCY}/emergencyMode",
        "",
        b'{"emergencyMode":"16"}',
    ),
    "schedule": (
        "POST /org/dr/scheduledr",
        "",
        b'{"pricelevel":"LOW","duration":"60","starttime":"2024-07-21T03:15:00-07:00",'
        b'"dridentifier":"DR16","pricing":"15.0"}',
    ),
    "update": (
        "POST /org/dr/updatedr/facilities/floor_1",
        "",
        b'{"pricelevel":"LOW","duration":"60","starttime":"2024-07-21T03:15:00-07:00",'
        b'"dridentifier":"DR16","pricing":"15.0"}',
    ),
    "cancel": ("POST /org/dr/canceldr", "", b'{"dridentifier":"DR16"}'),
}


@pytest.mark.parametrize("name", WRITES)
async def test_what_is_sent(stub: StubManager, stub_client: EnlightedClient, name: str) -> None:
    """Whole numbers alone, and a media type with every body (appendix C 13)."""
    stub.otherwise = DONE
    await WRITES[name](stub_client)
    (request,) = stub.requests
    route, query, body = SENT[name]
    assert (request.route, request.query, request.body) == (route, query, body)
    kind = {b"<": "application/xml", b"{": "application/json"}.get(body[:1])
    if kind:
        assert request.headers["content-type"] == kind
    assert request.headers["content-length"] == str(len(body))


# What the answers mean

#: What they are answered with is no status: a state, a count, a place to look.
NO_STATUS = {"plug load", "bluetooth", "emergency test"}


@pytest.mark.parametrize("name", sorted(WRITES.keys() - NO_STATUS))
async def test_a_status_that_is_not_zero(
    stub: StubManager, stub_client: EnlightedClient, name: str
) -> None:
    """Gotcha 11: of most commands it says that they were not done."""
    for count, status in enumerate(("1", "2", "3", "4", "-1", 1), 1):
        stub.otherwise = Answer({"status": status, "msg": "something"})
        with pytest.raises(EnlightedRejectedError, match=rf"\(status {status}\)$"):
            await WRITES[name](stub_client)
        assert len(stub.requests) == count


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "0"},
        {"status": 0},
        {"Status": " 0 ", "msg": None},
        {"response": {"status": "0", "msg": "change color success"}},
        "<response><status>0</status><msg>change color success</msg></response>",
        "",
    ],
)
@pytest.mark.parametrize("name", ["dim", "color", "scene", "cancel"])
async def test_what_is_done(
    stub: StubManager, stub_client: EnlightedClient, name: str, answer: object
) -> None:
    stub.otherwise = Answer(answer)
    await WRITES[name](stub_client)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("on", [False, True])
async def test_the_answer_of_a_receptacle_is_not_believed(
    client: EnlightedClient, manager: EnlightedSimulator, *, on: bool, inverted: bool
) -> None:
    """Gotcha 11 and appendix C 10: some say 0 for off, others 0 for on: it is read back."""
    manager.faults.inverted_plugloads = inverted
    manager.world.set_plugload(PLUG_LOAD, on=not on)
    await client.set_plug_load(PLUG_LOAD, on=on)
    assert (await client.get_plug_loads(1))[0].is_on is on


@pytest.mark.parametrize("answer", ["0", "1", "-1", "7", None])
async def test_any_answer_of_a_receptacle_is_taken(
    stub: StubManager, stub_client: EnlightedClient, answer: object
) -> None:
    stub.otherwise = Answer({"status": answer})
    await stub_client.set_plug_load(PLUG_LOAD, on=True)
    assert stub.routes == [f"POST /org/area/v1/setPlugloadStatus/{PLUG_LOAD}/1"]


async def test_how_many_radios_were_changed(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotcha 11: a count. Sensors that do not exist are none of them."""
    assert await client.set_ble_mode([LIGHT, OTHER, 9999], BleMode.BEACON) == 2
    assert manager.world.fixtures[LIGHT].ble_mode == "BEACON"
    assert await client.set_ble_mode([9999], BleMode.OFF) == 0
    assert await client.set_ble_mode([], BleMode.OFF) == 0
    assert len(manager.requests) == 2


@pytest.mark.parametrize("answer", [{"status": "-1", "msg": "Invalid"}, {}, {"status": "x"}])
async def test_radios_that_were_not_changed(
    stub: StubManager, stub_client: EnlightedClient, answer: object
) -> None:
    stub.otherwise = Answer(answer)
    with pytest.raises(EnlightedRejectedError):
        await stub_client.set_ble_mode([LIGHT], BleMode.OFF)


# Many lights


@pytest.mark.parametrize(
    ("count", "chunks"), [(0, []), (1, [1]), (50, [50]), (51, [50, 1]), (120, [50, 50, 20])]
)
async def test_fifty_fixtures_at_a_time(
    stub: StubManager, stub_client: EnlightedClient, count: int, chunks: list[int]
) -> None:
    """Section 3.0."""
    stub.otherwise = Answer({"status": "0"})
    everyone = range(1, count + 1)
    calls: tuple[Call, ...] = (
        lambda client: client.dim(everyone, 50, 60),
        lambda client: client.release(everyone),
        lambda client: client.color(everyone, 3200, 60),
        lambda client: client.set_ble_mode(everyone, BleMode.OFF),
    )
    for call in calls:
        stub.requests.clear()
        await call(stub_client)
        sent = [request.body for request in stub.requests]
        starts = [sum(chunks[:index]) for index in range(len(chunks))]
        assert sent == [
            xml(*everyone[start : start + size]) for start, size in zip(starts, chunks, strict=True)
        ]


async def test_counts_of_radios_add_up(stub: StubManager, stub_client: EnlightedClient) -> None:
    stub.otherwise = [Answer({"status": "50"}), Answer({"status": 7})]
    assert await stub_client.set_ble_mode(range(60), BleMode.OFF) == 57


@pytest.mark.parametrize("answer", [Answer({"status": "1"}), Answer("", 500), Answer("", 403)])
async def test_after_a_chunk_that_failed_no_other_is_sent(
    stub: StubManager, stub_client: EnlightedClient, answer: Answer
) -> None:
    stub.otherwise = [DONE, answer, DONE]
    kinds = (EnlightedRejectedError, EnlightedOutcomeUnknownError, EnlightedForbiddenError)
    with pytest.raises(kinds):
        await stub_client.dim(range(200), 50, 60)
    assert len(stub.requests) == 2


# Lights that obey, and those that do not


async def test_an_override_ends_by_itself_or_by_release(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotcha 9."""
    fixture, now = manager.world.fixtures[LIGHT], manager.world.now
    await client.dim([LIGHT], 0, 5)
    override = fixture.override(now())
    assert override
    assert (override.level, round(override.until - now())) == (0, 300)
    await client.dim([LIGHT], 40, 10)
    assert fixture.level(now()) == 40
    manager.clock.advance(601)
    assert fixture.override(now()) is None
    await client.dim([LIGHT], 70, 60)
    await client.release([LIGHT])
    assert fixture.override(now()) is None


async def test_what_does_not_exist_is_dimmed_without_a_word(client: EnlightedClient) -> None:
    """Gotchas 12 and 13: done means that it is on its way."""
    await client.dim([9999], 50, 60)


async def test_a_color(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    await client.color([TUNABLE, LIGHT], 3200, 30)
    now = manager.world.now()
    tuned = manager.world.fixtures[TUNABLE].color_override(now)
    assert tuned
    assert (tuned.value, round(tuned.until - now)) == (3200, 1800)
    assert manager.world.fixtures[LIGHT].color_override(now) is None


async def test_a_profile(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    await client.assign_profile(LIGHT, 27)
    assert manager.world.fixtures[LIGHT].group_id == 27
    with pytest.raises(EnlightedRejectedError):
        await client.assign_profile(LIGHT, 9999)


async def test_emergencies(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    """Gotcha 31: nothing takes them back, but releasing the fixtures does."""
    now = manager.world.now
    fixture = manager.world.fixtures[LIGHT]
    await client.set_area_emergency(OFFICE, 5)
    assert fixture.level(now()) == 100
    assert manager.world.fixtures[TUNABLE].level(now()) == 0
    await client.set_emergency(5)
    assert manager.world.fixtures[TUNABLE].level(now()) == 100
    await client.release([LIGHT])
    assert fixture.override(now()) is None
    with pytest.raises(EnlightedRejectedError):
        await client.set_area_emergency(9999, 5)


# Scenes and groups


@pytest.mark.parametrize("status", [1, 2, 3, 4, -1])
async def test_a_scene_that_was_not_applied(
    client: EnlightedClient, manager: EnlightedSimulator, status: int
) -> None:
    """Gotcha 11."""
    manager.faults.scene_status = status
    with pytest.raises(EnlightedRejectedError, match=str(status)):
        await client.apply_scene(1, 157, 60)


async def test_a_scene_by_its_switch_and_not_by_its_group(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotcha 14 and appendix C 1."""
    switch = await client.get_switch(1, SLASHED)
    assert switch
    await client.apply_scene(switch.id, switch.scenes[0].id, 60)
    level = manager.world.fixtures[TUNABLE].level
    assert level(manager.world.now()) == 100
    with pytest.raises(EnlightedRejectedError):
        await client.apply_scene(SLASHED.id, switch.scenes[1].id, 60)
    assert level(manager.world.now()) == 100


async def test_a_group_to_a_level(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    now = manager.world.now
    await client.dim_group(1, SLASHED, None, 33, 60)
    lights = manager.world.areas[MEETING].fixtures.values()
    assert {fixture.level(now()) for fixture in lights} == {33}
    assert manager.world.fixtures[LIGHT].level(now()) == 0
    switch = await client.get_switch(1, SLASHED)
    assert switch
    await client.release_group(switch)
    assert {fixture.override(now()) for fixture in lights} == {None}


async def test_a_slash_that_is_refused_is_gone_round(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotcha 14: Tomcat refuses it even when it is encoded; by number it goes."""
    switch = await client.get_switch(1, SLASHED)
    manager.faults.refuse_encoded_slash = True
    await client.dim_group(1, SLASHED, switch, 44, 30)
    assert manager.world.fixtures[TUNABLE].level(manager.world.now()) == 44
    assert manager.commands[-1].ids == (2,)
    assert manager.requests[-1].path.endswith("/switch/2/scene/161/44/30")
    for unknown in (None, Switch(2, ())):
        with pytest.raises(EnlightedRejectedError):
            await client.dim_group(1, SLASHED, unknown, 44, 30)


@pytest.mark.parametrize("answer", [Answer("", 500), Answer("{"), Answer({"status": "1"})])
async def test_a_group_that_may_have_been_dimmed_is_not_dimmed_again(
    stub: StubManager, stub_client: EnlightedClient, answer: Answer
) -> None:
    stub.otherwise = answer
    with pytest.raises((EnlightedOutcomeUnknownError, EnlightedRejectedError)):
        await stub_client.dim_group(1, GROUP, SWITCH, 44, 30)
    assert len(stub.requests) == 1


async def test_where_switches_are_dimmed_is_found_and_remembered(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Appendix C 3."""
    manager.faults.services = "services"
    await client.release_group(SWITCH)
    await client.release_group(SWITCH)
    paths = [request.path.split("/")[2] for request in manager.requests]
    assert paths == ["api", "services", "services"]
    manager.faults.services = "api"
    await client.release_group(SWITCH)
    manager.faults.services = "neither"
    with pytest.raises(EnlightedNotFoundError):
        await client.release_group(SWITCH)


async def test_a_switch_without_scenes_cannot_be_released(client: EnlightedClient) -> None:
    with pytest.raises(EnlightedNotFoundError):
        await client.release_group(Switch(1, ()))
    assert client.request_count == 0


# Emergency drivers


async def test_a_test_of_an_emergency_driver(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotcha 30: lights in a test obey nobody."""
    await client.get_company()
    await client.start_emergency_test(EMERGENCY, EmergencyMode.FUNCTION_TEST)
    status = await client.get_emergency_status(EMERGENCY)
    assert (status.mode, status.started) == (EmergencyMode.FUNCTION_TEST, None)
    before = manager.world.fixtures[EMERGENCY].level(manager.world.now())
    await client.dim([EMERGENCY], 77, 60)
    assert manager.world.fixtures[EMERGENCY].level(manager.world.now()) == before
    manager.world.fail_emergency(EMERGENCY, 2)
    manager.clock.advance(130)
    await client.get_company()
    status = await client.get_emergency_status(EMERGENCY)
    assert status.mode is EmergencyMode.NORMAL
    assert status.started == NOON
    assert status.completed == NOON + timedelta(minutes=2)
    assert status.failures == (
        EmergencyFailure.BATTERY_DURATION | EmergencyFailure.FUNCTION_TEST_FAILED
    )
    await client.start_emergency_test(EMERGENCY, EmergencyMode.DURATION_TEST)
    await client.start_emergency_test(EMERGENCY, EmergencyMode.NORMAL)
    assert (await client.get_emergency_status(EMERGENCY)).mode is EmergencyMode.NORMAL


async def test_bytes_of_an_emergency_driver(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """The vendor's sample (section 4.11), and what may be missing of it."""
    results = {"startTime": "2024-09-26 10:36", "completionTime": "2024-09-26 10:38"}
    results |= {"failurestatus": "255", "emergencyMode": "18", "emergencyStatus": "0"}
    results |= {"durationResult": "30", "batteryCharge": "127"}
    other = {"id": "29", "emTestResults": {}}
    stub.answers[STATUS] = Answer({"fixtures": [other, {"id": "380", "emTestResults": results}]})
    assert await stub_client.get_emergency_status(EMERGENCY) == EmergencyStatus(
        started=at("2024-09-26T17:36"),
        completed=at("2024-09-26T17:38"),
        failures=EmergencyFailure(255),
        mode=EmergencyMode.NORMAL | EmergencyMode.FUNCTION_TEST,
        battery=50.0,
        duration=timedelta(hours=1),
    )
    odd = {"startTime": None, "completionTime": "null", "batteryCharge": 255}
    odd |= {"durationResult": str(2**62)}
    stub.answers[STATUS] = Answer({"fixtures": {"id": 380, "emTestResults": odd}})
    empty = EmergencyStatus(None, None, None, None, None, None)
    assert await stub_client.get_emergency_status(EMERGENCY) == empty
    nothing: list[object] = [{"fixtures": other}, {"fixtures": {"id": "380"}}, None, []]
    for body in nothing:
        stub.answers[STATUS] = Answer(body)
        with pytest.raises(EnlightedResponseError):
            await stub_client.get_emergency_status(EMERGENCY)


async def test_a_sensor_that_does_not_answer_is_no_clock_that_is_off(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """A 408 of these methods is the sensor's (section 2.6), and is not asked again."""
    manager.world.slow_emergency(EMERGENCY, slow=True)
    for call in (
        lambda: client.get_emergency_status(EMERGENCY),
        lambda: client.start_emergency_test(EMERGENCY, EmergencyMode.DURATION_TEST),
    ):
        with pytest.raises(EnlightedSensorError):
            await call()
    assert len(manager.requests) == 2


async def test_what_else_a_driver_can_answer(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    with pytest.raises(EnlightedNotFoundError):
        await client.get_emergency_status(LIGHT)
    with pytest.raises(EnlightedRejectedError):
        await client.start_emergency_test(EMERGENCY, EmergencyMode.REST)
    manager.world.set_online(EMERGENCY, online=False)
    with pytest.raises(EnlightedSensorError):
        await client.get_emergency_status(EMERGENCY)
    # A sensor is given a minute by the manager (gotcha 30).
    assert emergency_api._LIMIT >= 75


# Demand response


async def test_demand_responses_come_back_as_they_were_sent(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Appendix C 6: minutes in, seconds out."""
    soon = replace(EVENT, start=NOON + timedelta(hours=1))
    later = replace(
        soon, identifier="DR 17/x", level=PriceLevel.SPECIAL, start=NOON + timedelta(hours=5)
    )
    await client.schedule_demand_response(soon)
    await client.schedule_demand_response(later, [1, 2])
    assert await client.get_demand_responses() == (soon, later)
    with pytest.raises(EnlightedRejectedError):
        await client.schedule_demand_response(soon)
    longer = replace(soon, duration=timedelta(minutes=90))
    await client.update_demand_response(longer, [2])
    assert manager.world.demand.events["DR16"].floors == frozenset({2})
    assert manager.world.demand.events["DR16"].duration == 5400
    await client.cancel_demand_response(later.identifier)
    assert await client.get_demand_responses() == (longer,)
    with pytest.raises(EnlightedRejectedError):
        await client.update_demand_response(replace(longer, identifier="other"))
    with pytest.raises(EnlightedRejectedError):
        await client.cancel_demand_response("other")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"price": None}, {"pricing": None}),
        ({"price": 0.25}, {"pricing": "0.25"}),
        ({"level": None}, {"pricelevel": None}),
        ({"level": PriceLevel.SPECIAL}, {"pricelevel": "SPECIAL"}),
        ({"duration": None}, {"duration": None}),
        ({"duration": timedelta(minutes=90)}, {"duration": "90"}),
        ({"start": None}, {"starttime": None}),
        ({"start": at("2024-11-03T09:30")}, {"starttime": "2024-11-03T01:30:00-08:00"}),
        ({"start": at("2024-11-03T08:30:59.9")}, {"starttime": "2024-11-03T01:30:59-07:00"}),
    ],
)
@pytest.mark.parametrize("floors", [(), (1, 22)])
async def test_bodies_of_demand_responses(
    stub: StubManager,
    stub_client: EnlightedClient,
    change: dict[str, object],
    expected: dict[str, str | None],
    floors: tuple[int, ...],
) -> None:
    """All of it is text; a start is in ISO 8601 with the manager's offset (section 3.11)."""
    stub.otherwise = DONE
    event = replace(EVENT, **change)  # type: ignore[arg-type]  # fields of several types
    await stub_client.schedule_demand_response(event, floors)
    await stub_client.update_demand_response(event, floors)
    where = "/facilities/floor_1,floor_22" if floors else ""
    assert stub.routes == [f"POST /org/dr/{verb}{where}" for verb in ("scheduledr", "updatedr")]
    usual = json.loads(SENT["schedule"][2]) | expected
    wanted = {key: value for key, value in usual.items() if value is not None}
    assert [json.loads(request.body) for request in stub.requests] == [wanted, wanted]


async def test_odd_demand_responses(stub: StubManager, stub_client: EnlightedClient) -> None:
    rows = [
        {"dridentifier": "a", "pricelevel": "high", "duration": 1800},
        {"dridentifier": 7, "pricelevel": "x", "duration": "1e300", "starttime": "soon"},
        {"pricelevel": "LOW"},
        {"dridentifier": "c", "starttime": "2024-07-21T12:15:49+0530", "pricing": ""},
        {"dridentifier": "d", "starttime": "2015-11-18T17:43:00", "duration": "-5"},
    ]
    stub.otherwise = Answer({"drs": {"dr": rows}})
    assert await stub_client.get_demand_responses() == (
        DemandResponse("a", PriceLevel.HIGH, None, timedelta(minutes=30)),
        DemandResponse("7", None, None, None),
        DemandResponse("c", None, at("2024-07-21T06:45:49"), None),
        DemandResponse("d", None, at("2015-11-19T01:43"), None),
    )


@pytest.mark.parametrize(
    ("minutes", "active"), [(-1, False), (0, True), (59, True), (60, False), (600, False)]
)
def test_whether_a_demand_response_is_going_on(minutes: int, *, active: bool) -> None:
    assert EVENT.start
    assert EVENT.is_active(EVENT.start + timedelta(minutes=minutes)) is active
    assert not replace(EVENT, start=None).is_active(NOON)
    assert not replace(EVENT, duration=None).is_active(EVENT.start)
